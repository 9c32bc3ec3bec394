"""`qr.Thread`: a thread that belongs to the cell which made it."""

from __future__ import annotations

import threading

from quire.context import enter_cell, host, leave_cell

__all__ = ["Thread", "current_thread"]


class Thread(threading.Thread):
    """A thread whose output belongs to its cell: what it prints, `qr.output`, `qr.status`.

    It is not ended when its cell runs again, is deleted, or the notebook stops: it looks at `should_exit` from time to
    time, and returns.
    """

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # pyright: ignore[reportArgumentType] - as `threading` has them
        self._host = host()
        self._exit = threading.Event()
        self._host.on_close(self._exit.set)

    @property
    def should_exit(self) -> bool:
        """True when what the thread does is wanted no more."""
        return self._exit.is_set()

    def run(self) -> None:
        token = enter_cell(self._host)
        try:
            with self._host.printing():
                super().run()
        finally:
            leave_cell(token)


def current_thread() -> Thread:
    """The `Thread` that this is called in. Raises `RuntimeError` in any other."""
    thread = threading.current_thread()
    if not isinstance(thread, Thread):
        raise RuntimeError(  # noqa: TRY004 - it is the place that is wrong
            f"`current_thread()` is for code that runs in a `qr.Thread`; this is `{thread.name}`"
        )
    return thread
