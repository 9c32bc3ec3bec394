"""What waits for one page: gathered, in order, and bounded."""

import asyncio

from quire.ids import CellId
from quire.protocol import notices as n
from quire.protocol.messages import ConsoleText, Output
from quire.session import outbox as outbox_module
from quire.session.events import PageId
from quire.session.outbox import FRAME_SECONDS, MOST_CHARACTERS, MOST_NOTICES, Outbox

A, B = CellId("a"), CellId("b")


def printed(text: str, cell: CellId = A) -> n.ConsoleWritten:
    return n.ConsoleWritten(cell=cell, console=ConsoleText(stream="stdout", text=text))


def output(text: str, cell: CellId = A) -> n.OutputChanged:
    return n.OutputChanged(cell=cell, output=Output(mime="text/plain", text=text))


def whole() -> n.NotebookOpened:
    return n.NotebookOpened(
        epoch="e", client_id="p", path="", title="", cells=[], kernel="idle", save="saved", save_message="",
        elements={}, quire_version="0",
    )  # fmt: skip


def outbox() -> Outbox:
    """One that gets the whole state when it is behind."""
    box = Outbox(PageId("p"), lambda _: box.put(whole()))
    return box


def frame_of(*notices) -> list:
    async def run():
        box = outbox()
        for notice in notices:
            box.put(notice)
        return await box.take()

    return asyncio.run(run())


def test_notices_leave_in_their_order():
    notices = [n.CellsQueued(cells=[A]), n.CellStarted(cell=A, started=1.0), output("1")]

    assert frame_of(*notices) == notices


def test_text_of_one_cell_is_joined():
    assert frame_of(printed("a"), printed("b"), printed("c", B)) == [printed("ab"), printed("c", B)]


def test_of_outputs_of_one_cell_the_last_leaves():
    assert frame_of(output("1"), printed("x"), output("2"), output("3", B)) == [
        printed("x"),
        output("2"),
        output("3", B),
    ]


def test_values_of_elements_are_joined():
    frame = frame_of(n.ElementsChanged(values={"a-0": 1, "a-1": 1}), n.ElementsChanged(values={"a-0": 2}))

    assert frame == [n.ElementsChanged(values={"a-0": 2, "a-1": 1})]


def test_frames_leave_with_a_pause_between():
    async def run():
        box, clock = outbox(), asyncio.get_running_loop().time
        box.put(output("1"))
        await box.take()
        start = clock()
        box.put(output("2"))
        await box.take()
        return clock() - start

    assert asyncio.run(run()) >= FRAME_SECONDS * 0.9


def test_the_end_of_a_run_leaves_without_a_pause(monkeypatch):
    """Even if the pause were one that nobody would live to see."""

    async def run():
        box = outbox()
        box.put(n.CellStarted(cell=A, started=1.0))
        await box.take()
        monkeypatch.setattr(outbox_module, "FRAME_SECONDS", 1e6)
        box.put(output("1"))
        waiting = asyncio.create_task(box.take())
        await asyncio.sleep(0)
        box.put(n.KernelChanged(status="idle"))
        return await waiting

    assert asyncio.run(asyncio.wait_for(run(), 10)) == [output("1"), n.KernelChanged(status="idle")]


def test_a_page_too_far_behind_gets_the_whole_state():
    answer = n.CommandAnswered(request=7)
    flood = [printed(str(number), B if number % 2 else A) for number in range(MOST_NOTICES + 10)]

    assert frame_of(answer, *flood, output("last")) == [answer, whole()]


def test_large_outputs_count_by_their_size():
    large = [output("x" * (MOST_CHARACTERS // 3), CellId(str(number))) for number in range(5)]

    assert frame_of(*large) == [whole()]


def test_what_comes_after_the_whole_state_is_sent():
    async def run():
        box = outbox()
        for number in range(MOST_NOTICES + 10):
            box.put(printed("x", CellId(str(number))))
        await box.take()
        box.put(output("after"))
        return await box.take()

    assert asyncio.run(run()) == [output("after")]


def test_a_closed_outbox_gives_what_waits_and_ends():
    async def run():
        box = outbox()
        box.put(output("last"))
        box.close()
        return await box.take(), await box.take()

    assert asyncio.run(run()) == ([output("last")], None)
