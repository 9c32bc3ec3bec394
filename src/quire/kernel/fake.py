"""`FakeKernel`: a kernel without a process, for tests of everything above. The same decisions; cells run on the event loop.

A cell cannot be interrupted here, cannot `await` (the loop is the test's), and `os._exit` ends the test: those belong to
the real kernel's own tests.
"""

import asyncio
import contextlib
import io
from collections import deque

from quire.kernel.aside import answered
from quire.kernel.engine import Engine
from quire.kernel.interrupts import NoInterrupts
from quire.kernel.link import KernelEvents
from quire.protocol.kernel import (
    BindNotebook,
    Discard,
    KernelCommand,
    KernelIdle,
    KernelReady,
    Question,
    RefreshPackages,
    RunNotice,
    Shutdown,
)
from quire.protocol.messages import ConsoleText
from quire.protocol.notices import CellStarted


class FakeKernel:
    """See `link.Kernel`. One command or one cell per turn of the event loop, so that a test can come in between."""

    def __init__(self) -> None:
        self.commands: list[KernelCommand] = []
        """Everything that was sent, for tests to look at."""
        self.closed = False
        self._events: KernelEvents | None = None
        self._inbox: deque[KernelCommand] = deque()
        self._notices: list[RunNotice] = []
        self._engine = Engine(
            {"__name__": "__main__"}, self._notices.append, interrupts=NoInterrupts(), wake=self._go_on
        )
        self._turn: asyncio.Handle | None = None

    @property
    def pid(self) -> None:
        """There is no process."""

    async def start(self, events: KernelEvents) -> None:
        """Nothing to start."""
        self._events = events
        self._go_on()

    def send(self, *commands: KernelCommand) -> None:
        """Obeyed in the next turns."""
        self.commands += commands
        for command in commands:
            if isinstance(command, Question):
                asyncio.get_running_loop().call_soon(self._answer, command)
            else:
                self._inbox.append(command)
        self._go_on()

    def interrupt(self) -> None:
        """Forget what is queued."""
        self._inbox.appendleft(Discard())
        self._go_on()

    async def close(self) -> None:
        """Obey nothing more."""
        self._end()

    def die(self, reason: str = "the kernel was killed by signal 9 (SIGKILL)") -> None:
        """End as a process does that somebody else has ended."""
        self._end()
        if self._events is not None:
            self._events.on_exit(reason)

    def _answer(self, question: Question) -> None:
        """Beside the cells, like the thread of a real kernel."""
        if self._events is not None and not self.closed and (notice := answered(question, self._engine.answer)):
            self._events.on_notices([notice])

    def _end(self) -> None:
        self.closed = True
        if self._turn is not None:
            self._turn.cancel()

    def _go_on(self) -> None:
        if self._turn is None and self._events is not None and not self.closed:
            self._turn = asyncio.get_running_loop().call_soon(self._take_turn)

    def _take_turn(self) -> None:
        assert self._events is not None
        self._turn = None
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            more = self._obey_or_step()
        if out.getvalue():
            self._report_printed(ConsoleText(stream="stdout", text=out.getvalue()))
        if err.getvalue():
            self._report_printed(ConsoleText(stream="stderr", text=err.getvalue()))
        notices = self._notices[:]
        self._notices.clear()
        if notices:
            self._events.on_notices(notices)
        if more:
            self._go_on()

    def _obey_or_step(self) -> bool:
        """Obey all commands, or run one cell; False when nothing is left to do."""
        if self._inbox:
            while self._inbox:
                command = self._inbox.popleft()
                if isinstance(command, BindNotebook):
                    self._engine.bind(command)
                    self._notices.append(KernelReady(pid=0))
                elif isinstance(command, RefreshPackages):
                    pass  # the test's own packages stay as they are
                elif isinstance(command, Shutdown):
                    self._end()
                else:
                    self._engine.obey(command)
            return True
        if self._engine.step():
            return True
        self._notices.append(KernelIdle())
        return False

    def _report_printed(self, text: ConsoleText) -> None:
        """The notice that the cell has started comes before what it printed, all others after."""
        assert self._events is not None
        started = next((i for i, notice in enumerate(self._notices) if isinstance(notice, CellStarted)), None)
        if started is not None:
            before = self._notices[: started + 1]
            del self._notices[: started + 1]
            self._events.on_notices(before)
        self._events.on_console(text)
