"""What holds of the state after any steps whatever."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from quire.dataflow import Source, build_graph
from quire.ids import CellId
from quire.kernel.events import CellsSynced, Discarded, Effect, RunAsked, StaleAsked
from quire.kernel.state import apply
from quire.protocol.notices import CellsStale
from tests.examples import examples

from .planning import Notebook, chain

CODES = ["", "x = 1", "y = x", "z = y", "x = 2", "w = x + z", "y = = 1", "import os", "os.sep", "del x", "i = 0", "i"]
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("sync"), st.sampled_from("abcd"), st.sampled_from(CODES), st.booleans()),
        st.tuples(st.just("remove"), st.sampled_from("abcd")),
        st.tuples(st.just("run"), st.sampled_from("abcd"), st.sampled_from(["", "a", "b"])),
        st.tuples(st.just("stale")),
        st.tuples(st.just("discard")),
    ),
    max_size=14,
)


@examples(1.5)
@given(STEPS)
def test_whatever_happens_no_cell_runs_on_values_that_are_not_there(steps: list[tuple[Any, ...]]):
    """And nothing waits for ever, and what is up to date has ancestors that are."""
    notebook = Notebook()
    for step in steps:
        match step:
            case ("sync", cell, code, disabled):
                notebook.sync(**{cell: Source(code, disabled=disabled and code == "x = 1")})
            case ("remove", cell) if cell in notebook.sources:
                notebook.sync(remove=[cell])
            case ("run", cell, failing):
                notebook.fail = {failing}
                notebook.ask(cell)
            case ("stale",):
                notebook.apply(StaleAsked())
            case ("discard",):
                notebook.apply(Discarded())
            case _:
                continue

        def check() -> None:
            queue = notebook.state.queue
            if queue and all(
                notebook.state.records[parent].outcome == "succeeded"
                for parent in notebook.state.graph.parents(queue[0])
            ):
                assert queue[0] not in notebook.state.graph.problems
                assert queue[0] not in notebook.state.graph.disabled

        notebook.before_next = check
        notebook.go()
        records, graph = notebook.state.records, notebook.state.graph
        assert set(records) == set(graph.order)
        assert notebook.state.queue == ()
        for cell, record in records.items():
            if not record.stale and graph.sources[cell].code.strip():
                assert record.outcome == "succeeded"
                assert not any(records[parent].stale for parent in graph.parents(cell))


@given(STEPS)
def test_what_follows_from_an_edit_is_what_would_follow_in_a_graph_built_anew(steps: list[tuple[Any, ...]]):
    """State and effects; the order in which cells are told of does not matter."""
    notebook = Notebook()
    for step in steps:
        before = notebook.state
        match step:
            case ("sync", cell, code, disabled):
                notebook.sync(**{cell: Source(code, disabled=disabled and code == "x = 1")})
            case ("remove", cell) if cell in notebook.sources:
                notebook.sync(remove=[cell])
            case ("run", cell, failing):
                notebook.fail = {failing}
                notebook.run(cell)
                continue
            case _:
                continue
        graph = build_graph({cell: before.graph.sources[cell] for cell in before.graph.order})
        event, followed = notebook.last
        state, effects = apply(replace(before, graph=graph), event)

        assert (dict(state.records), state.queue) == (dict(notebook.state.records), notebook.state.queue)
        assert _unordered(effects) == _unordered(followed)


def _unordered(effects: list[Effect]) -> list[str]:
    return sorted(str(sorted(repr(effect))) for effect in effects)


def test_a_thousand_cells_are_planned_in_passing():
    """Not a measurement: a guard against a step whose cost grows with the square."""
    notebook = Notebook(**{f"c{i}": f"x{i} = x{i - 1}" if i else "x0 = 0" for i in range(1000)})
    assert len(notebook.run("c0")) == 1000


def test_state_is_a_value():
    """Applying an event changes nothing that somebody else holds."""
    notebook = chain()
    before = notebook.state
    kept = (dict(before.records), before.queue)
    apply(before, RunAsked([CellId("a")]))
    apply(before, CellsSynced(before.graph.order, {CellId("a"): Source("x = 5")}))

    assert (dict(before.records), before.queue) == kept
    assert notebook.notices(CellsStale) == []
