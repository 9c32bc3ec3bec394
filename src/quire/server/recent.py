"""Which notebooks somebody opened last, on this machine: one small file of the user's own, and never a reason to fail."""

import contextlib
import os
import secrets
import threading
import time
from collections.abc import Mapping
from pathlib import Path

import msgspec

MOST = 20
LARGEST_FILE = 256 * 1024


class Opened(msgspec.Struct, frozen=True):
    """That a notebook was opened. `path` is absolute; `when` is in seconds since the epoch."""

    path: str
    when: float


class RecentNotebooks:
    """The list in a file, the newest first. Several servers may keep it: each reads it again before it writes."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def existing(self) -> list[Opened]:
        """Those that are still there. A file that is missing or broken is an empty list."""
        return [opened for opened in self._read() if Path(opened.path).is_file()]

    def add(self, path: Path) -> None:
        """This one is the newest. Where nothing can be written, nothing is remembered."""
        opened = Opened(str(path), time.time())
        with self._lock, contextlib.suppress(OSError):
            # One that does not exist may come back, with its disk or its first edit: only `existing` leaves it out.
            others = [other for other in self._read() if other.path != opened.path]
            self._write([opened, *others][:MOST])

    def _read(self) -> list[Opened]:
        try:
            with self._file.open("rb") as file:
                found = msgspec.json.decode(file.read(LARGEST_FILE), type=list[Opened])
        except (OSError, ValueError):
            return []
        return [opened for opened in found if "\0" not in opened.path][:MOST]

    def _write(self, all_: list[Opened]) -> None:
        self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = self._file.with_name(f".{self._file.name}.{secrets.token_hex(4)}")
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with open(descriptor, "wb") as file:  # noqa: PTH123 (a descriptor, not a path)
                file.write(msgspec.json.encode(all_))
            temporary.replace(self._file)
        finally:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()


def recent_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where the list is kept."""
    base = environment.get("XDG_STATE_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".local/state")
    return Path(base) / "quire" / "recent.json"
