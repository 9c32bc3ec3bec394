"""What runs after an edit."""

from hypothesis import given
from hypothesis import strategies as st

from quire.dataflow import Graph, Source, build_graph, plan

from .test_graph import sources


def graph(**cells: str) -> Graph:
    return build_graph({name: Source(code) for name, code in cells.items()})


def test_editing_a_definition_reruns_its_readers_only():
    """A cell that does not read the changed name is left alone."""
    before = graph(a="x = 1", b="y = x", c="z = 0")
    after = before.updated({"a": Source("x = 2")})

    assert plan(before, after, roots={"a"}).run == ("a", "b")


def test_lazy_mode_runs_what_was_asked_and_marks_the_rest():
    before = graph(a="x = 1", b="y = x", c="z = y")

    found = plan(before, before, roots={"a"}, lazy=True)

    assert (found.run, found.stale) == (("a",), {"b", "c"})


def test_a_name_that_is_no_longer_defined_is_forgotten_and_its_readers_run():
    before = graph(a="x = 1", b="y = x")
    after = before.updated({"a": Source("w = 1")})

    found = plan(before, after, roots={"a"})

    assert (found.forget, found.run) == ({"x"}, ("a", "b"))


def test_deleting_a_cell_forgets_its_names_and_runs_its_readers():
    before = graph(a="x = 1", b="y = x", c="z = 1")
    after = before.updated({}, ("b", "c"))

    found = plan(before, after, roots=())

    assert (found.forget, found.run) == ({"x"}, ("b",))


def test_moving_a_cell_runs_nothing():
    before = graph(a="x = 1", b="y = x", c="z = 1")

    found = plan(before, before.updated({}, ("c", "b", "a")), roots=())

    assert (found.forget, found.run, found.stale) == (frozenset(), (), frozenset())


def test_cells_in_conflict_and_what_depends_on_them_do_not_run():
    before = graph(a="x = 1", c="y = x", d="z = y", e="w = 1")
    after = before.updated({"b": Source("x = 2")}, ("a", "b", "c", "d", "e"))

    found = plan(before, after, roots={"b", "e"})

    assert found.run == ("e",)
    assert set(found.problems) == {"a", "b", "c"}


def test_a_conflict_that_is_solved_lets_everybody_run():
    before = graph(a="x = 1", b="x = 2", c="y = x")
    after = before.updated({"b": Source("x_1 = 2")})

    assert plan(before, after, roots={"b"}).run == ("a", "b", "c")


def test_disabled_cells_and_what_depends_on_them_do_not_run():
    before = build_graph({"a": Source("x = 1", disabled=True), "b": Source("y = x"), "c": Source("z = 1")})

    assert plan(before, before, roots=before.order).run == ("c",)


def test_a_new_definer_of_a_missing_name_runs_those_who_wait_for_it():
    before = graph(b="y = x")
    after = before.updated({"a": Source("x = 1")}, ("b", "a"))

    assert plan(before, after, roots={"a"}).run == ("a", "b")


def test_a_mention_that_is_no_longer_sure_is_lost():
    """Nobody defines the type for others any more."""
    before = graph(a="x = 1", b="def f(a: 'x'): ...")
    after = before.updated({"c": Source("x = 2")}, ("a", "b", "c"))

    assert plan(before, after, roots=()).run == ("b",)


@given(
    st.lists(sources, min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, 7), sources | st.none()), max_size=4),
    st.sets(st.integers(0, 7)),
    st.sampled_from([{}, {"lazy": True}]),
)
def test_a_plan_after_edits_is_the_one_of_graphs_built_anew(
    first: list[Source], edits: list[tuple[int, Source | None]], asked: set[int], mode: dict[str, bool]
):
    cells = {f"c{number}": source for number, source in enumerate(first)}
    after = {**cells, **{f"c{number}": source for number, source in edits if source}}
    after = {cell: source for cell, source in after.items() if (int(cell[1:]), None) not in edits}
    before = build_graph(cells)
    changed = {cell: source for cell, source in after.items() if cells.get(cell) is not source}
    roots = {f"c{number}" for number in asked}

    found = plan(before, before.updated(changed, tuple(after)), roots, **mode)

    assert found == plan(build_graph(cells), build_graph(after), roots, **mode)
