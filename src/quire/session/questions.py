"""What pages want to know of the kernel beside runs: about code, and the variables. Pure.

Every question is answered exactly once: by the kernel, or with nothing when the kernel is gone or the page has asked anew.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from quire.ids import CellId
from quire.protocol.commands import AskCode, WatchVariables
from quire.protocol.kernel import AskKernel, KernelIdle, ListVariables, QuestionAnswered, RunNotice
from quire.protocol.messages import CodeAnswer, Variable
from quire.protocol.notices import CellFinished, CodeAnswered, VariablesChanged
from quire.session.events import Answer, Effect, PageId, SendKernel
from quire.session.state import Asking, Questions, SessionState, Step

LONGEST_ABOVE = 50_000
"""Characters of other cells' code that go along with a question."""
MOST_NAMES = 3_000

_IDENTIFIER = re.compile(r"[^\W\d]\w*")


def ask_code(state: SessionState, page: PageId, command: AskCode) -> Step:
    """Pass the question on. One that the page has asked about the same thing before is answered with nothing."""
    asked = state.questions
    older = [number for number, one in asked.open.items() if one.page == page and one.about == command.about]
    effects: list[Effect] = [_nothing(asked.open[number]) for number in older]
    asking = Asking(page, command.request, command.about)
    if state.kernel in {"dead", "starting"} or not state.has(command.cell):
        return _without(state, older), [*effects, _nothing(asking)]
    number = asked.last + 1
    still_open = {other: one for other, one in asked.open.items() if other not in older} | {number: asking}
    question = AskKernel(
        question=number,
        asker=page,
        cell=command.cell,
        about=command.about,
        code=command.code,
        line=command.line,
        column=command.column,
        above=_source_above(state, command.cell, command.code),
        names=_names_without_value(state, command.cell) if command.about == "completions" else [],
    )
    state = replace(state, questions=replace(asked, last=number, open=still_open))
    return state, [*effects, SendKernel(question)]


def take_answer(state: SessionState, notice: QuestionAnswered) -> Step:
    """An answer; nobody waits for it when it comes late."""
    asking = state.questions.open.get(notice.question)
    if asking is None:
        return state, []
    answer = CodeAnswered(request=asking.request, answer=notice.answer)
    return _without(state, [notice.question]), [Answer(asking.page, answer)]


def watch_variables(state: SessionState, page: PageId, command: WatchVariables) -> Step:
    """A page opens its panel, or closes it."""
    watchers = state.questions.watchers
    if not command.watch:
        return _with_watchers(state, watchers - {page}), []
    known = VariablesChanged(changed=list(state.questions.variables.values()), gone=[], all=True)
    state, effects = list_variables(_with_watchers(state, watchers | {page}))
    return state, [Answer(page, known), *effects]


def follow_runs(state: SessionState, notices: Iterable[RunNotice]) -> Step:
    """After something ran, the variables may be others."""
    if state.questions.watchers and any(isinstance(notice, CellFinished | KernelIdle) for notice in notices):
        return list_variables(state)
    return state, []


def list_variables(state: SessionState) -> Step:
    """Ask for them; while an answer is on its way, once more after it."""
    asked = state.questions
    if state.kernel in {"dead", "starting"}:
        return state, []
    if asked.listing != "no":
        return replace(state, questions=replace(asked, listing="again")), []
    return replace(state, questions=replace(asked, listing="asked")), [SendKernel(ListVariables())]


def take_variables(state: SessionState, variables: Iterable[Variable]) -> Step:
    """Tell those who watch what is different."""
    asked = state.questions
    again = asked.listing == "again" and bool(asked.watchers)
    now = {variable.name: variable for variable in variables} if asked.watchers else {}
    effects = _tell_difference(state, now)
    state = replace(state, questions=replace(asked, variables=now, listing="no"))
    if not again:
        return state, effects
    state, more = list_variables(state)
    return state, [*effects, *more]


def forget_page(state: SessionState, page: PageId) -> SessionState:
    """The page is gone; nobody waits for its answers."""
    asked = state.questions
    state = _with_watchers(state, asked.watchers - {page})
    return _without(state, [number for number, one in asked.open.items() if one.page == page])


def forget_kernel(state: SessionState) -> Step:
    """The kernel is gone, with all values, and answers nothing any more."""
    asked = state.questions
    effects: list[Effect] = [*(_nothing(one) for one in asked.open.values()), *_tell_difference(state, {})]
    kept = Questions(last=asked.last, watchers=asked.watchers)
    return (replace(state, questions=kept) if kept != asked else state), effects


def _nothing(asking: Asking) -> Answer:
    return Answer(asking.page, CodeAnswered(request=asking.request, answer=CodeAnswer()))


def _without(state: SessionState, numbers: Iterable[int]) -> SessionState:
    gone = set(numbers)
    if not gone:
        return state
    still_open = {number: one for number, one in state.questions.open.items() if number not in gone}
    return replace(state, questions=replace(state.questions, open=still_open))


def _with_watchers(state: SessionState, watchers: frozenset[PageId]) -> SessionState:
    """What nobody watches is not kept."""
    variables: Mapping[str, Variable] = state.questions.variables if watchers else {}
    return replace(state, questions=replace(state.questions, watchers=watchers, variables=variables))


def _tell_difference(state: SessionState, now: dict[str, Variable]) -> list[Effect]:
    before = state.questions.variables
    changed = [variable for name, variable in now.items() if before.get(name) != variable]
    gone = [name for name in before if name not in now]
    if not changed and not gone:
        return []
    notice = VariablesChanged(changed=changed, gone=gone)
    return [Answer(page, notice) for page in sorted(state.questions.watchers)]


# -- what the kernel cannot know: text that has not run


def _has_run(state: SessionState, cell: CellId) -> bool:
    """True when the kernel has the values of the cell's present text."""
    return state.runs[cell].outcome == "succeeded" and not state.is_edited(cell)


def _source_above(state: SessionState, cell: CellId, code: str) -> str:
    """The code of cells that define what `code` mentions, directly or through each other, where the kernel has no value of
    it; what is needed first stands first.
    """
    found: dict[CellId, str] = {}
    left = LONGEST_ABOVE

    def visit(name: str, depth: int) -> None:
        nonlocal left
        for definer in _definers(state, name):
            if definer == cell or definer in found or _has_run(state, definer) or depth > _DEEPEST:
                continue
            text = state.document.text_of(definer).text
            left -= len(text)
            if left < 0:
                return
            found[definer] = ""  # keeps cells that need each other from asking for ever
            for needed in set(_IDENTIFIER.findall(text)):
                visit(needed, depth + 1)
            del found[definer]
            found[definer] = text

    for name in set(_IDENTIFIER.findall(code)):
        visit(name, 0)
    return "\n".join(found.values())


_DEEPEST = 20


def _definers(state: SessionState, name: str) -> list[CellId]:
    if state.graph is None:
        return []
    return sorted(cell for cell in state.graph.definers(name) if state.has(cell) and name in state.graph.public(cell))


def _names_without_value(state: SessionState, cell: CellId) -> list[str]:
    return sorted(set(_public_names_without_value(state, cell)))[:MOST_NAMES]


def _public_names_without_value(state: SessionState, cell: CellId) -> Iterator[str]:
    if state.graph is None:
        return
    for other in state.graph.order:
        if other != cell and state.has(other) and not _has_run(state, other):
            yield from state.graph.public(other)
