"""The server's end of the kernel's standard streams: which text belongs to which run, and how much of it is passed on.

Pure: bytes and notices go in, calls come out in the order in which things happened.
"""

import codecs
import os
import re
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal

import msgspec

from quire.protocol.kernel import InputAsked, RunNotice
from quire.protocol.notices import CellFinished, CellStarted

Stream = Literal["stdout", "stderr"]

_STREAMS: tuple[Stream, Stream] = ("stdout", "stderr")
_LONGEST_MARK = 64
_OURS = f'  File "{Path(__file__).parent}{os.sep}'
_OUR_FRAME = re.compile(rf'^{re.escape(_OURS)}[^"\n]*", line \d+ in .*\n', re.MULTILINE)


class Piece(msgspec.Struct, frozen=True):
    """Text of one stream. `run` is the run in which it was printed, or the last one before, when it is `late`."""

    stream: Stream
    run: int
    late: bool
    text: str


class MarkReader:
    """One stream's bytes → pieces of text, by the marks that the kernel wrote around each run."""

    def __init__(self, stream: Stream, token: str) -> None:
        self._stream: Stream = stream
        self._opening = f"\0quire:{token}:".encode()
        self._carry = b""
        self._crash = CrashFrames() if stream == "stderr" else None
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._run = 0
        self.ended = 0
        """The last run whose end was seen."""

    def feed(self, data: bytes) -> Iterator[Piece]:
        """Pieces that are complete now. A character or a mark that is cut off waits for the rest."""
        data = self._carry + data
        self._carry = b""
        position = 0
        while True:
            start = data.find(self._opening, position)
            if start < 0:
                break
            end = data.find(b"\0", start + len(self._opening))
            if end < 0 and len(data) - start < _LONGEST_MARK:
                break
            yield from self._text(data[position:start], final=True)
            self._mark(data[start + len(self._opening) : max(end, start)])
            position = end + 1 if end >= 0 else start + len(self._opening)
        rest = data[position:] if position else data
        cut = self._cut_off(rest)
        if cut < len(rest):
            self._carry = rest[cut:]
            rest = rest[:cut]
        yield from self._text(rest, final=False)

    def _cut_off(self, data: bytes) -> int:
        """Where a mark begins that has not arrived whole."""
        start = data.rfind(b"\0", max(0, len(data) - _LONGEST_MARK))
        if start >= 0:
            tail = data[start:]
            if tail.startswith(self._opening) or self._opening.startswith(tail):
                return start
        return len(data)

    def _mark(self, body: bytes) -> None:
        place, number = body[:1], body[1:]
        if not number.isdigit():
            return
        if place == b"b":
            self._run = int(number)
        elif place == b"e":
            self.ended = int(number)

    def _text(self, data: bytes, *, final: bool) -> Iterator[Piece]:
        text = self._decoder.decode(data, final)
        if final:
            self._decoder.reset()
        if self._crash is not None:
            text = self._crash.feed(text, final=final)
        if text:
            yield Piece(self._stream, self._run, self._run == self.ended, text)


class CrashFrames:
    """Takes the frames of our own kernel out of what `faulthandler` prints when compiled code crashes."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str, *, final: bool) -> str:
        """The text without them. The beginning of a line that may be one waits for the rest."""
        text, self._held = self._held + text, ""
        if not final:
            start = text.rfind("\n") + 1
            line = text[start:]
            if line and (line.startswith(_OURS) or _OURS.startswith(line)):
                text, self._held = text[:start], line
        return _OUR_FRAME.sub("", text) if _OURS in text else text


class Sequencer:
    """Brings notices and text into one order: what a cell printed comes before the notice that it has finished.

    A notice that ends a run waits until both streams have reached the end of that run; `read_on` is called to read what
    the pipes hold. As the kernel writes its marks before it sends the notice, that is always enough.
    """

    def __init__(
        self,
        token: str,
        tell: Callable[[RunNotice], None],
        print_: Callable[[Piece], None],
        read_on: Callable[[], None],
    ) -> None:
        self._readers = {stream: MarkReader(stream, token) for stream in _STREAMS}
        self._early: deque[Piece] = deque()
        self._tell = tell
        self._print = print_
        self._read_on = read_on
        self._run = 0
        self._running: str | None = None

    def feed(self, stream: Stream, data: bytes) -> None:
        """Bytes that were read from a stream."""
        for piece in self._readers[stream].feed(data):
            if piece.run > self._run or (piece.late and piece.run == self._run and self._running is not None):
                self._early.append(piece)  # the notice that comes before it is still on its way
            else:
                late = piece.late or piece.run < self._run or self._running is None
                self._print(Piece(piece.stream, piece.run, late, piece.text))

    def take(self, notice: RunNotice) -> None:
        """A notice that arrived over the link."""
        match notice:
            case CellStarted(cell=cell):
                self._run += 1
                self._running = cell
                self._tell(notice)
                self._release(late=False)
            case CellFinished(cell=cell) if cell == self._running:
                if any(reader.ended < self._run for reader in self._readers.values()):
                    self._read_on()
                self._release(late=False)
                self._running = None
                self._tell(notice)
                self._release(late=True)
            case InputAsked():
                self._read_on()  # the prompt is in the pipe
                self._tell(notice)
            case _:
                self._tell(notice)

    def _release(self, *, late: bool) -> None:
        """Pass on what was waiting for the present run to begin, or to end."""
        for _ in range(len(self._early)):
            piece = self._early.popleft()
            if piece.run == self._run and (late or not piece.late):
                self._print(piece)
            else:
                self._early.append(piece)
