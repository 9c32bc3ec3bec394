"""The file changed by somebody else: taken over when nothing is unsaved here, else a conflict that a person settles. Pure.

Saving stops with a conflict. Both texts stay whole until one of them is chosen.
"""

from codecs import BOM_UTF8
from pathlib import Path

from msgspec.structs import replace

from quire.errors import EditRefused, NotANotebook
from quire.notebook import Notebook, carrier_of, read_notebook
from quire.protocol.commands import SettleConflict
from quire.protocol.notices import ConflictFound, Notified
from quire.session.compare import keep_ids
from quire.session.disk import decode_text
from quire.session.editing import DISK, rewrite_text
from quire.session.events import CheckSoon, Effect, SaveSoon, Tell
from quire.session.problems import describe_damage
from quire.session.saving import encode_notebook, save, set_save
from quire.session.settling import adopt_notebook, settle
from quire.session.state import SessionState, Step
from quire.session.syncing import sync_structure

RELOADED = "changed by another program, and loaded again"


def read_data(data: bytes, path: Path) -> Notebook:
    """The notebook in these bytes.

    Raises:
        NotANotebook: they are something else.
    """
    if is_blank(data):
        raise NotANotebook("the file is empty")
    return read_notebook(decode_text(data, path), carrier_of(path))


def is_blank(data: bytes) -> bool:
    """True when there is nothing in the file that could be lost."""
    return not data.removeprefix(BOM_UTF8).strip()


def take_seen(state: SessionState, data: bytes | None) -> Step:
    """Somebody looked at the file: `data` is there now."""
    file = state.file
    if file.writing is not None:
        return state, []  # the write compares for itself, and is seen again when it is done
    if file.status == "conflict":
        return _take_seen_in_conflict(state, data)
    if data is None:
        return _take_deletion(state)
    if data == file.known and not file.gone:
        return state, []
    state, effects = settle(replace(state, file=replace(file, gone=False)))
    ours = encode_notebook(state.notebook)
    if data == ours:
        state, told = set_save(replace(state, file=replace(state.file, known=data)), "saved")
    elif data == file.known:
        state, told = set_save(state, "unsaved")
        told.append(SaveSoon())
    elif ours == file.known or (file.known is None and file.status == "saved"):
        state, told = _reload_or_stop(state, data)
    else:
        state, told = take_conflict(state, data)
    return state, [*effects, *told]


def _take_deletion(state: SessionState) -> Step:
    if state.file.gone or state.file.known is None:
        return state, []
    message = f"`{Path(state.place.path).name}` was deleted; the next save writes it again"
    return set_save(replace(state, file=replace(state.file, gone=True)), "unsaved", message)


def take_conflict(state: SessionState, data: bytes, reason: str = "") -> Step:
    """Stop saving and ask. `data` is what the file holds."""
    state, effects = settle(state)
    state = replace(state, file=replace(state.file, found=data, writing=None))
    message = reason or "the file was changed by another program while there were edits here; choose which one to keep"
    state, told = set_save(state, "conflict", message)
    return state, [*effects, *told, Tell(describe_conflict(state))]


def describe_conflict(state: SessionState) -> ConflictFound:
    """Both whole texts, for a person to compare."""
    found = (state.file.found or b"").decode("utf-8", errors="replace")
    page = encode_notebook(settle(state)[0].notebook).decode("utf-8")
    return ConflictFound(disk=found, page=page)


def settle_conflict(state: SessionState, command: SettleConflict) -> Step:
    """A person has chosen."""
    found = state.file.found
    if state.file.status != "conflict":
        raise EditRefused("there is no conflict any more")
    if command.keep == "disk" and found is not None:
        return reload_notebook(state, found)
    # What is on disk now has been seen: only something newer would be a conflict again.
    state = replace(state, file=replace(state.file, known=found, found=None))
    state, effects = set_save(state, "unsaved")
    state, told = save(state, asked=True)
    return state, [*effects, *told]


def reload_notebook(state: SessionState, data: bytes) -> Step:
    """Go on with what the file holds. Cells that are the same keep their outputs; changed ones are marked as edited.

    Raises:
        NotANotebook: the file is not a notebook.
    """
    read = read_data(data, Path(state.place.path))
    state, effects = settle(state)
    notebook = keep_ids(state.notebook, read, state.document.texts)
    before = state.notebook
    state, told = adopt_notebook(state, notebook)
    effects += told
    for cell in notebook.cells:
        if cell.id in before.positions and before.cell(cell.id).code != cell.code:
            state, told = rewrite_text(state, cell.id, DISK, cell.code)
            effects += [effect for effect in told if not isinstance(effect, SaveSoon)]
    # Every text is the file's now: there is nothing to give to the notebook and nothing to save.
    state = replace(state, typed=frozenset(), file=replace(state.file, known=data, found=None))
    state, told = set_save(state, "saved", RELOADED)
    state, synced = sync_structure(state)
    damage = describe_damage(notebook)
    warned: list[Effect] = [Tell(Notified(level="warning", message=damage))] if damage else []
    return state, [*effects, *told, CheckSoon(), *synced, *warned]


def _reload_or_stop(state: SessionState, data: bytes) -> Step:
    try:
        return reload_notebook(state, data)
    except NotANotebook as error:
        return take_conflict(state, data, f"another program wrote something else into the file: {error}")


def _take_seen_in_conflict(state: SessionState, data: bytes | None) -> Step:
    if data == state.file.found:
        return state, []
    effects: list[Effect]
    if data is None or data == state.file.known:
        # The other version is gone again: ours is the only one.
        state = replace(state, file=replace(state.file, gone=data is None, found=None))
        state, effects = set_save(state, "unsaved")
        return state, [*effects, SaveSoon()]
    return take_conflict(state, data)
