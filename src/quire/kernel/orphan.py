"""The end of a kernel whose server is gone while C code holds the interpreter's lock, so that no Python can notice it.

Linux can send a signal when the thread that started a process ends. Ours is the C library's own `alarm`, installed as a
handler: called with the signal's number, it asks for `SIGALRM` as many seconds later, which ends the process without any
Python. Until then the reading thread of a kernel that is able to end in order, with its children, has done so.
"""

import ctypes
import signal
import sys

_PR_SET_PDEATHSIG = 1


def end_when_orphaned() -> None:
    """Call it early, in the main thread. The server starts kernels in threads of its executor, which live as long as it.

    A server that is gone already is noticed where the link is read: nothing of the user's has run yet.
    """
    if sys.platform != "linux" or not hasattr(signal, "SIGSTKFLT"):
        return
    number = int(signal.SIGSTKFLT)  # 16; nothing sends it
    try:
        library = ctypes.CDLL(None)
        library.signal.argtypes = [ctypes.c_int, ctypes.c_void_p]
        library.signal.restype = ctypes.c_void_p
        library.signal(number, ctypes.cast(library.alarm, ctypes.c_void_p))
        library.prctl(_PR_SET_PDEATHSIG, number)
    except (OSError, AttributeError):
        return  # a C library without these: such a kernel has to be ended by hand
