"""The kernel starts, is interrupted, dies, and starts again."""

import pytest

from quire.ids import CellId
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.kernel import BindNotebook, KernelIdle, RunKernelCells, RunStaleCells, SyncCells
from quire.protocol.messages import Output
from quire.session.apply import apply
from quire.session.events import (
    AwaitReaction,
    InterruptKernel,
    KernelExited,
    KernelNoticed,
    PageOpened,
    ReactionDue,
    StartKernel,
)

from .model import ask, ids, of_kind, running, sent, started, told, typed, view


def ran(*cells: str, outcome="succeeded"):
    """All have run."""
    state = started(*cells)
    ends = [n.CellFinished(cell=cell, outcome=outcome, duration=0.1) for cell in ids(state)]
    return apply(state, KernelNoticed([*ends, KernelIdle()]))[0]


def crashed(state, number: int):
    """The kernel ends while this cell runs."""
    state, _ = apply(state, KernelNoticed([n.CellStarted(cell=ids(state)[number], started=1.0)]))
    return apply(state, KernelExited("it was killed"))[0]


# -- the end


def test_the_death_of_the_kernel_names_the_cell_and_the_reason():
    state = running("x = 1", "y = x", "z = 0")
    a, b, z = ids(state)
    state, effects = apply(state, KernelExited("it was killed by signal 9 (SIGKILL)"))

    (changed,) = told(effects, n.KernelChanged)
    assert changed.status == "dead"
    assert changed.message.startswith(
        "the kernel stopped while cell 1 was running: it was killed by signal 9 (SIGKILL); a restart runs the rest again"
    )
    assert [(f.cell, f.outcome) for f in told(effects, n.CellFinished)] == [
        (a, "crashed"), (b, "cancelled"), (z, "cancelled"),
    ]  # fmt: skip
    newcomer = told(apply(state, PageOpened("other"))[1])
    assert newcomer[0].kernel == "dead"
    assert changed in newcomer


def test_the_message_names_a_cell_by_its_name():
    state = started("x = 1")
    state, _ = ask(state, c.RenameCell(cell=ids(state)[0], name="load"))

    assert "while cell `load` was running" in crashed(state, 0).kernel_message


def test_a_kernel_that_dies_while_nothing_runs_names_no_cell():
    state, _ = apply(ran("x = 1"), KernelExited("it was killed"))

    assert state.kernel_message == "the kernel stopped: it was killed; a restart runs again what had run"


# -- a new life


def test_a_restart_of_everything_begins_anew():
    state = crashed(ran("x = 1", "y = x"), 1)
    state, effects = ask(state, c.RestartKernel(run="all"))

    assert of_kind(effects, StartKernel)
    assert [type(command) for command in sent(effects)] == [BindNotebook, SyncCells, RunKernelCells]
    assert len(sent(effects)[1].changed) == 2
    assert sent(effects)[2] == RunKernelCells(cells=ids(state))
    assert state.kernel == "starting"
    assert state.kernel_message == ""


def test_a_restart_without_a_run_keeps_outputs_and_marks_them():
    state = running("x = 1")
    (cell,) = ids(state)
    output = Output(mime="text/plain", text="1")
    finished = n.CellFinished(cell=cell, outcome="succeeded", duration=1.0)
    state, _ = apply(state, KernelNoticed([n.OutputChanged(cell=cell, output=output), finished]))
    state, effects = ask(state, c.RestartKernel(run="none"))

    assert [type(command) for command in sent(effects)] == [BindNotebook, SyncCells]
    assert told(effects, n.CellsStale) == [n.CellsStale(cells=[cell])]
    assert view(state).cells[0].output == output


def test_what_had_run_runs_again_but_not_what_ended_the_kernel_nor_what_needs_it():
    state = crashed(ran("x = 1", "y = x", "z = y", "w = x"), 1)
    x, _, _, w = ids(state)
    state, effects = ask(state, c.RestartKernel(run="again"))

    assert sent(effects)[-1] == RunKernelCells(cells=[x, w], below=False)
    assert [cell.outcome for cell in view(state).cells] == ["succeeded", "crashed", "succeeded", "succeeded"]
    assert all(cell.stale for cell in view(state).cells)


def test_what_was_waiting_when_the_kernel_died_runs_with_what_had_run():
    state = running("x = 1", "y = x", "z = 0")
    *_, z = ids(state)
    state, _ = apply(state, KernelExited("gone"))
    _, effects = ask(state, c.RestartKernel(run="again"))

    assert sent(effects)[-1] == RunKernelCells(cells=[z], below=False)


def test_what_never_ran_or_was_interrupted_does_not_run_again():
    state = ran("x = 1", "y = x", "z = y")
    x, y, z = ids(state)
    state, _ = ask(state, c.AddCells(cells=[c.NewCell(cell=CellId("new"), code="x + 1")], after=z))
    state, _ = apply(state, KernelNoticed([n.CellFinished(cell=y, outcome="interrupted")]))
    state, _ = apply(state, KernelExited("gone"))
    _, effects = ask(state, c.RestartKernel(run="again"))

    assert sent(effects)[-1] == RunKernelCells(cells=[x], below=False)


def test_a_cell_that_ended_a_kernel_is_left_alone_until_somebody_runs_it():
    state = crashed(ran("x = 1", "y = x"), 1)
    x, y = ids(state)
    state, _ = ask(state, c.RestartKernel(run="again"))
    state, _ = apply(state, KernelNoticed([n.CellFinished(cell=x, outcome="succeeded"), KernelIdle()]))
    state, _ = apply(state, KernelExited("gone"))
    state, effects = ask(state, c.RestartKernel(run="again"))
    assert sent(effects)[-1].cells == [x]

    state, _ = ask(state, c.RunCells(cells=[y]))
    state, _ = apply(state, KernelNoticed([n.CellFinished(cell=cell, outcome="succeeded") for cell in (x, y)]))
    _, effects = ask(state, c.RestartKernel(run="again"))
    assert sent(effects)[-1].cells == [x, y]


