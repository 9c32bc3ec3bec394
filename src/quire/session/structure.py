"""Edits of several cells at once: add, delete, bring back, move, split, merge, configure. Pure.

Each is one command and one step of undo. Text that somebody types at the same time is never lost: what goes from one cell
to another goes as an update like any other, and a cell that is gone keeps its text.
"""

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from quire.errors import EditRefused, StaleVersion, UnknownCell
from quire.ids import CellId
from quire.notebook import Edit, InsertCell, MoveCell, Notebook, RemoveCell, SetOptions, apply_edit
from quire.protocol.commands import AddCells, CellOptions, Cut, MoveCells, NewCell, SplitCell
from quire.protocol.kernel import RunKernelCells
from quire.session.changes import count_units, map_position, units_before
from quire.session.document import Document
from quire.session.editing import QUIRE, edit_notebook, rewrite_text
from quire.session.events import CheckSoon, Effect
from quire.session.saving import mark_unsaved
from quire.session.settling import adopt_notebook, settle
from quire.session.state import Merged, Removed, SessionState, Step
from quire.session.syncing import run_cells, sync_structure

REMEMBERED = 100
"""Deleted cells that can come back."""

_CELL_ID = re.compile(r"[A-Za-z0-9_]{1,64}")


def add_cells(state: SessionState, command: AddCells) -> Step:
    """New cells under ids that the page chose."""
    _check_ids(state, [new.cell for new in command.cells])
    state, effects = settle(state)
    notebook, above = state.notebook, _surviving(state, command.after)
    edits: list[Edit] = []
    for new in command.cells:
        edit = _with_free_name(notebook, _insertion(new, above))
        notebook, above = apply_edit(notebook, edit), new.cell
        edits.append(edit)
    state, told = edit_notebook(state, *edits, sync=any(new.type == "setup" for new in command.cells))
    return state, [*effects, *told]


def delete_cells(state: SessionState, cells: Sequence[CellId]) -> Step:
    """The cells go, and stay at hand: `restore_cells`."""
    state, effects = settle(state)
    state, told = _remove(state, cells, {})
    return state, [*effects, *told]


def restore_cells(state: SessionState, cells: Sequence[CellId]) -> Step:
    """Undo of a deletion or a merge."""
    for cell in cells:
        if cell not in state.removed:
            raise UnknownCell(f"the cell `{cell}` cannot be brought back: it was not deleted, or too long ago")
    effects: list[Effect] = []
    order = _order_before(state, cells)
    entries = {cell: state.removed[cell] for cell in order}
    notebook = _restored_exactly(state, entries)
    for cell in reversed(order):  # the last one first: its text stands behind those of the others
        state, told = _take_back_text(state, cell, entries[cell].merged)
        effects += told
    if notebook is None:
        state, told = settle(state)
        effects += told
        notebook = state.notebook
        for entry in entries.values():
            notebook = _insert_again(state, notebook, entry)
    removed = {other: found for other, found in state.removed.items() if other not in entries}
    # A page may have typed into them after they were gone: the texts of the document hold.
    state = replace(state, removed=removed, typed=state.typed | entries.keys())
    state = state.with_runs({cell: entry.run for cell, entry in entries.items()})
    state, told = adopt_notebook(state, notebook, notebook.reports)
    state, saving = mark_unsaved(state)
    effects += [*told, *saving, CheckSoon()]
    ran = [cell for cell, entry in entries.items() if entry.run.outcome != "never"]
    if not ran or state.kernel == "dead":
        return state, effects
    # What they had defined was forgotten with them; those who need it wait.
    state, told = settle(state)
    effects += told
    state, running = run_cells(state, RunKernelCells(cells=ran))
    return state, [*effects, *running]


def move_cells(state: SessionState, command: MoveCells) -> Step:
    """Each one below another."""
    return edit_notebook(state, *(MoveCell(move.cell, _surviving(state, move.after)) for move in command.moves))


def configure_cells(state: SessionState, options: Iterable[CellOptions]) -> Step:
    """Hide, show, disable, enable."""
    edits: list[Edit] = []
    for wanted in options:
        given = {"hide_code": wanted.hide_code, "disabled": wanted.disabled}
        edits.append(SetOptions(wanted.cell, {name: value for name, value in given.items() if value is not None}))
    return edit_notebook(state, *edits)


