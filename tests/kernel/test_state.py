"""What runs, in which order, what is out of date, and what is told: decided without running anything."""

from quire.dataflow import Source
from quire.ids import CellId
from quire.kernel.events import (
    CellEnded,
    Discarded,
    DropCells,
    ForgetNames,
    Ready,
    RunAsked,
    SettleCell,
    StaleAsked,
    StartCell,
)
from quire.protocol.notices import CellFinished, CellsQueued, ProblemsChanged

from .planning import Notebook, chain

# -- running


def test_a_new_kernel_runs_nothing_by_itself():
    notebook = Notebook(a="x = 1", b="y = x")

    assert notebook.go() == []
    assert notebook.stale() == {"a", "b"}


def test_cells_run_in_the_order_of_their_dependencies():
    assert Notebook(c="z = y", a="x = 1", b="y = x").run("a", "b", "c") == ["a", "b", "c"]


def test_what_depends_on_a_cell_runs_after_it():
    assert chain().run("b") == ["b", "c"]


def test_a_cell_that_nobody_reads_runs_alone():
    assert chain().run("d") == ["d"]


def test_ancestors_that_never_ran_run_first():
    notebook = Notebook(a="x = 1", b="y = x", c="z = y")
    assert notebook.run("c") == ["a", "b", "c"]


def test_ancestors_that_are_up_to_date_do_not_run_again():
    assert chain().run("c") == ["c"]


def test_an_edited_ancestor_runs_first():
    notebook = chain()
    notebook.sync(a="x = 2")
    assert notebook.run("c") == ["a", "b", "c"]


def test_a_cell_can_run_with_what_it_needs_and_nothing_else():
    notebook = Notebook(a="x = 1", b="y = x", c="z = y", d="x + 1")
    notebook.apply(RunAsked([CellId("b")], below=False))

    assert notebook.go() == ["a", "b"]
    assert notebook.stale() == {"c", "d"}


def test_what_a_dependent_needs_and_never_ran_runs_too():
    notebook = Notebook(a="x = 1", n="import math", c="math.floor(x)")
    assert notebook.run("a") == ["a", "n", "c"]


def test_an_edited_cell_waits_until_it_is_asked_for():
    notebook = chain()
    notebook.sync(a="x = 2")

    assert notebook.go() == []
    assert notebook.stale() == {"a", "b", "c"}


def test_run_stale_runs_exactly_what_is_out_of_date():
    notebook = chain()
    notebook.sync(b="y = x + 1")
    notebook.apply(StaleAsked())
    assert notebook.go() == ["b", "c"]
    assert notebook.stale() == set()

    notebook.apply(StaleAsked())
    assert notebook.go() == []


def test_an_unknown_cell_is_not_run():
    notebook = chain()
    assert notebook.run("nobody") == []


def test_statements_between_cells_never_run():
    notebook = Notebook(a="x = 1")
    notebook.sync(s=Source("print(1)", "stray"))
    assert notebook.run("a", "s") == ["a"]
    assert notebook.stale() == set()


def test_the_setup_cell_runs_before_its_readers():
    notebook = Notebook(a="y = np")
    notebook.sync(s=Source("np = 1", "setup"))
    assert notebook.run("a") == ["s", "a"]


def test_an_empty_cell_is_never_out_of_date():
    notebook = Notebook(a="", b="  \n")
    assert notebook.stale() == set()
    assert notebook.run("a") == ["a"]


def test_queued_cells_are_told_in_the_order_in_which_they_run():
    notebook = chain()
    notebook.ask("a")
    assert notebook.notices(CellsQueued) == [CellsQueued(cells=[CellId("a"), CellId("b"), CellId("c")])]


def test_asking_twice_runs_once():
    notebook = chain()
    notebook.ask("a")
    notebook.ask("a")
    notebook.ask("b")
    assert notebook.go() == ["a", "b", "c"]
    assert len(notebook.notices(CellsQueued)) == 1


def test_a_run_knows_which_names_are_public_private_and_mangled():
    notebook = Notebook(a="x = _p = 1\ndef f(): return _q\n_q = 2\ni = 0", b="i = 1", c="x")
    notebook.ask("a")
    (start,) = [effect for effect in notebook.apply(Ready()) if isinstance(effect, StartCell)]

    assert set(start.mangled) == {"_q"}
    assert start.public == {"x", "f", start.mangled["_q"]}
    assert start.private == {"_p", "i"}


def test_a_name_that_was_deleted_comes_back_for_who_reads_it():
    """`del` in a last cell frees memory; a cell above it can be edited and run all the same."""
    notebook = Notebook(a="x = 1", b="y = x", c="del x")
    notebook.run("a", "b", "c")

    notebook.sync(b="y = x + 1")
    assert notebook.run("b") == ["a", "b", "c"]
    assert notebook.run("c") == ["a", "b", "c"]


# -- failing


def test_a_failure_cancels_what_depends_on_it_and_nothing_else():
    notebook = chain()
    notebook.fail = {"a"}
    assert notebook.run("a", "d") == ["a", "d"]
    assert [notebook.outcome(cell) for cell in "abcd"] == ["failed", "cancelled", "cancelled", "succeeded"]
    assert notebook.stale() == {"a", "b", "c"}


