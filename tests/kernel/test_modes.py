"""Automatic and lazy runs, cells of nothing but imports, and what exactly is out of date."""

from quire.dataflow import Source
from quire.kernel.events import Discarded, LazySet, StaleAsked
from quire.protocol.notices import CellsStale

from .planning import Notebook, chain


def lazy_chain() -> Notebook:
    notebook = chain()
    notebook.apply(LazySet(lazy=True))
    return notebook


# -- lazy


def test_in_lazy_mode_what_depends_on_a_cell_becomes_stale_instead_of_running():
    notebook = lazy_chain()

    assert notebook.run("a") == ["a"]
    assert notebook.stale() == {"b", "c"}
    assert [set(notice.cells) for notice in notebook.notices(CellsStale)] == [{"b", "c"}]


def test_in_lazy_mode_stale_ancestors_run_first_and_nobody_else():
    notebook = lazy_chain()
    notebook.run("a")

    assert notebook.run("c") == ["b", "c"]
    assert notebook.stale() == set()


def test_in_lazy_mode_a_cell_below_a_failed_one_is_out_of_date():
    notebook = lazy_chain()
    notebook.fail = {"a"}

    assert notebook.run("a") == ["a"]
    assert notebook.stale() == {"a", "b", "c"}
    assert notebook.run("c") == ["a"]
    assert notebook.outcome("c") == "cancelled"


def test_in_lazy_mode_a_slider_makes_its_readers_stale():
    notebook = Notebook(s="s = slider()", r="x = s", t="y = x")
    notebook.run("s")
    notebook.apply(LazySet(lazy=True))
    notebook.set_element("s")

    assert notebook.go() == []
    assert notebook.stale() == {"r", "t"}
    notebook.apply(StaleAsked())
    assert notebook.go() == ["r", "t"]


def test_in_lazy_mode_a_run_button_runs_its_readers_with_what_they_need():
    notebook = Notebook(s="s = button()", a="x = 1", r="y = s + x", t="z = y")
    notebook.run("s", "a")
    notebook.apply(LazySet(lazy=True))
    notebook.sync(a="x = 2")
    notebook.set_element("s", asked=True)

    assert notebook.go() == ["a", "r"]
    assert notebook.stale() == {"t"}


def test_in_lazy_mode_a_deleted_definer_makes_its_readers_stale():
    notebook = lazy_chain()
    notebook.sync(remove=["a"])
    assert notebook.go() == []
    assert notebook.stale() == {"b", "c"}


def test_in_lazy_mode_a_cell_that_is_no_longer_forbidden_waits():
    notebook = Notebook(a="x = 1", b="x = 2", c="x")
    notebook.run("a", "b", "c")
    notebook.apply(LazySet(lazy=True))
    notebook.sync(b="y = 2")
    assert notebook.go() == []
    assert notebook.stale() == {"a", "b", "c"}


def test_a_cell_in_the_queue_is_not_told_to_be_stale_as_well():
    notebook = lazy_chain()
    assert notebook.run("a", "b", "c") == ["a", "b", "c"]
    assert notebook.notices(CellsStale) == []
    assert notebook.stale() == set()


def test_back_in_automatic_mode_cells_run_by_themselves_again():
    notebook = lazy_chain()
    notebook.apply(LazySet(lazy=False))
    assert notebook.go() == []
    assert notebook.run("a") == ["a", "b", "c"]


def test_a_cell_that_was_switched_off_and_on_again_is_as_up_to_date_as_before():
    notebook = chain()
    notebook.sync(a=Source("x = 1", disabled=True))
    assert notebook.stale() == set()
    notebook.sync(a=Source("x = 1"))
    assert notebook.go() == []


def test_what_became_stale_while_it_was_switched_off_runs_when_it_is_switched_on():
    notebook = chain()
    notebook.sync(b=Source("y = x", disabled=True))
    notebook.run("a")
    assert notebook.stale() == {"b", "c"}
    notebook.sync(b=Source("y = x"))
    assert notebook.go() == ["b", "c"]


# -- imports


def test_imports_that_run_again_run_nobody_who_reads_what_was_there():
    notebook = Notebook(i="import os\nimport sys", a="os.sep", b="sys.path")
    notebook.run("i")

    assert notebook.run("i") == ["i"]
    assert notebook.stale() == set()


def test_a_new_import_runs_and_outdates_those_who_read_it():
    notebook = Notebook(i="import os", a="os.sep", b="re.compile")
    notebook.missing = {"b": "re"}
    notebook.run("i", "b")
    notebook.missing = {}
    notebook.sync(i="import os\nimport re")

    assert notebook.stale() == {"i", "b"}
    assert notebook.run("i") == ["i", "b"]


def test_an_import_of_something_else_under_the_same_name_runs_its_readers():
    notebook = Notebook(i="from math import floor as f, ceil", a="f(1)", b="ceil(1)")
    notebook.run("i")
    notebook.sync(i="from math import ceil, sqrt as f")

    assert notebook.stale() == {"i", "a"}
    assert notebook.run("i") == ["i", "a"]


def test_readers_that_have_not_succeeded_run_with_their_imports():
    notebook = Notebook(i="import os", a="os.sep", b="os.name")
    notebook.fail = {"a"}
    notebook.run("i")
    notebook.fail = set()
    assert notebook.run("i") == ["i", "a"]


def test_an_import_that_fails_holds_its_readers_up_and_runs_them_when_it_works():
    notebook = Notebook(i="import os", a="os.sep")
    notebook.run("i")
    notebook.fail = {"i"}
    notebook.run("i")
    assert notebook.stale() == {"i", "a"}

    notebook.fail = set()
    assert notebook.run("i") == ["i", "a"]


def test_a_cell_that_does_more_than_import_runs_all_its_readers():
    notebook = Notebook(i="import os\nx = 1", a="os.sep")
    notebook.run("i")
    assert notebook.run("i") == ["i", "a"]


def test_imports_that_become_something_else_run_their_readers():
    notebook = Notebook(i="import os", a="os.sep")
    notebook.run("i")
    notebook.sync(i="os = 1")
    assert notebook.stale() == {"i", "a"}
    assert notebook.run("i") == ["i", "a"]


def test_a_setup_of_imports_behaves_like_any_cell_of_imports():
    notebook = Notebook(a="os.sep", b="sys.path")
    notebook.sync(s=Source("import os\nimport sys", "setup"))
    notebook.run("s")
    notebook.sync(s=Source("import os\nimport sys as sys", "setup"))
    assert notebook.stale() == {"s", "b"}


# -- what is out of date when nothing more is to run


def test_a_reader_whose_slider_moved_is_out_of_date_until_it_has_run():
    notebook = Notebook(s="s = slider()", r="x = s", t="y = x", u="1")
    notebook.run("s", "u")
    notebook.set_element("s")
    notebook.ask("u")
    notebook.apply(Discarded())

    assert notebook.go() == []
    assert notebook.stale() == {"r", "t"}


def test_what_was_asked_for_and_up_to_date_stays_so_when_it_does_not_run():
    notebook = chain()
    notebook.ask("b", "d")
    notebook.apply(Discarded())
    assert notebook.stale() == set()


def test_what_stands_below_a_cell_that_ran_is_out_of_date_when_the_rest_is_not_to_run():
    notebook = chain()
    notebook.ask("a", "d")
    notebook.before_next = lambda: len(notebook.ran) == 1 and notebook.apply(Discarded()) and None
    assert notebook.go() == ["a"]
    assert notebook.stale() == {"b", "c"}