def split_cell(state: SessionState, command: SplitCell) -> Step:
    """Divide a cell at the beginnings of lines. What was typed meanwhile moves the cuts."""
    cell = command.cell
    if state.notebook.cell(cell).type == "stray":
        raise EditRefused("a statement between cells is read-only; make it a cell first, or edit the file")
    _check_ids(state, [cut.cell for cut in command.cuts])
    text = state.document.text_of(cell).text
    places = sorted({_line_start(text, at) for at in _present_places(state.document, command)} - {0})
    if not places:
        raise EditRefused("a cell is divided between two of its lines; put the caret where the new cell should begin")
    ends = [*(place - 1 for place in places[1:]), len(text)]
    new = [cut.cell for cut in command.cuts][: len(places)]  # two cuts in one line are one
    parts = {cut: text[start:end] for cut, start, end in zip(new, places, ends, strict=True)}
    state, effects = rewrite_text(state, cell, QUIRE, text[: places[0] - 1])
    # The document holds the parts to the letter; the file leaves out blank lines at the end of a cell.
    state = replace(state, document=state.document.with_new(parts))
    above = [cell, *new]
    state, told = edit_notebook(
        state, *(InsertCell(*place, parts[place[0]]) for place in zip(new, above, strict=False))
    )
    return state, [*effects, *told]


def merge_cells(state: SessionState, cells: Sequence[CellId]) -> Step:
    """Append the texts of the others to the first."""
    order = sorted(set(cells), key=state.notebook.index)
    if len(order) < 2:
        raise EditRefused("merging takes two cells or more")
    if any(state.notebook.cell(cell).type == "stray" for cell in order):
        raise EditRefused("a statement between cells is read-only; make it a cell first, or edit the file")
    into, *others = order
    text = state.document.text_of(into).text
    places: dict[CellId, tuple[int, int]] = {}
    for cell in others:
        more = state.document.text_of(cell).text
        places[cell] = (count_units(text) + 1, count_units(more))
        text = f"{text}\n{more}"
    state, effects = settle(state)
    state, told = rewrite_text(state, into, QUIRE, text)
    effects += told
    version, whole = state.document.text_of(into).version, count_units(text)
    merged = {
        cell: Merged(into=into, version=version, start=start, length=length, behind=whole - start - length)
        for cell, (start, length) in places.items()
    }
    state, told = _remove(state, others, merged)
    return state, [*effects, *told]


def rewrite_cells(state: SessionState, codes: Mapping[CellId, str | None], client: str) -> Step:
    """Several texts at once; None removes the cell."""
    effects: list[Effect] = []
    for cell, code in codes.items():
        state, told = delete_cells(state, [cell]) if code is None else rewrite_text(state, cell, client, code)
        effects += told
    return state, effects


def _check_ids(state: SessionState, cells: Sequence[CellId]) -> None:
    for cell in cells:
        if not _CELL_ID.fullmatch(cell):
            raise EditRefused(f"`{cell[:80]}` cannot be a cell's id; use up to 64 letters, digits and underscores")
        if cell in state.document.texts or cells.count(cell) > 1:
            raise EditRefused(f"there is, or was, a cell `{cell}`; choose another id")


def _insertion(new: NewCell, above: CellId | None) -> InsertCell:
    given = {"hide_code": new.hide_code, "disabled": new.disabled}
    options = {name: True for name, value in given.items() if value}
    return InsertCell(new.cell, above, new.code, name=new.name, type=new.type, options=options)


def _with_free_name(notebook: Notebook, edit: InsertCell) -> InsertCell:
    """Without the name, if another cell has taken it."""
    if edit.name == "_" or edit.type == "setup":
        return edit
    try:
        apply_edit(notebook, edit)
    except EditRefused:
        return InsertCell(edit.cell, edit.after, edit.code, type=edit.type, options=edit.options)
    return edit


