"""What a run takes of the machine: processor time, and the most memory that the kernel's process held meanwhile."""

import os
import sys
import time

from quire.protocol.messages import Costs

try:
    import resource
except ImportError:  # Windows
    resource = None

_UNIT = 1 if sys.platform == "darwin" else 1024
"""Bytes in the unit of `ru_maxrss`."""
_SAME = 1.1
"""The system counts pages for each processor, and adds them up when there is time."""


class Meter:
    """Measures one run at a time, in some 20 µs.

    The system keeps the peak of a process, and Linux forgets it when it is asked to: then the peak of each run is known,
    however short it was. Elsewhere it is known of the runs that need more than any before. No file stays open, since
    cells may close descriptors that are not theirs, and open others under the same numbers.
    """

    def __init__(self) -> None:
        self._is_exact = _reset_peak()
        self._inherited = _inherits_peak()
        self._before: tuple[float, int | None] = (0.0, None)
        self._resident: int | None = None

    def begin(self) -> None:
        """A run begins."""
        self._is_exact = _reset_peak()
        self._before = self._look()
        self._resident = self._before[1] if self._is_exact else resident_memory()

    def end(self) -> Costs:
        """It is over."""
        cpu, peak = self._look()
        cpu_before, peak_before = self._before
        if peak is None or (peak == peak_before and not self._is_exact):
            return Costs(cpu=cpu - cpu_before)
        memory = None if self._resident is None else max(0, peak - self._resident)
        return Costs(cpu=cpu - cpu_before, memory=memory, peak=peak)

    def _look(self) -> tuple[float, int | None]:
        """Seconds of processor time so far, and the highest peak."""
        if resource is None:
            return time.process_time(), None
        own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
        return cpu, _status_peak() if self._is_exact and self._inherited else own.ru_maxrss * _UNIT


def resident_memory() -> int | None:
    """Bytes of this process that are in memory now; None where the system does not say."""
    try:
        return int(_read("/proc/self/statm").split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError, AttributeError):
        return None


def _inherits_peak() -> bool:
    """True where `getrusage` tells of a peak that was not ours: that of whoever started this program."""
    told = 0 if resource is None else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    return told > _SAME * (_status_peak() or told)


def _status_peak() -> int | None:
    try:
        status = _read("/proc/self/status")
        start = status.index(b"VmHWM:") + 6
        return int(status[start : status.index(b"kB", start)]) * 1024
    except (OSError, ValueError):
        return None


def _reset_peak() -> bool:
    """Let the peak be what is resident now; False where that cannot be."""
    try:
        number = os.open("/proc/self/clear_refs", os.O_WRONLY)
    except OSError:
        return False
    try:
        return os.write(number, b"5") == 1
    except OSError:
        return False
    finally:
        os.close(number)


def _read(path: str) -> bytes:
    number = os.open(path, os.O_RDONLY)
    try:
        return os.read(number, 4096)
    finally:
        os.close(number)
