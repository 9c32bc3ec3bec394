"""What cells read from standard input: asked by the kernel, shown in the cell's console, answered by one of the pages. Pure."""

from msgspec.structs import replace

from quire.errors import TooLate
from quire.protocol.commands import AnswerInput
from quire.protocol.kernel import GiveInput, InputAsked
from quire.protocol.messages import ConsoleText, InputQuestion
from quire.protocol.notices import ConsoleWritten, InputChanged
from quire.session.console import append_console
from quire.session.events import Effect, SendKernel, Tell
from quire.session.state import SessionState, Step, Waiting


def ask_input(state: SessionState, notice: InputAsked) -> Step:
    """Something reads, for a cell or for the one that text belongs to. Where that is gone, nobody can answer."""
    cell = notice.cell or state.speaking
    if cell is None or not state.has(cell):
        return state, [SendKernel(GiveInput(number=notice.number, text=None))]
    question = InputQuestion(number=notice.number, password=notice.password)
    return replace(state, waiting=Waiting(cell, question)), [Tell(InputChanged(cell=cell, input=question))]


def answer_input(state: SessionState, command: AnswerInput) -> Step:
    """The first answer counts. It stands in the console from now on, unless it is a password."""
    waiting = state.waiting
    if waiting is None or (waiting.cell, waiting.question.number) != (command.cell, command.number):
        raise TooLate("the cell does not wait for this any more: somebody else has answered, or it has ended")
    state, effects = forget_input(state)
    typed = "" if waiting.question.password or command.text is None else command.text
    echo = ConsoleText(stream="stdin", text=f"{typed}\n")
    run = state.runs[command.cell]
    state = state.with_runs({command.cell: replace(run, console=append_console(run.console, echo))})
    effects.append(Tell(ConsoleWritten(cell=command.cell, console=echo)))
    return state, [*effects, SendKernel(GiveInput(number=command.number, text=command.text))]


def withdraw_input(state: SessionState, number: int) -> Step:
    """Nothing waits for it any more."""
    if state.waiting is None or state.waiting.question.number != number:
        return state, []
    return forget_input(state)


def forget_input(state: SessionState) -> Step:
    """Nothing waits any more."""
    if state.waiting is None:
        return state, []
    effects: list[Effect] = [Tell(InputChanged(cell=state.waiting.cell, input=None))]
    return replace(state, waiting=None), effects
