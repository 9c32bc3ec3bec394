"""Whose text is whose: pieces and notices come out in the order in which things happened."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.ids import CellId
from quire.kernel import console
from quire.kernel.console import MarkReader, Piece, Sequencer, Stream
from quire.kernel.printed import AT_ONCE, FREELY, LATER, SOON, Printed
from quire.kernel.streams import mark
from quire.protocol.kernel import RunNotice
from quire.protocol.messages import ConsoleText
from quire.protocol.notices import CellFinished, CellStarted

TOKEN = "0123456789abcdef"
A, B = CellId("a"), CellId("b")


KERNEL = Path(console.__file__).parent
CRASH = f"""Fatal Python error: Segmentation fault

Current thread 0x00007f8 (most recent call first):
  File "/notebooks/é/nb.py", line 3 in f
  File "/notebooks/é/nb.py", line 5 in <module>
  File "{KERNEL}/runner.py", line 79 in _run
  File "{KERNEL}/child.py", line 123 in serve
  File "<string>", line 1 in <module>
"""


def begin(run: int) -> bytes:
    return mark(TOKEN, "b", run)


def end(run: int) -> bytes:
    return mark(TOKEN, "e", run)


def read(*chunks: bytes, stream: Stream = "stdout") -> list[tuple[int, bool, str]]:
    """(run, late, text), neighbours joined."""
    reader = MarkReader(stream, TOKEN)
    found: list[tuple[int, bool, str]] = []
    for chunk in chunks:
        for piece in reader.feed(chunk):
            if found and found[-1][:2] == (piece.run, piece.late):
                found[-1] = (piece.run, piece.late, found[-1][2] + piece.text)
            else:
                found.append((piece.run, piece.late, piece.text))
    return found


@pytest.mark.parametrize("size", [1, 7, 64, 10_000])
def test_what_python_says_of_a_crash_leaves_our_own_frames_out(size: int):
    data = begin(1) + CRASH.encode() + b"  File " + end(1)
    chunks = [data[at : at + size] for at in range(0, len(data), size)]
    ((_, _, text),) = read(*chunks, stream="stderr")

    assert text == "".join(line for line in CRASH.splitlines(keepends=True) if str(KERNEL) not in line) + "  File "


def test_a_traceback_through_the_kernel_stays_as_it_is():
    traceback = f'Traceback (most recent call last):\n  File "{KERNEL}/aside.py", line 3, in f\n    x\nNameError: x\n'

    assert read(begin(1) + traceback.encode() + end(1), stream="stderr") == [(1, False, traceback)]


def test_marks_divide_the_text_into_runs():
    assert read(begin(1) + b"one\n" + end(1) + begin(2) + b"two" + end(2)) == [(1, False, "one\n"), (2, False, "two")]


def test_text_between_runs_is_late():
    assert read(b"zero" + begin(1) + b"one" + end(1) + b"after" + begin(2)) == [
        (0, True, "zero"),
        (1, False, "one"),
        (1, True, "after"),
    ]


@given(st.data())
def test_it_does_not_matter_how_the_bytes_are_cut(data: st.DataObject):
    text = b"z\0\xc3\xa9" + begin(1) + "é€😀\0quire:".encode() + end(1) + b"\0" * 3 + begin(12) + b"x" * 70 + end(12)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=12)))
    chunks = [text[start:stop] for start, stop in zip([0, *cuts], [*cuts, len(text)], strict=True)]

    assert read(*chunks) == read(text)


def test_a_character_that_arrives_in_parts_is_one_character():
    assert read(begin(1) + b"\xf0\x9f", b"\x98\x80") == [(1, False, "😀")]


def test_bytes_that_are_no_text_are_replaced():
    assert read(begin(1) + b"\xff\xfeok" + end(1)) == [(1, False, "��ok")]


def test_a_mark_of_another_process_is_text():
    assert read(begin(1) + b"\0quire:forged:e1\0" + end(1)) == [(1, False, "\0quire:forged:e1\0")]


def test_a_damaged_mark_is_passed_over():
    assert read(begin(1) + f"\0quire:{TOKEN}:x\0".encode() + b"a" + f"\0quire:{TOKEN}:".encode() + b"y" * 100) == [
        (1, False, "a" + "y" * 100)
    ]


class Session:
    """Takes what a sequencer puts out; `pipe` holds bytes that have not been read yet."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.pipe: list[Callable[[], None]] = []
        self.sequencer = Sequencer(TOKEN, self.tell, self.print, self.read_on)

    def tell(self, notice: RunNotice) -> None:
        assert isinstance(notice, CellStarted | CellFinished)
        self.seen.append(f"{'+' if isinstance(notice, CellStarted) else '-'}{notice.cell}")

    def print(self, piece: Piece) -> None:
        self.seen.append(f"{'late ' if piece.late else ''}{piece.text}")

    def read_on(self) -> None:
        while self.pipe:
            self.pipe.pop(0)()

    def out(self, data: bytes) -> None:
        self.sequencer.feed("stdout", data)

    def err(self, data: bytes) -> None:
        self.sequencer.feed("stderr", data)

    def start(self, cell: CellId) -> None:
        self.sequencer.take(CellStarted(cell=cell, started=0))

    def finish(self, cell: CellId) -> None:
        self.sequencer.take(CellFinished(cell=cell, outcome="succeeded"))


