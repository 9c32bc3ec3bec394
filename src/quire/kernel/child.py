"""The kernel's own process: reads commands from its link in a thread, runs cells in the main thread, answers questions
beside it, sends notices.

Forked by `template`, or started by `spawn` with the descriptor of the link (or a port on this machine) and a token. It
ends when it is told to, or when the server is gone.
"""

import atexit
import contextlib
import errno
import importlib
import os
import queue
import signal
import site
import socket
import sys
import threading
import time
import types
import warnings
from collections.abc import Sequence

from quire.context import set_host
from quire.ids import ElementId
from quire.kernel.adapters import adapt_imports
from quire.kernel.aside import Aside
from quire.kernel.costs import resident_memory
from quire.kernel.drivers import help_interrupt
from quire.kernel.engine import Engine
from quire.kernel.environment import enter_notebook
from quire.kernel.frames import Frames, frame
from quire.kernel.interrupts import Interrupts, interrupt_main, leave_interrupts_to_main
from quire.kernel.live import Live
from quire.kernel.orphan import end_when_orphaned
from quire.kernel.remains import settle_trackers
from quire.kernel.stdin import Stdin
from quire.kernel.streams import PipeStreams
from quire.protocol.codec import decode_kernel_commands, encode
from quire.protocol.kernel import (
    BindNotebook,
    Discard,
    GiveInput,
    KernelCommand,
    KernelIdle,
    KernelReady,
    Question,
    RefreshPackages,
    RunNotice,
    SetKernelElements,
    Shutdown,
)

GRACE = 2.0
"""Seconds that user code has to end after it was told to."""

_CHUNK = 1 << 16
_LINK_LOST = (errno.EBADF, errno.ENOTSOCK)
_QUIET = 0.05  # seconds without a command after which there is time to import
_TURN = 0.01  # seconds between two looks at the inbox, only while tasks of the user's wait
WARM_UP = (
    "quire.outputs.commonmark",
    "quire.ui.sliders",
    "asyncio",
    "decimal",
    "datetime",
    "random",
    "csv",
    "sqlite3",
)
"""Imported in a kernel that waits for its notebook, so that the first cell that needs them does not wait."""


def main() -> None:
    """Be a kernel until told otherwise: in a process of its own from the beginning."""
    serve_kernel(*_connect(sys.argv[1], sys.argv[2]), WARM_UP)


def serve_kernel(link: socket.socket, token: str, to_import: Sequence[str] = ()) -> None:
    """Be a kernel, in this process and with its standard streams, until told otherwise. `to_import` is imported when
    there is nothing else to do.
    """
    link.set_inheritable(False)
    interrupts = Interrupts()
    interrupts.install()
    end_when_orphaned()
    atexit.register(settle_trackers)  # registered first, and so called last
    _Child(link, token, interrupts, to_import).serve()


def _connect(place: str, token: str) -> tuple[socket.socket, str]:
    if place.startswith("port:"):
        link = socket.create_connection(("127.0.0.1", int(place.removeprefix("port:"))))
        link.sendall(token.encode())
    else:
        link = socket.socket(fileno=int(place))
    return link, token


