"""What leaves a kernel while a cell runs: its output as it grows, and what it has to say. Never more than a screen can show.

User code only ever puts things here: it may be interrupted between any two instructions, and half a message on the link
would end the kernel. A thread of our own sends.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from quire.ids import CellId
from quire.outputs.markup import stack_outputs
from quire.protocol.kernel import RunNotice
from quire.protocol.messages import ConsoleText, Output
from quire.protocol.notices import ConsoleWritten, OutputChanged

if TYPE_CHECKING:
    from quire.context import Shown

FRAME_SECONDS = 0.016
"""What is shown leaves at once after a quiet time, else at most once in this time."""


_MOST_PIECES = 20_000


def drawn(shown: Iterable[Shown]) -> list[Output]:
    """As they look now."""
    return [item() if callable(item) else item for item in shown]


class Live:
    """Any thread may show something; each output of a cell replaces the one before, whether or not that has left."""

    def __init__(self, send: Callable[[list[RunNotice]], None], *, at_once: bool = False) -> None:
        """`send` is called in the thread of this object, or, `at_once`, in the one that shows something."""
        self._send = send
        self._at_once = at_once
        self._lock = threading.RLock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self._told: dict[CellId, int] = {}
        """A hash of what was last told of each cell."""
        self._outputs: dict[CellId, tuple[Shown, ...]] = {}
        self._printed: dict[CellId, list[ConsoleText]] = {}
        self._notices: list[RunNotice] = []

    def show(self, cell: CellId, outputs: Sequence[Shown]) -> None:
        """The cell shows these, above each other, until it shows something else."""
        with self._lock:
            self._outputs[cell] = tuple(outputs)
        self._soon()

    def tell(self, notice: RunNotice) -> None:
        """Tell the session."""
        with self._lock:
            self._notices.append(notice)
        self._soon()

    def print(self, cell: CellId, text: ConsoleText) -> None:
        """A thread of the cell has printed this. Of a flood, the newest is kept."""
        with self._lock:
            pieces = self._printed.setdefault(cell, [])
            pieces.append(text)
            if len(pieces) > _MOST_PIECES:
                del pieces[: _MOST_PIECES // 2]
        self._soon()

    def settle(self, cell: CellId, output: Output | None) -> OutputChanged | None:
        """The cell has ended and shows this; what to tell of it. What waits of it to leave never will."""
        with self._lock:
            self._outputs.pop(cell, None)
            shown = hash(None if output is None else (output.mime, output.text, output.blob))
            if self._told.get(cell) == shown:
                return None
            self._told[cell] = shown
            return OutputChanged(cell=cell, output=output)

    def drop(self, cell: CellId) -> None:
        """The cell is gone."""
        with self._lock:
            self._outputs.pop(cell, None)
            self._printed.pop(cell, None)
            self._told.pop(cell, None)

    def _soon(self) -> None:
        if self._at_once:
            self._leave()
            return
        self._wake.set()
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="quire-live", daemon=True)
            self._thread.start()

    def _serve(self) -> None:
        while True:
            self._wake.wait()
            self._wake.clear()
            self._leave()
            time.sleep(FRAME_SECONDS)

    def _leave(self) -> None:
        with self._lock:
            notices: list[RunNotice] = []
            for cell, outputs in list(self._outputs.items()):
                if (changed := self.settle(cell, stack_outputs(drawn(outputs)))) is not None:
                    notices.append(changed)
            printed, self._printed = self._printed, {}
            for cell, pieces in printed.items():
                for (stream, late), same in groupby(pieces, lambda piece: (piece.stream, piece.late)):
                    text = ConsoleText(stream=stream, text="".join(piece.text for piece in same), late=late)
                    notices.append(ConsoleWritten(cell=cell, console=text))
            told, self._notices = self._notices, []
            if notices or told:
                self._send([*notices, *told])
