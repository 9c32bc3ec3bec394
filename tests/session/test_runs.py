"""Runs as the kernel reports them."""

from msgspec.structs import replace

from quire.ids import CellId
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.kernel import (
    BindNotebook,
    KernelIdle,
    RunKernelCells,
    RunStaleCells,
    SetKernelElements,
    SetKernelLazy,
    SyncCells,
)
from quire.protocol.messages import ConsoleText, Output
from quire.session.apply import apply
from quire.session.console import LONGEST_CONSOLE, append_console
from quire.session.events import (
    KernelNoticed,
    KernelPrinted,
    Opened,
    StartKernel,
    Tell,
)

from .model import ask, ids, notebook_text, of_kind, opened, running, sent, started, told, typed, view


def text(some: str, stream="stdout", *, late=False) -> ConsoleText:
    return ConsoleText(stream=stream, text=some, late=late)


def test_opening_starts_a_kernel_and_runs_everything():
    state, effects = apply(opened("x = 1", "y = x"), Opened())

    assert of_kind(effects, StartKernel) == [StartKernel()]
    bind, sync, run = sent(effects)
    assert bind == BindNotebook(path="/notebooks/nb.py", directory="/notebooks")
    assert isinstance(sync, SyncCells)
    assert [source.code for source in sync.changed] == ["x = 1", "y = x"]
    assert run == RunKernelCells(cells=ids(state))
    assert state.kernel == "starting"


def test_statements_between_cells_are_told_but_not_run():
    state = opened(text=notebook_text("x = 1").replace("@app.cell", "y = 2\n\n@app.cell", 1))
    _, effects = apply(state, Opened())
    _, sync, run = sent(effects)

    assert sync.changed[0].type == "stray"
    assert run.cells == ids(state)[1:]


def test_a_newcomer_sees_a_run_in_progress():
    state = running("x = 1", "y = x")
    state, _ = apply(state, KernelPrinted(text("hello\n")))
    first, second = view(state).cells

    assert (first.activity, first.started, first.console) == ("running", 12.5, [text("hello\n")])
    assert second.activity == "queued"
    assert view(state).kernel == "busy"


def test_a_newcomer_sees_the_outcome():
    state = running("x = 1")
    (cell,) = ids(state)
    output = Output(mime="text/plain", text="1")
    finished = n.CellFinished(cell=cell, outcome="succeeded", duration=0.5)
    state, _ = apply(state, KernelNoticed([n.OutputChanged(cell=cell, output=output), finished, KernelIdle()]))
    (seen,) = view(state).cells

    assert (seen.activity, seen.outcome, seen.stale, seen.duration, seen.output, seen.started) == (
        "idle", "succeeded", False, 0.5, output, None,
    )  # fmt: skip
    assert view(state).kernel == "idle"


def test_a_cell_that_did_not_run_keeps_its_duration():
    state = running("x = 1")
    (cell,) = ids(state)
    state, _ = apply(state, KernelNoticed([n.CellFinished(cell=cell, outcome="succeeded", duration=0.5)]))
    state, _ = apply(state, KernelNoticed([n.CellFinished(cell=cell, outcome="cancelled", stale=True)]))

    assert view(state).cells[0].duration == 0.5


def test_what_started_is_what_was_sent_not_what_is_typed_meanwhile():
    state = started("x = 1")
    (cell,) = ids(state)
    state, _ = ask(state, typed(state, cell, "x = 2"))
    state, _ = ask(state, c.RunCells(cells=[cell]))
    state, _ = ask(state, typed(state, cell, "x = 23"))
    state, effects = apply(state, KernelNoticed([n.CellStarted(cell=cell, started=1.0)]))

    assert told(effects, n.CellsEdited) == []
    assert view(state).cells[0].edited
    state, effects = ask(state, typed(state, cell, "x = 2"))
    assert told(effects, n.CellsEdited) == [n.CellsEdited(cells=[cell], edited=False)]


def test_a_start_clears_the_console_and_the_edited_mark():
    state = running("x = 1")
    (cell,) = ids(state)
    state, _ = apply(state, KernelPrinted(text("old")))
    state, _ = ask(state, typed(state, cell, "x = 2"))
    state, _ = ask(state, c.RunStale())
    state, effects = apply(state, KernelNoticed([n.CellStarted(cell=cell, started=1.0)]))

    assert view(state).cells[0].console == []
    assert n.CellsEdited(cells=[cell], edited=False) in told(effects)


