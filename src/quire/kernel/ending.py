"""How the process of a kernel ended, and how people are told. Pure."""

import signal

import msgspec

from quire.outputs.limit import megabytes

_CRASHES = frozenset(
    getattr(signal, name, None) for name in ("SIGSEGV", "SIGBUS", "SIGILL", "SIGFPE", "SIGABRT", "SIGSYS")
)


class Ending(msgspec.Struct, frozen=True):
    """What the system tells of a process that has ended."""

    status: int
    """The exit status; of one that a signal has killed, the signal's negative number."""
    peak: int | None = None
    """Bytes of memory that it had at most; None where the system does not tell."""


def describe_ending(ending: Ending, *, out_of_memory: bool | None = None) -> str:
    """How it ended, in words that follow "the kernel stopped". `out_of_memory`: whether a SIGKILL came from the system
    because memory ran out; None when nobody knows.
    """
    used = "" if ending.peak is None else f"; it had used up to {megabytes(ending.peak)} of memory"
    return f"{_describe_status(ending.status, out_of_memory=out_of_memory)}{used}"


def _describe_status(status: int, *, out_of_memory: bool | None) -> str:
    if status >= 0:
        return f"it exited with status {status}"
    number = -status
    try:
        known = signal.Signals(number)
    except ValueError:
        return f"it was killed by signal {number}"
    killed = f"it was killed by signal {number} ({known.name})"
    if known in _CRASHES:
        return f"{killed}, so compiled code crashed or recursion went too deep"
    if known.name != "SIGKILL":
        return killed
    if out_of_memory:
        return "the system has ended it (SIGKILL), because memory ran out"
    return f"{killed}, {'by a program, not for want of memory' if out_of_memory is False else 'most likely because memory ran out'}"
