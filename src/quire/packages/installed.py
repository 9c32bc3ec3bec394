"""What is installed in an environment: names, versions, and the modules that each package brings. Reads its folders."""

import importlib.util
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from quire.packages.names import import_names
from quire.packages.project import WORDS, Surroundings, find_surroundings, shown
from quire.packages.requirements import canonical
from quire.packages.uv import MISSING, find_uv

TYPE_CHECKING = False
if TYPE_CHECKING:
    from importlib.metadata import Distribution


@dataclass(frozen=True, slots=True)
class Package:
    """One of them. `modules` are the top-level ones."""

    name: str
    version: str
    modules: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Installed:
    """An environment, as pages show it."""

    place: str
    python: str
    packages: tuple[Package, ...] = ()
    adding: str = ""
    """How the command begins that installs here; empty where the header does."""
    removing: str = ""
    refusal: str = ""


def list_packages(folders: Sequence[str] | None = None) -> tuple[Package, ...]:
    """What is in these folders, or on our own path: sorted by name, the first of each name."""
    import importlib.metadata  # noqa: PLC0415 - 20 ms that a server does not have when it starts

    found: dict[str, Package] = {}
    for one in importlib.metadata.distributions(path=list(sys.path if folders is None else folders)):
        name = one.metadata["Name"] if one.metadata else ""
        if name and canonical(name) not in found:
            found[canonical(name)] = Package(name, one.version, _modules(one) | import_names(name))
    return tuple(found[key] for key in sorted(found))


def surroundings(notebook: Path) -> Surroundings:
    """Of a notebook whose cells run in the interpreter of this process."""
    here = find_surroundings(notebook.parent, Path(sys.executable), Path(sys.prefix), Path(sys.base_prefix))
    needs_pip = here.keeper in {"environment", "system"} and find_uv() is None
    if needs_pip and not here.refusal and importlib.util.find_spec("pip") is None:
        return replace(here, refusal=f"there is no pip in {here.root}, and {MISSING}")
    return here


def look_around(notebook: Path) -> Installed:
    """Where there is no environment of the notebook's own."""
    here, uv = surroundings(notebook), find_uv()
    return Installed(
        place=f"{WORDS[here.keeper]}, {here.root}",
        python=sys.version.split()[0],
        packages=list_packages(),
        adding="" if here.refusal else shown(here.command([""], uv=uv)[:-1]),
        removing="" if here.refusal else shown(here.command(remove=[""], uv=uv)[:-1]),
        refusal=here.refusal,
    )


def _modules(one: "Distribution") -> frozenset[str]:
    """By the list of its files; a folder or a `.py` at the top is a module."""
    listed = (one.read_text("top_level.txt") or "").split()
    if not listed:
        tops = {file.parts[0] for file in one.files or [] if file.suffix == ".py" and ".." not in file.parts}
        listed = [top.removesuffix(".py") for top in tops]
    return frozenset(name for name in listed if name.isidentifier())
