"""What the kernel tells, and what it is told: runs of cells, its own life and death. Pure."""

from collections.abc import Iterable, Sequence

import msgspec
from msgspec.structs import replace

from quire.errors import KernelGone
from quire.ids import CellId
from quire.notebook import Cell
from quire.protocol.kernel import (
    BindNotebook,
    CellSource,
    KernelCommand,
    KernelIdle,
    KernelReady,
    RunKernelCells,
    RunNotice,
    SyncCells,
)
from quire.protocol.messages import ConsoleText, KernelStatus
from quire.protocol.notices import (
    CellFinished,
    CellsEdited,
    CellsQueued,
    CellsStale,
    CellStarted,
    ConsoleWritten,
    ElementsChanged,
    KernelChanged,
    OutputChanged,
    ProblemsChanged,
)
from quire.session.console import append_console
from quire.session.events import Effect, SendKernel, StartKernel, Tell
from quire.session.state import Run, SessionState, Step


def start_kernel(state: SessionState, *, run: bool) -> Step:
    """A new kernel knows nothing: every value is gone, every cell that has code is stale."""
    state, effects = _stop_runs(state)
    state = replace(state, sent={}, sent_order=(), sent_texts={}, elements={}, speaking=None)
    state, changed = set_kernel(state, "starting")
    place = state.place
    bind = BindNotebook(path=place.path, directory=place.directory, arguments=list(place.arguments))
    state, synced = sync_kernel(state)
    effects += [*changed, StartKernel(), SendKernel(bind), *synced]
    if run:
        effects.append(SendKernel(RunKernelCells(cells=runnable_cells(state))))
    return state, effects


def sync_kernel(state: SessionState) -> Step:
    """Give the kernel all that changed since it was last told, before a run. The notebook must be settled."""
    return _sync(state, {cell.id: _source(state, cell) for cell in state.notebook.cells})


def sync_structure(state: SessionState) -> Step:
    """Give the kernel names, options, order and what was deleted, but no text that nobody has asked to run: the values of
    a cell must not go because somebody is typing in it while another one moves.
    """
    sources: dict[CellId, CellSource] = {}
    for cell in state.notebook.cells:
        source, had = _source(state, cell), state.sent.get(cell.id)
        code, kind = (had.code, had.type) if had is not None else ("", source.type)
        sources[cell.id] = msgspec.structs.replace(source, code=code, type=kind)
    return _sync(state, sources)


def _sync(state: SessionState, sources: dict[CellId, CellSource]) -> Step:
    if state.kernel == "dead":
        return state, []
    changed = [source for cell, source in sources.items() if state.sent.get(cell) != source]
    order = tuple(sources)
    if not changed and order == state.sent_order:
        return state, []
    texts = {
        cell: state.document.text_of(cell).text if source.code == state.notebook.cell(cell).code else source.code
        for cell, source in sources.items()
    }
    state = replace(state, sent=sources, sent_order=order, sent_texts=texts)
    return state, [SendKernel(SyncCells(order=list(order), changed=changed))]


def _source(state: SessionState, cell: Cell) -> CellSource:
    return CellSource(
        id=cell.id,
        type=cell.type,
        name=cell.name,
        code=cell.code,
        line=state.notebook.line_of(cell.id),
        disabled=cell.disabled,
    )


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


def take_notices(state: SessionState, notices: Sequence[RunNotice]) -> Step:
    """What the kernel reports; pages get it as it is."""
    effects: list[Effect] = []
    for notice in notices:
        state, told = _take_notice(state, notice)
        effects += told
    return state, effects


def _take_notice(state: SessionState, notice: RunNotice) -> Step:
    match notice:
        case KernelReady():
            return set_kernel(state, "idle" if state.kernel == "starting" else state.kernel)
        case KernelIdle():
            return set_kernel(state, "idle")
        case CellsQueued(cells=cells):
            return _queued(state, cells)
        case CellStarted(cell=cell) if state.has(cell):
            return _started(state, notice)
        case OutputChanged(cell=cell, output=output) if state.has(cell):
            return state.with_runs({cell: replace(state.runs[cell], output=output)}), [Tell(notice)]
        case CellFinished(cell=cell) if state.has(cell):
            return state.with_runs({cell: _finished(state.runs[cell], notice)}), [Tell(notice)]
        case CellsStale(cells=cells, stale=stale):
            known = [cell for cell in cells if state.has(cell)]
            state = state.with_runs({cell: replace(state.runs[cell], stale=stale) for cell in known})
            return state, [Tell(CellsStale(cells=known, stale=stale))] if known else []
        case ElementsChanged(values=values):
            return replace(state, elements={**state.elements, **values}), [Tell(notice)]
        case ProblemsChanged():
            return state, []  # problems are facts about the text, which the session has first: see `problems.py`
        case _:
            return state, []  # about a cell that was deleted meanwhile


