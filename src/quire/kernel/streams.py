"""The kernel's end of its standard streams: flushing, restoring, and marking which run printed what.

Standard output and error are pipes that the server reads. Around each run the kernel writes a mark into both, so that
the server knows whose text is whose, however late it reads: `NUL quire:<token>:<b|e><number> NUL`.
"""

import contextlib
import faulthandler
import io
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import Literal, Protocol, TextIO

OUT, ERR = 1, 2

_SOON = 0.016  # seconds: as often as a screen changes
_BUFFER = 1 << 16


def mark(token: str, place: Literal["b", "e"], run: int) -> bytes:
    """What stands in the pipe where run number `run` begins or ends."""
    return f"\0quire:{token}:{place}{run}\0".encode()


class Streams(Protocol):
    """What the engine wants of the streams around a run."""

    def begin(self, run: int) -> None: ...

    def end(self, run: int) -> None: ...


class NoStreams:
    """Where nobody reads pipes: a kernel inside another process."""

    def begin(self, run: int) -> None:
        """Nothing to mark."""

    def end(self, run: int) -> None:
        """Nothing to mark."""


class PipeStreams:
    """Descriptors 1 and 2 of this process."""

    def __init__(self, token: str) -> None:
        self._token = token
        # Marks go through descriptors of their own: whatever the user's code does to 1 and 2, they arrive.
        self._pipes = {number: os.dup(number) for number in (OUT, ERR)}
        self._identities = {number: _identity(pipe) for number, pipe in self._pipes.items()}
        self._flush_c = _c_flusher()
        # A crash of compiled code tells in the cell's console which line it was.
        faulthandler.enable(self._pipes[ERR], all_threads=False)
        self._runs = False
        self._written = threading.Event()
        """Something may wait in the buffer of standard output."""
        self._out = _reopen_python_streams(self._written.set)
        threading.Thread(target=self._flush_often, name="quire-flush", daemon=True).start()

    def begin(self, run: int) -> None:
        """Before a run: mend what an earlier one may have broken, and mark the place."""
        self._restore()
        self._runs = True
        self._out.notice(on=False)
        self._written.set()
        self._mark("b", run)

    def end(self, run: int) -> None:
        """After a run: empty the buffers of Python and C into the pipes, and mark the place."""
        self._runs = False
        self._out.notice(on=True)
        self.flush()
        self._mark("e", run)

    def _flush_often(self) -> None:
        """What a cell or a thread prints is seen soon. Flushing each line instead makes a million lines ten times as slow.

        Between runs, the thread of this sleeps until something is written.
        """
        while True:
            self._written.wait()
            self._written.clear()
            time.sleep(_SOON)
            for stream in (sys.stdout, self._out):
                with contextlib.suppress(Exception):
                    stream.flush()
            if self._runs:
                self._written.set()

    def flush(self) -> None:
        """Empty the buffers of Python and C."""
        for stream in (sys.stdout, sys.stderr):
            # Whatever somebody has put in their place may have no flush, or one that fails.
            with contextlib.suppress(Exception):
                stream.flush()
        self._flush_c()

    def _restore(self) -> None:
        for number, pipe in self._pipes.items():
            if _identity(number) != self._identities[number]:
                with contextlib.suppress(OSError):
                    os.dup2(pipe, number)
        if _is_closed(sys.stdout) or _is_closed(sys.stderr):
            self._out = _reopen_python_streams(self._written.set)

    def _mark(self, place: Literal["b", "e"], run: int) -> None:
        data = mark(self._token, place, run)
        for pipe in self._pipes.values():
            try:
                os.write(pipe, data)
            except BlockingIOError:  # somebody has made the pipe non-blocking; it is shared with descriptor 1 or 2
                os.set_blocking(pipe, True)
                os.write(pipe, data)
            except OSError:
                pass  # closed by code that closes every descriptor: text without a mark counts as late


def _identity(number: int) -> tuple[int, int] | None:
    try:
        status = os.fstat(number)
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _is_closed(stream: TextIO | None) -> bool:
    return stream is None or getattr(stream, "closed", False) is True


class _Output(io.TextIOWrapper):
    """Standard output. While it is to `notice`, each `write` calls `written`; else it is as fast as Python's own."""

    def __init__(self, buffer: io.BufferedWriter, written: Callable[[], None]) -> None:
        super().__init__(buffer, encoding="utf-8", errors="backslashreplace")
        self._written = written

    def notice(self, *, on: bool) -> None:
        if on:
            vars(self).pop("write", None)
        else:
            self.write = super().write

    def write(self, text: str, /) -> int:
        self._written()
        return super().write(text)


class _Errors(io.TextIOWrapper):
    """Standard error: seen at once, and after what was printed before."""

    def write(self, text: str, /) -> int:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
        return super().write(text)


def _reopen_python_streams(written: Callable[[], None]) -> _Output:
    """Text streams over descriptors 1 and 2, with no character that they cannot write. Returns that of 1, which calls
    `written` when something comes into its buffer.
    """
    out = _Output(_binary(OUT), written)
    err = _Errors(_binary(ERR), encoding="utf-8", errors="backslashreplace", line_buffering=True)
    sys.stdout = sys.__stdout__ = out
    sys.stderr = sys.__stderr__ = err
    return out


def _binary(number: int) -> io.BufferedWriter:
    return io.BufferedWriter(io.FileIO(number, "wb", closefd=False), _BUFFER)


def _c_flusher() -> Callable[[], None]:
    """`fflush(NULL)` of the C library, which keeps a buffer of its own for what C code prints."""
    try:
        import ctypes  # noqa: PLC0415 - not every Python has it

        library = ctypes.CDLL(None) if os.name == "posix" else ctypes.CDLL("msvcrt")
        flush = library.fflush
    except (ImportError, OSError, AttributeError, TypeError):
        return lambda: None
    flush.argtypes = [ctypes.c_void_p]

    def flush_all() -> None:
        flush(None)

    return flush_all
