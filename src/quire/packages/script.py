"""What the installer is given for a header: the same requests, Quire among them, with paths that mean the same anywhere. Pure."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from quire.errors import BadRequirement
from quire.packages.requirements import (
    canonical,
    read_requirement,
    requirements_of,
    with_requirement,
    without_requirement,
)

NAME = "quire"
_EXTRA = re.compile(r"""\s*;\s*extra\s*==\s*['"]([\w.-]+)['"]\s*$""")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where the Quire that runs comes from."""

    version: str
    source: Path | None = None
    """Of an installation from a folder: where its modules are. No index has this version."""
    project: Path | None = None
    """And where its `pyproject.toml` is."""
    requires: tuple[str, ...] = ()
    """What it needs itself, and with its extras, as its own metadata say it."""

    def needs(self, extras: Sequence[str]) -> list[str]:
        """What has to be there for it to run, with these extras."""
        wanted = {canonical(extra) for extra in extras}
        found: list[str] = []
        for text in self.requires:
            extra = _EXTRA.search(text)
            if extra is None:
                found.append(text)
            elif canonical(extra[1]) in wanted:
                found.append(_EXTRA.sub("", text))
        return found


@dataclass(frozen=True, slots=True)
class Script:
    """A header as the installer gets it."""

    text: str
    """Python comments, whole."""
    python: str
    """What `requires-python` says."""
    is_exact: bool
    """True when the header names Quire itself, so that a lock that was made of it is whole."""
    source: Path | None
    """The folder to put on the path of the environment, for Quire itself."""
    folders: tuple[Path, ...]
    """Local projects among the sources: the environment is made anew when what they ask for changes."""

    def key(self, *parts: str) -> str:
        """Equal for scripts whose environment is the same. `parts`: what else it depends on."""
        whole = json.dumps([self.text, str(self.source), *parts])
        return hashlib.sha256(whole.encode()).hexdigest()[:24]


def script_for(metadata: Mapping[str, object], folder: Path, origin: Origin) -> Script:
    """`folder` is the notebook's: what relative paths in its header start from.

    Raises:
        BadRequirement: the header asks for something that is no requirement.
    """
    import tomlkit  # noqa: PLC0415 - wanted by those only who make environments

    asked = requirements_of(metadata)
    uv = _absolute(_uv_settings(metadata), folder)
    sources = cast("dict[str, Any]", uv.get("sources", {}))
    ours = next((other for other in asked if other.key == NAME), None)
    is_chosen = ours is not None and (bool(ours.url) or (NAME in sources and not _is_ours(sources[NAME], origin)))
    extras = () if ours is None else ours.extras
    listed = [other.text for other in asked]
    source = None
    if not is_chosen and origin.source is not None:
        listed = [other.text for other in asked if other.key != NAME] + origin.needs(extras)
        sources.pop(NAME, None)
        source = origin.source
    elif not is_chosen and (ours is None or not ours.version):
        with_extras = f"{NAME}[{','.join(extras)}]" if extras else NAME
        listed = [other.text for other in asked if other.key != NAME] + [f"{with_extras}=={origin.version}"]
    if not sources:
        uv.pop("sources", None)
    python = str(metadata.get("requires-python", ""))
    wanted: dict[str, object] = {"dependencies": sorted(set(listed))}
    if python:
        wanted["requires-python"] = python
    if uv:
        wanted["tool"] = {"uv": uv}
    lines = tomlkit.dumps(wanted).rstrip("\n").split("\n")
    text = "\n".join(["# /// script", *(f"# {line}".rstrip() for line in lines), "# ///", ""])
    is_exact = source is None and ours is not None
    return Script(text, python, is_exact, source, tuple(_local(sources)))


def names_quire(metadata: Mapping[str, object]) -> bool:
    """Whether the header asks for Quire, as a notebook that any tool runs has to."""
    return any(other.key == NAME for other in requirements_of(metadata))


def names_others(metadata: Mapping[str, object]) -> bool:
    """Whether the header asks for packages beside Quire, which is there where a notebook is open. Raises `BadRequirement`."""
    return any(other.key != NAME for other in requirements_of(metadata))


def header_with_quire(metadata: Mapping[str, object], origin: Origin, python: tuple[int, int]) -> Mapping[str, object]:
    """What to change in the header so that any tool that reads it (`uv run`) finds Quire, and a Python that it is for.

    Raises:
        BadRequirement: what stands there is no requirement.
    """
    _uv_settings(metadata)  # what is no table would be written over
    changes: dict[str, object] = {}
    if "requires-python" not in metadata:
        changes["requires-python"] = f">={python[0]}.{python[1]}"
    if not names_quire(metadata):
        changes["dependencies"] = [*(other.text for other in requirements_of(metadata)), NAME]
        if origin.project is not None:  # an index may have something else of this name
            source = {"path": str(origin.project), "editable": True}
            changes["tool"] = {"uv": {"sources": {NAME: source}}}
    return changes


@dataclass(frozen=True, slots=True)
class Asked:
    """What consenting to a header means: everything in it that has a say in what is fetched and run."""

    packages: tuple[str, ...]
    python: str
    indexes: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def lines(self) -> list[str]:
        """In words."""
        python = (self.python,) if self.python else ()
        parts = (("packages", self.packages), ("Python", python), ("indexes", self.indexes), ("sources", self.sources))
        return [f"{what}: {', '.join(texts)}" for what, texts in parts if texts]


def asked_of(metadata: Mapping[str, object]) -> Asked:
    """For a person to read before anything is installed. Raises `BadRequirement`."""
    uv = _uv_settings(metadata)
    indexes = [one for key in ("index-url", "extra-index-url", "find-links") for one in _texts(uv.get(key))]
    indexes += [str(index.get("url", index)) for index in _tables(uv.get("index"))]
    sources = [f"{name} from {_words(source)}" for name, source in uv.get("sources", {}).items()]
    packages = tuple(other.text for other in requirements_of(metadata))
    return Asked(packages, str(metadata.get("requires-python", "")), tuple(indexes), tuple(sources))


def _uv_settings(metadata: Mapping[str, object]) -> dict[str, Any]:
    """The table `[tool.uv]`. Raises `BadRequirement` where something else has its name, or that of one in it."""
    tool = _table(metadata, "tool", "tool")
    uv = _table(tool, "uv", "tool.uv")
    _table(uv, "sources", "tool.uv.sources")
    return dict(uv)


def _table(within: Mapping[str, Any], key: str, shown: str) -> dict[str, Any]:
    value = within.get(key, {})
    if not isinstance(value, dict):
        raise BadRequirement(f"`{shown}` in the header is no table; write one like `[{shown}]`")
    return cast("dict[str, Any]", value)


def _texts(value: object) -> list[str]:
    return (
        [str(one) for one in cast("list[object]", value)] if isinstance(value, list) else [str(value)] if value else []
    )


def _words(source: object) -> str:
    if isinstance(source, dict):
        table = cast("dict[str, object]", source)
        return next((str(table[key]) for key in ("path", "git", "url", "index") if key in table), str(table))
    return ", ".join(map(_words, cast("list[object]", source))) if isinstance(source, list) else str(source)


def _is_ours(source: object, origin: Origin) -> bool:
    """True for the folder that the running Quire is installed from."""
    path = cast("dict[str, object]", source).get("path") if isinstance(source, dict) else None
    return path is not None and origin.project is not None and Path(str(path)) == origin.project


def _local(sources: Mapping[str, Any]) -> Sequence[Path]:
    return [Path(table["path"]) for source in sources.values() for table in _tables(source) if "path" in table]


def _tables(value: object) -> list[dict[str, Any]]:
    """A table, or the tables in a list."""
    entries = cast("list[object]", value) if isinstance(value, list) else [value]
    return [cast("dict[str, Any]", entry) for entry in entries if isinstance(entry, dict)]


def _absolute(uv: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The settings with paths that start from `folder` made whole."""

    def whole(text: str) -> str:
        return text if re.match(r"[a-z][a-z0-9+.-]+:", text) else str(folder / text)

    def source(value: Any) -> Any:
        tables = [
            {**table, "path": whole(str(table["path"]))} if "path" in table else table for table in _tables(value)
        ]
        return tables if isinstance(value, list) else tables[0] if tables else value

    changed = dict(uv)
    if sources := _tables(uv.get("sources")):
        changed["sources"] = {canonical(name): source(value) for name, value in sources[0].items()}
    if isinstance(uv.get("find-links"), list):
        changed["find-links"] = [whole(str(one)) for one in uv["find-links"]]
    if indexes := _tables(uv.get("index")):
        changed["index"] = [{**index, "url": whole(str(index.get("url", "")))} for index in indexes]
    return changed


def with_changes(metadata: Mapping[str, object], add: Sequence[str], remove: Sequence[str]) -> Mapping[str, object]:
    """The metadata with `dependencies` changed. Raises `BadRequirement`."""
    changed = dict(metadata)
    for name in remove:
        changed["dependencies"] = without_requirement(changed, read_requirement(name).name)
    for text in add:
        changed["dependencies"] = with_requirement(changed, text)
    return changed
