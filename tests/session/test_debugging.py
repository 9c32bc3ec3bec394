"""The last failure can be looked into; a page that asks for another one is told why not."""

from quire.ids import CellId
from quire.protocol import notices as n
from quire.protocol.commands import DebugCell
from quire.protocol.kernel import DebugKernelCell, KernelReady
from quire.protocol.messages import ConsoleText
from quire.session.apply import apply
from quire.session.events import KernelExited, KernelNoticed, KernelPrinted, Opened, PageOpened, SendKernel

from .model import ask, ids, of_kind, opened, told, typed


def failed():
    """The first of two cells has printed and failed."""
    state, _ = apply(opened("print(1)\n1 / 0", "y = 1"), Opened())
    cell = ids(state)[0]
    state, _ = apply(state, KernelNoticed([KernelReady(pid=1), n.CellStarted(cell=cell, started=1.0)]))
    state, _ = apply(state, KernelPrinted(ConsoleText(stream="stdout", text="1\n")))
    ended = n.CellFinished(cell=cell, outcome="failed", duration=0.5, stale=True)
    return apply(state, KernelNoticed([n.TracebackKept(cell=cell), ended]))[0]


def debugging(state):
    return apply(state, KernelNoticed([n.CellStarted(cell=ids(state)[0], started=9.0, debugs=True)]))


def asked(effects) -> list[DebugKernelCell]:
    return [e.command for e in of_kind(effects, SendKernel) if isinstance(e.command, DebugKernelCell)]


def shown(state) -> CellId | None:
    return told(apply(state, PageOpened("other"))[1], n.NotebookOpened)[0].debuggable


def test_the_last_failure_is_passed_on_to_the_kernel():
    state = failed()
    cell = ids(state)[0]
    assert shown(state) == cell

    _, effects = ask(state, DebugCell(request=1, cell=cell))
    assert asked(effects) == [DebugKernelCell(cell=cell)]


def test_another_one_is_refused():
    state = failed()
    _, effects = ask(state, DebugCell(request=1, cell=ids(state)[1]))

    assert asked(effects) == []
    assert "run the cell once more" in told(effects, n.CommandAnswered)[0].refused


def test_it_is_no_run():
    """What was printed stays, and what was typed since does not count as having run."""
    state = failed()
    state, _ = ask(state, typed(state, ids(state)[0], "1 / 2"))
    state, effects = debugging(state)
    assert told(effects, n.CellsEdited) == []
    run = state.runs[ids(state)[0]]
    assert (run.activity, [piece.text for piece in run.console]) == ("running", ["1\n"])
    assert state.is_edited(ids(state)[0])

    finished = n.CellFinished(cell=ids(state)[0], outcome="failed", stale=True)
    state, _ = apply(state, KernelNoticed([finished]))
    run = state.runs[ids(state)[0]]
    assert (run.activity, run.outcome, run.duration, run.total) == ("idle", "failed", 0.5, 1)


def test_it_goes_with_the_kernel():
    state, effects = apply(failed(), KernelExited("killed"))

    assert told(effects, n.TracebackKept) == [n.TracebackKept(cell=None)]
    assert shown(state) is None
