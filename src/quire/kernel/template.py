"""The template's own process: it has imported what kernels need, and becomes one whenever it is asked to, by forking.

It runs no cell and has one thread only, without which a fork would not be safe. It is the parent of its kernels: it ends
what they leave behind, and tells how they ended. Requests are datagrams, `fork TOKEN` (with three descriptors: link,
standard output and standard error) and `signal PID NUMBER`; answers are `born TOKEN PID`, `failed TOKEN ERRNO`
and `ended PID STATUS PEAK` (bytes of memory).

A server of one notebook asks at once, and for one kernel mostly. That one gets both cores to start on, and half of what
importing for kernels that may never come would take of the memory: the template goes on when a second one is wanted.
"""

import contextlib
import gc
import importlib
import os
import select
import signal
import socket
import sys

from quire.kernel.child import WARM_UP, serve_kernel
from quire.kernel.frames import LONGEST_DATAGRAM
from quire.kernel.memory import peak_of
from quire.kernel.remains import PAUSE, Remains


def main() -> None:
    """Serve until the other end is closed. Returns in the kernels too, when they end."""
    gc.disable()  # what is imported stays
    control = socket.socket(fileno=int(sys.argv[1]))
    control.set_inheritable(False)
    _Template(control).serve()


class _Template:
    def __init__(self, control: socket.socket) -> None:
        self._control = control
        self._kernels: set[int] = set()
        self._ending: dict[int, Remains] = {}
        """Kernels that have ended, and what they have left behind has not."""
        self._to_import = [name for name in WARM_UP if name not in sys.modules]
        self._born = 0
        # A signal that is noted in a pipe ends a `select` that has just begun, too.
        self._woken, self._wake = os.pipe()
        for end in (self._woken, self._wake):
            os.set_blocking(end, False)
        signal.signal(signal.SIGCHLD, lambda _number, _frame: None)
        signal.set_wakeup_fd(self._wake)

    def serve(self) -> None:
        while True:
            warms_up = self._to_import and self._born != 1
            pause = 0 if warms_up else PAUSE if self._ending else None
            ready, _, _ = select.select([self._control, self._woken], [], [], pause)
            if not ready and warms_up:
                self._import_one()
            if self._woken in ready:
                os.read(self._woken, LONGEST_DATAGRAM)
                self._look()
            if self._ending:
                self._reap()
            if self._control in ready:
                message, descriptors, _, _ = socket.recv_fds(self._control, LONGEST_DATAGRAM, 3)
                if not message:
                    return
                if self._obey(message.decode().split(), descriptors):
                    return

    def _import_one(self) -> None:
        with contextlib.suppress(ImportError):  # it only saves time
            importlib.import_module(self._to_import.pop(0))

    def _obey(self, words: list[str], descriptors: list[int]) -> bool:
        """True in a kernel, when it has ended."""
        match words:
            case ["fork", token]:
                gc.freeze()  # a collection in a kernel would copy the pages that all of them share
                try:
                    pid = os.fork()
                except OSError as error:  # no memory, or too many processes
                    self._tell(f"failed {token} {error.errno}")
                    pid = -1
                if pid == 0:
                    self._become_kernel(token, descriptors)
                    return True
                for descriptor in descriptors:
                    os.close(descriptor)
                if pid > 0:
                    self._born += 1
                    self._kernels.add(pid)
                    self._tell(f"born {token} {pid}")
            case ["signal", pid, number]:
                self._signal(int(pid), int(number))
            case _:
                raise ValueError(f"the template was asked for {words}")
        return False

    def _become_kernel(self, token: str, descriptors: list[int]) -> None:
        os.setsid()
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self._control.close()
        os.close(self._woken)
        os.close(self._wake)
        link, out, err = descriptors
        for descriptor, number in ((out, 1), (err, 2)):
            os.dup2(descriptor, number)
            os.close(descriptor)
        gc.enable()
        serve_kernel(socket.socket(fileno=link), token)

    def _signal(self, pid: int, number: int) -> None:
        if pid not in self._kernels:
            return  # reaped: the number may be somebody else's by now
        try:
            if number == signal.SIGKILL:  # what it has started ends after it, in the order that it needs
                os.kill(pid, number)
            else:
                os.killpg(pid, number)
        except ProcessLookupError:  # it has not made its group yet
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)

    def _look(self) -> None:
        for pid in self._kernels - self._ending.keys():
            found = os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
            if found is not None:
                self._ending[pid] = Remains(pid, in_order=found.si_status == 0)

    def _reap(self) -> None:
        for pid, remains in list(self._ending.items()):
            if not remains.end():
                continue
            del self._ending[pid]
            self._kernels.discard(pid)
            _, status, usage = os.wait4(pid, 0)
            self._tell(f"ended {pid} {os.waitstatus_to_exitcode(status)} {peak_of(usage)}")

    def _tell(self, message: str) -> None:
        with contextlib.suppress(OSError):  # nobody listens any more: the next read says so
            self._control.send(message.encode())
