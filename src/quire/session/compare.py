"""What the pages must be told so that they show one notebook instead of another; and ids kept by the cells that two files
share. Pure.
"""

from collections.abc import Mapping
from dataclasses import replace

from quire.ids import CellId
from quire.notebook import Cell, Notebook
from quire.notebook.compare import longest_rise, pair_cells
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


def structure_notices(before: Notebook, state: SessionState) -> list[Message]:
    """The way from `before` to the present notebook, texts excepted."""
    after = state.notebook
    notices: list[Message] = [
        CellRemoved(cell=cell.id, restorable=cell.id in state.removed)
        for cell in before.cells
        if cell.id not in after.positions
    ]
    staying = longest_rise([before.positions.get(cell.id, -1) for cell in after.cells])
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


def keep_ids(before: Notebook, after: Notebook, taken: Mapping[CellId, object]) -> Notebook:
    """`after` with the ids of `before` for the cells that are the same; others get ids that nobody has had (`taken`)."""
    pairs = pair_cells(before.cells, after.cells)
    used = {*taken, *before.positions}
    cells: list[Cell] = []
    for j, cell in enumerate(after.cells):
        found = before.cells[pairs[j]].id if j in pairs else _free_id(cell.id, used)
        used.add(found)
        cells.append(replace(cell, id=found))
    return replace(after, cells=tuple(cells))


def _free_id(wanted: CellId, used: set[CellId]) -> CellId:
    number, found = 1, wanted
    while found in used:
        number += 1
        found = CellId(f"{wanted}v{number}")
    return found
