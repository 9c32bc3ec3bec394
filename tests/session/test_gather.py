"""Runs told as one say what they said apart."""

from copy import deepcopy

from hypothesis import given
from hypothesis import strategies as st

from quire.ids import CellId
from quire.protocol import notices as n
from quire.protocol.codec import encode
from quire.protocol.messages import CellView, ConsoleText, Costs, Message, Output
from quire.session.gather import gather_runs
from tests.session.model import Model

A, B, C = CellId("a"), CellId("b"), CellId("c")


def run(cell: CellId, text: str | None = None, duration: float = 1.0, memory: int | None = None) -> list[Message]:
    """What a run of this cell says; its output is other than before when a text is given."""
    costs = None if memory is None else Costs(cpu=0.5, memory=memory, peak=5000)
    shown: list[Message] = [] if text is None else [n.OutputChanged(cell=cell, output=Output("text/plain", text))]
    return [
        n.CellStarted(cell=cell, started=5.0),
        *shown,
        n.CellFinished(cell=cell, outcome="succeeded", duration=duration, costs=costs),
    ]


def ran(*cells: CellId, **outputs: str) -> n.CellsRan:
    shown = {CellId(cell): Output("text/plain", text) for cell, text in outputs.items()}
    return n.CellsRan(cells=list(cells), durations=[1.0] * len(cells), memory=[None] * len(cells), outputs=shown)


def printed(cell: CellId) -> Message:
    return n.ConsoleWritten(cell=cell, console=ConsoleText(stream="stdout", text="x"))


IDLE = n.KernelChanged(status="idle")


def test_runs_that_follow_each_other_are_one():
    assert gather_runs([*run(A, "1"), *run(B), *run(C, "3"), IDLE]) == [ran(A, B, C, a="1", c="3"), IDLE]


def test_of_what_they_took_the_memory_is_told():
    """The rest is told to who asks: see `ListRuns`."""
    (told,) = gather_runs([*run(A, memory=4096), *run(B)])

    assert isinstance(told, n.CellsRan)
    assert told.memory == [4096, None]


def test_a_hundred_dependents_fit_into_ten_kilobytes():
    cells = [CellId(f"{number:08x}") for number in range(100)]
    runs = [notice for cell in cells for notice in run(cell, f"'v{cell}:2;'", 0.000_123, memory=135_168)]

    assert len(encode(gather_runs(runs))) <= 10_000


def test_one_run_stays_as_it_is():
    assert gather_runs([IDLE, *run(A, "1"), IDLE]) == [IDLE, *run(A, "1"), IDLE]


def test_runs_that_printed_or_failed_or_are_stale_stay_as_they_are():
    loud = [n.CellStarted(cell=A, started=5.0), printed(A), n.CellFinished(cell=A, outcome="succeeded")]
    failed = [n.CellStarted(cell=A, started=5.0), n.CellFinished(cell=A, outcome="failed")]
    stale = [n.CellStarted(cell=A, started=5.0), n.CellFinished(cell=A, outcome="succeeded", stale=True)]

    for frame in (loud * 2, failed * 2, stale * 2):
        assert gather_runs(frame) == frame


def test_a_run_that_began_in_an_earlier_frame_stays_as_it_is():
    assert gather_runs([*run(A)[1:], *run(B), *run(C)]) == [*run(A)[1:], ran(B, C)]


def test_what_stands_between_runs_stays_between_them():
    frame = [*run(A), *run(B), printed(B), *run(C), *run(A)]

    assert gather_runs(frame) == [ran(A, B), printed(B), ran(C, A)]


def page() -> Model:
    """One that shows three cells."""
    cells = [CellView(id=cell, type="cell", name="_", code="", version=0) for cell in (A, B, C)]
    return Model(
        n.NotebookOpened(
            epoch="e", client_id="p", path="", title="", cells=cells, kernel="busy", save="saved", save_message="",
            elements={}, quire_version="0",
        )
    )  # fmt: skip


NOTICES = st.one_of(
    st.builds(
        run,
        st.sampled_from([A, B, C]),
        st.none() | st.sampled_from("12"),
        st.sampled_from([0.5, 1.0]),
        st.sampled_from([None, 0, 70_000]),
    ),
    st.sampled_from([A, B, C]).map(lambda cell: [printed(cell)]),
    st.sampled_from([A, B, C]).map(lambda cell: [n.CellStarted(cell=cell, started=5.0)]),
    st.builds(
        lambda cell, outcome, stale: [n.CellFinished(cell=cell, outcome=outcome, stale=stale)],
        st.sampled_from([A, B, C]),
        st.sampled_from(["succeeded", "failed"]),
        st.booleans(),
    ),
    st.just([n.CellsStale(cells=[A, C])]),
)


@given(st.lists(NOTICES, max_size=12))
def test_a_page_that_is_told_so_shows_the_same(parts: list[list[Message]]):
    frame = [notice for part in parts for notice in part]
    # Of the outputs of one cell in a frame the last is kept: see the outbox.
    last = {notice.cell: notice for notice in frame if isinstance(notice, n.OutputChanged)}
    frame = [notice for notice in frame if not isinstance(notice, n.OutputChanged) or last[notice.cell] is notice]
    apart = page()
    together = deepcopy(apart)
    for notice in frame:
        apart.take_notice(notice)
    for notice in gather_runs(frame):
        together.take_notice(notice)

    assert together.view() == apart.view()
