"""Where in a TOML text a key stands. Good enough to lead a person there: what is odd gives the line of what is around it."""

import re
from collections.abc import Iterator, Sequence

DEEPEST = 4
"""Keys in the path of a setting: `tool.quire.display.theme`."""

_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEAD = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")


class Places:
    """A text, looked through once."""

    def __init__(self, text: str) -> None:
        self._lines: dict[tuple[str, ...], int] = {}
        for number, path in _keys(text):
            for depth in range(1, min(len(path), DEEPEST) + 1):
                self._lines.setdefault(tuple(path[:depth]), number)

    def find_line(self, keys: Sequence[str]) -> int | None:
        """The line, from 1, of the key, or of the innermost table around it that is written on a line; None without one."""
        paths = (tuple(keys[:depth]) for depth in range(len(keys), 0, -1))
        return next((self._lines[path] for path in paths if path in self._lines), None)


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
