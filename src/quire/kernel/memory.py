"""What the system says of memory: how much this process has used, how much it may use, and whether processes were ended
for want of it. Reads a few files; a system that does not tell gives None.
"""

import functools
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


def memory_limit() -> int | None:
    """How much memory, in bytes, this process may have: what the machine has, or less where somebody says so."""
    if sys.platform == "win32":
        return None
    import resource  # noqa: PLC0415 - not every system has it

    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    soft, _ = resource.getrlimit(resource.RLIMIT_AS)
    if soft != resource.RLIM_INFINITY:
        limits.append(soft)
    for folder in _cgroup_folders():
        for name in ("memory.max", "memory.limit_in_bytes"):
            limits += [int(word) for word in _words(folder / name)[:1] if word.isdecimal()]
    return min(limits)


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
