"""Starting, watching and ending the operating system's side of a kernel: process, group, descriptors."""

import asyncio
import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO

from quire.kernel.console import Stream
from quire.kernel.ending import Ending
from quire.kernel.memory import peak_of
from quire.kernel.remains import PAUSE, Remains

_COMMAND = "from quire.kernel.child import main; main()"


class Child(ABC):
    """A kernel's process, started and not yet given to anybody."""

    pid: int
    link: socket.socket
    token: str
    """Marks in its streams carry it."""
    pipes: Mapping[Stream, IO[bytes]]

    @property
    @abstractmethod
    def is_alive(self) -> bool:
        """False when it has ended unasked; only for a child that nobody watches."""

    @abstractmethod
    def signal_group(self, number: int) -> None:
        """Send a signal to the process and to those that its cells started; they end after it, when it is killed."""

    @abstractmethod
    def watch(self, ended: Callable[[Ending], None]) -> None:
        """Call `ended` when it has ended and what it left behind is ended too. Any thread may call it."""

    def streams(self) -> list[tuple[Stream, int]]:
        """Our ends of its standard streams, as descriptors."""
        return [(stream, pipe.fileno()) for stream, pipe in self.pipes.items()]

    def kill(self) -> None:
        """End it at once, and then what it has started."""
        self.signal_group(KILL)

    def close(self) -> None:
        """Let go of the descriptors."""
        self.link.close()
        for pipe in self.pipes.values():
            pipe.close()


class SpawnedChild(Child):
    """A kernel started as a program of its own: our child in the eyes of the system."""

    def __init__(self, process: subprocess.Popen[bytes], link: socket.socket, token: str) -> None:
        assert process.stdout is not None
        assert process.stderr is not None
        self.pid, self.link, self.token = process.pid, link, token
        self.pipes = {"stdout": process.stdout, "stderr": process.stderr}
        self._process = process
        self._lock = threading.Lock()
        self._reaped = False  # afterwards its number may be another process's

    @property
    def is_alive(self) -> bool:
        return self._process.poll() is None

    def signal_group(self, number: int) -> None:
        with self._lock:
            if self._reaped:
                return
            with contextlib.suppress(OSError):
                if os.name != "posix":
                    if number == KILL:
                        self._process.kill()
                elif number == KILL:  # what it has started ends after it, in the order that it needs
                    os.kill(
                        self.pid, KILL
                    )  # `Popen.kill` would take the status of one that has ended from who waits for it
                else:
                    os.killpg(self.pid, number)

    def watch(self, ended: Callable[[Ending], None]) -> None:
        threading.Thread(target=self._wait, args=(ended,), name="quire-reaper", daemon=True).start()

    def _wait(self, ended: Callable[[Ending], None]) -> None:
        if sys.platform == "win32":
            ended(Ending(self._process.wait()))
            return
        found = os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOWAIT)
        remains = Remains(self.pid, in_order=found is not None and found.si_status == 0)
        while not remains.end():
            time.sleep(PAUSE)
        with self._lock:
            self._reaped = True
            _, status, usage = os.wait4(self.pid, 0)
        self._process.returncode = os.waitstatus_to_exitcode(status)
        ended(Ending(self._process.returncode, peak_of(usage)))


KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


async def spawn(python: str = sys.executable) -> Child:
    """Start a process that imports what a kernel needs and waits for commands. `python` is its interpreter, which has this
    Quire too (see `interpreter.py`).
    """
    return await asyncio.to_thread(_spawn, python)


def _spawn(python: str) -> Child:
    token = secrets.token_hex(8)
    with_pair = hasattr(socket, "AF_UNIX") and os.name == "posix"
    return _spawn_with_pair(python, token) if with_pair else _spawn_with_port(python, token)


def _spawn_with_pair(python: str, token: str) -> Child:
    ours, theirs = socket.socketpair()
    with theirs:
        process = _start(python, str(theirs.fileno()), token, pass_fds=(theirs.fileno(),))
    return SpawnedChild(process, ours, token)


def _spawn_with_port(python: str, token: str) -> Child:
    """Where descriptors are not inherited: the child calls back on this machine and shows the token first."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        process = _start(python, f"port:{server.getsockname()[1]}", token, pass_fds=())
        while True:
            ours, _ = server.accept()
            ours.settimeout(5)
            with contextlib.suppress(OSError):
                if secrets.compare_digest(ours.recv(len(token), socket.MSG_WAITALL), token.encode()):
                    ours.settimeout(None)
                    return SpawnedChild(process, ours, token)
            ours.close()


def _start(python: str, place: str, token: str, pass_fds: tuple[int, ...]) -> subprocess.Popen[bytes]:
    # -P: nothing is imported from the directory in which the server happens to run.
    return subprocess.Popen(  # noqa: S603 - the notebook's interpreter, our own arguments
        [python, "-P", "-c", _COMMAND, place, token],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        pass_fds=pass_fds,
        env=kernel_environment() if python == sys.executable else environment_of(Path(python)),
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def kernel_environment() -> dict[str, str]:
    """What a kernel's process finds in `os.environ` when it starts."""
    return {**os.environ, "MPLBACKEND": "Agg"}


def environment_of(python: Path) -> dict[str, str]:
    """The same in an environment of its own: the programs that its packages bring are found first."""
    path = os.pathsep.join([str(python.parent), os.environ.get("PATH", os.defpath)])
    variables = {**kernel_environment(), "PATH": path, "VIRTUAL_ENV": str(python.parent.parent)}
    return {name: value for name, value in variables.items() if name not in {"PYTHONPATH", "PYTHONHOME"}}
