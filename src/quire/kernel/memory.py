"""Memory as the system sees it: how much this process has used, how much is left, and whether processes were ended for want
of it. Reads a few files.
"""

import contextlib
import functools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from traceback import clear_frames
from typing import Any

_UNLIMITED = sys.maxsize
_RESERVE = 1 << 23
_UNIT = 1 if sys.platform == "darwin" else 1024
_CGROUPS = Path("/sys/fs/cgroup")


def peak_of(usage: Any) -> int:
    """The most memory, in bytes, that a process has had at once, from what `wait4` or `getrusage` gives."""
    return int(usage.ru_maxrss) * _UNIT


def peak_memory() -> int | None:
    """The most memory, in bytes, that this process has had at once."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not every system has it

    return peak_of(resource.getrusage(resource.RUSAGE_SELF))


def free_memory() -> int:
    """Bytes that this process can still get without pushing something else out."""
    return min(_free_in_system(), _free_in_groups(), _free_by_limit())


def _free_in_system() -> int:
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        return int(text.partition("MemAvailable:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return _UNLIMITED


def _free_in_groups() -> int:
    """In the containers and services that this process belongs to."""
    free = [_UNLIMITED]
    for folder in _cgroup_folders():
        for limit, used in (
            ("memory.max", "memory.current"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes"),
        ):
            words = [*_words(folder / limit), *_words(folder / used)]
            if len(words) == 2 and words[0].isdecimal():  # not there, or `max`
                free.append(max(0, int(words[0]) - int(words[1])))
    return min(free)


def _free_by_limit() -> int:
    """Below the address space that the process may have."""
    try:
        import resource  # noqa: PLC0415 - not on Windows

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit == resource.RLIM_INFINITY:
            return _UNLIMITED
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return max(0, limit - pages * os.sysconf("SC_PAGE_SIZE"))
    except (ImportError, OSError, ValueError):
        return _UNLIMITED


class Reserve:
    """Memory set aside, so that there is some left to say that there is none. It is not touched, and so costs none."""

    def __init__(self) -> None:
        self._block: bytearray | None = None
        self.renew()

    def renew(self) -> None:
        """Set it aside again, if there is memory."""
        if self._block is None:
            with contextlib.suppress(MemoryError):
                self._block = bytearray(_RESERVE)

    def relieve(self, error: BaseException) -> None:
        """Where memory is short after this error, let go of the reserve and of what the functions that raised it held."""
        try:
            bytearray(2 * _RESERVE)
        except MemoryError:
            self._block = None
            raised: BaseException | None = error
            while raised is not None:
                clear_frames(raised.__traceback__)
                raised = raised.__context__


def count_oom_kills() -> int | None:
    """How many processes the system has ended for want of memory, among those that share a limit with this one."""
    for folder in _cgroup_folders():
        for name in ("memory.events", "memory.oom_control"):
            words = _words(folder / name)
            if "oom_kill" in words:
                return int(words[words.index("oom_kill") + 1])
    words = _words(Path("/proc/vmstat"))
    return int(words[words.index("oom_kill") + 1]) if "oom_kill" in words else None


class OomWatch:
    """Tells of one process after the other whether the system has ended it for want of memory."""

    def __init__(self) -> None:
        self._known: int | None = None

    def begin(self) -> None:
        """A process is about to start."""
        if self._known is None:
            self._known = count_oom_kills()

    def has_struck(self) -> bool | None:
        """A process was killed: was it that? None where the system does not tell."""
        count = count_oom_kills()
        if count is None or self._known is None:
            return None
        if count <= self._known:
            return False
        self._known += 1
        return True


def _words(path: Path) -> list[str]:
    try:
        return path.read_text(encoding="ascii").split()
    except (OSError, ValueError):
        return []


@functools.cache
def _cgroup_folders() -> tuple[Path, ...]:
    """Where the limits on this process stand, the nearest first: of control groups, version 2 and version 1."""
    return tuple(folder for folder in _places() if (folder / "cgroup.procs").exists())


def _places() -> Iterator[Path]:
    for word in _words(Path("/proc/self/cgroup")):
        _, controllers, path = word.split(":", 2)
        if controllers and "memory" not in controllers.split(","):
            continue
        root = _CGROUPS / "memory" if controllers else _CGROUPS
        inner = root / path.lstrip("/")
        yield from (inner, *(parent for parent in inner.parents if parent.is_relative_to(root)))