def test_words_of_a_deleted_cell_are_not_passed_on():
    state = running("x = 1", "y = 2")
    first, _ = ids(state)
    state, _ = ask(state, c.DeleteCells(cells=[first]))
    finished = n.CellFinished(cell=first, outcome="succeeded")
    for event in (KernelNoticed([finished]), KernelPrinted(text("more"))):
        state, effects = apply(state, event)
        assert effects == []


def test_late_text_goes_to_the_cell_that_ran_last():
    state = running("x = 1")
    (cell,) = ids(state)
    state, _ = apply(state, KernelNoticed([n.CellFinished(cell=cell, outcome="succeeded", duration=1.0)]))
    _, effects = apply(state, KernelPrinted(text("late", late=True)))

    assert told(effects) == [n.ConsoleWritten(cell=cell, console=text("late", late=True))]


def test_stale_cells_run_after_what_changed_is_told():
    state = started("x = 1")
    state, _ = ask(state, typed(state, ids(state)[0], "x = 2"))
    _, effects = ask(state, c.RunStale())

    assert [type(command) for command in sent(effects)] == [SyncCells, RunStaleCells]


def test_a_slider_moves_on_the_other_pages():
    state = started("x = 1")
    values = {f"{ids(state)[0]}-0": 5}
    state, effects = ask(state, c.SetElements(values=values))

    assert sent(effects) == [SetKernelElements(values=values)]
    assert of_kind(effects, Tell) == [Tell(n.ElementsChanged(values=values), beside="page")]
    assert view(state).elements == values


def test_the_kernel_may_reset_an_element():
    state = started("x = 1")
    element = f"{ids(state)[0]}-0"
    state, _ = ask(state, c.SetElements(values={element: 5}))
    state, effects = apply(state, KernelNoticed([n.ElementsChanged(values={element: 1})]))

    assert view(state).elements == {element: 1}
    assert told(effects, n.ElementsChanged)


def test_notices_about_cells_nobody_has_are_left_out():
    state = started("x = 1")
    gone = CellId("gone")
    state, effects = apply(state, KernelNoticed([n.CellsStale(cells=[gone, *ids(state)]), n.CellsQueued(cells=[gone])]))

    assert told(effects, n.CellsStale)[0].cells == ids(state)
    assert told(effects, n.CellsQueued)[0].cells == []


def test_a_console_is_bounded_and_says_so():
    console: tuple[ConsoleText, ...] = ()
    for number in range(120_000):
        console = append_console(console, text(f"{number}\n"))
    whole = "".join(piece.text for piece in console)

    assert len(whole) <= 1.5 * LONGEST_CONSOLE + 200
    assert whole.startswith("… earlier output is not kept")
    assert whole.endswith("119999\n")
    assert console[1].text.split("\n")[0].isdecimal()


def test_one_long_line_is_cut_too():
    console = append_console((), text("x" * 10_000_000))

    assert sum(len(piece.text) for piece in console) <= LONGEST_CONSOLE + 200


# -- lazy


def lazily(*cells: str):
    return replace(opened(*cells), lazy=True)


def test_a_lazy_notebook_runs_only_its_text_when_it_is_opened():
    state, effects = apply(lazily("import quire as qr", 'qr.md("# Title")', "x = 1"), Opened())
    bind, _, run = sent(effects)

    assert bind.lazy
    assert run == RunKernelCells(cells=[ids(state)[1]])


def test_a_lazy_notebook_without_text_runs_nothing_when_it_is_opened():
    _, effects = apply(lazily("x = 1"), Opened())
    assert [type(command) for command in sent(effects)] == [BindNotebook, SyncCells]


def test_the_kernel_and_all_pages_hear_of_lazy_runs_once():
    state = started("x = 1")
    state, effects = ask(state, c.SetLazy(lazy=True))
    assert sent(effects) == [SetKernelLazy(lazy=True)]
    assert told(effects, n.LazyChanged) == [n.LazyChanged(lazy=True)]
    assert view(state).lazy

    state, effects = ask(state, c.SetLazy(lazy=True))
    assert sent(effects) == []
    assert told(effects, n.LazyChanged) == []


def test_how_cells_run_survives_a_restart():
    state, _ = ask(started("x = 1"), c.SetLazy(lazy=True))
    _, effects = ask(state, c.RestartKernel(run=False))
    (bind,) = (command for command in sent(effects) if isinstance(command, BindNotebook))
    assert bind.lazy
