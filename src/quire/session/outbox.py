"""What is on its way to one page: gathered into frames, and never more than a page can take in."""

import asyncio
import contextlib
from collections.abc import Callable

from quire.protocol.codec import encode
from quire.protocol.messages import Message, Output
from quire.protocol.notices import (
    CellAdded,
    CellReplaced,
    CommandAnswered,
    ConflictFound,
    ConsoleWritten,
    ElementsChanged,
    KernelChanged,
    NotebookOpened,
    OutputChanged,
    PageMoved,
    UpdatesAccepted,
    UpdatesRefused,
)
from quire.session.console import LONGEST_CONSOLE
from quire.session.events import PageId
from quire.session.gather import gather_runs

FRAME_SECONDS = 0.016
"""The first notice after a quiet time leaves at once, later ones at most once in this time; the end of a run ends the wait."""

MOST_NOTICES = 5_000
MOST_CHARACTERS = 8 * 1024 * 1024
"""What may wait for a slow page. Beyond that it gets the whole state instead, when it is ready to take it."""


class Outbox:
    """Notices for one page. `resync` puts the whole state in, when the page has fallen too far behind."""

    def __init__(self, page: PageId, resync: Callable[[PageId], None]) -> None:
        self.page = page
        self._resync = resync
        self._waiting: list[Message | None] = []
        self._outputs: dict[str, int] = {}
        self._characters = 0
        self._behind = False
        self._wake = asyncio.Event()
        self._complete = asyncio.Event()
        """Set when nothing more is to be expected soon: what waits may as well leave."""
        self._sent = 0.0
        self._closed = False
        self.stopped = False
        """True when it was closed because somebody has stopped the notebook."""

    def put(self, notice: Message) -> None:
        """Never waits, and never grows without bound."""
        self._wake.set()
        if isinstance(notice, KernelChanged) and notice.status == "idle":
            self._complete.set()
        if self._behind and not isinstance(notice, CommandAnswered | NotebookOpened):
            return  # part of the whole state that will be sent
        if isinstance(notice, NotebookOpened):
            # Everything that waits is in it, but for what concerns this page alone.
            self._keep_answers()
        self._add(notice)
        if len(self._waiting) > MOST_NOTICES or self._characters > MOST_CHARACTERS:
            self._behind = True
            self._keep_answers()

    def put_first(self, notice: Message) -> None:
        """Before everything that waits."""
        self._wake.set()
        self._waiting.insert(0, notice)
        self._outputs = {cell: index + 1 for cell, index in self._outputs.items()}

    def take_now(self) -> list[Message]:
        """What waits at this moment, without waiting for more."""
        frame = gather_runs([notice for notice in self._waiting if notice is not None])
        self._clear()
        return frame

    def close(self, *, stopped: bool = False) -> None:
        """`take` gives what waits, then None."""
        self._closed = True
        self.stopped = stopped
        self._wake.set()
        self._complete.set()

    async def take(self) -> list[Message] | None:
        """The next frame; None when there will not be one."""
        while not self._waiting and not self._behind:
            if self._closed:
                return None
            self._wake.clear()
            await self._wake.wait()
        clock = asyncio.get_running_loop().time
        pause = self._sent + FRAME_SECONDS - clock()
        if pause > 0:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._complete.wait(), pause)
        self._complete.clear()
        if self._behind:
            self._behind = False
            self._resync(self.page)
        self._sent = clock()
        return self.take_now()

    def _add(self, notice: Message) -> None:
        """Join what a page would not see apart."""
        self._characters += _size(notice)
        last = self._waiting[-1] if self._waiting else None
        match notice:
            case ConsoleWritten() if isinstance(last, ConsoleWritten) and _continues(last, notice):
                self._waiting[-1] = _joined(last, notice)
            case ElementsChanged() if isinstance(last, ElementsChanged):
                self._waiting[-1] = ElementsChanged(values={**last.values, **notice.values})
            case PageMoved() if isinstance(last, PageMoved) and last.page.client_id == notice.page.client_id:
                self._waiting[-1] = notice
            case OutputChanged():
                # An earlier output that has not left yet would be covered by this one.
                earlier = self._outputs.get(notice.cell)
                if earlier is not None:
                    self._waiting[earlier] = None
                self._outputs[notice.cell] = len(self._waiting)
                self._waiting.append(notice)
            case _:
                self._waiting.append(notice)

    def _keep_answers(self) -> None:
        answers = [notice for notice in self._waiting if isinstance(notice, CommandAnswered)]
        self._clear()
        self._waiting += answers[-MOST_NOTICES // 2 :]

    def _clear(self) -> None:
        self._waiting = []
        self._outputs = {}
        self._characters = 0


def _size(notice: Message) -> int:
    """About how long the notice is; the small ones are counted instead."""
    match notice:
        case ConsoleWritten(console=console):
            return len(console.text)
        case OutputChanged(output=output):
            return _output_size(output)
        case CellReplaced(cell=cell) | CellAdded(cell=cell):
            return len(cell.code) + _output_size(cell.output) + sum(len(piece.text) for piece in cell.console)
        case UpdatesAccepted() | UpdatesRefused() | ElementsChanged() | ConflictFound():
            return len(encode([notice]))
        case _:
            return 0


def _output_size(output: Output | None) -> int:
    return 0 if output is None else len(output.text) + len(output.blob)


def _continues(last: ConsoleWritten, notice: ConsoleWritten) -> bool:
    one, other = last.console, notice.console
    return (
        last.cell == notice.cell
        and (one.stream, one.late) == (other.stream, other.late)
        and len(one.text) + len(other.text) <= LONGEST_CONSOLE
    )


def _joined(last: ConsoleWritten, notice: ConsoleWritten) -> ConsoleWritten:
    one = last.console
    text = type(one)(stream=one.stream, text=one.text + notice.console.text, late=one.late)
    return ConsoleWritten(cell=last.cell, console=text)
