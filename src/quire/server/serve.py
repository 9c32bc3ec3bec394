"""From a bound socket to served notebooks, and back: start, signals, an orderly end.

The order is the point: the kernel's process starts first, and the server is imported while that one does the same;
browsers that come early wait in the socket. Nothing at the top of this module is slow to import.
"""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine, Mapping
from types import FrameType
from typing import Any

import msgspec

from quire.kernel.forking import ReadyKernels, ready_kernels
from quire.server.address import Address
from quire.server.notebooks import Notebooks
from quire.server.recent import RecentNotebooks, recent_file
from quire.server.visitors import App, AppOptions, Visitors
from quire.server.workspace import Workspace
from quire.session.state import SessionState

_LOOK = 1.0
"""Seconds between two looks at whether anybody is there."""
INTERRUPTED = 130
"""What shells report of a program that an interrupt ended."""


def serve_notebooks(
    workspace: Workspace,
    main: SessionState | None,
    entrance: "Entrance",
    *,
    sandbox: bool = False,
    timeout: float | None = None,
    session_ttl: float | None = None,
) -> None:
    """Serve the notebooks of a folder until SIGINT, SIGTERM or SIGHUP; then save, end the kernels, and return. `main` is
    opened at once. With `sandbox`, each of the others runs in an environment of its own.

    After `timeout` minutes in which nobody had a notebook open and no cell was running, the server ends by itself; after
    `session_ttl` seconds of that, a single notebook does.

    A second signal does not wait for a disk or a page that does not answer. No process is left in either case.
    """

    def build(kernels: ReadyKernels) -> Notebooks:
        recent = RecentNotebooks(recent_file())
        notebooks = Notebooks(workspace, kernels.make_kernel, recent, sandbox=sandbox, session_ttl=session_ttl)
        notebooks.start()
        if main is None:
            kernels.prepare()
        else:
            notebooks.open_main(main).start()
        return notebooks

    asyncio.run(_serve(build, entrance, timeout))


def serve_apps(apps: Mapping[str, App], options: AppOptions, entrance: "Entrance") -> None:
    """The same for the visitors of apps."""

    def build(kernels: ReadyKernels) -> Visitors:
        kernels.prepare()
        visitors = Visitors(apps, options, kernels.make_kernel)
        visitors.start()
        return visitors

    asyncio.run(_serve(build, entrance))


class Entrance(msgspec.Struct, frozen=True):
    """Where people come in, and with what. `ticket` opens the page once, like the token."""

    listening: socket.socket
    address: Address
    signals: "Signals"
    token: str | None = None
    ticket: str = ""


async def _serve(
    build: Callable[[ReadyKernels], Notebooks | Visitors], entrance: Entrance, patience: float | None = None
) -> None:
    signals = entrance.signals
    signals.attach()
    kernels = ready_kernels()
    house = build(kernels)
    await kernels.begun()  # the kernel's process is on its way before the imports begin
    # A fifth of a second, during which the kernel starts on another core.
    from quire.server.http import make_server  # noqa: PLC0415 - see above

    server = make_server(house, entrance.address, entrance.token, entrance.ticket)
    gc.freeze()
    gc.enable()
    serving = asyncio.create_task(server.serve(sockets=[entrance.listening]))
    try:
        await _first_of(serving, _end_of_use(house, patience, signals.first))
    finally:
        closing = asyncio.gather(house.close(), kernels.discard())
        await _first_of(closing, signals.second.wait())
    if not closing.done():
        await asyncio.gather(house.abandon(), kernels.discard())
        os._exit(INTERRUPTED)
    server.should_exit = True
    await _first_of(serving, signals.second.wait())
    signals.forget()


async def _end_of_use(house: Notebooks | Visitors, patience: float | None, asked: asyncio.Event) -> None:
    """Until somebody asks to end, or nobody has used a notebook for so many minutes."""
    if patience is None:
        await asked.wait()
        return
    used = time.monotonic()
    while not asked.is_set() and (left := used + patience * 60 - time.monotonic()) > 0:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asked.wait(), min(left, _LOOK))
        if any(session.is_used for session in house.sessions):
            used = time.monotonic()


async def _first_of(work: "asyncio.Future[Any]", other: Coroutine[Any, Any, object]) -> None:
    """Wait for either; a mistake in `work` is raised."""
    waiting = asyncio.ensure_future(other)
    await asyncio.wait({work, waiting}, return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()
    if work.done():
        work.result()


class Signals:
    """From now on, the first signal asks to end and the second one insists. More of them change nothing: within two
    seconds the kernel is gone, and this process with it; an earlier end would leave the kernel behind.
    """

    def __init__(self) -> None:
        self._count = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        numbers = {signal.SIGINT, signal.SIGTERM}
        if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:  # as `nohup` has it
            numbers.add(signal.SIGHUP)  # the window of the terminal was closed
        self._before = {number: signal.getsignal(number) for number in numbers}
        for number in self._before:
            signal.signal(number, self._take)

    def attach(self) -> None:
        """Tell this event loop, also of signals that came before."""
        self.first, self.second = asyncio.Event(), asyncio.Event()
        self._loop = asyncio.get_running_loop()
        self._tell()

    def forget(self) -> None:
        """Signals do again what they did before."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self._count += 1
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._tell)

    def _tell(self) -> None:
        if self._count > 0:
            self.first.set()
        if self._count > 1:
            self.second.set()
