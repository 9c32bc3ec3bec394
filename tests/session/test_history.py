"""What runs took: kept for the newest of each cell, and told to the page that asks."""

from quire.ids import CellId
from quire.protocol import notices as n
from quire.protocol.commands import DeleteCells, ListRuns, RestoreCells
from quire.protocol.kernel import KernelIdle, KernelReady
from quire.protocol.messages import ConsoleText, Costs, Output
from quire.session.apply import apply
from quire.session.events import KernelExited, KernelNoticed, KernelPrinted, Opened, PageOpened
from quire.session.history import MOST_RUNS

from .model import ask, ids, of_kind, opened, told

COSTS = Costs(cpu=0.25, memory=5_000_000, peak=90_000_000)


def started(*cells: str):
    state, _ = apply(opened(*cells), Opened())
    return apply(state, KernelNoticed([KernelReady(pid=1)]))[0]


def run(state, *, at=1.0, outcome="succeeded", show: str | None = None, printed: str = "", costs: Costs | None = COSTS):
    """The first cell runs."""
    cell = ids(state)[0]
    state, _ = apply(state, KernelNoticed([n.CellStarted(cell=cell, started=at)]))
    if printed:
        state, _ = apply(state, KernelPrinted(ConsoleText(stream="stdout", text=printed)))
    shown = [n.OutputChanged(cell=cell, output=Output("text/plain", show))] if show is not None else []
    finished = n.CellFinished(cell=cell, outcome=outcome, duration=0.5, costs=costs)
    return apply(state, KernelNoticed([*shown, finished]))[0]


def history(state) -> n.RunsListed:
    _, effects = ask(state, ListRuns(request=9, cell=ids(state)[0]))
    (listed,) = told(effects, n.RunsListed)
    assert listed.request == 9
    return listed


def test_a_run_is_listed_with_what_it_took():
    listed = history(run(started("x"), at=7.0))

    assert listed.total == 1
    (past,) = listed.runs
    assert (past.started, past.duration, past.outcome, past.costs) == (7.0, 0.5, "succeeded", COSTS)


def test_the_newest_comes_first_and_the_number_counts_all():
    state = started("x")
    for number in range(MOST_RUNS + 5):
        state = run(state, at=float(number))

    listed = history(state)
    assert listed.total == MOST_RUNS + 5
    assert [past.started for past in listed.runs] == [float(n) for n in range(MOST_RUNS + 4, 4, -1)]


def test_output_counts_what_is_shown_and_what_was_printed_in_bytes():
    state = run(started("x"), show="é", printed="12345")
    assert history(state).runs[0].output == 7

    state = run(state, printed="1")  # shows what it showed before, which the kernel does not send again
    assert history(state).runs[0].output == 3

    assert history(run(state, show="")).runs[0].output == 0


def test_what_did_not_run_is_not_in_the_history():
    state = started("x")
    cell = ids(state)[0]
    state, _ = apply(state, KernelNoticed([n.CellFinished(cell=cell, outcome="cancelled", stale=True)]))

    assert history(state) == n.RunsListed(request=9, total=0, runs=[])


def test_failures_are_in_it():
    assert [past.outcome for past in history(run(run(started("x")), outcome="failed")).runs] == ["failed", "succeeded"]


def test_it_outlives_the_kernel_and_a_deletion():
    state, _ = apply(run(started("x", "y")), KernelExited("killed"))
    cell = ids(state)[0]
    state, _ = ask(state, DeleteCells(cells=[cell]))
    state, _ = ask(state, RestoreCells(cells=[cell]))

    assert history(state).total == 1


def test_a_cell_that_is_not_there_is_refused():
    _, effects = ask(started("x"), ListRuns(request=1, cell=CellId("gone")))

    assert told(effects, n.CommandAnswered)[0].refused


def test_a_page_is_shown_the_memory_of_the_last_run():
    state = run(started("x"))
    (opened_,) = told(apply(state, PageOpened("other"))[1], n.NotebookOpened)
    assert opened_.cells[0].memory == 5_000_000

    state = run(state, costs=None)
    (opened_,) = told(apply(state, PageOpened("other"))[1], n.NotebookOpened)
    assert opened_.cells[0].memory is None


def test_the_memory_of_the_kernel_is_told_when_it_rests():
    """First as soon as it is known, then with other changes only: a change of nothing else tells nobody."""
    state = started("x")
    state, effects = apply(state, KernelNoticed([KernelIdle(memory=100)]))
    assert told(effects, n.KernelChanged) == [n.KernelChanged(status="idle", memory=100)]

    state, effects = apply(state, KernelNoticed([KernelIdle(memory=101)]))
    assert effects == []

    state, effects = apply(state, KernelNoticed([n.CellStarted(cell=ids(state)[0], started=1.0)]))
    assert told(effects, n.KernelChanged) == [n.KernelChanged(status="busy", memory=100)]
    state, effects = apply(state, KernelNoticed([KernelIdle(memory=200)]))
    assert told(effects, n.KernelChanged) == [n.KernelChanged(status="idle", memory=200)]
    assert told(apply(state, PageOpened("other"))[1], n.NotebookOpened)[0].memory == 200


def test_a_dead_kernel_has_no_memory():
    state, _ = apply(started("x"), KernelNoticed([KernelIdle(memory=100)]))
    _, effects = apply(state, KernelExited("killed"))

    assert told(effects, n.KernelChanged)[0].memory is None
    assert of_kind(effects, KernelExited) == []
