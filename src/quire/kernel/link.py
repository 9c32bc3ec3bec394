"""What a session sees of a kernel, real (`process.py`) or fake (`fake.py`)."""

from collections.abc import Callable
from typing import Protocol

from quire.protocol.kernel import KernelCommand, RunNotice
from quire.protocol.messages import ConsoleText


class KernelEvents(Protocol):
    """Called on the event loop of the session, never at the same time, in the order in which things happened."""

    def on_notices(self, notices: list[RunNotice]) -> None:
        """Everything that a cell printed before a notice has been given to `on_console` before."""

    def on_console(self, text: ConsoleText) -> None:
        """Printed since the last call; belongs to the cell that is running, or is marked late."""

    def on_exit(self, reason: str) -> None:
        """The process has ended without having been closed; `reason` is a sentence (signal, exit status)."""


class Kernel(Protocol):
    """One kernel process. Nothing here blocks, nothing raises when the process is gone."""

    @property
    def pid(self) -> int | None:
        """The process's number; None when there is none."""
        ...

    async def start(self, events: KernelEvents) -> None:
        """Start the process, or take over the spare one. `KernelReady` follows a `BindNotebook`."""

    def send(self, *commands: KernelCommand) -> None: ...

    def interrupt(self) -> None:
        """SIGINT to the kernel and the children of its cell; what is queued is discarded."""

    async def close(self) -> None:
        """Ask, then SIGKILL after 2 s; the process and its children are gone afterwards."""


MakeKernel = Callable[[], Kernel]
