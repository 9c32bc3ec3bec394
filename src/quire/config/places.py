"""Where in a TOML text a key stands. Good enough to lead a person there: what is odd gives the line of what is around it."""

import re
from collections.abc import Iterator, Sequence

_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEAD = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")


def find_line(text: str, keys: Sequence[str]) -> int | None:
    """The line, from 1, of the key, or of the innermost table around it that is written on a line; None without one."""
    best, depth = None, 0
    for number, path in _keys(text):
        common = 0
        while common < min(len(path), len(keys)) and path[common] == keys[common]:
            common += 1
        if common == min(len(path), len(keys)) and common > depth:
            best, depth = number, common
    return best


def _keys(text: str) -> Iterator[tuple[int, list[str]]]:
    """Every key that is written, with the tables that it is in."""
    table: list[str] = []
    for number, line in enumerate(text.split("\n"), 1):
        if found := _HEAD.match(line):
            table = _parts(found[1])
            yield number, table
        elif found := _KEY.match(line):
            yield number, [*table, *_parts(found[1])]


def _parts(dotted: str) -> list[str]:
    return [part.strip("\"'") for part in re.findall(_PART, dotted)]
