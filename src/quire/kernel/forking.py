"""Kernels that start at once: forked from one process which has imported what they need (see `template`).

Linux only. Elsewhere forking a process that has loaded libraries of the system is not safe, and `spare` keeps one kernel
in reserve instead. Nothing of the user's runs before the fork.
"""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Callable

from quire.kernel.ending import Ending
from quire.kernel.frames import LONGEST_DATAGRAM
from quire.kernel.process import KernelProcess
from quire.kernel.spare import SpareKernels
from quire.kernel.spawn import KILL, Child, kernel_environment, spawn

_COMMAND = "from quire.kernel.template import main; main()"


class ForkingKernels:
    """Makes kernels by asking the template for them. Use on one event loop; `discard` at its end."""

    def __init__(self) -> None:
        self._template: asyncio.Task[_Template] | None = None
        self._discarded = False

    def make_kernel(self) -> KernelProcess:
        """A kernel whose `start` forks its process."""
        return KernelProcess(self.take)

    def prepare(self) -> None:
        """Start the template, unless there is one."""
        if self._template is None and not self._discarded:
            self._template = asyncio.get_running_loop().create_task(_Template.start())

    async def begun(self) -> None:
        """Until the template runs and has been asked for the kernels that somebody waits for already."""
        await asyncio.sleep(0)  # whoever was just started asks
        if self._template is not None:
            with contextlib.suppress(OSError):  # told to who asked
                await self._template
            await asyncio.sleep(0)

    async def take(self) -> Child:
        """A process forked now; where that fails, one that is started as a program of its own."""
        for _ in range(2):  # a template that was killed is replaced
            self.prepare()
            waiting = self._template
            if waiting is None:
                break
            try:
                return await (await waiting).fork()
            except OSError:
                if self._template is waiting:
                    self._template = None
        return await spawn()

    async def discard(self) -> None:
        """End the template when its last kernel has ended, and start no other."""
        self._discarded = True
        waiting, self._template = self._template, None
        if waiting is not None:
            with contextlib.suppress(OSError):
                await (await waiting).close()


ReadyKernels = ForkingKernels | SpareKernels


def ready_kernels() -> ReadyKernels:
    """Whichever this system can have."""
    return ForkingKernels() if sys.platform == "linux" else SpareKernels()


class ForkedChild(Child):
    """A kernel forked from the template, which is its parent in the eyes of the system."""

    def __init__(self, template: "_Template", pid: int, link: socket.socket, token: str, out: int, err: int) -> None:
        self.pid, self.link, self.token = pid, link, token
        self.pipes = {"stdout": open(out, "rb", buffering=0), "stderr": open(err, "rb", buffering=0)}  # noqa: SIM115 - descriptors; `close` closes them
        self._template = template

    @property
    def is_alive(self) -> bool:
        return self._template.is_alive(self.pid)

    def signal_group(self, number: int) -> None:
        self._template.signal(self.pid, number)

    def watch(self, ended: Callable[[Ending], None]) -> None:
        self._template.watch(self.pid, ended)


class _Template:
    """Our end of the template's control connection."""

    def __init__(self, process: subprocess.Popen[bytes], control: socket.socket) -> None:
        self._process = process
        self._control = control
        self._loop = asyncio.get_running_loop()
        self._births: dict[str, asyncio.Future[int]] = {}
        self._alive: set[int] = set()
        self._ended: dict[int, Ending] = {}
        """Of those that nobody has watched yet."""
        self._watches: dict[int, Callable[[Ending], None]] = {}
        self._idle = asyncio.Event()
        """Set while no kernel lives and none is being born."""
        self._idle.set()
        self._gone = False
        control.setblocking(False)
        self._loop.add_reader(control.fileno(), self._read)

    @classmethod
    async def start(cls) -> "_Template":
        return cls(*await asyncio.to_thread(_start))

    async def fork(self) -> ForkedChild:
        """A new kernel. Raises `OSError` when the template is gone or has no room for another process."""
        if self._gone:
            raise BrokenPipeError
        token = secrets.token_hex(8)
        birth = self._births[token] = self._loop.create_future()
        self._idle.clear()
        ours, theirs = socket.socketpair()
        (out, out_end), (err, err_end) = os.pipe(), os.pipe()
        try:
            with theirs:
                socket.send_fds(self._control, [f"fork {token}".encode()], [theirs.fileno(), out_end, err_end])
            pid = await birth
        except BaseException:
            ours.close()
            for descriptor in (out, err):
                os.close(descriptor)
            raise
        finally:
            del self._births[token]
            self._note_idle()
            for descriptor in (out_end, err_end):
                os.close(descriptor)
        return ForkedChild(self, pid, ours, token, out, err)

    def is_alive(self, pid: int) -> bool:
        return pid in self._alive

    def signal(self, pid: int, number: int) -> None:
        if pid in self._alive:
            with contextlib.suppress(OSError):  # gone: `_read` is about to end its kernels
                self._control.send(f"signal {pid} {number}".encode())

    def watch(self, pid: int, ended: Callable[[Ending], None]) -> None:
        if pid in self._alive:
            self._watches[pid] = ended
        else:
            ended(self._ended.pop(pid))

    async def close(self) -> None:
        """Wait until no kernel is left, then let the template end."""
        await self._idle.wait()
        self._stop()
        await asyncio.to_thread(self._process.wait)

    # -- from the template

    def _read(self) -> None:
        while not self._gone:
            try:
                message = self._control.recv(LONGEST_DATAGRAM)
            except BlockingIOError:
                return
            except OSError:
                message = b""
            match message.decode().split():
                case ["born", token, number]:
                    self._alive.add(int(number))
                    self._idle.clear()
                    birth = self._births.get(token)
                    if birth is not None and not birth.done():
                        birth.set_result(int(number))
                    else:  # whoever wanted it has stopped waiting
                        self.signal(int(number), KILL)
                case ["failed", token, number]:
                    if (birth := self._births.get(token)) is not None and not birth.done():
                        birth.set_exception(OSError(int(number), os.strerror(int(number))))
                case ["ended", pid, status, peak]:
                    self._end(int(pid), Ending(int(status), int(peak)))
                case _:
                    self._lose()

    def _end(self, pid: int, ending: Ending) -> None:
        self._alive.discard(pid)
        self._note_idle()
        if (ended := self._watches.pop(pid, None)) is not None:
            ended(ending)
        else:
            self._ended[pid] = ending

    def _stop(self) -> None:
        if not self._gone:
            self._gone = True
            self._loop.remove_reader(self._control.fileno())
            self._control.close()

    def _note_idle(self) -> None:
        if not self._alive and not self._births:
            self._idle.set()

    def _lose(self) -> None:
        """The template was killed. Nobody can tell how its kernels end any more, so they end now."""
        self._stop()
        for birth in self._births.values():
            if not birth.done():
                birth.set_exception(BrokenPipeError())
        for pid in list(self._alive):
            with contextlib.suppress(OSError):
                os.killpg(pid, KILL)
            self._end(pid, Ending(-signal.SIGKILL))
        self._loop.run_in_executor(None, self._process.wait)


def _start() -> tuple[subprocess.Popen[bytes], socket.socket]:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with theirs:
        # -P: nothing is imported from the directory in which the server happens to run.
        process = subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
            [sys.executable, "-P", "-c", _COMMAND, str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            env=kernel_environment(),
            start_new_session=True,
        )
    return process, ours