def test_elements_of_cells_that_were_not_edited_keep_their_values():
    state = ran("s = 1", "t = 2")
    s, t = ids(state)
    state, _ = ask(state, c.SetElements(values={f"{s}-0": 7, f"{t}-0": 8}))
    state, _ = ask(state, typed(state, t, "t = 3"))
    after, effects = ask(state, c.RestartKernel(run="again"))

    assert sent(effects)[0].elements == {f"{s}-0": 7}
    assert told(effects, n.ElementsChanged) == [n.ElementsChanged(values={f"{s}-0": 7})]
    assert view(after).elements == {f"{s}-0": 7}
    anew, effects = ask(state, c.RestartKernel(run="all"))
    assert sent(effects)[0].elements == {}
    assert view(anew).elements == {}


def test_running_a_cell_starts_a_kernel_where_there_is_none_and_runs_what_the_cell_needs():
    state = crashed(ran("x = 1", "y = x", "z = x"), 1)
    *_, z = ids(state)
    state, effects = ask(state, c.RunCells(cells=[z]))

    assert of_kind(effects, StartKernel)
    assert [type(command) for command in sent(effects)] == [BindNotebook, SyncCells, RunKernelCells]
    assert sent(effects)[-1] == RunKernelCells(cells=[z], below=False)
    assert state.kernel == "starting"


@pytest.mark.parametrize(
    ("command", "run"), [(c.RunAll(), RunKernelCells), (c.RunStale(), RunStaleCells)], ids=["all", "stale"]
)
def test_running_everything_starts_a_kernel_too(command: c.AnyCommand, run: type):
    state, _ = apply(ran("x = 1"), KernelExited("gone"))
    _, effects = ask(state, command)

    assert [type(command) for command in sent(effects)] == [BindNotebook, SyncCells, run]


def test_a_dead_kernel_takes_edits_and_refuses_what_only_a_living_one_can_do():
    state, _ = apply(running("x = 1"), KernelExited("gone"))
    (cell,) = ids(state)
    for command in (c.Interrupt(), c.SetElements(values={})):
        _, effects = ask(state, command)
        assert "restart it" in told(effects, n.CommandAnswered)[0].refused
    state, effects = ask(state, c.DeleteCells(cells=[cell]))
    assert sent(effects) == []


# -- interrupting


def test_an_interrupt_asks_the_kernel_and_waits_for_the_cell_that_runs():
    state = running("x = 1", "y = 2")
    _, effects = ask(state, c.Interrupt())

    assert effects == [InterruptKernel(), AwaitReaction(ids(state)[0], 12.5)]


def test_an_interrupt_of_nothing_waits_for_nothing():
    assert ask(ran("x = 1"), c.Interrupt())[1] == [InterruptKernel()]


def test_a_cell_that_goes_on_is_named_with_the_reason_and_a_way_out():
    state = running("x = 1", "y = 2")
    state, effects = apply(state, ReactionDue(ids(state)[0], 12.5))

    (changed,) = told(effects, n.KernelChanged)
    assert changed.status == "busy"
    assert changed.message.startswith("cell 1 was interrupted and goes on: it is in compiled code")
    assert "a restart ends it now" in changed.message
    assert changed in told(apply(state, PageOpened("other"))[1])


@pytest.mark.parametrize("later", [0, 1], ids=["it ended", "it runs again"])
def test_a_cell_that_has_reacted_is_not_named(later: int):
    state = running("x = 1")
    (cell,) = ids(state)
    happened = [n.CellFinished(cell=cell, outcome="interrupted"), n.CellStarted(cell=cell, started=13.0)]
    state, _ = apply(state, KernelNoticed(happened[: later + 1]))

    assert apply(state, ReactionDue(cell, 12.5)) == (state, [])


def test_the_offer_goes_away_by_itself():
    state = running("x = 1")
    (cell,) = ids(state)
    state, _ = apply(state, ReactionDue(cell, 12.5))
    state, effects = apply(state, KernelNoticed([n.CellFinished(cell=cell, outcome="interrupted"), KernelIdle()]))

    assert told(effects, n.KernelChanged) == [n.KernelChanged(status="idle")]
    assert state.kernel_message == ""


def test_a_restart_in_place_of_a_cell_that_goes_on_leaves_it_alone():
    state = running("x = 1", "y = x", "z = 0")
    state, _ = apply(state, ReactionDue(ids(state)[0], 12.5))
    state, effects = ask(state, c.RestartKernel(run="again"))

    assert sent(effects)[-1] == RunKernelCells(cells=[ids(state)[2]], below=False)
    assert [cell.outcome for cell in view(state).cells] == ["interrupted", "cancelled", "cancelled"]


def test_an_edit_of_the_cell_that_ended_the_kernel_is_run_by_hand():
    state = crashed(ran("x = 1", "y = x"), 1)
    _, y = ids(state)
    state, _ = ask(state, typed(state, y, "y = 2"))
    _, effects = ask(state, c.RunCells(cells=[y]))

    assert sent(effects)[-1] == RunKernelCells(cells=[y], below=False)
    assert [source.code for source in sent(effects)[1].changed] == ["x = 1", "y = 2"]
