"""What can happen to a session, and what it can want done. Plain values: `apply` turns the one into the other.

Structs, not dataclasses: these are many, and a dataclass takes a millisecond to define.
"""

from typing import NewType

import msgspec

from quire.dataflow import Graph
from quire.notebook import Notebook
from quire.protocol.commands import AnyCommand
from quire.protocol.kernel import KernelCommand, RunNotice
from quire.protocol.messages import ConsoleText, Message

PageId = NewType("PageId", str)
"""One connection of one page; also the client id of its updates."""


class Plain(msgspec.Struct, frozen=True):
    """A value, compared by its fields."""


class Opened(Plain):
    """The session begins: start the kernel and run everything."""


class PageOpened(Plain):
    """A page connected, or fell so far behind that it needs the whole state again."""

    page: PageId


class PageClosed(Plain):
    page: PageId


class Asked(Plain):
    """A page wants something."""

    page: PageId
    command: AnyCommand


class KernelNoticed(Plain):
    notices: list[RunNotice]


class KernelPrinted(Plain):
    text: ConsoleText


class KernelExited(Plain):
    """The process ended by itself; `reason` is a sentence."""

    reason: str


class CheckDue(Plain):
    """Nobody has typed for a moment: look for problems."""


class Checked(Plain):
    """The graph of `notebook`."""

    notebook: Notebook
    graph: Graph


class SaveDue(Plain):
    """Nobody has typed for a second, or somebody `asked`."""

    asked: bool = False


class FileWritten(Plain):
    data: bytes


class FileFound(Plain):
    """The file was not written: somebody else had put `data` there."""

    data: bytes


class WriteFailed(Plain):
    message: str


class FileSeen(Plain):
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


class Tell(Plain):
    """To every page, but for `beside`."""

    notice: Message
    beside: PageId | None = None


class Answer(Plain):
    """To one page."""

    page: PageId
    notice: Message


class StartKernel(Plain):
    """A new process, in place of the one before, if any."""


class SendKernel(Plain):
    command: KernelCommand


class InterruptKernel(Plain):
    pass


class CheckSoon(Plain):
    """`CheckDue` after a moment without another one of these."""


class Check(Plain):
    """Make the graph of `notebook` from the one of `before`; answer with `Checked`."""

    before: Notebook | None
    graph: Graph | None
    notebook: Notebook


class SaveSoon(Plain):
    """`SaveDue` after about a second without another one of these; after a failure, a while later."""

    failed: bool = False


class WriteFile(Plain):
    """Write `data` if the file still holds `known`."""

    data: bytes
    known: bytes | None


Effect = Tell | Answer | StartKernel | SendKernel | InterruptKernel | CheckSoon | Check | SaveSoon | WriteFile
