"""What a kernel printed, on its way to the session: joined into few pieces, and bounded when it is a flood. Pure."""

from collections.abc import Callable

from quire.kernel.console import Piece
from quire.protocol.messages import ConsoleText

FREELY = 1_000_000
"""Characters of one run that are passed on as they come; after that, only the newest of each while."""
AT_ONCE = 200_000
"""Characters that are passed on at a time in a flood."""
SOON, LATER = 0.016, 0.5
"""Seconds until text is passed on, normally and in a flood."""


class Printed:
    """Collects text; `tell` gets it when `flush` is called. Memory stays bounded however much is printed."""

    def __init__(self, tell: Callable[[ConsoleText], None]) -> None:
        self._tell = tell
        self._pieces: list[Piece] = []
        self._size = 0
        self._dropped = 0
        self._run = 0
        self._passed_on = 0

    @property
    def delay(self) -> float:
        """How long text may wait before it is passed on."""
        return SOON if self._passed_on < FREELY else LATER

    @property
    def _room(self) -> int:
        """How many characters may be passed on at a time."""
        return max(AT_ONCE, FREELY - self._passed_on)

    def add(self, piece: Piece) -> None:
        """Text that was printed."""
        if piece.run != self._run:
            self.flush()
            self._run = piece.run
            self._passed_on = 0
        self._pieces.append(piece)
        self._size += len(piece.text)
        if self._size > 2 * self._room:
            self._drop_oldest()

    def flush(self) -> None:
        """Pass on what was collected."""
        if self._size > self._room:
            self._drop_oldest()
        if self._dropped:
            first = self._pieces[0]
            text = f"… {self._dropped:,} characters were printed too fast to be shown …\n"
            self._tell(ConsoleText(stream="stderr", text=text, late=first.late))
        for piece in _joined(self._pieces):
            self._tell(ConsoleText(stream=piece.stream, text=piece.text, late=piece.late))
        self._passed_on += self._size
        self._pieces, self._size, self._dropped = [], 0, 0

    def _drop_oldest(self) -> None:
        """Keep the newest characters that there is room for, from the beginning of a line."""
        surplus = self._size - self._room
        while self._pieces and surplus > 0:
            first = self._pieces[0]
            if len(first.text) <= surplus and len(self._pieces) > 1:
                self._pieces.pop(0)
                gone = len(first.text)
            else:
                line_end = first.text.find("\n", surplus, surplus + 1000)
                gone = line_end + 1 if line_end >= 0 else min(surplus, len(first.text))
                self._pieces[0] = Piece(first.stream, first.run, first.late, first.text[gone:])
            surplus -= gone
            self._size -= gone
            self._dropped += gone


def _joined(pieces: list[Piece]) -> list[Piece]:
    """Neighbours of one stream as one piece."""
    joined: list[Piece] = []
    texts: list[str] = []
    for piece in pieces:
        if joined and (joined[-1].stream, joined[-1].late) == (piece.stream, piece.late):
            texts.append(piece.text)
            continue
        if joined:
            joined[-1] = _with_text(joined[-1], "".join(texts))
        joined.append(piece)
        texts = [piece.text]
    if joined:
        joined[-1] = _with_text(joined[-1], "".join(texts))
    return [piece for piece in joined if piece.text]


def _with_text(piece: Piece, text: str) -> Piece:
    return Piece(piece.stream, piece.run, piece.late, text)
