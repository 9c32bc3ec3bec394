"""When the notebook is written to its file, and what is told about it. Pure; the writing is `disk.py`'s."""

from msgspec.structs import replace

from quire.notebook import Notebook, write_notebook
from quire.protocol.messages import SaveStatus
from quire.protocol.notices import SaveChanged
from quire.session.events import Effect, SaveSoon, Tell, WriteFile
from quire.session.settling import settle
from quire.session.state import SessionState, Step


def encode_notebook(notebook: Notebook) -> bytes:
    """The bytes of the notebook's file."""
    return write_notebook(notebook).encode("utf-8")


def mark_unsaved(state: SessionState) -> Step:
    """Something changed that the file does not have; saved in about a second, unless saving has stopped."""
    if state.file.status == "conflict":
        return state, []
    if state.file.status == "failed":
        return state, [SaveSoon()]  # the reason stays visible until a save succeeds
    state, effects = set_save(state, "unsaved")
    return state, [*effects, SaveSoon()]


def save(state: SessionState, *, asked: bool = False) -> Step:
    """Write the file if it lacks something. A file that does not exist is made by the first edit, or when `asked`."""
    state, effects = settle(state)
    file = state.file
    if file.status == "conflict" or file.writing is not None:
        return state, effects  # a save under way is followed by another one when there is more to save
    data = encode_notebook(state.notebook)
    if (data == file.known and not file.gone) or (file.known is None and file.status == "saved" and not asked):
        state, told = set_save(state, "saved", "" if file.status == "failed" else file.message)
        return state, [*effects, *told]
    state = replace(state, file=replace(file, writing=data))
    told: list[Effect] = []
    if file.status != "failed":
        state, told = set_save(state, "saving")
    return state, [*effects, *told, WriteFile(data=data, known=file.known)]


def take_written(state: SessionState, data: bytes) -> Step:
    """The file holds `data`."""
    state = replace(state, file=replace(state.file, known=data, gone=False, writing=None))
    if state.typed or encode_notebook(state.notebook) != data:
        state, effects = set_save(state, "unsaved")
        return state, [*effects, SaveSoon()]
    return set_save(state, "saved")


def take_failure(state: SessionState, message: str) -> Step:
    """The file could not be written. It is tried again after a while, and with every edit."""
    state = replace(state, file=replace(state.file, writing=None))
    state, effects = set_save(state, "failed", message)
    return state, [*effects, SaveSoon(failed=True)]


def set_save(state: SessionState, status: SaveStatus, message: str = "") -> Step:
    if (state.file.status, state.file.message) == (status, message):
        return state, []
    state = replace(state, file=replace(state.file, status=status, message=message))
    return state, [Tell(SaveChanged(status=status, message=message))]
