"""What pages do to the document, and what the others see of it."""

import pytest

from quire.ids import CellId
from quire.notebook import write_notebook
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.kernel import RunKernelCells, SyncCells
from quire.protocol.messages import Update
from quire.session.apply import apply
from quire.session.events import (
    Answer,
    Check,
    CheckDue,
    CheckSoon,
    Opened,
    PageOpened,
    SendKernel,
    Tell,
)
from quire.session.settling import settle

from .model import PAGE, Model, ask, check, codes, ids, notebook_text, of_kind, opened, told, typed


def text_of(state) -> str:
    return write_notebook(settle(state)[0].notebook)


def refusal(effects) -> str:
    (answer,) = told(effects, n.CommandAnswered)
    return answer.refused


def sent(effects) -> list:
    return [effect.command for effect in of_kind(effects, SendKernel)]


def test_typing_reaches_everybody_one_step_at_a_time():
    state = opened("x = 1")
    (cell,) = ids(state)
    updates = [Update(client_id="me", changes=[5, [0, "0"]]), Update(client_id="me", changes=[6, [0, "0"]])]
    state, effects = ask(state, c.PushUpdates(cell=cell, version=0, updates=updates))

    accepted = [effect.notice for effect in of_kind(effects, Tell) if isinstance(effect.notice, n.UpdatesAccepted)]
    assert [(notice.version, len(notice.updates)) for notice in accepted] == [(0, 1), (1, 1)]
    assert told(effects, n.CellsEdited) == [n.CellsEdited(cells=[cell], edited=True)]
    assert codes(state) == ["x = 100"]
    assert sent(effects) == []


def test_typing_back_is_no_edit():
    state = opened("x = 1")
    (cell,) = ids(state)
    state, _ = ask(state, typed(state, cell, "x = 12"))
    _, effects = ask(state, typed(state, cell, "x = 1"))

    assert told(effects, n.CellsEdited) == [n.CellsEdited(cells=[cell], edited=False)]


def test_a_page_that_comes_back_is_told_what_it_missed_before_it_may_push():
    """It kept its editor through a lost connection, with text that the server has not seen."""
    state = opened("x = 1")
    (cell,) = ids(state)
    state, _ = ask(state, typed(state, cell, "x = 12", client="other"))
    state, _ = apply(state, PageOpened("again"))
    state, effects = ask(
        state,
        c.PushUpdates(cell=cell, version=0, updates=[Update(client_id="me", changes=[[0, "# "], 5])]),
        page="again",
    )

    (refused,) = told(effects, n.UpdatesRefused)
    assert (refused.version, [update.client_id for update in refused.updates]) == (0, ["other"])
    state, effects = ask(
        state,
        c.PushUpdates(cell=cell, version=1, updates=[Update(client_id="me", changes=[[0, "# "], 6])]),
        page="again",
    )
    assert codes(state) == ["# x = 12"]


def test_an_update_from_another_epoch_gets_the_text_as_it_is():
    state = opened("x = 1")
    (cell,) = ids(state)
    _, effects = ask(state, c.PushUpdates(request=1, cell=cell, version=7, updates=[]))

    assert refusal(effects)
    assert told(effects, n.CellReplaced)[0].cell.code == "x = 1"


@pytest.mark.parametrize("client", ["", "quire", "disk", "x" * 65])
def test_a_page_cannot_type_as_somebody_else(client):
    state = opened("x = 1")
    _, effects = ask(state, typed(state, ids(state)[0], "x = 2", client=client))

    assert "names no client" in refusal(effects)


def test_a_statement_between_cells_is_read_only():
    state = opened(text=notebook_text("x = 1").replace("@app.cell", "y = 2\n\n@app.cell", 1))
    stray = ids(state)[0]
    for command in (typed(state, stray, "y = 3"), c.DeleteCells(cells=[stray])):
        _, effects = ask(state, command)
        assert "read-only" in refusal(effects)

    state, effects = ask(state, c.MakeCell(cell=stray))
    assert told(effects, n.CellReplaced)[0].cell.type == "cell"


