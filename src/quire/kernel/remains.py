"""What a kernel leaves behind: processes of its group, which end with it, and shared memory, which its trackers remove.

`multiprocessing` and `joblib` start a process that notes what is shared and removes it when everybody who had a part in it
is gone. Killed with the others, it could not.
"""

import contextlib
import os
import signal
import sys
from pathlib import Path
from time import monotonic

PAUSE = 0.02
"""Seconds between two looks."""
_PATIENCE = 1.0
_TRACKERS = (
    "multiprocessing.resource_tracker",
    "joblib.externals.loky.backend.resource_tracker",
    "loky.backend.resource_tracker",
)
_TRACKER = b"resource_tracker"  # stands in the command of each


def settle_trackers() -> None:
    """In a kernel that ends in order, as the last thing: let its trackers do their work, and wait for them."""
    for name in _TRACKERS:
        tracker = getattr(sys.modules.get(name), "_resource_tracker", None)
        if tracker is not None:
            with contextlib.suppress(Exception):  # private to its module, and of the user's process
                tracker._stop()


class Remains:
    """The group of a kernel that has ended and is not reaped yet: until it is, nobody else can have its number."""

    def __init__(self, leader: int, *, in_order: bool) -> None:
        """`in_order`: it has settled its trackers itself."""
        self._leader = leader
        self._deadline = monotonic() + (0 if in_order else _PATIENCE)

    def end(self) -> bool:
        """End them. False while a tracker still works: look again after a pause."""
        if sys.platform == "linux" and monotonic() < self._deadline:
            others = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal() and self._holds(path)]
            trackers = [pid for pid in others if _TRACKER in _read(Path(f"/proc/{pid}/cmdline"))]
            if trackers:
                for pid in others:
                    if pid not in trackers:
                        with contextlib.suppress(ProcessLookupError):
                            os.kill(pid, signal.SIGKILL)
                return False
        with contextlib.suppress(OSError):
            os.killpg(self._leader, signal.SIGKILL)
        return True

    def _holds(self, process: Path) -> bool:
        """Whether it is of the group, and lives."""
        match _read(process / "stat").rpartition(b")")[2].split():
            case [state, _, group, *_]:
                return int(group) == self._leader and state not in {b"Z", b"X"}
            case _:
                return False


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended
        return b""
