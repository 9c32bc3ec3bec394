"""Frames and the outbox: what travels between server and kernel, and when."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.ids import CellId, ElementId
from quire.kernel.child import merged
from quire.kernel.frames import LONGEST, Frames, frame
from quire.kernel.outbox import Outbox
from quire.protocol.kernel import Discard, KernelIdle, RunKernelCells, RunNotice, SetKernelElements


@given(st.lists(st.binary(max_size=300)), st.integers(1, 50))
def test_payloads_arrive_whole_however_they_are_cut(payloads: list[bytes], size: int):
    sent = b"".join(frame(payload) for payload in payloads)
    frames = Frames()
    arrived = [payload for start in range(0, len(sent), size) for payload in frames.feed(sent[start : start + size])]

    assert arrived == payloads


def test_what_is_no_frame_is_refused():
    with pytest.raises(ValueError, match="no kernel of this version"):
        list(Frames().feed((LONGEST + 1).to_bytes(4, "little")))


def set_(**values: object) -> SetKernelElements:
    return SetKernelElements(values={ElementId(name): value for name, value in values.items()})


def test_new_values_that_wait_are_merged_and_the_newest_wins():
    assert merged([set_(a=1, b=1), set_(a=2), set_(c=3)]) == [set_(a=2, b=1, c=3)]


def test_values_are_not_moved_past_other_commands():
    run = RunKernelCells(cells=[CellId("x")])
    assert merged([set_(a=1), run, set_(a=2), Discard(), set_(a=3)]) == [set_(a=1), run, set_(a=2), Discard(), set_(a=3)]


class Sent:
    """What an outbox has sent, frame by frame."""

    def __init__(self) -> None:
        self.frames: list[int] = []
        self.arrived = threading.Event()
        self.wanted = 0

    def __call__(self, notices: list[RunNotice]) -> None:
        self.frames.append(len(notices))
        if sum(self.frames) >= self.wanted:
            self.arrived.set()


def test_the_first_notice_after_a_quiet_moment_leaves_at_once():
    sent = Sent()
    Outbox(sent, interval=60).add(KernelIdle())

    assert sent.frames == [1]


def test_notices_that_follow_fast_share_a_frame():
    sent = Sent()
    outbox = Outbox(sent, interval=60)
    for _ in range(100):
        outbox.add(KernelIdle())
    assert sent.frames == [1]
    outbox.flush()
    assert sent.frames == [1, 99]
    outbox.flush()
    assert sent.frames == [1, 99]


def test_nothing_waits_longer_than_the_interval():
    """While a cell runs for long, nobody adds anything; what came before it leaves all the same."""
    sent = Sent()
    outbox = Outbox(sent, interval=0.01)
    sent.wanted = 3
    for _ in range(3):
        outbox.add(KernelIdle())

    assert sent.arrived.wait(10)
