"""Notices on their way to the server: the first after a quiet moment leaves at once, later ones at most every 16 ms."""

import threading
import time
from collections.abc import Callable

from quire.protocol.kernel import RunNotice

INTERVAL = 0.016
"""Seconds between two frames while results come fast: as often as a screen changes."""


class Outbox:
    """Collects notices into frames. `send` is called with one frame's notices, by one thread at a time."""

    def __init__(self, send: Callable[[list[RunNotice]], None], *, interval: float = INTERVAL) -> None:
        self._send = send
        self._interval = interval
        self._waiting: list[RunNotice] = []
        self._sent = 0.0
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._thread: threading.Thread | None = None

    def add(self, notice: RunNotice) -> None:
        """Send it now, or with others soon."""
        with self._lock:
            self._waiting.append(notice)
            if time.monotonic() - self._sent >= self._interval:
                self._flush()
                return
        if not self._wanted.is_set():
            # The cell that runs next may take long, and the notices before it must not wait for its end.
            self._wanted.set()
            if self._thread is None:
                self._thread = threading.Thread(target=self._flush_late, name="quire-outbox", daemon=True)
                self._thread.start()

    def flush(self) -> None:
        """Send what waits, now."""
        with self._lock:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            notices, self._waiting = self._waiting, []
            self._send(notices)
            self._sent = time.monotonic()

    def _flush_late(self) -> None:
        while True:
            self._wanted.wait()
            time.sleep(self._interval)
            self._wanted.clear()
            self.flush()
