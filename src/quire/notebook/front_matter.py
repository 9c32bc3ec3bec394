"""The YAML front matter of a markdown notebook: what its plain entries say, and lines changed without touching the others."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from quire.notebook.lines import is_blank, split_ending

_KEY = re.compile(r"(?P<key>[\w-]+):(?:[ \t]+(?P<value>.*))?$")
_BLOCK = re.compile(r"[|>][-+]?[ \t]*(?:#.*)?$")
_QUOTED = re.compile(r"(?P<text>'(?:[^']|'')*'|\"(?:[^\"\\]|\\.)*\")(?P<rest>[ \t]*(?:#.*)?)$")
_COMMENT = re.compile(r"(?:^|[ \t]+)#.*$")
_PLAIN = re.compile(r"[^\W\d](?:[\w ./()-]*[\w./()-])?|[\d.]*\.[\d.]*\.[\d.]*")
"""What needs no quotes: words, and versions."""
_MEANT = frozenset({"true", "false", "null", "yes", "no", "on", "off", "none"})
"""Words that YAML takes for something else."""
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True, slots=True)
class Entry:
    """One key with its value; `start` and `end` are lines (end exclusive)."""

    key: str
    value: str
    is_quoted: bool
    comment: str
    start: int
    end: int

    @property
    def meaning(self) -> object:
        """The text, or a boolean where it is one without quotes."""
        return self.value if self.is_quoted else _BOOLEANS.get(self.value, self.value)


def front_matter_end(lines: Sequence[str]) -> int:
    """How many lines the front matter has at the top of these, both `---` included; 0 when there is none."""
    if not lines or lines[0].rstrip(" \t\r\n") != "---":
        return 0
    return next((number + 1 for number in range(1, len(lines)) if lines[number].rstrip(" \t\r\n") == "---"), 0)


def read_front_matter(lines: Sequence[str]) -> dict[str, Entry]:
    """The entries by name, `-` in a name as `_`; what is nested has an empty value."""
    entries: dict[str, Entry] = {}
    rows = [split_ending(line)[0] for line in lines]
    at = 1
    while at < len(rows) - 1:
        found = _KEY.match(rows[at])
        start = at
        at += 1
        if found is None:
            continue
        while at < len(rows) - 1 and _belongs(rows[at], found["value"] or ""):
            at += 1
        while is_blank(rows[at - 1]):
            at -= 1
        value, comment, is_quoted = _read_value((found["value"] or "").strip(), rows[start + 1 : at])
        entries[found["key"].replace("-", "_")] = Entry(found["key"], value, is_quoted, comment, start, at)
    return entries


def _belongs(row: str, value: str) -> bool:
    """True for a line that goes on with the entry above it."""
    return is_blank(row) or row.startswith((" ", "\t")) or (not value and re.match(r"-(?:[ \t]|$)", row) is not None)


def _read_value(value: str, below: Sequence[str]) -> tuple[str, str, bool]:
    if _BLOCK.match(value):
        margin = min((len(row) - len(row.lstrip()) for row in below if row.strip()), default=0)
        return "\n".join(row[margin:] for row in below).strip("\n"), "", True
    quoted = _QUOTED.match(value)
    if quoted is not None:
        return _unquoted(quoted["text"]), quoted["rest"], True
    comment = _COMMENT.search(value)
    return (value[: comment.start()], comment.group(), False) if comment else (value, "", False)


def _unquoted(text: str) -> str:
    if text.startswith("'"):
        return text[1:-1].replace("''", "'")
    try:
        return str(json.loads(text))
    except ValueError:
        return text[1:-1].replace('\\"', '"')


def change_front_matter(lines: Sequence[str], changes: Mapping[str, object], newline: str) -> list[str]:
    """The lines with these keys set where they stand; None takes one away. New ones come last, `title` first.

    Without front matter (no lines), there will be one.
    """
    there = read_front_matter(lines)
    rows = list(lines) or [f"---{newline}", f"---{newline}"]
    found = {key: there[key.replace("-", "_")] for key in changes if key.replace("-", "_") in there}
    for key, entry in sorted(found.items(), key=lambda one: -one[1].start):
        ending = split_ending(rows[entry.end - 1])[1]
        rows[entry.start : entry.end] = _rows(entry.key, changes[key], entry.comment, ending)
    for key, value in changes.items():
        if key not in found:
            at = 1 if key == "title" else len(rows) - 1
            rows[at:at] = _rows(key, value, "", newline)
    return rows


def _rows(key: str, value: object, comment: str, newline: str) -> list[str]:
    """The lines of one entry; none for a value that is None."""
    if value is None:
        return []
    lines = str(value).split("\n")
    if lines[0] != lines[0].lstrip() or not (lines[0] and lines[-1].strip()) or not "".join(lines).isprintable():
        lines = []  # YAML would read other lines than these
    if len(lines) > 1:
        return [f"{key}: |-{newline}", *((f"  {line}" if line else "") + newline for line in lines)]
    return [f"{key}: {write_scalar(value)}{comment}{newline}"]


def write_scalar(value: object) -> str:
    """A value as YAML reads it back, quoted where it must be."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, bool | int) or (_PLAIN.fullmatch(text) and text.lower() not in _MEANT):
        return text
    if text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text)
