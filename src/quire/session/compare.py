"""What the pages must be told so that they show one notebook instead of another; and which cells of two files are the
same cells. Pure.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace
from difflib import SequenceMatcher

from quire.ids import CellId
from quire.notebook import Cell, Notebook
from quire.protocol.messages import Message
from quire.protocol.notices import (
    CellAdded,
    CellConfigured,
    CellMoved,
    CellRemoved,
    CellRenamed,
    CellReplaced,
    TitleChanged,
)
from quire.session.state import SessionState, view_cell

ALIKE = 0.5
"""From this similarity on, a changed cell in the place of another one is taken for the same cell."""


def structure_notices(before: Notebook, state: SessionState) -> list[Message]:
    """The way from `before` to the present notebook, texts excepted."""
    after = state.notebook
    notices: list[Message] = [
        CellRemoved(cell=cell.id, restorable=cell.id in state.removed)
        for cell in before.cells
        if cell.id not in after.positions
    ]
    staying = _longest_rise([before.positions.get(cell.id, -1) for cell in after.cells])
    above: CellId | None = None
    for index, cell in enumerate(after.cells):
        if cell.id not in before.positions:
            notices.append(CellAdded(cell=view_cell(state, cell), after=above))
        else:
            if index not in staying:
                notices.append(CellMoved(cell=cell.id, after=above))
            notices += _cell_notices(before.cell(cell.id), cell, state)
        above = cell.id
    if before.title != after.title:
        notices.append(TitleChanged(title=after.title))
    return notices


def _cell_notices(before: Cell, after: Cell, state: SessionState) -> list[Message]:
    if before is after:
        return []
    if before.type != after.type:
        # The version says that the text is the one that the page has: its editor stays as it is.
        return [CellReplaced(cell=view_cell(state, after))]
    notices: list[Message] = []
    if before.name != after.name:
        notices.append(CellRenamed(cell=after.id, name=after.name))
    if (before.hide_code, before.disabled) != (after.hide_code, after.disabled):
        notices.append(CellConfigured(cell=after.id, hide_code=after.hide_code, disabled=after.disabled))
    return notices


def _longest_rise(numbers: Sequence[int]) -> frozenset[int]:
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


def keep_ids(before: Notebook, after: Notebook, taken: Mapping[CellId, object]) -> Notebook:
    """`after` with the ids of `before` for the cells that are the same; others get ids that nobody has had (`taken`).

    1. Runs of cells with equal code, as a diff finds them. 2. Between them, cells of one name, then cells in order that
    are alike. 3. Equal code anywhere: a cell that moved.
    """
    pairs: dict[int, int] = {}  # index in `after` → index in `before`
    old, new = before.cells, after.cells
    matcher = SequenceMatcher(
        None, [_identity(cell) for cell in old], [_identity(cell) for cell in new], autojunk=False
    )
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            pairs.update(zip(range(j1, j2), range(i1, i2), strict=True))
        elif tag == "replace":
            pairs.update(_pair_changed(old, range(i1, i2), new, range(j1, j2)))
    paired = set(pairs.values())
    by_identity = {_identity(old[i]): i for i in reversed(range(len(old))) if i not in paired}
    for j, cell in enumerate(new):
        if j not in pairs and (i := by_identity.pop(_identity(cell), None)) is not None:
            pairs[j] = i
    used = {*taken, *before.positions}
    cells: list[Cell] = []
    for j, cell in enumerate(new):
        found = old[pairs[j]].id if j in pairs else _free_id(cell.id, used)
        used.add(found)
        cells.append(replace(cell, id=found))
    return replace(after, cells=tuple(cells))


def _identity(cell: Cell) -> tuple[str, bool]:
    return cell.code, cell.type == "setup"


def _pair_changed(old: Sequence[Cell], olds: range, new: Sequence[Cell], news: range) -> dict[int, int]:
    pairs: dict[int, int] = {}
    named = {old[i].name: i for i in olds if old[i].name != "_"}
    for j in news:
        if (i := named.get(new[j].name)) is not None:
            pairs[j] = i
    rest_old = [i for i in olds if i not in pairs.values()]
    rest_new = [j for j in news if j not in pairs]
    for i, j in zip(rest_old, rest_new, strict=False):
        alike = SequenceMatcher(None, old[i].code, new[j].code).quick_ratio() >= ALIKE
        if old[i].type == new[j].type and (alike or len(rest_old) == len(rest_new)):
            pairs[j] = i
    return pairs


def _free_id(wanted: CellId, used: set[CellId]) -> CellId:
    number, found = 1, wanted
    while found in used:
        number += 1
        found = CellId(f"{wanted}v{number}")
    return found
