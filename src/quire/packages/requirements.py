"""What a header asks for (PEP 508 texts in PEP 723 metadata): read, added to, taken from. Pure.

A text that is not a requirement is refused here, so that nothing that a page sends can become an option of the installer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from quire.errors import BadRequirement

_NAME = r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?"
_VERSION = r"(?:===|==|~=|!=|<=|>=|<|>)\s*[A-Za-z0-9.*+!_-]+"
_REQUIREMENT = re.compile(
    rf"(?P<name>{_NAME})\s*(?:\[\s*(?P<extras>(?:{_NAME}(?:\s*,\s*{_NAME})*)?)\s*\])?\s*"
    rf"(?:@\s*(?P<url>[a-z][a-z0-9+.-]*:[^\s;]+)|\(?(?P<version>{_VERSION}(?:\s*,\s*{_VERSION})*)?\)?)?"
    r"(?:\s*;\s*(?P<marker>[\w\s.'\"<>=!~()-]*(?:[=<>]|\bin\b)\s*['\"\w][\w\s.'\"<>=!~()-]*))?"
)
_LONGEST = 500
_CLAUSE = re.compile(r"(===|==|~=|!=|<=|>=|<|>)\s*v?(\d+(?:\.\d+)*)(\.\*)?$")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One entry of `dependencies`. `text` is as it was written."""

    text: str
    name: str
    extras: tuple[str, ...] = ()
    version: str = ""
    url: str = ""
    marker: str = ""

    @property
    def key(self) -> str:
        """The name as indexes compare it."""
        return canonical(self.name)


def canonical(name: str) -> str:
    """The name of a distribution as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def read_requirement(text: str) -> Requirement:
    """One requirement.

    Raises:
        BadRequirement: it is none (an option, several, a path, …); the message says what one looks like.
    """
    found = _REQUIREMENT.fullmatch(text.strip()) if len(text) <= _LONGEST and "\n" not in text else None
    if found is None:
        shown = text.strip()[:60]
        raise BadRequirement(
            f"`{shown}` is not the name of a package; write one like `polars`, `polars>=1`, `polars[excel]` "
            "or `name @ https://…`"
        )
    extras = tuple(extra.strip() for extra in (found["extras"] or "").split(",") if extra.strip())
    return Requirement(
        text.strip(), found["name"], extras, found["version"] or "", found["url"] or "", (found["marker"] or "").strip()
    )


def requirements_of(metadata: Mapping[str, object]) -> tuple[Requirement, ...]:
    """What the metadata ask for, in the order in which it is written.

    Raises:
        BadRequirement: `dependencies` is something else than a list of requirements.
    """
    return tuple(read_requirement(text) for text in _dependencies(metadata))


def with_requirement(metadata: Mapping[str, object], text: str) -> list[str]:
    """The `dependencies` with this one: in place of those of its name, which lose only what it says anew.

    A bare name leaves what is there; one with a version keeps the extras and the marker that were written.

    Raises:
        BadRequirement: like `read_requirement`, or because of what is there.
    """
    wanted = read_requirement(text)
    there = _dependencies(metadata)
    known = [read_requirement(entry) for entry in there]
    alike = [at for at, other in enumerate(known) if other.key == wanted.key and _may_be_same(other, wanted)]
    if not alike:
        return [*there, wanted.text]
    return [_merged(known[at], wanted) if at in alike else entry for at, entry in enumerate(there)]


def without_requirement(metadata: Mapping[str, object], name: str) -> list[str]:
    """The `dependencies` without those of this name. One that cannot be read stays."""
    return [text for text in _dependencies(metadata) if _key_of(text) != canonical(name)]


def python_fits(wanted: str, version: tuple[int, int, int]) -> bool:
    """Whether `requires-python` lets this version in. What cannot be read lets all in: the installer will say more."""
    return all(_clause_fits(clause.strip(), version) for clause in wanted.split(",") if clause.strip())


def _clause_fits(clause: str, version: tuple[int, int, int]) -> bool:
    found = _CLAUSE.match(clause)
    if found is None:
        return True
    operator, number, is_prefix = found[1], tuple(int(part) for part in found[2].split(".")), found[3] is not None
    begins = version[: len(number)] == number
    padded = (*number, 0, 0, 0)[:3]
    match operator:
        case "==" | "===":
            return begins if is_prefix else version == padded
        case "!=":
            return not begins if is_prefix else version != padded
        case "~=":
            return version >= padded and version[: len(number) - 1] == number[:-1]
        case ">=":
            return version >= padded
        case ">":
            return version > padded
        case "<=":
            return version <= padded
        case _:
            return version < padded


def _dependencies(metadata: Mapping[str, object]) -> list[str]:
    listed = metadata.get("dependencies", [])
    entries = cast("Sequence[object]", listed) if isinstance(listed, list) else None
    if entries is None or not all(isinstance(entry, str) for entry in entries):
        raise BadRequirement("`dependencies` in the header is not a list of texts; write one like `dependencies = []`")
    return cast("list[str]", list(entries))


def _key_of(text: str) -> str | None:
    try:
        return read_requirement(text).key
    except BadRequirement:
        return None


def _may_be_same(known: Requirement, wanted: Requirement) -> bool:
    return not wanted.marker or known.marker == wanted.marker


def _merged(known: Requirement, wanted: Requirement) -> str:
    if not (wanted.version or wanted.url or wanted.extras):
        return known.text
    extras = tuple(dict.fromkeys((*known.extras, *wanted.extras)))
    listed = f"[{','.join(extras)}]" if extras else ""
    if wanted.url or (known.url and not wanted.version):
        body = f"{known.name}{listed} @ {wanted.url or known.url}"
    else:
        body = f"{known.name}{listed}{wanted.version or known.version}"
    marker = wanted.marker or known.marker
    separator = " ; " if " @ " in body else "; "
    return f"{body}{separator}{marker}" if marker else body
