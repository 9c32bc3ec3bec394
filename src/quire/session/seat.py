"""The place of the one kernel of a session: it is started, replaced and closed here, and only its own words count."""

import asyncio
from collections.abc import Callable

from quire.errors import QuireError
from quire.kernel.link import Kernel, MakeKernel
from quire.protocol.kernel import KernelCommand, RunNotice
from quire.protocol.messages import ConsoleText
from quire.session.events import Event, KernelExited, KernelNoticed, KernelPrinted

Report = Callable[[Event], None]


class _Line:
    """The events of one kernel, until another one takes its place."""

    def __init__(self, kernel: Kernel, report: Report) -> None:
        self.kernel = kernel
        self._report = report
        self._live = True
        self._waiting: list[KernelCommand] | None = []

    async def start(self) -> None:
        try:
            await self.kernel.start(self)
        except OSError as error:
            self.on_exit(error.strerror or str(error))
            return
        except QuireError as error:  # its environment could not be made, or is of no use
            self.on_exit(str(error))
            return
        waiting, self._waiting = self._waiting or [], None
        if waiting and self._live:
            self.kernel.send(*waiting)

    def send(self, command: KernelCommand) -> None:
        if self._waiting is None:
            self.kernel.send(command)
        else:
            self._waiting.append(command)

    def retire(self) -> None:
        """What the kernel says from now on is of no interest."""
        self._live = False

    def on_notices(self, notices: list[RunNotice]) -> None:
        if self._live:
            self._report(KernelNoticed(notices))

    def on_console(self, text: ConsoleText) -> None:
        if self._live:
            self._report(KernelPrinted(text))

    def on_exit(self, reason: str) -> None:
        if self._live:
            self._live = False
            self._report(KernelExited(reason))


class KernelSeat:
    """Holds at most one kernel that is listened to; earlier ones are closed in the background."""

    def __init__(self, make_kernel: MakeKernel, report: Report) -> None:
        self._make_kernel = make_kernel
        self._report = report
        self._line: _Line | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, make_kernel: MakeKernel | None = None) -> None:
        """Start a kernel in place of the present one; `make_kernel` makes one that is not like the others."""
        self._retire()
        self._line = _Line((make_kernel or self._make_kernel)(), self._report)
        self._spawn(self._line.start())

    @property
    def pid(self) -> int | None:
        return None if self._line is None else self._line.kernel.pid

    def send(self, command: KernelCommand) -> None:
        if self._line is not None:
            self._line.send(command)

    def interrupt(self) -> None:
        if self._line is not None:
            self._line.kernel.interrupt()

    async def close(self) -> None:
        """No process is left afterwards."""
        self._retire()
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)

    def _retire(self) -> None:
        if self._line is not None:
            self._line.retire()
            self._spawn(self._line.kernel.close())
            self._line = None

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
