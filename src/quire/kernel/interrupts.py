"""SIGINT → `KeyboardInterrupt` in the user's code that is running, and nowhere else."""

import _thread
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from time import monotonic
from types import FrameType
from typing import Literal

# `signal.getsignal` makes an enumeration member of every handler, which costs more than the rest of a small run.
_getsignal: Callable[[int], object] = getattr(__import__("_signal"), "getsignal", signal.getsignal)


_current_frames: Callable[[], dict[int, FrameType]] = sys._current_frames
_MAIN = threading.main_thread().ident or 0
_AT_ONCE = 0.5  # seconds in which compiled code gives up after an interrupt that it has noticed
_SOON = 2.0  # seconds in which a query ends that was cancelled, perhaps by a server far away


Reaction = Literal["none", "heard", "swallowed"]
"""`none`: the signal waits to be looked at. `swallowed`: compiled code has looked at it, and goes on all the same."""


class Interrupts:
    """Only what runs inside `call` can be interrupted; at other times the signal is ignored.

    Between `expect` and `forget` a signal outside `call` is kept for the next `call`: the cell is shown as running before
    its code runs, and whoever interrupts it then must not be ignored.
    """

    def __init__(self) -> None:
        self._active = False
        self._expected = False
        self._kept = False
        self._handler = self._on_signal  # one object, so that it can be recognised
        self._calls = 0
        self._spare = False
        self._heard = self._thrown = self._helped = 0.0
        self._place: tuple[int, int] | None = None
        self.redirect: Callable[[], bool] | None = None
        """Asked first: True when the interrupt has been passed on (to a task that waits)."""

    def install(self) -> None:
        """Take the signal (again, if the user's code has taken it). Only for the main thread."""
        if _getsignal(signal.SIGINT) is not self._handler:
            signal.signal(signal.SIGINT, self._handler)

    def expect(self) -> None:
        """A run begins."""
        self._expected, self._kept = True, False

    def forget(self) -> None:
        """It is over."""
        self._expected, self._kept = False, False

    def call(self, function: Callable[[], None]) -> BaseException | None:
        """Call it, interruptibly; what it raised, or None."""
        try:
            try:
                self._calls += 1
                self._heard = self._thrown = self._helped = 0.0
                self._spare = False
                self._active = True
                if self._kept:
                    self._kept = False
                    raise KeyboardInterrupt  # noqa: TRY301 - as if it had arrived now
                function()
                self._active = False
            except BaseException as error:  # noqa: BLE001 - an edge: code of the user's own; the caller reports
                self._active = False
                return self._meant_by(error)
        except KeyboardInterrupt as error:  # arrived between the lines above
            self._active = False
            return error
        return None

    # -- for the thread that helps an interrupt along

    @property
    def running(self) -> int | None:
        """A number for the call that goes on; None when there is none."""
        return self._calls if self._active else None

    def reaction(self, running: int, asked: float) -> Reaction:
        """What has become of an interrupt of about this (monotonic) time, which came while this call went on."""
        if running != self.running:
            return "heard"
        if self._heard < asked - _AT_ONCE:
            return "none"
        return "swallowed" if self._place == _place_of(_current_frames().get(_MAIN)) else "heard"

    def note_help(self, *, spare: bool) -> None:
        """What the call waits for is about to be cancelled: its error means the interrupt. `spare`: code that handles this
        error (it may have to clean up) is not struck as well.
        """
        self._helped, self._spare = monotonic(), spare

    # -- in the main thread

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number
        if not self._active:
            self._kept = self._expected
            return
        if self._spare and sys.exc_info()[1] is not None:
            self._spare = False
            return
        self._heard, self._place = monotonic(), _place_of(frame)
        if self.redirect is None or not self.redirect():
            self._thrown = self._heard
            raise KeyboardInterrupt

    def _meant_by(self, error: BaseException) -> BaseException:
        """Compiled code that gives up because of an interrupt, or because we have cancelled it, raises errors of its own."""
        now = monotonic()
        was_swallowed = self._thrown > now - _AT_ONCE and not any(
            isinstance(one, KeyboardInterrupt) for one in _with_context(error)
        )
        if self._helped <= now - _SOON and not was_swallowed:
            return error
        interrupt = KeyboardInterrupt().with_traceback(error.__traceback__)
        interrupt.__cause__ = error if was_swallowed else None
        return interrupt


def interrupt_main() -> None:
    """As the system does it, but for the main thread only."""
    if sys.platform == "win32":
        _thread.interrupt_main(signal.SIGINT)
    else:  # a real signal: it also ends a system call that waits
        signal.pthread_kill(_MAIN, signal.SIGINT)


def leave_interrupts_to_main() -> None:
    """For other threads, and those that they start. A thread that starts another would take a signal that has just come,
    and the system call in which the main thread waits would go on.
    """
    if sys.platform != "win32":
        signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])


def _place_of(frame: FrameType | None) -> tuple[int, int] | None:
    """Where Python is; the frame itself would keep the values of users alive."""
    return None if frame is None else (id(frame), frame.f_lasti)


def _with_context(error: BaseException | None) -> Iterator[BaseException]:
    """The error, and those that it was raised on top of."""
    while error is not None:
        yield error
        error = error.__context__


class NoInterrupts(Interrupts):
    """For a kernel inside another process, whose signals are not ours to take."""

    def install(self) -> None:
        """Nothing is taken."""
