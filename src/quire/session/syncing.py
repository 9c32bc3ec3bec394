"""What the kernel is given: the notebook as it is to run, and what is to be run of it. Pure."""

from msgspec.structs import replace

from quire.errors import KernelGone
from quire.ids import CellId
from quire.notebook import Cell
from quire.notebook.prose import read_prose
from quire.protocol.kernel import CellSource, GiveInput, KernelCommand, SyncCells
from quire.session.events import Effect, SendKernel
from quire.session.state import SessionState, Step


def sync_kernel(state: SessionState) -> Step:
    """Give the kernel all that changed since it was last told, before a run. The notebook must be settled."""
    lines, sent = state.notebook.lines, state.sent
    return _sync(
        state, {cell.id: _source(cell, cell, lines[cell.id], sent.get(cell.id)) for cell in state.notebook.cells}
    )


def sync_structure(state: SessionState) -> Step:
    """Give the kernel names, options, order and what was deleted, but no text that nobody has asked to run: the values of
    a cell must not go because somebody is typing in it while another one moves.
    """
    sources: dict[CellId, CellSource] = {}
    lines = state.notebook.lines
    for cell in state.notebook.cells:
        had = state.sent.get(cell.id)
        text = had if had is not None else CellSource(id=cell.id, type=cell.type, name="", code="", line=0)
        sources[cell.id] = _source(cell, text, lines[cell.id], had)
    return _sync(state, sources)


def run_cells(state: SessionState, command: KernelCommand) -> Step:
    """Sync, then run."""
    require_kernel(state)
    state, effects = sync_kernel(state)
    return state, [*effects, SendKernel(command)]


def require_kernel(state: SessionState) -> None:
    """Raises `KernelGone` when there is no kernel to ask."""
    if state.kernel == "dead":
        raise KernelGone("the kernel is not running; restart it")


def runnable_cells(state: SessionState) -> list[CellId]:
    return [cell.id for cell in state.notebook.cells if cell.type != "stray"]


def prose_cells(state: SessionState) -> list[CellId]:
    """Those that only show text: there is nothing to wait for."""
    return [cell.id for cell in state.notebook.cells if cell.type == "cell" and read_prose(cell.code) is not None]


def _sync(state: SessionState, sources: dict[CellId, CellSource]) -> Step:
    if state.kernel == "dead":
        return state, []
    changed = [source for cell, source in sources.items() if state.sent.get(cell) is not source]
    order = tuple(sources)
    if not changed and order == state.sent_order:
        return state, []
    texts = {cell: text for cell, text in state.sent_texts.items() if cell in sources}
    for source in changed:
        if source.code == state.notebook.cell(source.id).code:
            texts[source.id] = state.document.text_of(source.id).text
        else:
            texts.setdefault(source.id, source.code)
    state = replace(state, sent=sources, sent_order=order, sent_texts=texts)
    effects: list[Effect] = [SendKernel(SyncCells(order=list(order), changed=changed))]
    if (waiting := state.waiting) is not None and waiting.cell not in sources:
        state = replace(state, waiting=None)  # its console is gone: nobody could answer
        effects.append(SendKernel(GiveInput(number=waiting.question.number, text=None)))
    return state, effects


def _source(cell: Cell, text: Cell | CellSource, line: int, had: CellSource | None) -> CellSource:
    """The cell with the code of `text`; the very value that the kernel has, when it is that."""
    if had is not None and (had.code, had.type, had.name, had.line, had.disabled) == (
        text.code,
        text.type,
        cell.name,
        line,
        cell.disabled,
    ):
        return had
    return CellSource(id=cell.id, type=text.type, name=cell.name, code=text.code, line=line, disabled=cell.disabled)
