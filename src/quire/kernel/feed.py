"""Bytes from a descriptor to the event loop: by readiness where the loop can wait for it, else by a thread."""

import asyncio
import contextlib
import os
import threading
from collections.abc import Callable

_BY_READINESS = os.name == "posix"


class Feed:
    """Calls `take` on the loop with whatever `read` gives; `read` returns nothing at the end."""

    def __init__(
        self, loop: asyncio.AbstractEventLoop, number: int, read: Callable[[], bytes], take: Callable[[bytes], None]
    ) -> None:
        self._loop = loop
        self._number = number
        self._read = read
        self._take = take
        self._open = True
        if _BY_READINESS:
            os.set_blocking(number, False)
            loop.add_reader(number, self.read_now)
        else:
            threading.Thread(target=self._read_in_thread, name="quire-feed", daemon=True).start()

    def read_now(self) -> bool:
        """Read once, without waiting; False when there was nothing."""
        if not self._open or not _BY_READINESS:
            return False
        try:
            data = self._read()
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            data = b""
        if not data:
            self.stop()
            return False
        self._take(data)
        return True

    def stop(self) -> None:
        """Read no more."""
        if self._open and _BY_READINESS:
            self._loop.remove_reader(self._number)
        self._open = False

    def _read_in_thread(self) -> None:
        with contextlib.suppress(OSError, ValueError, RuntimeError):  # closed, or the loop is gone
            while data := self._read():
                self._loop.call_soon_threadsafe(self._take, data)
