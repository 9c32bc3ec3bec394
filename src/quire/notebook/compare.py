"""Which cells of two notebooks are the same cells, and what became of each. Pure."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from quire.notebook.model import Cell, Notebook

ALIKE = 0.5
"""From this similarity on, a changed cell in the place of another one is taken for the same cell."""
FAR_ALIKE = 0.6
"""The same for a cell that stands elsewhere: there, nothing but its text speaks for it."""
MOST_COMPARED = 2_500
"""Pairs of cells looked at for a likeness elsewhere; beyond that, a notebook is another one."""


@dataclass(frozen=True, slots=True)
class CellChange:
    """What became of one cell."""

    kind: Literal["added", "removed", "changed", "same"]
    before: Cell | None
    after: Cell | None
    moved: bool = False
    """True when it stands among other cells than before."""


def compare_notebooks(before: Notebook, after: Notebook) -> tuple[CellChange, ...]:
    """Every cell of both, in the order of `after`; a removed cell stands where it was."""
    old, new = before.cells, after.cells
    pairs = pair_cells(old, new)
    staying = longest_rise([pairs.get(j, -1) for j in range(len(new))])
    return tuple(_changes(old, new, pairs, staying))


def _changes(
    old: Sequence[Cell], new: Sequence[Cell], pairs: Mapping[int, int], staying: frozenset[int]
) -> Iterator[CellChange]:
    paired = set(pairs.values())
    shown = 0
    for j, cell in enumerate(new):
        i = pairs.get(j)
        if i is None:
            yield CellChange("added", None, cell)
            continue
        if j in staying:
            yield from _removed(old, range(shown, i), paired)
            shown = i + 1
        yield CellChange("same" if old[i].text == cell.text else "changed", old[i], cell, moved=j not in staying)
    yield from _removed(old, range(shown, len(old)), paired)


def _removed(old: Sequence[Cell], indices: Iterable[int], paired: set[int]) -> Iterator[CellChange]:
    return (CellChange("removed", old[i], None) for i in indices if i not in paired)


def pair_cells(old: Sequence[Cell], new: Sequence[Cell]) -> dict[int, int]:
    """Index in `new` → index in `old` of the same cell.

    1. Runs of cells with equal code, as a diff finds them. 2. Between them, cells of one name, then cells in order that
    are alike. 3. Anywhere: equal code, then one name, then much the same code: a cell that moved.
    """
    pairs: dict[int, int] = {}
    matcher = SequenceMatcher(
        None, [_identity(cell) for cell in old], [_identity(cell) for cell in new], autojunk=False
    )
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pairs.update(zip(range(j1, j2), range(i1, i2), strict=True))
        elif tag == "replace":
            pairs.update(_pair_changed(old, range(i1, i2), new, range(j1, j2)))
    _pair_moved(old, new, pairs)
    return pairs


def longest_rise(numbers: Sequence[int]) -> frozenset[int]:
    """Indices of the longest rising subsequence of the numbers that are not negative: the cells that need not move."""
    ends: list[int] = []  # smallest last number of a rise of each length
    last: list[int] = []  # its index
    link: dict[int, int | None] = {}
    for index, number in enumerate(numbers):
        if number < 0:
            continue
        place = bisect_left(ends, number)
        link[index] = last[place - 1] if place else None
        ends[place : place + 1] = [number]
        last[place : place + 1] = [index]
    found: set[int] = set()
    step = last[-1] if last else None
    while step is not None:
        found.add(step)
        step = link[step]
    return frozenset(found)


def _identity(cell: Cell) -> tuple[str, bool]:
    return cell.code, cell.type == "setup"


def _pair_changed(old: Sequence[Cell], olds: range, new: Sequence[Cell], news: range) -> dict[int, int]:
    pairs: dict[int, int] = {}
    named = {old[i].name: i for i in olds if old[i].name != "_"}
    for j in news:
        if (i := named.pop(new[j].name, None)) is not None:
            pairs[j] = i
    taken = set(pairs.values())
    rest_old = [i for i in olds if i not in taken]
    rest_new = [j for j in news if j not in pairs]
    for i, j in zip(rest_old, rest_new, strict=False):
        alike = SequenceMatcher(None, old[i].code, new[j].code).quick_ratio() >= ALIKE
        if old[i].type == new[j].type and (alike or len(rest_old) == len(rest_new)):
            pairs[j] = i
    return pairs


def _pair_moved(old: Sequence[Cell], new: Sequence[Cell], pairs: dict[int, int]) -> None:
    taken = set(pairs.values())
    left_old = [i for i in range(len(old)) if i not in taken]
    left_new = [j for j in range(len(new)) if j not in pairs]
    if not left_old or not left_new:
        return
    by_identity = {_identity(old[i]): i for i in reversed(left_old)}
    _pair_by({j: by_identity.get(_identity(new[j])) for j in left_new}, pairs)
    by_name = {old[i].name: i for i in left_old if old[i].name != "_" and i not in pairs.values()}
    _pair_by({j: by_name.get(new[j].name) for j in left_new if j not in pairs}, pairs)
    left_old = [i for i in left_old if i not in pairs.values()]
    left_new = [j for j in left_new if j not in pairs]
    if len(left_old) * len(left_new) > MOST_COMPARED:
        return
    likeness = [
        (likeness, -i, -j)
        for i in left_old
        for j in left_new
        if old[i].type == new[j].type and (likeness := _likeness(old[i].code, new[j].code)) >= FAR_ALIKE
    ]
    for _, i, j in sorted(likeness, reverse=True):
        _pair_by({-j: -i}, pairs)


def _pair_by(wanted: Mapping[int, int | None], pairs: dict[int, int]) -> None:
    """Add the pairs whose cells are both still free."""
    taken = set(pairs.values())
    for j, i in wanted.items():
        if i is not None and i not in taken and j not in pairs:
            pairs[j] = i
            taken.add(i)


def _likeness(one: str, other: str) -> float:
    matcher = SequenceMatcher(None, one, other)
    if not one or not other or matcher.real_quick_ratio() < FAR_ALIKE or matcher.quick_ratio() < FAR_ALIKE:
        return 0.0
    return matcher.ratio()