def test_text_comes_while_its_cell_runs():
    session = Session()
    session.start(A)
    session.out(begin(1) + b"one")
    session.err(begin(1))
    assert session.seen == ["+a", "one"]
    session.out(b"two" + end(1))
    session.err(end(1))
    session.finish(A)
    assert session.seen == ["+a", "one", "two", "-a"]


def test_text_that_is_read_before_its_notices_waits_for_them():
    """The kernel sends notices in batches; a fast run may be over before the server hears that it began."""
    session = Session()
    session.out(begin(1) + b"one" + end(1) + b"between" + begin(2) + b"two" + end(2))
    session.err(begin(1) + end(1) + begin(2) + end(2))
    assert session.seen == []
    session.start(A)
    session.finish(A)
    session.start(B)
    session.finish(B)
    assert session.seen == ["+a", "one", "-a", "late between", "+b", "two", "-b"]


def test_a_notice_waits_for_the_text_that_was_printed_before_it():
    session = Session()
    session.start(A)
    session.pipe = [
        lambda: session.out(begin(1) + b"one"),
        lambda: session.out(b"two" + end(1)),
        lambda: session.err(begin(1) + b"err" + end(1)),
    ]
    session.finish(A)
    assert session.seen == ["+a", "one", "two", "err", "-a"]


def test_a_run_whose_marks_never_come_ends_all_the_same():
    """Code that closes every descriptor takes the marks with it."""
    session = Session()
    session.start(A)
    session.out(begin(1) + b"one")
    session.finish(A)
    session.out(b"two")
    session.start(B)
    session.out(b"three")
    session.finish(B)
    assert session.seen == ["+a", "one", "-a", "late two", "+b", "late three", "-b"]


def test_text_after_the_end_is_late():
    session = Session()
    session.start(A)
    session.out(begin(1) + end(1))
    session.err(begin(1) + end(1))
    session.finish(A)
    session.out(b"thread")
    assert session.seen == ["+a", "-a", "late thread"]


def test_a_notice_about_another_cell_ends_nothing():
    session = Session()
    session.start(A)
    session.finish(B)
    session.out(begin(1) + b"one")
    assert session.seen == ["+a", "-b", "one"]


# -- how much is passed on


def printed() -> tuple[Printed, list[ConsoleText]]:
    told: list[ConsoleText] = []
    return Printed(told.append), told


def test_neighbouring_pieces_are_passed_on_as_one():
    buffer, told = printed()
    for text in ("a", "b"):
        buffer.add(Piece("stdout", 1, False, text))
    buffer.add(Piece("stderr", 1, False, "c"))
    buffer.add(Piece("stdout", 1, False, "d"))
    buffer.flush()

    assert told == [
        ConsoleText(stream="stdout", text="ab"),
        ConsoleText(stream="stderr", text="c"),
        ConsoleText(stream="stdout", text="d"),
    ]
    buffer.flush()
    assert len(told) == 3


def test_a_flood_is_cut_to_its_newest_lines_and_says_how_much_is_missing():
    buffer, told = printed()
    line = "x" * 99 + "\n"
    for _ in range(100):
        buffer.add(Piece("stdout", 1, False, line * 1000))
    buffer.flush()

    assert sum(len(text.text) for text in told) < FREELY + 200
    assert "9,000,000 characters" in told[0].text
    assert told[1].text.startswith("x" * 99 + "\n")


def test_in_a_flood_little_is_passed_on_at_a_time():
    buffer, told = printed()
    for _ in range(20):
        buffer.add(Piece("stdout", 1, False, "x" * FREELY))
        buffer.flush()

    assert sum(len(text.text) for text in told) < FREELY + 20 * (AT_ONCE + 200)


def test_one_enormous_piece_is_cut_too():
    buffer, told = printed()
    buffer.add(Piece("stdout", 1, False, "x" * 10_000_000))
    buffer.flush()

    assert len(told[-1].text) == FREELY


def test_after_a_while_a_flood_is_passed_on_less_often_until_the_next_run():
    buffer, _ = printed()
    assert buffer.delay == SOON
    for _ in range(FREELY // AT_ONCE):
        buffer.add(Piece("stdout", 1, False, "x" * AT_ONCE))
        buffer.flush()
    assert buffer.delay == LATER
    buffer.add(Piece("stdout", 2, False, "y"))
    assert buffer.delay == SOON


@pytest.mark.parametrize("size", [AT_ONCE, AT_ONCE - 1])
def test_what_fits_is_passed_on_whole(size: int):
    buffer, told = printed()
    buffer.add(Piece("stdout", 1, False, "x" * size))
    buffer.flush()

    assert [len(text.text) for text in told] == [size]