def _remove(state: SessionState, cells: Sequence[CellId], merged: Mapping[CellId, Merged]) -> Step:
    before = after = state.notebook
    for cell in cells:
        if before.cell(cell).type == "stray":
            raise EditRefused("a statement between cells is read-only; make it a cell first, or edit the file")
        after = apply_edit(after, RemoveCell(cell))
    entries: dict[CellId, Removed] = {}
    for cell in cells:
        index = before.index(cell)
        entries[cell] = Removed(
            cell=before.cells[index],
            above=before.cells[index - 1].id if index else None,
            run=replace(state.runs[cell], activity="idle", started=None, stale=True),
            before=before,
            after=after,
            merged=merged.get(cell),
        )
    kept = list(state.removed.items())[-max(REMEMBERED - len(entries), 0) :] if len(entries) < REMEMBERED else []
    state, effects = adopt_notebook(replace(state, removed={**dict(kept), **entries}), after, after.reports)
    state, saving = mark_unsaved(state)
    state, synced = sync_structure(state)
    return state, [*effects, *saving, CheckSoon(), *synced]


def _order_before(state: SessionState, cells: Sequence[CellId]) -> list[CellId]:
    """As they stood when they were deleted together; otherwise as they were asked for."""
    together = state.removed[cells[0]].before if cells else state.notebook
    if all(cell in together.positions for cell in cells):
        return sorted(set(cells), key=together.index)
    return list(dict.fromkeys(cells))


def _restored_exactly(state: SessionState, entries: Mapping[CellId, Removed]) -> Notebook | None:
    """If nothing else has happened: the notebook as it was, with every comment around the cells."""
    for entry in entries.values():
        gone = {cell.id for cell in entry.before.cells if cell.id not in entry.after.positions}
        if state.notebook is not entry.after or gone != set(entries):
            return None
    return next((entry.before for entry in entries.values()), None)


def _insert_again(state: SessionState, notebook: Notebook, entry: Removed) -> Notebook:
    cell, text = entry.cell, state.document.text_of(entry.cell.id).text
    above = entry.above
    while above is not None and above not in notebook.positions:
        above = state.removed[above].above if above in state.removed else None
    kind = "setup" if cell.type == "setup" else "cell"
    name = cell.name if cell.type in {"cell", "unparsable"} else "_"
    edit = InsertCell(cell.id, above, text, name=name, type=kind, options=cell.options)
    return apply_edit(notebook, _with_free_name(notebook, edit))


def _surviving(state: SessionState, cell: CellId | None) -> CellId | None:
    """The cell, or when it was deleted, what stood above it."""
    while cell is not None and not state.has(cell) and cell in state.removed:
        cell = state.removed[cell].above
    return cell


def _take_back_text(state: SessionState, cell: CellId, merged: Merged | None) -> Step:
    """What became of the text of a merged cell leaves the cell that took it up, and is the cell's again."""
    if merged is None or not state.has(merged.into):
        return state, []
    whole = state.document.text_of(merged.into)
    try:
        steps = whole.since(merged.version)
    except StaleVersion:
        return state, []  # so long ago that nobody knows where it is: it stays there too
    start, end = merged.start, merged.start + merged.length
    for step in steps:
        start, end = map_position(step.changes, start, before=True), map_position(step.changes, end, before=False)
    start, end = units_before(whole.text, start), units_before(whole.text, max(start, end))
    text = whole.text
    head = start - 1 if start and text[start - 1] == "\n" else start
    texts, _ = state.document.rewrite(cell, QUIRE, text[start:end])
    state = replace(state, document=texts)
    return rewrite_text(state, merged.into, QUIRE, text[:head] + text[end:])


def _present_places(document: Document, command: SplitCell) -> list[int]:
    """Where the cuts are in the present text, as indices."""
    now = document.text_of(command.cell)
    steps = now.since(command.version)
    places: list[int] = []
    for cut in command.cuts:
        at = _checked(cut)
        for step in steps:
            at = map_position(step.changes, at, before=False)
        places.append(units_before(now.text, at))
    return places


def _checked(cut: Cut) -> int:
    if cut.at < 0:
        raise EditRefused(f"{cut.at} is not a place in a text")
    return cut.at


def _line_start(text: str, at: int) -> int:
    """Where the new cell begins when the caret is at `at`: at this line if the caret stands before it, else at the next
    one; at this line, too, when it is the last one.
    """
    start = text.rfind("\n", 0, at) + 1
    if at == start:
        return start
    end = text.find("\n", at)
    return start if end == -1 else end + 1
