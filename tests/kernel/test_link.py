"""What travels between server and kernel."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.ids import CellId, ElementId
from quire.kernel.child import merged
from quire.kernel.frames import LONGEST, Frames, frame
from quire.protocol.kernel import Discard, RunKernelCells, SetKernelElements


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
    assert merged([set_(a=1), run, set_(a=2), Discard(), set_(a=3)]) == [
        set_(a=1),
        run,
        set_(a=2),
        Discard(),
        set_(a=3),
    ]
