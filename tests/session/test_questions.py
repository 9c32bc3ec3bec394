"""Questions of pages to the kernel: passed on with what the kernel cannot know, answered once, forgotten with the page."""

from quire.ids import CellId
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.kernel import AskKernel, KernelIdle, KernelReady, ListVariables, QuestionAnswered, VariablesListed
from quire.protocol.messages import CodeAnswer, Completion, Variable
from quire.session.apply import apply
from quire.session.events import (
    Answer,
    Check,
    CheckDue,
    KernelExited,
    KernelNoticed,
    Opened,
    PageClosed,
    PageId,
    PageOpened,
    SendKernel,
)

from .model import PAGE, ask, check, ids, of_kind, opened, typed

ANSWER = CodeAnswer(completions=[Completion(label="append", type="function")])
OTHER = PageId("other")


def started(*cells: str, ran: int = 0):
    """A session whose kernel waits, and whose first `ran` cells have run."""
    state, _ = apply(opened(*cells), Opened())
    state, effects = apply(state, CheckDue())
    for effect in of_kind(effects, Check):
        state, _ = apply(state, check(effect))
    notices = [KernelReady(pid=1)]
    for cell in ids(state)[:ran]:
        notices += [n.CellStarted(cell=cell, started=1.0), n.CellFinished(cell=cell, outcome="succeeded", duration=0.1)]
    return apply(state, KernelNoticed([*notices, KernelIdle()]))[0]


def asking(state, code="x.", about="completions", request=5, place=-1) -> c.AskCode:
    return c.AskCode(cell=ids(state)[place], about=about, code=code, line=1, column=len(code), request=request)


def sent(effects) -> list:
    return [effect.command for effect in of_kind(effects, SendKernel)]


def answers(effects) -> list[tuple[str, n.CodeAnswered]]:
    return [(e.page, e.notice) for e in of_kind(effects, Answer) if isinstance(e.notice, n.CodeAnswered)]


def nothing(request: int, page=PAGE) -> tuple[str, n.CodeAnswered]:
    return (page, n.CodeAnswered(request=request, answer=CodeAnswer()))


def test_a_question_goes_to_the_kernel_and_its_answer_to_the_page_that_asked():
    state = started("x = []", ran=1)
    state, effects = ask(state, asking(state))
    (question,) = sent(effects)

    assert isinstance(question, AskKernel)
    assert (question.asker, question.code, question.line, question.column) == (PAGE, "x.", 1, 2)
    assert answers(effects) == []

    state, effects = apply(state, KernelNoticed([QuestionAnswered(question=question.question, answer=ANSWER)]))
    assert effects == [Answer(PAGE, n.CodeAnswered(request=5, answer=ANSWER))]
    assert state.questions.open == {}


def test_an_answer_that_comes_twice_or_late_goes_nowhere():
    state = started("x = []")
    state, effects = ask(state, asking(state))
    late = KernelNoticed([QuestionAnswered(question=sent(effects)[0].question, answer=ANSWER)])
    state, _ = apply(state, late)

    assert apply(state, late)[1] == []


def test_a_newer_question_about_the_same_takes_the_place_of_the_older_one():
    state = started("x = []")
    state, first = ask(state, asking(state, request=1))
    state, _ = ask(state, asking(state, about="signature", request=2))
    state, _ = ask(state, asking(state, request=3), OTHER)
    state, effects = ask(state, asking(state, request=4))

    assert answers(effects) == [nothing(1)]
    assert apply(state, KernelNoticed([QuestionAnswered(question=sent(first)[0].question, answer=ANSWER)]))[1] == []
    assert sorted(one.request for one in state.questions.open.values()) == [2, 3, 4]


def test_without_a_kernel_and_for_a_cell_that_is_gone_the_answer_is_nothing_at_once():
    starting, _ = apply(opened("x = 1"), Opened())
    dead, _ = apply(started("x = 1"), KernelExited("killed"))
    for state in (starting, dead):
        assert answers(ask(state, asking(state))[1]) == [nothing(5)]
    state = started("x = 1")
    gone = c.AskCode(cell=CellId("gone"), about="signature", code="", line=1, column=0, request=9)

    after, effects = ask(state, gone)
    assert effects == [Answer(*nothing(9))]
    assert after == state


def test_a_kernel_that_dies_or_is_restarted_answers_everything_with_nothing():
    state = started("x = 1")
    state, _ = ask(state, asking(state, request=1))
    state, _ = ask(state, asking(state, request=2), OTHER)

    for event in (KernelExited("killed"), None):
        after, effects = ask(state, c.RestartKernel()) if event is None else apply(state, event)
        assert answers(effects) == [nothing(1), nothing(2, OTHER)]
        assert after.questions.open == {}


