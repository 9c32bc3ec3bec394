"""The kernel's life: it starts, is interrupted, dies, and starts again. Pure."""

from typing import Any, Literal

from msgspec.structs import replace

from quire.ids import CellId, ElementId
from quire.protocol.kernel import BindNotebook, RunKernelCells
from quire.protocol.messages import Outcome
from quire.protocol.notices import ElementsChanged
from quire.session.events import AwaitReaction, Effect, InterruptKernel, ReactionDue, SendKernel, StartKernel, Tell
from quire.session.problems import graph_after
from quire.session.questions import forget_kernel
from quire.session.runs import describe_cell, set_kernel, stop_runs
from quire.session.state import SessionState, Step
from quire.session.syncing import runnable_cells, sync_kernel


def start_kernel(state: SessionState, run: Literal["all", "again", "none"], *, keep: bool = False) -> Step:
    """A new kernel knows nothing: every value is gone, every cell that has code is stale. Outputs stay until their cells
    run. With `keep`, elements begin with what people had set. The notebook must be settled.
    """
    state, effects = _end_kernel(state, "interrupted")
    elements = _kept_elements(state) if keep else {}
    state = replace(state, sent={}, sent_order=(), sent_texts={}, elements=elements, speaking=None)
    state, changed = set_kernel(state, "starting")
    if elements:  # pages forget them all when a kernel starts
        changed.append(Tell(ElementsChanged(values=elements)))
    place = state.place
    bind = BindNotebook(
        path=place.path,
        directory=place.directory,
        program=place.program,
        arguments=list(place.arguments),
        query=list(place.query),
        request=place.request,
        hides_errors=place.hides_errors,
        elements=elements,
        carrier=state.notebook.carrier,
        mode=place.mode,
        theme=state.theme,
        lazy=state.lazy,
        auto_reload=state.auto_reload,
        reactive_tests=state.reactive_tests,
    )
    state, synced = sync_kernel(state)
    effects += [*changed, StartKernel(state.notebook if place.sandbox else None), SendKernel(bind), *synced]
    if run == "all":
        effects.append(SendKernel(RunKernelCells(cells=runnable_cells(state))))
    elif run == "again" and (cells := _cells_that_ran(state)):
        effects.append(SendKernel(RunKernelCells(cells=cells, below=False)))
    return state, effects


def interrupt_kernel(state: SessionState) -> Step:
    """Interrupt the cell that runs, and look after a while what it has made of that."""
    effects: list[Effect] = [InterruptKernel()]
    running = running_cell(state)
    if running is not None:
        effects.append(AwaitReaction(running, state.runs[running].started))
    return state, effects


def take_reaction(state: SessionState, interrupted: ReactionDue) -> Step:
    """Nobody is left to wait for a cell that goes on: pages offer a restart, until the kernel tells something new."""
    cell, run = interrupted.cell, state.runs.get(interrupted.cell)
    if run is None or not state.has(cell) or (run.activity, run.started) != ("running", interrupted.started):
        return state, []
    message = (
        f"{describe_cell(state, cell)} was interrupted and goes on: it is in compiled code that does not look for interrupts, "
        "or it catches them; it may still end by itself, and a restart ends it now and runs the rest again"
    )
    return set_kernel(state, "busy", message)


def bury_kernel(state: SessionState, reason: str) -> Step:
    """The kernel ended by itself. Document and outputs stay; the message names the cell that was running."""
    running, was_starting = running_cell(state), state.kernel == "starting"
    state, effects = _end_kernel(state, "crashed")
    if was_starting:
        between = "\n" if "\n" in reason else "; "  # an installer says it in lines
        message = f"the kernel could not be started: {reason}{between}a restart tries again"
    elif running is None:
        message = f"the kernel stopped: {reason}; a restart runs again what had run"
    else:
        where = f"while {describe_cell(state, running)} was running"
        message = f"the kernel stopped {where}: {reason}; a restart runs the rest again"
    state, changed = set_kernel(state, "dead", message)
    return state, [*effects, *changed]


def running_cell(state: SessionState) -> CellId | None:
    """The cell that runs now."""
    return next((cell for cell, run in state.runs.items() if run.activity == "running" and state.has(cell)), None)


def _end_kernel(state: SessionState, running: Outcome) -> Step:
    """What was asked of it and what it ran have come to nothing."""
    state, answers = forget_kernel(state)
    state, effects = stop_runs(state, running)
    return state, [*effects, *answers]


def _kept_elements(state: SessionState) -> dict[ElementId, Any]:
    """Of cells whose text is still the one that made them."""
    cells = {element: CellId(element.rpartition("-")[0]) for element in state.elements}
    return {
        element: value
        for element, value in state.elements.items()
        if state.has(cell := cells[element]) and not state.is_edited(cell)
    }


def _cells_that_ran(state: SessionState) -> list[CellId]:
    """Those that a kernel in place of the last one may run unasked: not what has ended it, nor what somebody has stopped."""
    outcomes = {cell: state.runs[cell].outcome for cell in runnable_cells(state)}
    barred = {cell for cell, outcome in outcomes.items() if outcome in {"crashed", "interrupted"}}
    if barred:
        barred |= graph_after(state.checked, state.graph, state.notebook).descendants(barred)
    return [cell for cell, outcome in outcomes.items() if outcome != "never" and cell not in barred]
