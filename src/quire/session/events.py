"""What can happen to a session, and what it can want done. Plain values: `apply` turns the one into the other.

Structs, not dataclasses: these are many, and a dataclass takes a millisecond to define.
"""

from typing import Literal, NewType

import msgspec

from quire.check import Finding
from quire.dataflow import Graph
from quire.ids import CellId
from quire.notebook import Notebook
from quire.packages.installed import Installed
from quire.protocol.commands import AnyCommand
from quire.protocol.kernel import KernelCommand, RunNotice
from quire.protocol.messages import ConsoleText, ExportFormat, Message

PageId = NewType("PageId", str)
"""One connection of one page; also the client id of its updates."""


class Opened(msgspec.Struct, frozen=True):
    """The session begins: start the kernel and run everything."""


class PageOpened(msgspec.Struct, frozen=True):
    """A page connected, or fell so far behind that it needs the whole state again."""

    page: PageId


class PageClosed(msgspec.Struct, frozen=True):
    page: PageId


class Asked(msgspec.Struct, frozen=True):
    """A page wants something."""

    page: PageId
    command: AnyCommand


class KernelNoticed(msgspec.Struct, frozen=True):
    notices: list[RunNotice]


class KernelPrinted(msgspec.Struct, frozen=True):
    text: ConsoleText


class KernelExited(msgspec.Struct, frozen=True):
    """The process ended by itself; `reason` is a sentence."""

    reason: str


class ReactionDue(msgspec.Struct, frozen=True):
    """The run of `cell` that began at `started` was interrupted a while ago."""

    cell: CellId
    started: float | None


class CheckDue(msgspec.Struct, frozen=True):
    """Nobody has typed for a moment: look for problems."""


class Checked(msgspec.Struct, frozen=True):
    """The graph of `notebook`."""

    notebook: Notebook
    graph: Graph


class LookDue(msgspec.Struct, frozen=True):
    """Nobody has typed for a while: let the rules of `quire check` look."""


class Looked(msgspec.Struct, frozen=True):
    """What the rules found in `notebook`."""

    notebook: Notebook
    findings: list[Finding]


class SaveDue(msgspec.Struct, frozen=True):
    """Nobody has typed for a second, or somebody `asked`."""

    asked: bool = False


class FileWritten(msgspec.Struct, frozen=True):
    data: bytes


class FileFound(msgspec.Struct, frozen=True):
    """The file was not written: somebody else had put `data` there."""

    data: bytes


class WriteFailed(msgspec.Struct, frozen=True):
    message: str


class Formatted(msgspec.Struct, frozen=True):
    """`text` is what became of the whole file that was asked about in `asked`."""

    asked: "Format"
    text: str


class FormatFailed(msgspec.Struct, frozen=True):
    """`message` says why, and what to do."""

    asked: "Format"
    message: str


class Exported(msgspec.Struct, frozen=True):
    """`text` is what became of the notebook that was asked about in `asked`."""

    asked: "Export"
    name: str
    text: str
    notes: list[str]


class ExportFailed(msgspec.Struct, frozen=True):
    """`message` says why, and what to do."""

    asked: "Export"
    message: str


class PackagesFound(msgspec.Struct, frozen=True):
    """What is installed where the cells run. `failure`: why nobody knows."""

    asked: "FindPackages"
    found: Installed | None
    failure: str = ""


class PackagesChanged(msgspec.Struct, frozen=True):
    """It is done; `replaced` are the packages that were there in another version, or are gone."""

    asked: "InstallPackages"
    replaced: list[str]


class InstallFailed(msgspec.Struct, frozen=True):
    """`message` says why; nothing was changed."""

    asked: "InstallPackages"
    message: str


class InstallerSaid(msgspec.Struct, frozen=True):
    line: str


class FileSeen(msgspec.Struct, frozen=True):
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
    | ReactionDue
    | CheckDue
    | Checked
    | LookDue
    | Looked
    | SaveDue
    | FileWritten
    | FileFound
    | WriteFailed
    | FileSeen
    | Formatted
    | FormatFailed
    | Exported
    | ExportFailed
    | PackagesFound
    | PackagesChanged
    | InstallFailed
    | InstallerSaid
)


class Tell(msgspec.Struct, frozen=True):
    """To every page, but for `beside`."""

    notice: Message
    beside: PageId | None = None


class Answer(msgspec.Struct, frozen=True):
    """To one page."""

    page: PageId
    notice: Message


class StartKernel(msgspec.Struct, frozen=True):
    """A new process, in place of the one before, if any. With a notebook: in the environment that its header asks for."""

    sandbox: Notebook | None = None


class SendKernel(msgspec.Struct, frozen=True):
    command: KernelCommand


class InterruptKernel(msgspec.Struct, frozen=True):
    pass


class AwaitReaction(msgspec.Struct, frozen=True):
    """Answer with `ReactionDue` when a cell had time enough to react to an interrupt."""

    cell: CellId
    started: float | None


class CheckSoon(msgspec.Struct, frozen=True):
    """`CheckDue` after a moment without another one of these."""


class Check(msgspec.Struct, frozen=True):
    """Make the graph of `notebook` from the one of `before`; answer with `Checked`."""

    before: Notebook | None
    graph: Graph | None
    notebook: Notebook


class LookSoon(msgspec.Struct, frozen=True):
    """`LookDue` after a while without another one of these."""


class Look(msgspec.Struct, frozen=True):
    """Let the rules look at `notebook`, whose graph is `graph`; answer with `Looked`."""

    notebook: Notebook
    graph: Graph


class SaveSoon(msgspec.Struct, frozen=True):
    """`SaveDue` after about a second without another one of these; after a failure, a while later."""

    failed: bool = False


class Format(msgspec.Struct, frozen=True):
    """Have the whole file `text` formatted; answer with `Formatted` or `FormatFailed`."""

    page: PageId
    request: int
    cells: list[CellId]
    """Those that the page asked about."""
    order: list[CellId]
    """All cells of `text`."""
    text: str


class Export(msgspec.Struct, frozen=True):
    """Have the whole file `text`, whose name is `stem`, converted; answer with `Exported` or `ExportFailed`."""

    page: PageId
    request: int
    source: Literal["quire", "markdown"]
    """What `quire convert` calls the notebook's own format."""
    format: ExportFormat
    stem: str
    text: str


class FindPackages(msgspec.Struct, frozen=True):
    """Look what is installed where the cells run; answer with `PackagesFound`."""

    page: PageId
    request: int
    sandbox: bool
    """Whether that is an environment of the notebook's own."""


class InstallPackages(msgspec.Struct, frozen=True):
    """Install and remove; answer with `PackagesChanged` or `InstallFailed`, and meanwhile with `InstallerSaid`."""

    add: list[str]
    remove: list[str]
    cells: list[CellId]
    """Those that run afterwards."""
    sandbox: Notebook | None
    """With the header that it will have, for an environment of its own."""


class StopInstalling(msgspec.Struct, frozen=True):
    pass


class WriteFile(msgspec.Struct, frozen=True):
    """Write `data` if the file still holds `known`."""

    data: bytes
    known: bytes | None


Effect = (
    Tell
    | Answer
    | StartKernel
    | SendKernel
    | InterruptKernel
    | AwaitReaction
    | CheckSoon
    | Check
    | LookSoon
    | Look
    | SaveSoon
    | WriteFile
    | Format
    | Export
    | FindPackages
    | InstallPackages
    | StopInstalling
)
