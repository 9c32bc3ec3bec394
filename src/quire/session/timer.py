"""Acting a while after something happened for the last time: saving, checking, looking."""

import asyncio
from collections.abc import Callable


class Timer:
    """Acts some time after the last start, but not later than `longest` after the first."""

    def __init__(self, act: Callable[[], None], longest: float) -> None:
        self._act = act
        self._longest = longest
        self._handle: asyncio.TimerHandle | None = None
        self._first = 0.0

    def start(self, delay: float) -> None:
        loop = asyncio.get_running_loop()
        now = loop.time()
        if self._handle is None:
            self._first = now
        else:
            self._handle.cancel()
        self._handle = loop.call_at(min(now + delay, max(self._first + self._longest, now)), self._ring)

    def stop(self) -> bool:
        """True when it was running."""
        running = self._handle is not None
        if self._handle is not None:
            self._handle.cancel()
            self._handle = None
        return running

    def _ring(self) -> None:
        self._handle = None
        self._act()
