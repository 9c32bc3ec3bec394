"""SIGINT → `KeyboardInterrupt` in the user's code that is running, and nowhere else."""

import signal
from collections.abc import Callable
from types import FrameType

# `signal.getsignal` makes an enumeration member of every handler, which costs more than the rest of a small run.
_getsignal: Callable[[int], object] = getattr(__import__("_signal"), "getsignal", signal.getsignal)


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
                self._active = True
                if self._kept:
                    self._kept = False
                    raise KeyboardInterrupt  # noqa: TRY301 - as if it had arrived now
                function()
                self._active = False
            except BaseException as error:  # noqa: BLE001 - an edge: code of the user's own; the caller reports
                self._active = False
                return error
        except KeyboardInterrupt as error:  # arrived between the lines above
            self._active = False
            return error
        return None

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        if not self._active:
            self._kept = self._expected
        elif self.redirect is None or not self.redirect():
            raise KeyboardInterrupt


class NoInterrupts(Interrupts):
    """For a kernel inside another process, whose signals are not ours to take."""

    def install(self) -> None:
        """Nothing is taken."""