def test_nobody_waits_for_the_answers_of_a_page_that_is_gone():
    state = started("x = 1")
    state, _ = ask(state, asking(state))
    state, _ = ask(state, c.WatchVariables(watch=True))
    state, _ = apply(state, PageClosed(PAGE))

    assert state.questions.open == {}
    assert state.questions.watchers == frozenset()


def test_cells_that_have_not_run_come_along_as_source_in_the_order_they_need():
    state = started("base = []", "def grow(n):\n    return base * n", "other = 1", "grow(", ran=0)
    state, effects = ask(state, asking(state, "grow("))
    (question,) = sent(effects)

    assert question.above == "base = []\ndef grow(n):\n    return base * n"
    assert question.names == ["base", "grow", "other"]


def test_cells_that_have_run_do_not_come_along_unless_they_were_edited():
    state = started("base = []", "grow = base", "grow.", ran=2)
    first = ids(state)[0]
    assert sent(ask(state, asking(state, "grow."))[1])[0].above == ""

    state, _ = ask(state, typed(state, first, "base = {}"))
    assert sent(ask(state, asking(state, "base."))[1])[0].above == "base = {}"


def test_cells_that_need_each_other_come_along_once():
    state = started("a = b", "b = a", "a.")
    above = sent(ask(state, asking(state, "a."))[1])[0].above

    assert sorted(above.split("\n")) == ["a = b", "b = a"]


def test_only_completions_bring_the_names_of_other_cells():
    state = started("x = 1", "y = 2")

    assert sent(ask(state, asking(state, about="signature"))[1])[0].names == []


# -- variables


def variable(name: str, value: str = "1") -> Variable:
    return Variable(name=name, type="int", value=value, cells=[CellId("a")], readers=[])


def listed(*variables: Variable) -> KernelNoticed:
    return KernelNoticed([VariablesListed(variables=list(variables))])


def test_variables_are_asked_for_while_somebody_watches_only():
    state = started("x = 1")
    assert sent(apply(state, KernelNoticed([KernelIdle()]))[1]) == []

    state, effects = ask(state, c.WatchVariables(watch=True))
    assert sent(effects) == [ListVariables()]
    state, _ = apply(state, listed())
    assert sent(apply(state, KernelNoticed([KernelIdle()]))[1]) == [ListVariables()]

    state, _ = ask(state, c.WatchVariables(watch=False))
    assert sent(apply(state, KernelNoticed([KernelIdle()]))[1]) == []


def test_one_list_is_on_its_way_at_a_time_and_the_last_run_is_in_the_last_one():
    state, _ = ask(started("x = 1"), c.WatchVariables(watch=True))
    for _ in range(3):
        state, effects = apply(state, KernelNoticed([KernelIdle()]))
        assert sent(effects) == []
    state, effects = apply(state, listed(variable("x")))
    assert sent(effects) == [ListVariables()]
    state, effects = apply(state, listed(variable("x")))
    assert effects == []


def test_those_who_watch_are_told_what_is_different():
    state, _ = ask(started("x = 1"), c.WatchVariables(watch=True))
    state, effects = apply(state, listed(variable("x"), variable("y")))
    assert effects == [Answer(PAGE, n.VariablesChanged(changed=[variable("x"), variable("y")], gone=[]))]

    state, _ = apply(state, KernelNoticed([KernelIdle()]))
    state, effects = apply(state, listed(variable("x"), variable("z")))
    assert effects == [Answer(PAGE, n.VariablesChanged(changed=[variable("z")], gone=["y"]))]


def test_a_newcomer_is_told_all_that_is_known():
    state, _ = ask(started("x = 1"), c.WatchVariables(watch=True))
    state, _ = apply(state, listed(variable("x")))
    state, _ = apply(state, PageOpened(OTHER))
    _, effects = ask(state, c.WatchVariables(watch=True), OTHER)

    assert Answer(OTHER, n.VariablesChanged(changed=[variable("x")], gone=[], all=True)) in effects


def test_a_new_kernel_has_no_variables():
    state, _ = ask(started("x = 1"), c.WatchVariables(watch=True))
    state, _ = apply(state, listed(variable("x")))
    state, effects = ask(state, c.RestartKernel())

    assert Answer(PAGE, n.VariablesChanged(changed=[], gone=["x"])) in effects
    state, effects = apply(state, KernelNoticed([KernelReady(pid=2), KernelIdle()]))
    assert sent(effects) == [ListVariables()]
