"""What the kernel tells of its runs, kept and passed on; and whether it runs cells unasked. Pure."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from quire.errors import TooLate
from quire.ids import CellId
from quire.protocol.kernel import (
    DebugKernelCell,
    InputAsked,
    InputWithdrawn,
    KernelIdle,
    KernelReady,
    QuestionAnswered,
    RunNotice,
    SetKernelLazy,
    VariablesListed,
)
from quire.protocol.messages import ConsoleText, KernelStatus, Outcome
from quire.protocol.notices import (
    CellFinished,
    CellsEdited,
    CellsQueued,
    CellsStale,
    CellStarted,
    ConsoleWritten,
    ElementsChanged,
    KernelChanged,
    LazyChanged,
    Notified,
    OutputChanged,
    ProblemsChanged,
    QueryChanged,
    ToastShown,
    TracebackKept,
)
from quire.session.console import append_console
from quire.session.events import Effect, SendKernel, Tell
from quire.session.frames import hold_frames, take_out_frames
from quire.session.history import size_of, size_of_text, with_past
from quire.session.input import ask_input, forget_input, withdraw_input
from quire.session.offers import unused_note, with_install_offer
from quire.session.questions import follow_runs, take_answer, take_variables
from quire.session.state import Run, SessionState, Step


def set_lazy(state: SessionState, *, lazy: bool) -> Step:
    """Cells run when they are asked for only, or by themselves too."""
    if state.lazy == lazy:
        return state, []
    return replace(state, lazy=lazy), [SendKernel(SetKernelLazy(lazy=lazy)), Tell(LazyChanged(lazy=lazy))]


def take_notices(state: SessionState, notices: Sequence[RunNotice]) -> Step:
    """What the kernel reports; pages get it as it is."""
    runs = dict(state.runs)  # changed in place until this returns: a run of everything brings thousands of notices
    state = replace(state, runs=runs)
    effects: list[Effect] = []
    for notice in notices:
        state, told = _take_notice(state, runs, notice)
        effects += told
    state, asked = follow_runs(state, notices)
    return state, [*effects, *asked]


def _take_notice(state: SessionState, runs: dict[CellId, Run], notice: RunNotice) -> Step:
    match notice:
        case KernelReady():
            return set_kernel(state, "idle" if state.kernel == "starting" else state.kernel)
        case KernelIdle(memory=memory):
            return set_kernel(state, "idle", memory=memory)
        case CellsQueued(cells=cells):
            known = [cell for cell in cells if state.has(cell)]
            runs.update({cell: replace(runs[cell], activity="queued") for cell in known})
            state, effects = set_kernel(state, "busy")
            return state, [*effects, Tell(CellsQueued(cells=known))]
        case CellStarted(cell=cell) if state.has(cell):
            return _start(state, runs, notice)
        case OutputChanged(cell=cell, output=output) if state.has(cell):
            size = size_of(output)
            output = with_install_offer(output, runs[cell].ran)
            output, frames = take_out_frames(output, state.epoch)
            runs[cell] = replace(runs[cell], output=output, shown=size)
            return hold_frames(state, cell, frames), [Tell(OutputChanged(cell=cell, output=output))]
        case CellFinished(cell=cell) if state.has(cell):
            runs[cell] = _finished(with_past(runs[cell], notice), notice)
            return state, [Tell(notice)]
        case CellsStale(cells=cells, stale=stale):
            known = [cell for cell in cells if state.has(cell)]
            runs.update({cell: replace(runs[cell], stale=stale) for cell in known})
            return state, [Tell(CellsStale(cells=known, stale=stale))] if known else []
        case ElementsChanged(values=values):
            return replace(state, elements={**state.elements, **values}), [Tell(notice)]
        case ConsoleWritten(cell=cell, console=console) if state.has(cell):
            runs[cell] = _printed(runs[cell], console)
            return state, [Tell(notice)]
        case QueryChanged(query=query):
            return replace(state, place=replace(state.place, query=tuple((name, value) for name, value in query))), [
                Tell(notice)
            ]
        case ToastShown():
            return state, [Tell(notice)]
        case TracebackKept():
            return replace(state, debuggable=notice.cell), [Tell(notice)]
        case InputAsked():
            return ask_input(state, notice)
        case InputWithdrawn(number=number):
            return withdraw_input(state, number)
        case QuestionAnswered():
            return take_answer(state, notice)
        case VariablesListed(variables=variables):
            return take_variables(state, variables)
        case ProblemsChanged():
            return state, []  # problems are facts about the text, which the session has first: see `problems.py`
        case _:
            return state, []  # about a cell that was deleted meanwhile


def _start(state: SessionState, runs: dict[CellId, Run], notice: CellStarted) -> Step:
    cell = notice.cell
    was_edited, was = state.is_edited(cell), runs[cell].ran
    runs[cell] = replace(runs[cell], activity="running", started=notice.started)
    if not notice.debugs:
        ran = state.sent_texts.get(cell, runs[cell].ran)
        runs[cell] = replace(runs[cell], console=(), printed=0, ran=ran)
    state, effects = set_kernel(replace(state, speaking=cell), "busy")
    effects += [Tell(notice), *edited_notices(state, {cell: was_edited})]
    if was != (now := runs[cell].ran) and (note := unused_note(state.notebook, was, now)):
        effects.append(Tell(Notified(level="info", message=note)))
    return state, effects


def take_text(state: SessionState, text: ConsoleText) -> Step:
    """Something was printed."""
    cell = state.speaking
    if cell is None or not state.has(cell) or not text.text:
        return state, []
    state = state.with_runs({cell: _printed(state.runs[cell], text)})
    return state, [Tell(ConsoleWritten(cell=cell, console=text))]


def debug_cell(state: SessionState, cell: CellId) -> Step:
    """Let somebody look into its failure."""
    if state.debuggable != cell:
        raise TooLate(
            "only the failure that came last can be debugged, until its cell runs again; run the cell once more"
        )
    return state, [SendKernel(DebugKernelCell(cell=cell))]


def _printed(run: Run, text: ConsoleText) -> Run:
    return replace(run, console=append_console(run.console, text), printed=run.printed + size_of_text(text.text))


def describe_cell(state: SessionState, cell: CellId) -> str:
    """A cell as a person would name it."""
    name = state.notebook.cell(cell).name
    return f"cell `{name}`" if name != "_" else f"cell {state.notebook.index(cell) + 1}"


def set_kernel(state: SessionState, status: KernelStatus, message: str = "", *, memory: int | None = None) -> Step:
    """Another amount of memory is told with the next change of something else; only the first one by itself."""
    if status == "busy":
        memory = state.kernel_memory
    is_first = memory is not None and state.kernel_memory is None
    if (state.kernel, state.kernel_message) == (status, message) and not is_first:
        return state, []
    state = replace(state, kernel=status, kernel_message=message, kernel_memory=memory)
    return state, [Tell(KernelChanged(status=status, message=message, memory=memory))]


def edited_notices(state: SessionState, before: Mapping[CellId, bool]) -> list[Effect]:
    """Tell which of these cells, edited or not before, differ now from what ran, or no longer do."""
    changed: dict[bool, list[CellId]] = {True: [], False: []}
    for cell, was_edited in before.items():
        if state.has(cell) and (edited := state.is_edited(cell)) != was_edited:
            changed[edited].append(cell)
    return [Tell(CellsEdited(cells=found, edited=edited)) for edited, found in changed.items() if found]


def _finished(run: Run, notice: CellFinished) -> Run:
    run = replace(run, activity="idle", outcome=notice.outcome, started=None, stale=notice.stale)
    if notice.duration is None:
        return run
    return replace(run, duration=notice.duration, memory=notice.costs and notice.costs.memory)


def stop_runs(state: SessionState, running: Outcome) -> Step:
    """No cell runs or waits any more (the one that did has ended as `running`), and no value is left."""
    runs: dict[CellId, Run] = {}
    state, effects = forget_input(state)
    if state.debuggable is not None:
        state = replace(state, debuggable=None)
        effects.append(Tell(TracebackKept(cell=None)))
    stale: list[CellId] = []
    for cell in state.notebook.cells:
        run = state.runs[cell.id]
        has_code = bool(state.document.text_of(cell.id).text.strip())
        if run.activity != "idle":
            outcome = running if run.activity == "running" else "cancelled"
            notice = CellFinished(cell=cell.id, outcome=outcome, stale=has_code)
            runs[cell.id] = _finished(run, notice)
            effects.append(Tell(notice))
        elif has_code and not run.stale:
            runs[cell.id] = replace(run, stale=True)
            stale.append(cell.id)
    if stale:
        effects.append(Tell(CellsStale(cells=stale)))
    return state.with_runs(runs), effects