def take_text(state: SessionState, text: ConsoleText) -> Step:
    """Something was printed."""
    cell = state.speaking
    if cell is None or not state.has(cell) or not text.text:
        return state, []
    run = state.runs[cell]
    state = state.with_runs({cell: replace(run, console=append_console(run.console, text))})
    return state, [Tell(ConsoleWritten(cell=cell, console=text))]


def bury_kernel(state: SessionState, reason: str) -> Step:
    """The kernel ended by itself. Document and outputs stay; the message names the cell that was running."""
    running = [cell for cell, run in state.runs.items() if run.activity == "running" and state.has(cell)]
    where = f" while {describe_cell(state, running[0])} was running" if running else ""
    state, effects = _stop_runs(state)
    state, changed = set_kernel(state, "dead", f"the kernel stopped{where}: {reason}; restart it to go on")
    return state, [*effects, *changed]


def describe_cell(state: SessionState, cell: CellId) -> str:
    """A cell as a person would name it."""
    name = state.notebook.cell(cell).name
    return f"cell `{name}`" if name != "_" else f"cell {state.notebook.index(cell) + 1}"


def set_kernel(state: SessionState, status: KernelStatus, message: str = "") -> Step:
    if (state.kernel, state.kernel_message) == (status, message):
        return state, []
    return replace(state, kernel=status, kernel_message=message), [Tell(KernelChanged(status=status, message=message))]


def edited_notices(state: SessionState, cells: Iterable[CellId], *, before: SessionState) -> list[Effect]:
    """Tell which of the cells differ now from what ran, or no longer do."""
    changed: dict[bool, list[CellId]] = {True: [], False: []}
    for cell in cells:
        if state.has(cell) and (edited := state.is_edited(cell)) != before.is_edited(cell):
            changed[edited].append(cell)
    return [Tell(CellsEdited(cells=found, edited=edited)) for edited, found in changed.items() if found]


def _queued(state: SessionState, cells: list[CellId]) -> Step:
    known = [cell for cell in cells if state.has(cell)]
    state = state.with_runs({cell: replace(state.runs[cell], activity="queued") for cell in known})
    state, effects = set_kernel(state, "busy")
    return state, [*effects, Tell(CellsQueued(cells=known))]


def _started(before: SessionState, notice: CellStarted) -> Step:
    cell = notice.cell
    ran = before.sent_texts.get(cell, before.runs[cell].ran)
    run = replace(before.runs[cell], activity="running", started=notice.started, console=(), ran=ran)
    state = replace(before.with_runs({cell: run}), speaking=cell)
    state, effects = set_kernel(state, "busy")
    return state, [*effects, Tell(notice), *edited_notices(state, [cell], before=before)]


def _finished(run: Run, notice: CellFinished) -> Run:
    duration = run.duration if notice.duration is None else notice.duration
    return replace(run, activity="idle", outcome=notice.outcome, started=None, duration=duration, stale=notice.stale)


def _stop_runs(state: SessionState) -> Step:
    """No cell runs any more, and no value is left."""
    runs: dict[CellId, Run] = {}
    effects: list[Effect] = []
    stale: list[CellId] = []
    for cell in state.notebook.cells:
        run = state.runs[cell.id]
        has_code = bool(state.document.text_of(cell.id).text.strip())
        if run.activity != "idle":
            outcome = "interrupted" if run.activity == "running" else "cancelled"
            notice = CellFinished(cell=cell.id, outcome=outcome, stale=has_code)
            runs[cell.id] = _finished(run, notice)
            effects.append(Tell(notice))
        elif has_code and not run.stale:
            runs[cell.id] = replace(run, stale=True)
            stale.append(cell.id)
    if stale:
        effects.append(Tell(CellsStale(cells=stale)))
    return state.with_runs(runs), effects
