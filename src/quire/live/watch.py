"""`qr.watch.file` and `qr.watch.directory`: cells that read a file run again when another program changes it."""

from __future__ import annotations

import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from quire.context import host
from quire.live.control import State

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DirectoryState", "FileState", "PathState", "directory", "file"]

_STILL, _STEP, _LOOK = 100, 20, 5_000
"""Milliseconds: what changes within the first is one change, and is noticed after the second; after the third, a look is
taken where the system tells nothing, as on network disks.
"""

Signature = object


class PathState(State[Path]):
    """A path whose content is watched as long as its cell does not run again. Calling it gives the `Path`."""

    __slots__ = ("_known", "_stop", "_writing")

    def __init__(self, path: str | os.PathLike[str]) -> None:
        super().__init__(Path(path), allow_self_loops=False)
        self._writing = threading.Lock()
        self._known = self._signature()
        self._stop = threading.Event()
        if host().mode is not None:
            host().on_close(self._stop.set)
            threading.Thread(target=self._watch, name="quire-watch", daemon=True).start()

    @property
    def path(self) -> Path:
        """The path itself, for reading nothing of it."""
        return self._value

    def __fspath__(self) -> str:
        return os.fspath(self._value)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {os.fspath(self._value)!r}>"

    def exists(self) -> bool:
        """True when something is there."""
        return self._value.exists()

    def _signature(self) -> Signature:
        """Equal as long as nothing has changed."""
        raise NotImplementedError

    def _place(self) -> tuple[Path, bool]:
        """The directory to watch, and whether those in it are meant too."""
        raise NotImplementedError

    def _watch(self) -> None:
        from watchfiles._rust_notify import RustNotify  # noqa: PLC0415 - only who watches something waits for it

        while not self._stop.is_set():
            place, recursive = self._place()
            try:
                with RustNotify(
                    [os.fspath(place)],
                    debug=False,
                    force_polling=False,
                    poll_delay_ms=300,
                    recursive=recursive,
                    ignore_permission_denied=True,
                ) as watcher:
                    self._look()  # at what happened before the watch began
                    while not self._stop.is_set():
                        watcher.watch(_STILL, _STEP, _LOOK, self._stop)
                        self._look()
            except OSError:  # it is not there, or the system watches too many already
                self._look()
                self._stop.wait(_LOOK / 1000)

    def _look(self) -> None:
        with self._writing:
            before, self._known = self._known, self._signature()
            if self._known != before and not self._stop.is_set():
                host().announce(self)


class FileState(PathState):
    """A file that is watched. Cells that read its name run when another program changes it, or another cell writes it."""

    __slots__ = ()

    def read_text(self, encoding: str = "utf-8", errors: str | None = None) -> str:
        """What the file holds, as text. Raises `OSError` like `pathlib`."""
        return self._value.read_text(encoding, errors)

    def read_bytes(self) -> bytes:
        """What the file holds. Raises `OSError` like `pathlib`."""
        return self._value.read_bytes()

    def write_text(self, data: str, encoding: str = "utf-8", errors: str | None = None) -> int:
        """Write the file; other cells that read this name run. Returns the number of characters."""
        with self._writing:
            count = self._value.write_text(data, encoding, errors)
            self._written()
        return count

    def write_bytes(self, data: bytes) -> int:
        """Write the file; other cells that read this name run. Returns the number of bytes."""
        with self._writing:
            count = self._value.write_bytes(data)
            self._written()
        return count

    def _written(self) -> None:
        self._known = self._signature()
        host().announce(self)

    def _signature(self) -> Signature:
        return _stamp(os.fspath(self._value))

    def _place(self) -> tuple[Path, bool]:
        # A file that is replaced is another file under the same name: the directory tells of both.
        return self._value.absolute().parent, False


class DirectoryState(PathState):
    """A directory that is watched. Cells that read its name run when a file in it, or below, comes, goes or changes."""

    __slots__ = ()

    def iterdir(self) -> Iterator[Path]:
        """What is in it. Raises `OSError` like `pathlib`."""
        return self._value.iterdir()

    def glob(self, pattern: str) -> Iterator[Path]:
        """What is in it and fits the pattern."""
        return self._value.glob(pattern)

    def rglob(self, pattern: str) -> Iterator[Path]:
        """What is in it or below and fits the pattern."""
        return self._value.rglob(pattern)

    def walk(self) -> Iterator[tuple[Path, list[str], list[str]]]:
        """Each directory in it, itself first, with the names of the directories and of the files there."""
        for directory, directories, files in os.walk(self._value):
            yield Path(directory), directories, files

    def _signature(self) -> Signature:
        return frozenset(
            (path, _stamp(path))
            for directory, directories, files in os.walk(self._value)
            for path in (os.path.join(directory, name) for name in (*directories, *files))  # noqa: PTH118 - there may be many
        )

    def _place(self) -> tuple[Path, bool]:
        return self._value.absolute(), True


def file(path: str | os.PathLike[str]) -> FileState:
    """Watch a file: cells that read the name run again when it changes, comes or goes.

    `data = qr.watch.file("data.csv")` in one cell, `data.read_text()` in others. In a script, nothing is watched.
    """
    return FileState(path)


def directory(path: str | os.PathLike[str]) -> DirectoryState:
    """Watch a directory: cells that read the name run again when something in it, or below, changes, comes or goes."""
    return DirectoryState(path)


def _stamp(path: str) -> tuple[int, int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - there may be many
    except OSError:
        return None
    if os.path.isdir(path):  # noqa: PTH112 - the same
        return (0, 0, 0)  # its files speak for it
    return status.st_mtime_ns, status.st_size, status.st_ino