def test_a_new_cell_has_the_id_that_the_page_chose():
    state = opened("x = 1")
    state, effects = ask(state, c.AddCells(cells=[c.NewCell(cell=CellId("new"), code="y = 2")], after=ids(state)[0]))

    (added,) = told(effects, n.CellAdded)
    assert (added.cell.id, added.cell.code, added.cell.edited, added.cell.stale) == ("new", "y = 2", True, True)
    assert codes(state) == ["x = 1", "y = 2"]


@pytest.mark.parametrize("cell", ["", "a b", "a-1", "<b>", "x" * 65, "é"])
def test_odd_ids_are_refused(cell):
    _, effects = ask(opened("x = 1"), c.AddCells(cells=[c.NewCell(cell=CellId(cell))], after=None))

    assert "cannot be a cell's id" in refusal(effects)


def test_an_id_is_never_used_twice():
    state = opened("x = 1")
    (cell,) = ids(state)
    for _ in range(2):
        _, effects = ask(state, c.AddCells(cells=[c.NewCell(cell=cell)], after=None))
        assert "choose another id" in refusal(effects)
        state, _ = ask(state, c.DeleteCells(cells=[cell]))


def test_a_cell_below_one_that_somebody_deleted_stands_where_that_stood():
    state = opened("a = 1", "b = 1", "c = 1")
    a, b, _ = ids(state)
    state, _ = ask(state, c.DeleteCells(cells=[b]))
    state, _ = ask(state, c.AddCells(cells=[c.NewCell(cell=CellId("new"))], after=b))

    assert ids(state)[:2] == [a, "new"]


def test_deleting_and_restoring_leaves_the_file_as_it_was():
    text = notebook_text("x = 1", "y = x", "z = y").replace(
        "@app.cell\ndef _():\n    y", "# about y\n@app.cell\ndef _():\n    y"
    )
    state = opened(text=text)
    cell = ids(state)[1]
    state, effects = ask(state, c.DeleteCells(cells=[cell]))
    assert told(effects, n.CellRemoved) == [n.CellRemoved(cell=cell)]
    assert "y = x" not in text_of(state)

    state, effects = ask(state, c.RestoreCells(cells=[cell]))
    assert text_of(state) == text
    assert told(effects, n.CellAdded)[0].after == ids(state)[0]


def test_a_cell_comes_back_to_a_notebook_that_went_on():
    state = opened("x = 1", "y = 2", "z = 3")
    a, b, z = ids(state)
    state, _ = ask(state, c.RenameCell(cell=b, name="middle"))
    state, _ = ask(state, c.ConfigureCells(options=[c.CellOptions(cell=b, hide_code=True)]))
    state, _ = ask(state, c.DeleteCells(cells=[b]))
    state, _ = ask(state, c.DeleteCells(cells=[a]))
    state, _ = ask(state, c.RenameCell(cell=z, name="middle"))
    state, effects = ask(state, c.RestoreCells(cells=[b]))

    (added,) = told(effects, n.CellAdded)
    assert (added.after, added.cell.code, added.cell.name, added.cell.hide_code) == (None, "y = 2", "_", True)


def test_what_is_typed_into_a_deleted_cell_comes_back_with_it():
    state = opened("x = 1", "y = 2")
    cell = ids(state)[1]
    typing = typed(state, cell, "y = 20")
    state, _ = ask(state, c.DeleteCells(cells=[cell]))
    state, effects = ask(state, typing)
    assert [notice.cell for notice in told(effects, n.UpdatesAccepted)] == [cell]
    state, _ = ask(state, c.RestoreCells(cells=[cell]))

    assert codes(state) == ["x = 1", "y = 20"]
    assert "y = 20" in text_of(state)


def test_a_cell_that_was_not_deleted_cannot_come_back():
    _, effects = ask(opened("x = 1"), c.RestoreCells(cells=[CellId("none")]))

    assert "cannot be brought back" in refusal(effects)


def test_moving_one_cell_is_one_move():
    state = opened(*"abcdef")
    first, *others = ids(state)
    state, effects = ask(state, c.MoveCells(moves=[c.Placement(cell=first, after=others[-1])]))

    assert told(effects, n.CellMoved) == [n.CellMoved(cell=first, after=others[-1])]
    assert ids(state) == [*others, first]


