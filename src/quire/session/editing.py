"""What pages do to the document: typing, and adding, deleting, moving and configuring cells. Pure."""

import re
from collections.abc import Iterable, Mapping

from msgspec.structs import replace

from quire.errors import EditRefused, UnknownCell
from quire.ids import CellId
from quire.notebook import Edit, InsertCell, Notebook, RemoveCell, apply_edit
from quire.protocol.commands import AddCell, PushUpdates, RestoreCell
from quire.protocol.kernel import RunKernelCells
from quire.protocol.notices import CellReplaced, UpdatesAccepted, UpdatesRefused
from quire.session import document
from quire.session.events import Answer, CheckSoon, Effect, PageId, Tell
from quire.session.runs import edited_notices
from quire.session.saving import mark_unsaved
from quire.session.settling import adopt_notebook, settle
from quire.session.state import Removed, SessionState, Step, view_cell
from quire.session.syncing import run_cells, sync_structure

QUIRE = "quire"
DISK = "disk"
"""Names of our own clients; no page may use them."""

REMEMBERED = 100
"""Deleted cells that can come back."""

_CELL_ID = re.compile(r"[A-Za-z0-9_]{1,64}")
_LONGEST_CLIENT = 64


def push_updates(state: SessionState, page: PageId, command: PushUpdates) -> Step:
    """Somebody typed."""
    cell = command.cell
    if any(
        not 0 < len(update.client_id) <= _LONGEST_CLIENT or update.client_id in {QUIRE, DISK}
        for update in command.updates
    ):
        raise EditRefused("an update names no client, or one that is not a page's")
    if state.has(cell) and state.notebook.cell(cell).type == "stray":
        raise EditRefused("a statement between cells is read-only; make it a cell first, or edit the file")
    if command.version < state.pages.get(page, {}).get(cell, 0):
        # Text from before this connection: the page has not seen what came in between, and is not going to be told.
        missed = state.document.text_of(cell).since(command.version)
        updates = [step.to_update() for step in missed]
        return state, [Answer(page, UpdatesRefused(cell=cell, version=command.version, updates=updates))]
    texts, steps = state.document.push(cell, command.version, command.updates)
    after = replace(state, document=texts)
    if not state.has(cell):
        return after, []  # a deleted cell: the text is kept, should it come back
    return _typed(state, after, cell, steps)


def replace_page_text(state: SessionState, page: PageId, cell: CellId) -> list[Effect]:
    """What a page gets whose updates cannot be accepted: the text as it is."""
    if not state.has(cell):
        return []
    return [Answer(page, CellReplaced(cell=view_cell(state, state.notebook.cell(cell))))]


def rewrite_text(state: SessionState, cell: CellId, client: str, text: str) -> Step:
    """Change a text as if `client` had typed it; somebody who types there at the same time loses nothing."""
    texts, steps = state.document.rewrite(cell, client, text)
    return _typed(state, replace(state, document=texts), cell, steps) if steps else (state, [])


def _typed(before: SessionState, after: SessionState, cell: CellId, steps: Iterable[document.Step]) -> Step:
    version = before.document.text_of(cell).version
    effects: list[Effect] = [
        # One message for each step: a page must take them up one by one (see `document.py`).
        Tell(UpdatesAccepted(cell=cell, version=version + index, updates=[step.to_update()]))
        for index, step in enumerate(steps)
    ]
    if not effects:
        return after, []
    after = replace(after, typed=after.typed | {cell})
    effects += edited_notices(after, {cell: before.is_edited(cell)})
    after, saving = mark_unsaved(after)
    return after, [*effects, *saving, CheckSoon()]


def edit_notebook(state: SessionState, edit: Edit, *, sync: bool = True) -> Step:
    """One edit of the structure. The kernel hears of it at once when it matters there."""
    state, effects = settle(state)
    notebook = apply_edit(state.notebook, edit)
    if notebook == state.notebook:
        return state, effects
    state, told = adopt_notebook(state, notebook, notebook.reports)
    state, saving = mark_unsaved(state)
    effects += [*told, *saving, CheckSoon()]
    if sync:
        state, synced = sync_structure(state)
        effects += synced
    return state, effects