def test_no_cell_runs_on_what_a_failed_cell_left():
    """Also when asked explicitly: the failed ancestor runs first, and if it fails again, that is the end."""
    notebook = chain()
    notebook.fail = {"a"}
    notebook.run("a")
    assert notebook.run("c") == ["a"]
    notebook.fail = set()
    assert notebook.run("c") == ["a", "b", "c"]
    assert notebook.stale() == set()


def test_a_new_value_does_not_run_a_failed_ancestor_again():
    notebook = Notebook(s="s = 1", a="x = 1", b="x + s")
    notebook.fail = {"a"}
    notebook.run("s", "a", "b")
    notebook.set_element("s")

    assert notebook.go() == []
    assert notebook.outcome("b") == "cancelled"


def test_a_finished_cell_says_how_it_ended_and_how_long_it_took():
    notebook = chain()
    notebook.run("d")
    assert notebook.notices(CellFinished) == [CellFinished(cell=CellId("d"), outcome="succeeded", duration=0.1)]


def test_a_cell_that_failed_for_want_of_a_name_runs_when_the_name_appears():
    notebook = Notebook(a="y = x")
    notebook.missing = {"a": "x"}
    notebook.run("a")
    notebook.missing = {}
    notebook.sync(b="x = 1")
    assert notebook.go() == []
    assert notebook.run("b") == ["b", "a"]


def test_a_name_that_appears_without_a_run_serves_those_who_wanted_it():
    """Two definers; one is deleted, so the other's name is public: it moved, and nobody had to run it again."""
    notebook = Notebook(a="x = 1", b="x = 2")
    notebook.run("a", "b")
    notebook.sync(c="y = globals()['x']")
    notebook.missing = {"c": "x"}
    notebook.run("c")
    notebook.missing = {}
    effects = notebook.sync(remove=["b"])

    assert SettleCell(CellId("a"), frozenset({"x"}), frozenset()) in effects
    assert notebook.go() == ["c"]


def test_a_cell_that_only_moved_in_the_file_keeps_its_values_where_they_belong():
    """A definer above is deleted: the other one is told of with its new line, and its name is public from then on."""
    notebook = Notebook(b="x = 2", a="x = 1")
    notebook.run("b", "a")

    effects = notebook.sync(remove=["b"], a="x = 1")

    assert SettleCell(CellId("a"), frozenset({"x"}), frozenset()) in effects


# -- interrupting


def test_an_interrupted_cell_empties_the_queue():
    notebook = chain()
    notebook.interrupt = {"a"}
    assert notebook.run("a", "d") == ["a"]
    assert notebook.outcome("a") == "interrupted"
    assert notebook.stale() == {"a", "b", "c"}
    assert [notice.cell for notice in notebook.notices(CellFinished)] == ["a", "b", "c", "d"]


def test_discarding_leaves_up_to_date_what_nothing_has_touched():
    notebook = chain()
    notebook.ask("a", "d")
    notebook.apply(Discarded())

    assert notebook.go() == []
    assert notebook.stale() == set()
    assert {notice.outcome for notice in notebook.notices(CellFinished)} == {"succeeded"}


def test_discarding_half_way_leaves_the_rest_out_of_date():
    notebook = chain()
    notebook.ask("a")
    notebook.before_next = lambda: notebook.apply(Discarded()) and None if notebook.ran == ["a"] else None
    assert notebook.go() == ["a"]
    assert notebook.stale() == {"b", "c"}


# -- problems


def twice() -> Notebook:
    notebook = Notebook(a="x = 1", c="y = x", d="z = y", e="w = 0")
    notebook.run("a", "c", "d", "e")
    notebook.effects.clear()
    return notebook


def test_a_second_definer_blocks_definers_and_readers():
    notebook = twice()
    notebook.sync(b="x = 2")
    (told,) = notebook.notices(ProblemsChanged)

    assert set(told.problems) == {"a", "b", "c"}
    assert notebook.stale() == {"a", "b", "c", "d"}
    assert notebook.run("a", "b", "c", "d", "e") == ["e"]
    assert [notebook.outcome(cell) for cell in "abcde"] == ["blocked", "blocked", "blocked", "cancelled", "succeeded"]


def test_what_was_blocked_runs_when_the_problem_is_gone():
    notebook = twice()
    notebook.sync(b="x = 2")
    notebook.run("b")
    notebook.sync(remove=["b"])

    assert notebook.go() == ["a", "c", "d"]
    assert notebook.stale() == set()
    assert notebook.notices(ProblemsChanged)[-1].problems == {"a": [], "c": []}


def test_the_author_of_a_fix_says_when_the_fixed_cell_runs():
    notebook = twice()
    notebook.sync(b="x = 2")
    notebook.run("b")
    notebook.sync(b="x2 = 2")

    assert "b" not in notebook.go()
    assert notebook.outcome("c") == "succeeded"
    assert notebook.run("b") == ["b"]


