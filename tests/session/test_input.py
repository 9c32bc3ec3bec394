"""What a cell reads: asked in its console, on every page; the first answer counts."""

import pytest

from quire.ids import CellId
from quire.protocol import notices as n
from quire.protocol.commands import AnswerInput, DeleteCells, RestartKernel
from quire.protocol.kernel import GiveInput, InputAsked, InputWithdrawn, KernelReady
from quire.protocol.messages import ConsoleText, InputQuestion
from quire.session.apply import apply
from quire.session.events import KernelExited, KernelNoticed, KernelPrinted, Opened, PageOpened, SendKernel

from .model import ask, ids, of_kind, opened, told

QUESTION = InputQuestion(number=4)


def waiting(*, password: bool = False):
    """The first of two cells has printed a prompt and waits."""
    state, _ = apply(opened("x = input('Name: ')", "y = 1"), Opened())
    started = n.CellStarted(cell=ids(state)[0], started=1.0)
    state, _ = apply(state, KernelNoticed([KernelReady(pid=1), started]))
    state, _ = apply(state, KernelPrinted(ConsoleText(stream="stdout", text="Name: ")))
    return apply(state, KernelNoticed([InputAsked(number=4, password=password)]))


def answered(state, text: str | None = "Ada", number: int = 4):
    return ask(state, AnswerInput(request=2, cell=ids(state)[0], number=number, text=text))


def given(effects) -> list[GiveInput]:
    return [e.command for e in of_kind(effects, SendKernel) if isinstance(e.command, GiveInput)]


def console(state) -> list[ConsoleText]:
    return list(state.runs[ids(state)[0]].console)


def shown(state) -> InputQuestion | None:
    (view,) = told(apply(state, PageOpened("other"))[1], n.NotebookOpened)
    return view.cells[0].input


def test_pages_are_told_also_those_that_come_later():
    state, effects = waiting()

    assert told(effects, n.InputChanged) == [n.InputChanged(cell=ids(state)[0], input=QUESTION)]
    assert shown(state) == QUESTION


def test_the_answer_goes_to_the_kernel_and_stands_in_the_console():
    state, effects = answered(waiting()[0])

    assert given(effects) == [GiveInput(number=4, text="Ada")]
    assert console(state)[1:] == [ConsoleText(stream="stdin", text="Ada\n")]
    assert told(effects, n.InputChanged) == [n.InputChanged(cell=ids(state)[0], input=None)]
    assert shown(state) is None


def test_a_password_stands_nowhere():
    state, effects = answered(waiting(password=True)[0], "secret")

    assert given(effects) == [GiveInput(number=4, text="secret")]
    assert console(state)[1:] == [ConsoleText(stream="stdin", text="\n")]
    assert "secret" not in str([effect for effect in effects if not isinstance(effect, SendKernel)])


def test_the_end_of_the_input_is_an_answer():
    state, effects = answered(waiting()[0], None)

    assert given(effects) == [GiveInput(number=4, text=None)]
    assert console(state)[1:] == [ConsoleText(stream="stdin", text="\n")]


def test_the_second_answer_is_refused():
    state, _ = answered(waiting()[0])
    state, effects = answered(state, "Eve")

    assert given(effects) == []
    assert "somebody else has answered" in told(effects, n.CommandAnswered)[0].refused
    assert "Eve" not in str(console(state))


def test_what_waits_no_more_is_asked_no_more():
    state, _ = waiting()
    assert apply(state, KernelNoticed([InputWithdrawn(number=3)]))[0] == state

    state, effects = apply(state, KernelNoticed([InputWithdrawn(number=4)]))
    assert told(effects, n.InputChanged) == [n.InputChanged(cell=ids(state)[0], input=None)]
    assert shown(state) is None


@pytest.mark.parametrize("end", [KernelExited("killed"), RestartKernel(run=False)], ids=["death", "restart"])
def test_a_kernel_that_is_gone_asks_nothing(end):
    state, _ = waiting()
    state, effects = apply(state, end) if isinstance(end, KernelExited) else ask(state, end)

    assert told(effects, n.InputChanged) == [n.InputChanged(cell=ids(state)[0], input=None)]
    assert shown(state) is None


def test_a_cell_that_is_deleted_while_it_waits_finds_the_end():
    state, _ = waiting()
    state, effects = ask(state, DeleteCells(cells=ids(state)[:1]))

    assert given(effects) == [GiveInput(number=4, text=None)]
    assert state.waiting is None


def test_a_thread_of_a_cell_that_is_gone_finds_the_end():
    state, _ = answered(waiting()[0])
    state, _ = ask(state, DeleteCells(cells=ids(state)[:1]))
    state, effects = apply(state, KernelNoticed([InputAsked(number=5)]))

    assert given(effects) == [GiveInput(number=5, text=None)]
    assert told(effects, n.InputChanged) == []


def test_an_answer_for_a_cell_that_does_not_wait_is_refused():
    state, _ = waiting()
    _, effects = ask(state, AnswerInput(request=1, cell=CellId("other"), number=4, text="x"))

    assert told(effects, n.CommandAnswered)[0].refused
    assert given(effects) == []
