"""CodeMirror change sets in Python: read, apply, write. Pure.

A change set covers a whole text from front to back. Offsets count UTF-16 units, as in a browser; a position in the
middle of a surrogate pair is refused, so that no text ever holds a lone surrogate. Lines are divided by LF only.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from quire.errors import EditRefused
from quire.protocol.messages import Change

KEPT = None


class Part(NamedTuple):
    """`length` units of the old text are kept (`insert` is None) or replaced by `insert`."""

    length: int
    insert: str | None


def count_units(text: str) -> int:
    """The length of `text` as a browser counts it."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


class ChangeSet(msgspec.Struct, frozen=True):
    """The parts of one change, front to back."""

    parts: tuple[Part, ...]

    @property
    def length(self) -> int:
        """Units of the text that it applies to."""
        return sum(part.length for part in self.parts)

    def apply(self, text: str) -> str:
        """The new text. Raises `EditRefused` when the lengths differ or a surrogate pair would be cut."""
        # Two bytes for each unit, whatever the characters are.
        units = text.encode("utf-16-le")
        if 2 * self.length != len(units):
            raise EditRefused(f"the change is for a text of {self.length} units, this one has {len(units) // 2}")
        pieces: list[bytes] = []
        position = 0
        for length, insert in self.parts:
            end = position + 2 * length
            refuse_cut_pair(units, position)
            pieces.append(units[position:end] if insert is None else insert.encode("utf-16-le"))
            position = end
        return b"".join(pieces).decode("utf-16-le")

    def to_json(self) -> list[Change]:
        return [length if insert is None else _replacement(length, insert) for length, insert in self.parts]

    @classmethod
    def from_json(cls, changes: Sequence[Change]) -> "ChangeSet":
        """Raises `EditRefused` for everything that is not the JSON form of a change set."""
        parts = [
            Part(_unit_count(change), KEPT) if isinstance(change, int) else _read_replacement(change)
            for change in changes
        ]
        # Parts stay divided as they are: where a client divided them decides ties when changes are mapped.
        return cls(tuple(part for part in parts if part.length or part.insert))


def units_before(text: str, at: int) -> int:
    """The index in `text` of the place that a browser counts as `at`; in the middle of a character, the one before it."""
    if text.isascii():
        return min(at, len(text))
    return len(text.encode("utf-16-le")[: 2 * at].decode("utf-16-le", "ignore"))


def map_position(changes: ChangeSet, at: int, *, before: bool) -> int:
    """Where the place `at` (in units) is after the change. `before`: what is inserted just there comes after it."""
    old = new = 0
    for length, insert in changes.parts:
        if insert is None:
            if at < old + length:
                return new + at - old
            old, new = old + length, new + length
            continue
        size = count_units(insert)
        if at == old and (before or length):
            return new
        if at < old + length or (at == old + length and not before):
            return new if before else new + size
        old, new = old + length, new + size
    return new + at - old


def replace_text(before: str, after: str) -> ChangeSet:
    """The change that makes `after` of `before`: one replacement between what they have in common at both ends."""
    shortest = min(len(before), len(after))
    head = 0
    while head < shortest and before[head] == after[head]:
        head += 1
    tail = 0
    while tail < shortest - head and before[-1 - tail] == after[-1 - tail]:
        tail += 1
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    parts = (
        Part(count_units(before[:head]), KEPT),
        Part(count_units(old), new),
        Part(count_units(before[len(before) - tail :]), KEPT),
    )
    return ChangeSet(tuple(part for part in parts if part.length or part.insert))


def _replacement(length: int, insert: str) -> list[int | str]:
    return [length, *insert.split("\n")] if insert else [length]


def _read_replacement(change: Sequence[int | str]) -> Part:
    if not change or not isinstance(change[0], int):
        raise EditRefused("a replacement starts with the number of units that it replaces")
    lines: list[str] = []
    for line in change[1:]:
        if not isinstance(line, str) or "\n" in line or "\r" in line:
            raise EditRefused("a replacement lists the inserted lines, without their line breaks")
        if not line.isascii() and any("\ud800" <= character <= "\udfff" for character in line):
            raise EditRefused("a replacement inserts half of a surrogate pair")
        lines.append(line)
    return Part(_unit_count(change[0]), "\n".join(lines))


def _unit_count(number: int) -> int:
    if number < 0:
        raise EditRefused(f"{number} is not a number of units")
    return number


def refuse_cut_pair(units: bytes, position: int) -> None:
    """`position` counts bytes of UTF-16."""
    # In little-endian order the second byte of a unit tells a low surrogate: 0xDC to 0xDF.
    if position + 1 < len(units) and 0xDC <= units[position + 1] <= 0xDF:
        raise EditRefused("the change cuts a surrogate pair")
