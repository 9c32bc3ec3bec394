"""What can happen to a session, and what it can want done. Plain values: `apply` turns the one into the other."""

from dataclasses import dataclass
from typing import NewType

from quire.dataflow import Graph
from quire.notebook import Notebook
from quire.protocol.commands import AnyCommand
from quire.protocol.kernel import KernelCommand, RunNotice
from quire.protocol.messages import ConsoleText, Message

PageId = NewType("PageId", str)
"""One connection of one page; also the client id of its updates."""


@dataclass(frozen=True)
class Opened:
    """The session begins: start the kernel and run everything."""


@dataclass(frozen=True)
class PageOpened:
    """A page connected, or fell so far behind that it needs the whole state again."""

    page: PageId


@dataclass(frozen=True)
class PageClosed:
    page: PageId


@dataclass(frozen=True)
class Asked:
    """A page wants something."""

    page: PageId
    command: AnyCommand


@dataclass(frozen=True)
class KernelNoticed:
    notices: list[RunNotice]


@dataclass(frozen=True)
class KernelPrinted:
    text: ConsoleText


@dataclass(frozen=True)
class KernelExited:
    """The process ended by itself; `reason` is a sentence."""

    reason: str


@dataclass(frozen=True)
class CheckDue:
    """Nobody has typed for a moment: look for problems."""


@dataclass(frozen=True)
class Checked:
    """The graph of `notebook`."""

    notebook: Notebook
    graph: Graph


@dataclass(frozen=True)
class SaveDue:
    """Nobody has typed for a second, or somebody `asked`."""

    asked: bool = False


@dataclass(frozen=True)
class FileWritten:
    data: bytes


@dataclass(frozen=True)
class FileFound:
    """The file was not written: somebody else had put `data` there."""

    data: bytes


@dataclass(frozen=True)
class WriteFailed:
    message: str


@dataclass(frozen=True)
class FileSeen:
    """What the file holds now; None when it is gone."""

    data: bytes | None


Event = (
    Opened
    | PageOpened
    | PageClosed
    | Asked
    | KernelNoticed
    | KernelPrinted
    | KernelExited
    | CheckDue
    | Checked
    | SaveDue
    | FileWritten
    | FileFound
    | WriteFailed
    | FileSeen
)


@dataclass(frozen=True)
class Tell:
    """To every page, but for `beside`."""

    notice: Message
    beside: PageId | None = None


@dataclass(frozen=True)
class Answer:
    """To one page."""

    page: PageId
    notice: Message


@dataclass(frozen=True)
class StartKernel:
    """A new process, in place of the one before, if any."""


@dataclass(frozen=True)
class SendKernel:
    command: KernelCommand


@dataclass(frozen=True)
class InterruptKernel:
    pass


@dataclass(frozen=True)
class CheckSoon:
    """`CheckDue` after a moment without another one of these."""


@dataclass(frozen=True)
class Check:
    """Make the graph of `notebook` from the one of `before`; answer with `Checked`."""

    before: Notebook | None
    graph: Graph | None
    notebook: Notebook


@dataclass(frozen=True)
class SaveSoon:
    """`SaveDue` after about a second without another one of these; after a failure, a while later."""

    failed: bool = False


@dataclass(frozen=True)
class WriteFile:
    """Write `data` if the file still holds `known`."""

    data: bytes
    known: bytes | None


Effect = Tell | Answer | StartKernel | SendKernel | InterruptKernel | CheckSoon | Check | SaveSoon | WriteFile