def test_a_cycle_blocks_its_cells_only():
    notebook = Notebook(a="x = y", b="y = x", c="z = 1")
    assert notebook.run("a", "b", "c") == ["c"]
    assert notebook.outcome("a") == "blocked"


def test_a_syntax_error_blocks_its_cell():
    notebook = Notebook(a="x = = 1", b="y = 1")
    assert notebook.run("a", "b") == ["b"]
    assert notebook.outcome("a") == "blocked"


def test_a_blocked_cell_is_told_again_when_asked_again():
    notebook = Notebook(a="x = = 1")
    notebook.run("a")
    notebook.effects.clear()
    notebook.run("a")
    assert [notice.outcome for notice in notebook.notices(CellFinished)] == ["blocked"]


# -- disabled


def test_a_disabled_cell_and_what_depends_on_it_do_not_run():
    notebook = chain()
    notebook.sync(b=Source("y = x", disabled=True))
    assert notebook.run("a") == ["a"]
    assert [notebook.outcome(cell) for cell in "bc"] == ["disabled", "disabled"]
    assert notebook.stale() == {"b", "c"}


def test_an_enabled_cell_runs_if_it_was_held_back():
    notebook = chain()
    notebook.sync(b=Source("y = x", disabled=True))
    notebook.run("a")
    notebook.sync(b=Source("y = x"))
    assert notebook.go() == ["b", "c"]


# -- deleting, moving


def test_deleting_a_cell_forgets_its_names_and_runs_its_readers():
    notebook = chain()
    effects = notebook.sync(remove=["a"])

    assert DropCells((CellId("a"),)) in effects
    assert ForgetNames(frozenset({"x"})) in effects
    assert notebook.go() == ["b", "c"]


def test_deleting_a_cell_runs_nothing_that_never_ran():
    notebook = Notebook(a="x = 1", b="y = x")
    notebook.sync(remove=["a"])
    assert notebook.go() == []


def test_a_deleted_cell_leaves_the_queue():
    notebook = chain()
    notebook.ask("d")
    notebook.sync(remove=["d"])
    assert notebook.go() == []


def test_a_name_no_longer_defined_is_gone_and_its_readers_run():
    notebook = chain()
    effects = notebook.sync(a="x2 = 1")

    assert ForgetNames(frozenset({"x"})) in effects
    assert notebook.go() == ["b", "c"]


def test_moving_cells_runs_nothing():
    notebook = chain()
    notebook.sync(order=["d", "c", "b", "a"])
    assert notebook.go() == []
    assert notebook.stale() == set()


def test_renaming_a_cell_runs_nothing():
    notebook = chain()
    notebook.sync(a=Source("x = 1", name="first"))
    assert notebook.go() == []
    assert notebook.stale() == set()


def test_a_second_definer_without_readers_hides_the_first_ones_value():
    notebook = Notebook(a="i = 1")
    notebook.run("a")
    effects = notebook.sync(b="i = 2")

    assert SettleCell(CellId("a"), frozenset(), frozenset({"i"})) in effects
    assert notebook.run("b") == ["b"]
    assert notebook.stale() == set()


def test_a_deleted_cell_that_was_running_is_forgotten():
    notebook = chain()
    notebook.ask("d")
    notebook.apply(Ready())
    notebook.sync(remove=["d"])
    assert notebook.apply(CellEnded(CellId("d"), "succeeded", 0.1)) == []
    assert notebook.run("a") == ["a", "b", "c"]


# -- elements


def test_a_new_value_runs_the_readers_and_never_the_definer():
    notebook = Notebook(s="s = slider()", a="x = s.value", b="y = x", c="z = 1")
    notebook.run("s", "a", "b", "c")
    notebook.set_element("s")
    assert notebook.go() == ["a", "b"]


def test_a_drag_does_not_pile_up():
    notebook = Notebook(s="s = slider()", a="x = s.value", b="y = x")
    notebook.run("s", "a", "b")
    for _ in range(100):
        notebook.set_element("s")
    assert notebook.go() == ["a", "b"]


def test_a_newer_value_while_its_readers_run_starts_them_again_once():
    notebook = Notebook(s="s = slider()", a="x = s.value", b="y = x")
    notebook.run("s", "a", "b")
    notebook.set_element("s")

    def once_more() -> None:
        if notebook.ran == ["a"]:
            notebook.set_element("s")

    notebook.before_next = once_more
    # `once_more` is called again before the second `a`; by then more has run.
    assert notebook.go() == ["a", "a", "b"]
    assert notebook.stale() == set()


def test_several_new_values_run_common_readers_once():
    notebook = Notebook(s="s = slider()", t="t = slider()", a="x = s, t")
    notebook.run("s", "t", "a")
    notebook.set_element("s")
    notebook.set_element("t")
    assert notebook.go() == ["a"]


def test_a_reader_of_an_edited_ancestor_runs_and_stays_out_of_date():
    """The edited cell waits for its author; what it left is still whole."""
    notebook = Notebook(s="s = slider()", a="x = 1", b="y = x + s.value")
    notebook.run("s", "a", "b")
    notebook.sync(a="x = 2")
    notebook.set_element("s")

    assert notebook.go() == ["b"]
    assert notebook.stale() == {"a", "b"}