def test_the_setup_cell_comes_first():
    state = opened("x = 1")
    state, effects = ask(
        state, c.AddCells(cells=[c.NewCell(cell=CellId("s"), type="setup", code="import os")], after=ids(state)[0])
    )

    assert ids(state)[0] == "s"
    assert told(effects, n.CellAdded)[0].after is None
    assert "with app.setup:" in text_of(state)


def test_a_refused_edit_changes_nothing():
    before = opened("x = 1")
    after, effects = ask(before, c.RenameCell(request=5, cell=ids(before)[0], name="not a name"))

    assert after is before
    assert effects == [Answer(PAGE, n.CommandAnswered(request=5, refused=refusal(effects)))]
    assert "`not a name`" in refusal(effects)


def test_a_cell_nobody_knows_is_refused_by_every_command():
    none = CellId("none")
    state = opened("x = 1")
    for command in (
        c.PushUpdates(cell=none, version=0, updates=[]),
        c.DeleteCells(cells=[none]),
        c.RestoreCells(cells=[none]),
        c.MoveCells(moves=[c.Placement(cell=none, after=None)]),
        c.MoveCells(moves=[c.Placement(cell=ids(state)[0], after=none)]),
        c.AddCells(cells=[c.NewCell(cell=CellId("new"))], after=none),
        c.RenameCell(cell=none, name="a"),
        c.ConfigureCells(options=[c.CellOptions(cell=none, disabled=True)]),
        c.MakeCell(cell=none),
        c.FixProblem(cell=none, name="x", fix="rename"),
        c.FixProblem(cell=none, name="x", fix="make_cell"),
        c.RunCells(cells=[none]),
        c.SetElements(values={"none-0": 1}),
    ):
        after, effects = ask(state, command)
        assert refusal(effects), command
        assert after.notebook is state.notebook


def test_the_title_is_told_and_saved():
    state, effects = ask(opened("x = 1"), c.SetTitle(title='A <b> "title"'))

    assert told(effects, n.TitleChanged) == [n.TitleChanged(title='A <b> "title"')]
    assert settle(state)[0].notebook.title == 'A <b> "title"'


def test_a_definition_becomes_a_function_cell_without_losing_the_editor():
    """The kind changes with the text; the version tells the page that the text is the one it has."""
    state = opened("x = 1")
    (cell,) = ids(state)
    state, _ = ask(state, typed(state, cell, "def f():\n    return 1"))
    state, effects = apply(state, CheckDue())
    replaced = told(effects, n.CellReplaced)

    for notice in replaced:
        assert notice.cell.version == state.document.text_of(cell).version
        assert notice.cell.code == "def f():\n    return 1"


# -- the kernel hears of it


def started(*cells: str):
    state, _ = apply(opened(*cells), Opened())
    return state


def test_half_typed_text_stays_here_while_another_cell_moves():
    state = started("x = 1", "y = x")
    a, b = ids(state)
    state, _ = ask(state, typed(state, a, "x = "))
    state, effects = ask(state, c.MoveCells(moves=[c.Placement(cell=b, after=None)]))
    (sync,) = sent(effects)

    assert sync.order == [b, a]
    assert all(source.code in {"x = 1", "y = x"} for source in sync.changed)


def test_a_deletion_is_told_at_once():
    state = started("x = 1", "y = x")
    a, b = ids(state)
    _, effects = ask(state, c.DeleteCells(cells=[a]))

    (sync,) = sent(effects)
    assert sync.order == [b]


def test_a_run_brings_what_changed_and_no_more():
    state = started("x = 1", "y = x")
    a, b = ids(state)
    state, _ = ask(state, typed(state, b, "y = x + 1"))
    state, effects = ask(state, c.RunCells(cells=[b]))
    sync, run = sent(effects)

    assert isinstance(sync, SyncCells)
    assert [source.code for source in sync.changed] == ["y = x + 1"]
    assert run == RunKernelCells(cells=[b])
    _, effects = ask(state, c.RunCells(cells=[a]))
    assert sent(effects) == [RunKernelCells(cells=[a])]


