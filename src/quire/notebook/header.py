"""The script metadata (PEP 723) in the comments above a notebook: read, and changed without touching a comment in it."""

import re
import tomllib
from collections.abc import Mapping
from typing import cast

from quire.errors import BadMetadata
from quire.notebook.lines import newline_of, split_lines

_OPENING = re.compile(r"# /// script[ \t]*$")
_CLOSING = re.compile(r"# ///[ \t]*$")
_FIRST_LINES = re.compile(r"#!|#.*coding[:=]")
"""What has to be in the first two lines to mean anything: which program runs the file, and its encoding."""


def read_metadata(header: str) -> Mapping[str, object]:
    """What the block `# /// script` says; nothing when there is none.

    Raises:
        BadMetadata: there are two such blocks, or it is not TOML; the message has the line of the file.
    """
    try:
        return tomllib.loads(metadata_text(header))
    except tomllib.TOMLDecodeError as error:
        raise BadMetadata(f"the script metadata is not TOML: {error}") from None
    except RecursionError:
        raise BadMetadata("the script metadata is nested too deeply to be read") from None


def metadata_text(header: str) -> str:
    """The TOML of the block, each line of it with the number that it has in the file; empty when there is no block.

    Raises:
        BadMetadata: there are two such blocks.
    """
    found = _find_block(header)
    return "" if found is None else "\n" * found[0] + _uncommented(split_lines(header)[found[0] : found[1]])


def write_metadata(header: str, changes: Mapping[str, object]) -> str:
    """The header with these keys changed: None takes one away, a table changes only the keys it has.

    In a list, entries that were there stay where and how they were written. Without a block there will be one, below
    the lines that have to come first.

    Raises:
        BadMetadata: the block there cannot be read.
    """
    if not changes:
        return header
    read_metadata(header)
    import tomlkit  # noqa: PLC0415 (wanted by those only who change metadata)

    lines = split_lines(header)
    found = _find_block(header)
    start, end = found or (0, 0)
    text = _uncommented(lines[start:end])
    document = tomlkit.parse(text)
    _change_table(cast("dict[str, object]", document), changes)
    changed = tomlkit.dumps(document)
    if changed == text:
        return header
    newline = newline_of(header)
    written = [f"# {line}".rstrip() + newline for line in changed.rstrip("\n").split("\n")]
    if found:
        return "".join([*lines[:start], *written, *lines[end:]])
    bom = "\ufeff" if header.startswith("\ufeff") else ""
    lines = split_lines(header.removeprefix("\ufeff"))
    at = 0
    while at < min(len(lines), 2) and _FIRST_LINES.match(lines[at]):
        at += 1
    block = [f"# /// script{newline}", *written, f"# ///{newline}"]
    gap = [newline] if at < len(lines) and lines[at].strip() else []
    return bom + "".join([*lines[:at], *block, *gap, *lines[at:]])


def _change_table(table: dict[str, object], changes: Mapping[str, object]) -> None:
    for key, value in changes.items():
        there = table.get(key)
        if value is None:
            table.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(there, dict):
            _change_table(cast("dict[str, object]", there), cast("Mapping[str, object]", value))
        elif isinstance(value, list) and isinstance(there, list):
            _change_list(cast("list[object]", there), cast("list[object]", value))
        elif isinstance(value, Mapping):
            new: dict[str, object] = {}
            _change_table(new, cast("Mapping[str, object]", value))
            if new:
                table[key] = new
        else:
            table[key] = value


def _change_list(there: list[object], wanted: list[object]) -> None:
    for index in reversed(range(len(there))):
        if there[index] not in wanted:
            del there[index]
    for value in wanted:
        if value not in there:
            there.append(value)


def _find_block(header: str) -> tuple[int, int] | None:
    """The lines (0-based, end exclusive) between the opening and the closing line of the block."""
    lines = [line.rstrip("\r\n") for line in split_lines(header.removeprefix("\ufeff"))]
    found: list[tuple[int, int]] = []
    at = 0
    while at < len(lines):
        start = at
        at += 1
        if not _OPENING.match(lines[start]):
            continue
        while at < len(lines) and (lines[at] == "#" or lines[at].startswith("# ")):
            at += 1
        closing = [number for number in range(start + 1, at) if _CLOSING.match(lines[number])]
        if closing:
            found.append((start + 1, closing[-1]))
    if len(found) > 1:
        raise BadMetadata(f"there are two blocks of script metadata (lines {found[0][0]} and {found[1][0]}); keep one")
    return found[0] if found else None


def _uncommented(lines: list[str]) -> str:
    return "".join(line.rstrip("\r\n").removeprefix("#").removeprefix(" ") + "\n" for line in lines)
