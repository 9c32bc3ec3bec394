"""The graph: edges, private names, problems, and updates that equal building anew."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.dataflow import Graph, Source, build_graph, describe_graph, fix_problem, plan, view_problem
from quire.errors import EditRefused
from tests.notebook.strategies import SNIPPETS


def graph(**cells: str) -> Graph:
    return build_graph({name: Source(code, _TYPES.get(name, "cell")) for name, code in cells.items()})


_TYPES = {"setup": "setup", "stray": "stray"}


def kinds(made: Graph) -> dict[str, list[str]]:
    return {cell: [problem.kind for problem in problems] for cell, problems in made.problems.items()}


def test_a_cell_depends_on_those_whose_names_it_reads():
    made = graph(a="x = 1", b="y = x", c="z = 0")

    assert made.parents("b") == {"a"}
    assert made.children("a") == {"b"}
    assert made.ancestors(["c"]) == set()


def test_cells_run_parents_first_and_the_file_breaks_ties():
    made = graph(a="z = y", b="w = 0", c="y = x", d="x = 1")

    assert made.sorted(made.order) == ("b", "d", "c", "a")


def test_a_deleting_cell_comes_after_all_readers():
    made = graph(a="del x", b="x = 1", c="print(x)")

    assert made.sorted(made.order) == ("b", "c", "a")


def test_two_cells_that_delete_one_name_wait_for_each_other():
    assert kinds(graph(a="x = 1", b="del x", c="del x")) == {"b": ["Cycle"], "c": ["Cycle"]}


def test_a_shadowed_builtin_is_a_dependency():
    assert graph(a="print = 3", b="print(1)").parents("b") == {"a"}


# -- no rename tax


def test_a_name_of_several_cells_that_nobody_else_reads_is_private_to_each():
    made = graph(a="for i in range(3): print(i)", b="for i in range(2): print(i)")

    assert not made.problems
    assert made.private("a") == made.private("b") == {"i"}
    assert made.public("a") == set()


def test_a_name_of_several_cells_that_another_reads_stops_all_of_them():
    made = graph(a="x = 1", b="x = 2", c="y = x", d="z = 0")

    assert kinds(made) == {"a": ["DefinedTwice"], "b": ["DefinedTwice"], "c": ["DefinedTwice"]}


@pytest.mark.parametrize("code", ["x += 1", "x = x + 1", "del x\nx = 2", "if c:\n    x = 2\nprint(x)"])
def test_a_cell_that_may_read_the_name_before_it_binds_it_is_a_reader(code: str):
    assert kinds(graph(a="x = 1", b=code))["b"] == ["DefinedTwice"]


def test_imports_of_one_package_are_no_conflict_and_readers_depend_on_all_of_them():
    made = graph(a="import os", b="import os.path", c="os.sep")

    assert not made.problems
    assert made.parents("c") == {"a", "b"}
    assert "os" in made.public("a")


def test_imports_under_one_name_of_two_packages_are_a_conflict():
    assert "c" in kinds(graph(a="import numpy as np", b="import cupy as np", c="np.pi"))


def test_a_private_name_that_a_function_uses_runs_under_another_name():
    made = graph(a="t = 1\ndef f(): return t", b="t = 2\ng = t")

    assert made.private("a") == {"t"}
    assert set(made.mangled("a")) == {"t"}
    assert set(made.mangled("b")) == {"t"}
    assert set(graph(a="_t = 1\ndef f(): return _t").mangled("a")) == {"_t"}


def test_a_private_name_that_only_statements_use_keeps_its_name():
    assert not graph(a="t = 1\nt", b="t = 2").mangled("a")


def test_underscore_names_of_other_cells_are_not_seen():
    assert graph(a="_x = 1", b="y = _x").parents("b") == set()


# -- annotations that are texts


def test_a_cell_depends_on_the_types_that_its_annotations_mention():
    made = graph(a="def f(x: 'Model'): ...", b="class Model: ...", c="y = 1")

    assert made.parents("a") == {"b"}
    assert made.children("b") == {"a"}


def test_types_that_mention_each_other_are_no_cycle():
    made = graph(a="class A:\n    b: 'B'", b="class B:\n    a: A", c="class C:\n    b: 'B'")

    assert not made.problems
    assert made.parents("a") == set()
    assert made.parents("b") == {"a"}
    assert made.parents("c") == {"b"}


def test_a_name_that_only_an_annotation_mentions_is_no_conflict():
    made = graph(a="n = 1", b="n = 2", c="def f(x: 'n'): ...")

    assert not made.problems
    assert made.private("a") == {"n"}
    assert made.parents("c") == set()


def test_a_cell_that_mentions_a_name_in_conflict_does_not_run_on_what_is_left_of_it():
    made = graph(a="n = 1", b="n = 2", c="def f(x: 'n'): ...", d="n")

    assert kinds(made).keys() == {"a", "b", "d"}
    assert made.why_held("c") == "cancelled"


# -- problems


def test_cells_that_wait_for_each_other_are_a_cycle():
    made = graph(a="x = y", b="y = x", c="z = 1")

    assert kinds(made) == {"a": ["Cycle"], "b": ["Cycle"]}
    assert "`x`, `y`" in str(made.problems["a"][0])


def test_the_setup_cell_may_not_read_names_of_other_cells():
    assert kinds(graph(setup="k = x", a="x = 1")) == {"setup": ["SetupReads"]}


def test_a_star_import_is_a_problem():
    assert kinds(graph(a="from math import *")) == {"a": ["StarImport"]}


def test_a_name_that_only_a_statement_between_cells_defines_is_outside():
    made = graph(stray="k = 1", a="x = k", b="y = 1")

    assert kinds(made) == {"a": ["OutsideCell"]}
    assert made.problems["a"][0].cells == ("a", "stray")


def test_a_broken_cell_costs_no_other_cell():
    made = graph(a="x = = 1", b="y = 1", c="z = y")

    assert kinds(made) == {"a": ["SyntaxProblem"]}
    assert made.parents("c") == {"b"}
    view = view_problem(made.problems["a"][0], "a", made.sources["a"].code)
    assert (view.type, view.line, view.column) == ("SyntaxProblem", 1, 5)


# -- fixes


def test_a_line_of_ipython_is_called_by_its_name_and_can_be_written_in_python():
    made = graph(a="%cd data\nx = 1", b="x")
    view = view_problem(made.problems["a"][0], "a", made.sources["a"].code)

    assert view.message == "`%cd` is a command of IPython; Python does not know it"
    assert [offered.kind for offered in view.fixes] == ["to_python"]
    assert fix_problem(made, "a", "", "to_python") == {"a": "import os\n\nos.chdir('data')\nx = 1"}


def test_fix_rename_gives_every_reader_the_value_it_had_from_top_to_bottom():
    made = graph(a="df = load()", b="df = df.dropna()", c="df.plot()", d="df += 1", e="df.tail()")

    fixed = fix_problem(made, "b", "df", "rename")

    assert fixed == {"b": "df_1 = df.dropna()", "c": "df_1.plot()", "d": "df = df_1 + (1)"}


def test_fix_private_changes_one_cell():
    assert fix_problem(graph(a="x = 1", b="x = 2\nprint(x)", c="x"), "b", "x", "make_private") == {
        "b": "_x = 2\nprint(_x)"
    }


def test_fix_merge_keeps_the_first_cell():
    assert fix_problem(graph(a="x = 1", b="x = 2", c="x"), "c", "x", "merge") == {"a": "x = 1\nx = 2", "b": None}


def test_each_offered_fix_solves_the_problem_or_refuses_with_a_reason():
    made = graph(a="x = 1", b="x = x + 1", c="y = x")
    for cell, problems in made.problems.items():
        for offered in view_problem(problems[0], cell, made.sources[cell].code).fixes:
            if offered.kind == "go_to":
                continue
            changes = fix_problem(made, cell, "x", offered.kind)
            after = made.updated(
                {c: Source(code) for c, code in changes.items() if code is not None},
                [c for c in made.order if changes.get(c, "") is not None],
            )
            assert len(after.problems) < len(made.problems), (cell, offered.kind, changes)


def test_a_fix_of_a_problem_that_is_gone_is_refused():
    with pytest.raises(EditRefused):
        fix_problem(graph(a="x = 1"), "a", "x", "rename")


# -- description


def test_the_description_is_json_with_sorted_lists_in_file_order():
    described = describe_graph(graph(b="y = x\nfor i in y: pass", a="x = 1\n_p = 2", c="for i in []: pass"))

    assert json.loads(json.dumps(described)) == {
        "cells": [
            {"id": "b", "name": "_", "defs": ["y"], "private": ["i"], "refs": ["x"], "parents": ["a"], "children": []},
            {"id": "a", "name": "_", "defs": ["x"], "private": ["_p"], "refs": [], "parents": [], "children": ["b"]},
            {"id": "c", "name": "_", "defs": [], "private": ["i"], "refs": [], "parents": [], "children": []},
        ],
        "problems": [],
    }


# -- updates


codes = st.sampled_from(
    [
        *SNIPPETS,
        "x = y",
        "y = x",
        "z = x + y",
        "x += 1",
        "del z",
        "import os",
        "import os.path",
        "print(os, z)",
        "def x(a: 'y'): ...",
        "y: 'x | z' = 1",
        "class z:\n    a: 'y'\n    b: 'os.PathLike'",
        "_t = 1",
        "t = 1",
    ]
)
sources = st.builds(
    lambda code, kind, off: Source(code, kind, disabled=off),
    codes,
    st.sampled_from(["cell"] * 8 + ["stray", "setup"]),
    st.sampled_from([False] * 6 + [True]),
)


@given(
    st.lists(sources, min_size=1, max_size=6), st.lists(st.tuples(st.integers(0, 8), sources | st.none()), max_size=6)
)
def test_an_updated_graph_equals_one_built_anew(first: list[Source], edits: list[tuple[int, Source | None]]):
    cells = {f"c{number}": source for number, source in enumerate(first)}
    updated = build_graph(cells)
    for number, source in edits:
        cell = f"c{number}"
        cells = {**cells, cell: source} if source else {name: old for name, old in cells.items() if name != cell}
        if number == 8:
            cells = dict(reversed(cells.items()))
        updated = updated.updated({cell: source} if source else {}, tuple(cells))

    anew = build_graph(cells)

    assert describe_graph(updated) == describe_graph(anew)
    assert updated.sorted(updated.order) == anew.sorted(anew.order)
    assert [dict(updated.mangled(cell)) for cell in cells] == [dict(anew.mangled(cell)) for cell in cells]
    for cell in cells:
        assert updated.children(cell) == anew.children(cell) == {c for c in cells if cell in anew.parents(c)}
        assert updated.why_held(cell) == anew.why_held(cell)


@given(st.lists(sources, min_size=1, max_size=6))
def test_what_is_forbidden_holds_everything_below(first: list[Source]):
    made = build_graph({f"c{number}": source for number, source in enumerate(first)})
    blocked, disabled = set(made.problems), set(made.disabled)
    below_disabled, below_blocked = made.descendants(disabled), made.descendants(blocked)
    for cell in made.order:
        why = ""
        if cell in disabled or (cell in below_disabled and cell not in blocked):
            why = "disabled"
        elif cell in blocked:
            why = "blocked"
        elif cell in below_blocked:
            why = "cancelled"
        assert made.why_held(cell) == why


@given(st.lists(sources, min_size=1, max_size=6))
def test_every_cell_runs_after_those_it_depends_on(first: list[Source]):
    made = build_graph({f"c{number}": source for number, source in enumerate(first)})
    done: set[str] = set()
    for cell in plan(made, made, made.order).run:
        assert made.parents(cell) <= done
        done.add(cell)
