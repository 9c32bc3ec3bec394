"""What pages do to the document: typing, and edits of its structure (see `structure.py` for those of several cells). Pure."""

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from quire.errors import EditRefused
from quire.ids import CellId
from quire.notebook import Edit, apply_edit
from quire.protocol.commands import PushUpdates
from quire.protocol.messages import Update
from quire.protocol.notices import CellReplaced, UpdatesAccepted, UpdatesRefused
from quire.session import document
from quire.session.changes import KEPT, ChangeSet, Part
from quire.session.events import Answer, CheckSoon, Effect, PageId, Tell
from quire.session.runs import edited_notices
from quire.session.saving import mark_unsaved
from quire.session.settling import adopt_notebook, settle
from quire.session.state import Merged, SessionState, Step, view_cell
from quire.session.syncing import sync_structure

QUIRE = "quire"
DISK = "disk"
"""Names of our own clients; no page may use them."""

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
        return _typed_too_late(after, page, command, steps)
    return _typed(state, after, cell, steps)


def _typed_too_late(state: SessionState, page: PageId, command: PushUpdates, steps: Sequence[document.Step]) -> Step:
    """Into a cell that was deleted: its text is kept, should it come back. One that was merged lives on in another cell,
    and what was typed goes there.
    """
    cell = command.cell
    version = state.document.text_of(cell).version - len(steps)
    updates = [step.to_update() for step in steps]
    effects: list[Effect] = [Answer(page, UpdatesAccepted(cell=cell, version=version, updates=updates))]
    entry = state.removed.get(cell)
    if entry is None or entry.merged is None or not state.has(entry.merged.into):
        return state, effects
    merged = entry.merged
    late = (*merged.late, *(_image(merged, step, cell) for step in steps))
    entry = replace(entry, merged=replace(merged, late=late))
    # To the text that took it up, it is as if the merged cell were one more client, and a slow one.
    texts, accepted = state.document.push(merged.into, merged.version, late)
    after = replace(state, document=texts, removed={**state.removed, cell: entry})
    after, told = _typed(state, after, merged.into, accepted)
    return after, [*effects, *told]


def _image(merged: Merged, step: document.Step, cell: CellId) -> Update:
    """A step on the text of a merged cell as one on the text that it went into, as that was then."""
    changes = ChangeSet((Part(merged.start, KEPT), *step.changes.parts, Part(merged.behind, KEPT)))
    return Update(client_id=f"{QUIRE}:{cell}", changes=changes.to_json())


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


def edit_notebook(state: SessionState, *edits: Edit, sync: bool = True) -> Step:
    """Edits of the structure, all or none. The kernel hears of them at once when it matters there."""
    state, effects = settle(state)
    notebook, reports = state.notebook, ()
    for edit in edits:
        notebook = apply_edit(notebook, edit)
        reports += notebook.reports
    if notebook == state.notebook:
        return state, effects
    state, told = adopt_notebook(state, notebook, reports)
    state, saving = mark_unsaved(state)
    effects += [*told, *saving, CheckSoon()]
    if sync:
        state, synced = sync_structure(state)
        effects += synced
    return state, effects
