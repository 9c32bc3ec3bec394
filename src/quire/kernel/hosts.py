"""What user code asks of a kernel (see `context`): one host for the process, one more for each run of a cell."""

from __future__ import annotations

import threading
from collections.abc import Callable, Coroutine, Generator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from quire.context import Host, enter_cell, leave_cell
from quire.ids import CellId, ElementId
from quire.kernel.elements import Elements, Follower
from quire.kernel.live import Live, drawn
from quire.kernel.printing import Stream, printed_to
from quire.outputs.markup import stack_outputs
from quire.protocol.messages import ConsoleText, Mode, Output, Request, Theme
from quire.protocol.notices import QueryChanged, ToastShown

if TYPE_CHECKING:
    from quire.context import Shown


@contextmanager
def speaking(host: Host) -> Generator[None]:
    """Let `host` answer what this thread asks, until the end of the block."""
    token = enter_cell(host)
    try:
        yield
    finally:
        leave_cell(token)


Announce = Callable[[object, CellId | None], None]
Act = Callable[[], Coroutine[object, object, None]]


class KernelHost(Host):
    """Answers where no cell runs: in plain threads, in `on_change`, while values are shown."""

    def __init__(self, announce: Announce, live: Live, soon: Callable[[CellHost, Act], None]) -> None:
        """`announce` is told, from any thread, which value has another content, and which cell need not hear of it;
        `soon`, what is to go on in the name of a cell.
        """
        self._announce = announce
        self._soon = soon
        self._live = live
        self.mode: Mode | None = "edit"
        self.theme: Theme = "system"
        self.page_query: tuple[tuple[str, str], ...] = ()
        self.page_request: Request | None = None
        self.hides_errors = False

    def query(self) -> tuple[tuple[str, str], ...]:
        return self.page_query

    def set_query(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self.page_query = pairs
        self._live.tell(QueryChanged(query=[list(pair) for pair in pairs]))

    def request(self) -> Request | None:
        return self.page_request

    def shows_errors(self) -> bool:
        return not self.hides_errors

    def announce(self, value: object, *, to_itself: bool = False) -> None:
        del to_itself
        self._announce(value, None)

    def toast(self, title: str, description: str, *, is_danger: bool) -> None:
        self._live.tell(ToastShown(title=title, description=description, is_danger=is_danger))


class CellHost(Host):
    """Answers for one run of a cell, also after its end, to the threads and tasks that it has left behind."""

    def __init__(
        self,
        kernel: KernelHost,
        cell: CellId,
        *,
        defs: frozenset[str],
        refs: frozenset[str],
        elements: Elements,
    ) -> None:
        self.mode, self.path, self.theme = kernel.mode, kernel.path, kernel.theme
        self.query, self.set_query, self.request = kernel.query, kernel.set_query, kernel.request
        self.shows_errors, self.toast = kernel.shows_errors, kernel.toast
        self._announce, self._live, self._soon = kernel._announce, kernel._live, kernel._soon
        self.defs, self.refs = defs, refs
        self.cell = self._cell = cell
        self._elements = elements
        self._lock = threading.RLock()
        self._shown: list[Shown] = []
        self._closing: list[Callable[[], None]] = []
        self._closed = False
        self.drawn: Callable[[], Output | None] | None = None
        """Draws what the cell shows once more; None where that would change nothing."""

    def adopt(
        self, element: object, place: str = "", follower: Follower | None = None
    ) -> tuple[ElementId, object | None]:
        return self._elements.adopt(self._cell, element, place, follower)

    def soon(self, act: Act) -> None:
        self._soon(self, act)

    def redraw(self) -> None:
        if self.drawn is not None and not self._closed and (output := self.drawn()) is not None:
            self._live.show(self._cell, [output])

    def announce(self, value: object, *, to_itself: bool = False) -> None:
        self._announce(value, None if to_itself else self._cell)

    def show(self, change: Callable[[list[Shown]], None]) -> None:
        with self._lock:
            if not self._closed:
                change(self._shown)
                self._live.show(self._cell, self._shown)

    @property
    def shown(self) -> Output | None:
        """What the run shows of its own accord, beside the value of its last line."""
        with self._lock:
            return stack_outputs(drawn(self._shown))

    def printing(self) -> AbstractContextManager[object]:
        return printed_to(self._print)

    def _print(self, stream: Stream, text: str) -> bool:
        if not self._closed:
            self._live.print(self._cell, ConsoleText(stream=stream, text=text, late=True))
        return not self._closed

    def on_close(self, act: Callable[[], None]) -> None:
        with self._lock:
            if not self._closed:
                self._closing.append(act)
                return
        act()

    def close(self) -> None:
        """The run is over and done with: what it left behind ends, and shows nothing any more."""
        with self._lock:
            self._closed = True
            closing, self._closing = self._closing, []
        for act in closing:
            act()
