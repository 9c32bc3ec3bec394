"""What imports and packages have to do with each other: what an error offers to install, what is not needed any more. Pure."""

import json

from msgspec.structs import replace

from quire.errors import BadMetadata, BadRequirement
from quire.names.imports import modules_of
from quire.notebook import Notebook
from quire.notebook.preamble import read_notebook_metadata
from quire.outputs.tracebacks import TRACEBACK
from quire.packages.names import DISTRIBUTIONS, distribution_of
from quire.packages.requirements import canonical, requirements_of
from quire.packages.script import NAME as QUIRE
from quire.protocol.messages import Output


def with_install_offer(output: Output | None, code: str = "") -> Output | None:
    """An error about a missing module says which distribution would bring it, if that can be told. `code` is the cell's."""
    if output is None or output.mime != TRACEBACK or '"module"' not in output.text:
        return output
    shown = json.loads(output.text)
    missing = shown.pop("module", None)
    below = shown.pop("below", False)
    if isinstance(missing, str):
        shown["install"] = _distribution_of(missing, code, below=bool(below))
    return replace(output, text=json.dumps(shown))


def _distribution_of(missing: str, code: str, *, below: bool) -> str | None:
    """`below`: something of the module's first name is there. Where `google` alone says nothing, what the cell wants of it may."""
    wanted = [missing, *sorted(module for module in modules_of(code) if module.startswith(f"{missing}."))]
    if below:
        wanted = [module for module in wanted if any(f"{module}.".startswith(f"{name}.") for name in _DOTTED)]
    return next((found for module in wanted if (found := distribution_of(module))), None)


def unused_note(notebook: Notebook, was: str, now: str) -> str:
    """After a cell ran whose text had been `was`: what the header asks for and no cell imports any more; mostly nothing."""
    gone = _tops(was) - _tops(now) - {QUIRE}  # which the file itself imports
    if not gone or "///" not in notebook.header:
        return ""
    gone -= {top for cell in notebook.cells for top in _tops(cell.code)}
    unused = {canonical(name) for module in gone if (name := distribution_of(module))}
    try:
        names = [one.name for one in requirements_of(read_notebook_metadata(notebook)) if one.key in unused]
    except (BadMetadata, BadRequirement):
        return ""
    listed = ", ".join(f"`{name}`" for name in names)
    return f"no cell imports {listed} any more; the panel of packages takes it out of the header" if names else ""


def _tops(code: str) -> set[str]:
    return {module.partition(".")[0] for module in modules_of(code)}


_DOTTED = tuple(name for name in DISTRIBUTIONS if "." in name)
