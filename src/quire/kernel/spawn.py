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
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

_COMMAND = "from quire.kernel.child import main; main()"


@dataclass
class Child:
    """A kernel's process, started and not yet given to anybody."""

    process: subprocess.Popen[bytes]
    link: socket.socket
    token: str
    lock: threading.Lock = field(default_factory=threading.Lock)
    reaped: bool = False
    """Afterwards its number may be another process's."""

    @property
    def is_alive(self) -> bool:
        """False when it has ended unasked; only for a child that nobody watches."""
        return self.process.poll() is None

    def streams(self) -> dict[Literal["stdout", "stderr"], int]:
        """Our ends of its standard streams."""
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        return {"stdout": self.process.stdout.fileno(), "stderr": self.process.stderr.fileno()}

    def signal_group(self, number: int) -> None:
        """Send a signal to the process and to those that its cells started."""
        with self.lock:
            if self.reaped:
                return
            with contextlib.suppress(OSError):
                if os.name == "posix":
                    os.killpg(self.process.pid, number)
                elif number == _KILL:
                    self.process.kill()

    def kill(self) -> None:
        """End all of them at once."""
        self.signal_group(_KILL)

    def watch(self, ended: Callable[[int], None]) -> None:
        """Wait for the end in a thread, end what the process leaves behind, then call `ended` there with its status."""
        threading.Thread(target=self._wait, args=(ended,), name="quire-reaper", daemon=True).start()

    def _wait(self, ended: Callable[[int], None]) -> None:
        if os.name == "posix":
            # The process stays unreaped while its group is killed: until then nobody else can have its number.
            with contextlib.suppress(ChildProcessError):
                os.waitid(os.P_PID, self.process.pid, os.WEXITED | os.WNOWAIT)
            self.kill()
            with self.lock:
                self.reaped = True
        ended(self.process.wait())

    def close(self) -> None:
        """Let go of the descriptors."""
        self.link.close()
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()


_KILL = getattr(signal, "SIGKILL", signal.SIGTERM)


async def spawn() -> Child:
    """Start a process that imports what a kernel needs and waits for commands."""
    return await asyncio.to_thread(_spawn)


def _spawn() -> Child:
    token = secrets.token_hex(8)
    return _spawn_with_pair(token) if hasattr(socket, "AF_UNIX") and os.name == "posix" else _spawn_with_port(token)


def _spawn_with_pair(token: str) -> Child:
    ours, theirs = socket.socketpair()
    with theirs:
        process = _start(str(theirs.fileno()), token, pass_fds=(theirs.fileno(),))
    return Child(process, ours, token)


def _spawn_with_port(token: str) -> Child:
    """Where descriptors are not inherited: the child calls back on this machine and shows the token first."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        process = _start(f"port:{server.getsockname()[1]}", token, pass_fds=())
        while True:
            ours, _ = server.accept()
            ours.settimeout(5)
            with contextlib.suppress(OSError):
                if secrets.compare_digest(ours.recv(len(token), socket.MSG_WAITALL), token.encode()):
                    ours.settimeout(None)
                    return Child(process, ours, token)
            ours.close()


def _start(place: str, token: str, pass_fds: tuple[int, ...]) -> subprocess.Popen[bytes]:
    # -P: nothing is imported from the directory in which the server happens to run.
    return subprocess.Popen(  # noqa: S603 - our own interpreter, our own arguments
        [sys.executable, "-P", "-c", _COMMAND, place, token],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
        pass_fds=pass_fds,
        env={**os.environ, "MPLBACKEND": "Agg"},
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def describe_exit(status: int) -> str:
    """How a process ended, for people."""
    if status >= 0:
        return f"the kernel exited with status {status}"
    with contextlib.suppress(ValueError):
        return f"the kernel was killed by signal {-status} ({signal.Signals(-status).name})"
    return f"the kernel was killed by signal {-status}"