class _Child:
    """The threads of the kernel."""

    def __init__(self, link: socket.socket, token: str, interrupts: Interrupts, to_import: Sequence[str]) -> None:
        self._link = link
        self._interrupts = interrupts
        self._inbox: queue.SimpleQueue[KernelCommand | None] = queue.SimpleQueue()
        """None when there is something to do for the engine, and nothing to obey."""
        self._outgoing: list[RunNotice] = []
        self._main = _fresh_main()
        self._streams = PipeStreams(token)
        live = Live(self._send_with)
        self._stdin = Stdin(live.tell, self._streams.flush)
        self._engine = Engine(
            vars(self._main),
            self._outgoing.append,
            interrupts=interrupts,
            streams=self._streams,
            flush=self._send,
            live=live,
            wake=lambda: self._inbox.put(None),
        )
        self._aside = Aside(self._engine.answer, lambda notice: self._send_with([notice]))
        self._sending = threading.Lock()
        self._to_import = list(to_import)

    def serve(self) -> None:
        """Run what the server asks for, until it asks to end."""
        threading.Thread(target=self._read, name="quire-link", daemon=True).start()
        while True:
            commands = self._next_commands()
            for command in commands:
                if isinstance(command, Shutdown):
                    self._end()
                    return
                self._obey(command)
            self._engine.step()
            if not self._engine.is_busy and self._inbox.empty():
                self._streams.flush()
                self._outgoing.append(KernelIdle(memory=resident_memory()))
                self._send()

    # -- the main thread

    def _next_commands(self) -> list[KernelCommand]:
        """Everything that waits; nothing when cells are queued and no command is; else the next command."""
        commands: list[KernelCommand | None] = []
        if not self._engine.is_busy:
            commands.append(self._wait())
        with contextlib.suppress(queue.Empty):
            while True:
                commands.append(self._inbox.get_nowait())
        return merged([command for command in commands if command is not None])

    def _wait(self) -> KernelCommand | None:
        while self._to_import:
            with contextlib.suppress(queue.Empty):
                return self._inbox.get(timeout=_QUIET)
            with contextlib.suppress(Exception):  # user code may have broken imports; this one only saves time
                importlib.import_module(self._to_import.pop(0))
        while (loop := self._engine.runner.waiting_loop) is not None and self._inbox.empty():
            # Tasks of the user's wait in the event loop: it turns between looks at the inbox.
            with contextlib.suppress(Exception):
                loop.run_until_complete(_moment())
        return self._inbox.get()

    def _obey(self, command: KernelCommand) -> None:
        if isinstance(command, BindNotebook):
            self._bind(command)
            self._outgoing.append(KernelReady(pid=os.getpid()))
        elif isinstance(command, RefreshPackages):
            refresh_packages()
        else:
            self._engine.obey(command)

    def _bind(self, command: BindNotebook) -> None:
        self._main.__file__ = command.path
        with contextlib.suppress(OSError):  # a directory that is gone: cells will say so when they need it
            os.chdir(command.directory)
        sys.path.insert(0, os.path.dirname(os.path.realpath(command.path)))  # noqa: PTH120 - the text, as Python does it
        sys.argv = [command.program or command.path, *command.arguments]
        enter_notebook(command.path)
        importlib.invalidate_caches()
        if command.mode == "edit":
            self._stdin.install()
        else:  # visitors must not hold up a kernel for ever, and nobody is there to debug
            sys.breakpointhook = _pass_over
        self._engine.bind(command)
        set_host(self._engine.host)
        adapt_imports(pdb=self._adapt_pdb)
        # From here on, modules of other names may be the user's own.
        self._to_import = [name for name in self._to_import if name.startswith("quire.")]

    def _adapt_pdb(self, module: types.ModuleType) -> None:
        from quire.kernel.debugger import adapt_pdb  # noqa: PLC0415 - needs the module that is being adapted

        adapt_pdb(module, self._engine)

    def _end(self) -> None:
        with contextlib.suppress(Exception):  # tasks of the user's may not want to end
            self._engine.close()
        self._streams.flush()
        self._send()

    def _send(self) -> None:
        """One frame for what was reported since the last one."""
        self._send_with([])

    def _send_with(self, notices: list[RunNotice]) -> None:
        """From any thread: what was reported before goes first."""
        try:
            with self._sending:
                waiting = self._outgoing[:]
                del self._outgoing[: len(waiting)]
                self._link.sendall(frame(encode([*waiting, *notices])))
        except OSError as error:
            if error.errno in _LINK_LOST:
                _end_unheard(
                    "a cell has closed the kernel's connection to Quire; leave descriptors open that it did not open"
                )
            # Else the server is gone, and the reading thread ends this process.

    # -- the reading thread

    def _read(self) -> None:
        frames = Frames()
        leave_interrupts_to_main()
        try:
            while data := self._receive():
                for payload in frames.feed(data):
                    for command in decode_kernel_commands(payload):
                        self._take(command)
        except OSError:
            pass
        except Exception:  # noqa: BLE001 - an edge: a kernel that hears nothing any more must not live
            _end_unheard("the kernel could not read what Quire asks of it, most likely for want of memory")
        self._take(Shutdown(), orphaned=True)

    def _receive(self) -> bytes:
        while True:
            try:
                return self._link.recv(_CHUNK)
            except MemoryError:  # the cell that took it all is about to hear of that
                time.sleep(_TURN)

    def _take(self, command: KernelCommand, *, orphaned: bool = False) -> None:
        if isinstance(command, Question):
            self._aside.ask(command)
            return
        if isinstance(command, GiveInput):
            self._stdin.answer(command.number, command.text)
            return
        self._inbox.put(command)
        if isinstance(command, Shutdown):
            self._stdin.end()
            threading.Thread(target=_end_hard, kwargs={"orphaned": orphaned}, name="quire-end", daemon=True).start()
        if isinstance(command, Shutdown) or (isinstance(command, Discard) and sys.platform == "win32"):
            interrupt_main()  # what runs now is asked to stop; ignored when nothing runs
        if isinstance(command, Shutdown | Discard):
            help_interrupt(self._interrupts)


def merged(commands: list[KernelCommand]) -> list[KernelCommand]:
    """The commands with neighbouring new values made one: the newest of each element wins."""
    result: list[KernelCommand] = []
    for command in commands:
        last = result[-1] if result else None
        if isinstance(command, SetKernelElements) and isinstance(last, SetKernelElements):
            values: dict[ElementId, object] = {**last.values, **command.values}
            result[-1] = SetKernelElements(values=values)
        else:
            result.append(command)
    return result


def refresh_packages() -> None:
    """See what was installed since: new modules, and folders that new `.pth` files name."""
    importlib.invalidate_caches()
    for folder in site.getsitepackages():
        site.addsitedir(folder)


async def _moment() -> None:
    import asyncio  # noqa: PLC0415 - loaded already, by the first asynchronous cell

    await asyncio.sleep(_TURN)


def _fresh_main() -> types.ModuleType:
    """The module in which cells run. The one this process began with stays alive: its functions are ours."""
    module = types.ModuleType("__main__")
    vars(module)["__builtins__"] = __builtins__
    vars(module)["__annotations__"] = {}  # as in the main program, where annotated names need it
    sys.modules["__quire_kernel__"] = sys.modules["__main__"]
    sys.modules["__main__"] = module
    # `pyplot.show()` has no window to open here; figures become outputs instead.
    warnings.filterwarnings("ignore", message=".*is non-interactive, and thus cannot be shown", category=UserWarning)
    return module


def _pass_over(*_arguments: object, **_options: object) -> None:
    sys.stderr.write("`breakpoint()` is passed over in an app\n")


def _end_unheard(why: str) -> None:
    """A kernel that nobody hears, or that hears nobody, would look busy for ever; one that ended can be restarted."""
    with contextlib.suppress(Exception):
        sys.stderr.write(f"{why}\n")
        sys.stderr.flush()
    os._exit(1)


def _end_hard(*, orphaned: bool) -> None:
    """User code may not end: threads, C code, an `except KeyboardInterrupt`."""
    threading.Event().wait(GRACE)
    if orphaned and os.name == "posix":  # nobody else will
        os.killpg(os.getpgid(0), signal.SIGKILL)
    os._exit(1)