def add_cell(state: SessionState, command: AddCell) -> Step:
    """A new cell under an id that the page chose."""
    if not _CELL_ID.fullmatch(command.cell):
        raise EditRefused(f"`{command.cell[:80]}` cannot be a cell's id; use up to 64 letters, digits and underscores")
    if command.cell in state.document.texts:
        raise EditRefused(f"there is, or was, a cell `{command.cell}`; choose another id")
    edit = InsertCell(command.cell, _surviving(state, command.after), command.code, type=command.type)
    state, effects = edit_notebook(state, edit, sync=command.type == "setup")
    return state, effects


def delete_cell(state: SessionState, cell: CellId) -> Step:
    """The cell goes, and stays at hand: `restore_cell`."""
    state, effects = settle(state)
    found = state.notebook.cell(cell)
    if found.type == "stray":
        raise EditRefused("a statement between cells is read-only; make it a cell first, or edit the file")
    index = state.notebook.index(cell)
    entry = Removed(
        cell=found,
        above=state.notebook.cells[index - 1].id if index else None,
        run=replace(state.runs[cell], activity="idle", started=None, stale=True),
        before=state.notebook,
        after=apply_edit(state.notebook, RemoveCell(cell)),
    )
    kept = dict(list(state.removed.items())[-REMEMBERED + 1 :])
    state, told = adopt_notebook(replace(state, removed={**kept, cell: entry}), entry.after, entry.after.reports)
    state, saving = mark_unsaved(state)
    state, synced = sync_structure(state)
    return state, [*effects, *told, *saving, CheckSoon(), *synced]


def restore_cell(state: SessionState, command: RestoreCell) -> Step:
    """Undo of a deletion."""
    cell = command.cell
    entry = state.removed.get(cell)
    if entry is None:
        raise UnknownCell(f"the cell `{cell}` cannot be brought back: it was not deleted, or too long ago")
    state, effects = settle(state)
    # If nothing else has happened: the notebook as it was, with every comment around the cell.
    notebook = entry.before if state.notebook is entry.after else _insert_again(state, entry)
    removed = {other: found for other, found in state.removed.items() if other != cell}
    # A page may have typed into it after it was gone: the text of the document holds.
    state = replace(state, removed=removed, typed=state.typed | {cell}).with_runs({cell: entry.run})
    state, told = adopt_notebook(state, notebook, notebook.reports)
    state, saving = mark_unsaved(state)
    effects += [*told, *saving, CheckSoon()]
    if entry.run.outcome == "never" or state.kernel == "dead":
        return state, effects
    # What it had defined was forgotten with it; those who need it wait.
    state, running = run_cells(state, RunKernelCells(cells=[cell]))
    return state, [*effects, *running]


def _insert_again(state: SessionState, entry: Removed) -> Notebook:
    cell, text = entry.cell, state.document.text_of(entry.cell.id).text
    above = _surviving(state, entry.above)
    kind = "setup" if cell.type == "setup" else "cell"
    name = cell.name if cell.type in {"cell", "unparsable"} else "_"
    names = [name] if name == "_" else [name, "_"]  # another cell may have taken the name
    for wanted in names[:-1]:
        try:
            return apply_edit(
                state.notebook, InsertCell(cell.id, above, text, name=wanted, type=kind, options=cell.options)
            )
        except EditRefused:
            continue
    return apply_edit(state.notebook, InsertCell(cell.id, above, text, name="_", type=kind, options=cell.options))


def _surviving(state: SessionState, cell: CellId | None) -> CellId | None:
    """The cell, or when it was deleted, what stood above it."""
    while cell is not None and not state.has(cell) and cell in state.removed:
        cell = state.removed[cell].above
    return cell


def rewrite_cells(state: SessionState, codes: Mapping[CellId, str | None], client: str) -> Step:
    """Several texts at once; None removes the cell."""
    effects: list[Effect] = []
    for cell, code in codes.items():
        state, told = delete_cell(state, cell) if code is None else rewrite_text(state, cell, client, code)
        effects += told
    return state, effects