def test_lines_are_those_of_the_file():
    state = started("x = 1", "y = x")
    a, _ = ids(state)
    state, _ = ask(state, typed(state, a, "x = 1\n\n\nz = 2"))
    _, effects = ask(state, c.RunAll())
    lines = text_of(state).split("\n")

    for source in sent(effects)[0].changed:
        assert lines[source.line - 1].strip() == source.code.split("\n")[0]


# -- problems


def checked(state):
    state, effects = apply(state, CheckDue())
    for effect in of_kind(effects, Check):
        state, more = apply(state, check(effect))
        effects += more
    return state, effects


def test_problems_are_told_while_one_writes():
    state = opened("x = 1", "y = x")
    _, b = ids(state)
    state, _ = checked(state)
    state, effects = ask(state, c.AddCells(cells=[c.NewCell(cell=CellId("new"), code="x = 2")], after=None))
    assert of_kind(effects, CheckSoon)
    state, effects = checked(state)

    (changed,) = told(effects, n.ProblemsChanged)
    assert {p.type for found in changed.problems.values() for p in found} == {"DefinedTwice"}
    assert set(changed.problems) == set(ids(state))
    assert set(Model(told(apply(state, PageOpened("p"))[1])[0]).cells[b].problems[0].cells) >= {"new"}

    state, _ = ask(state, c.DeleteCells(cells=[CellId("new")]))
    _, effects = checked(state)
    assert all(found == [] for found in told(effects, n.ProblemsChanged)[0].problems.values())


def test_a_fix_edits_the_cells_and_runs_them():
    state = started("x = 1", "x = 2", "y = x")
    _, b, _ = ids(state)
    state, _ = checked(state)
    state, effects = ask(state, c.FixProblem(cell=b, name="x", fix="make_private"))

    assert codes(state)[1] == "_x = 2"
    assert [notice.updates[0].client_id for notice in told(effects, n.UpdatesAccepted)] == ["quire"]
    assert sent(effects)[-1] == RunKernelCells(cells=[b])
    assert any(found == [] for found in told(checked(state)[1], n.ProblemsChanged)[0].problems.values())


def test_merging_removes_the_other_cell():
    state = started("x = 1", "x = 2", "y = x")
    state, effects = ask(state, c.FixProblem(cell=ids(state)[0], name="x", fix="merge"))

    assert codes(state) == ["x = 1\nx = 2", "y = x"]
    assert len(told(effects, n.CellRemoved)) == 1


def test_a_statement_between_cells_is_made_a_cell_by_its_fix():
    state = opened(text=notebook_text("x = y").replace("@app.cell", "y = 2\n\n@app.cell", 1))
    state, _ = checked(apply(state, Opened())[0])
    stray, reader = ids(state)
    (problem,) = state.problems[reader]
    assert problem.type == "OutsideCell"
    state, effects = ask(state, c.FixProblem(cell=reader, name="y", fix="make_cell"))

    assert state.notebook.cell(stray).type == "cell"
    assert sent(effects)[-1] == RunKernelCells(cells=[stray])


def test_a_problem_that_is_gone_cannot_be_fixed():
    _, effects = ask(opened("x = 1"), c.FixProblem(cell=ids(opened("x = 1"))[0], name="x", fix="merge"))

    assert "gone" in refusal(effects)


def test_what_was_ipython_is_written_in_python_and_waits_to_be_read():
    state, _ = checked(started("!touch a"))
    (cell,) = ids(state)

    state, effects = ask(state, c.FixProblem(cell=cell, name="", fix="to_python"))

    assert codes(state) == ["import subprocess\n\nsubprocess.run('touch a', shell=True)"]
    assert not [command for command in sent(effects) if isinstance(command, RunKernelCells)]


def test_cells_of_one_name_are_told_and_run_all_the_same():
    text = notebook_text("a = 1", "b = 2", "c = 3").replace("def _(", "def same(", 2)
    state, _ = checked(opened(text=text))

    kinds = [[problem.type for problem in state.problems.get(cell, [])] for cell in ids(state)]
    assert kinds == [["DuplicateName"], ["DuplicateName"], []]
    assert not state.problems[ids(state)[0]][0].blocks
    assert state.graph is not None
    assert not state.graph.problems
