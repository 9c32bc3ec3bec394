"""What happened, told to every page. Runs are reported by the kernel and passed on as they are."""

from typing import Any, Literal

from quire.ids import CellId, ElementId
from quire.protocol.messages import (
    Carrier,
    CellLinks,
    CellView,
    CodeAnswer,
    ConsoleText,
    Costs,
    FindingView,
    InputQuestion,
    InstallerStatus,
    KernelStatus,
    Message,
    Outcome,
    Output,
    PackageView,
    PageView,
    PastRun,
    ProblemView,
    SaveStatus,
    Update,
    Variable,
)


class NotebookOpened(Message, frozen=True):
    """The whole state, first message on every connection. A page that was open before replaces what it had."""

    epoch: str
    """Versions count within one epoch; another epoch means that the server has started anew."""
    client_id: str
    path: str
    """As shown to people: relative to where `quire` was started."""
    title: str
    cells: list[CellView]
    kernel: KernelStatus
    save: SaveStatus
    save_message: str
    elements: dict[ElementId, Any]
    """Present values of UI elements that differ from what their markup says."""
    quire_version: str
    carrier: Carrier = "python"
    lazy: bool = False
    pages: list[PageView] = []  # noqa: RUF012 - msgspec gives every message its own
    """The other pages that show this notebook."""
    memory: int | None = None
    """As in `KernelChanged`."""
    debuggable: CellId | None = None
    """As in `TracebackKept`."""


class PageConfirmed(Message, frozen=True):
    """First message to a page that was served with the whole state in it: that holds, and what happened since follows."""


class UpdatesAccepted(Message, frozen=True):
    """`version` is the version before the updates; the sender recognises its own by `client_id`."""

    cell: CellId
    version: int
    updates: list[Update]


class UpdatesRefused(Message, frozen=True):
    """To the sender only: pull `updates` (everything since its version), rebase, push again."""

    cell: CellId
    version: int
    updates: list[Update]


class CellReplaced(Message, frozen=True):
    """The text changed elsewhere (file reloaded, problem fixed, kind changed); everything the page had of it is replaced."""

    cell: CellView


class CellAdded(Message, frozen=True):
    cell: CellView
    after: CellId | None


class CellRemoved(Message, frozen=True):
    """`restorable`: `RestoreCells` can bring it back."""

    cell: CellId
    restorable: bool = True


class CellMoved(Message, frozen=True):
    cell: CellId
    after: CellId | None


class CellRenamed(Message, frozen=True):
    cell: CellId
    name: str


class CellConfigured(Message, frozen=True):
    cell: CellId
    hide_code: bool
    disabled: bool


class TitleChanged(Message, frozen=True):
    title: str


class CellsQueued(Message, frozen=True):
    """In the order in which they will run."""

    cells: list[CellId]


class CellStarted(Message, frozen=True):
    """The cell's console is cleared, but not when nothing runs and the debugger looks into a failure (`debugs`)."""

    cell: CellId
    started: float
    """Seconds since the epoch."""
    debugs: bool = False


class ConsoleWritten(Message, frozen=True):
    cell: CellId
    console: ConsoleText


class InputChanged(Message, frozen=True):
    """The cell waits for something that somebody types; None: it does not, or not any more."""

    cell: CellId
    input: InputQuestion | None


class OutputChanged(Message, frozen=True):
    """While running, or when a run finished with another output than before. None: no output."""

    cell: CellId
    output: Output | None


class CellFinished(Message, frozen=True):
    """A run ended, or (`cancelled`, `blocked`, `disabled`) will not happen. `duration` is None when nothing ran."""

    cell: CellId
    outcome: Outcome
    duration: float | None = None
    stale: bool = False
    costs: Costs | None = None


class TracebackKept(Message, frozen=True):
    """The cell whose failure `DebugCell` can look into; None: there is none."""

    cell: CellId | None


class CellsRan(Message, frozen=True):
    """Cells that ran and succeeded, each once or more, one after the other: `CellStarted`, `OutputChanged` and `CellFinished` in one."""

    cells: list[CellId]
    durations: list[float | None]
    """Seconds, as in `CellFinished`, in the order of `cells`."""
    memory: list[int | None]
    """Bytes, as in their `costs`, in the same order."""
    outputs: dict[CellId, Output | None]
    """Those that are other than before."""


class CellsStale(Message, frozen=True):
    """Cells whose `stale` changed without a run."""

    cells: list[CellId]
    stale: bool = True


class CellsEdited(Message, frozen=True):
    """Cells whose `edited` changed: the text differs from what last ran, or no longer does."""

    cells: list[CellId]
    edited: bool


class ProblemsChanged(Message, frozen=True):
    """The present problems of the cells named; an empty list: none any more."""

    problems: dict[CellId, list[ProblemView]]


class FindingsChanged(Message, frozen=True):
    """To pages that asked: the present findings of the cells named; an empty list: none any more. The cell `""` is the file."""

    findings: dict[CellId, list[FindingView]]


class LinksChanged(Message, frozen=True):
    """To pages that asked: first all cells, then those that changed."""

    links: dict[CellId, CellLinks]


class ElementsChanged(Message, frozen=True):
    """Values set by another page, or reset by the kernel."""

    values: dict[ElementId, Any]


class KernelChanged(Message, frozen=True):
    """`message` says what happened and what to do; with `dead` it names the cell that was running. With `starting`, values
    of elements are those of their markup again.
    """

    status: KernelStatus
    message: str = ""
    memory: int | None = None
    """Bytes of its process that are resident; None while that is not known."""


class LazyChanged(Message, frozen=True):
    """Cells run when they are asked for only (lazy), or by themselves too."""

    lazy: bool


class SaveChanged(Message, frozen=True):
    """`message` is what the top bar says when the status alone would not explain it."""

    status: SaveStatus
    message: str = ""


class ConflictFound(Message, frozen=True):
    """Saving has stopped: the file changed on disk and here. Both texts are whole files."""

    disk: str
    page: str


class PageMoved(Message, frozen=True):
    """Another page has come, or types elsewhere."""

    page: PageView


class PageLeft(Message, frozen=True):
    client_id: str


class CellsFormatted(Message, frozen=True):
    """To the sender only: the well-formed text of each cell asked for that has one, also where nothing is to change."""

    codes: dict[CellId, str]


class NotebookExported(Message, frozen=True):
    """To the sender only: a file called `name`, and what could not be carried over, in sentences."""

    name: str
    text: str
    notes: list[str]


class CommandAnswered(Message, frozen=True):
    """To the sender only. `refused` is empty when the command was carried out, else says why not and what to do."""

    request: int
    refused: str = ""


class AppChanged(Message, frozen=True):
    """The file of the app is another one now: its visitors load the page again."""


class Notified(Message, frozen=True):
    """A line for the page to show: not about one cell, not lasting."""

    level: Literal["info", "warning", "error"]
    message: str


class ToastShown(Message, frozen=True):
    """A message of the notebook's own for those who look: it goes away by itself, unless it `is_danger`."""

    title: str
    description: str
    is_danger: bool


class QueryChanged(Message, frozen=True):
    """The app wants this behind the `?` of its visitor's address: pairs of name and value, in this order."""

    query: list[list[str]]


class CodeAnswered(Message, frozen=True):
    """To the page that asked only: what became of its `AskCode`. A kernel that is not there knows nothing."""

    request: int
    answer: CodeAnswer


class RunsListed(Message, frozen=True):
    """To the page that asked only: the last runs of the cell, newest first. `total` counts all since it was opened."""

    request: int
    total: int
    runs: list[PastRun]


class VariablesChanged(Message, frozen=True):
    """To the pages that watch: variables that are new or different, and names that are gone. `all`: there are no others."""

    changed: list[Variable]
    gone: list[str]
    all: bool = False


class PackagesListed(Message, frozen=True):
    """To the page that asked only. `adding` and `removing` are how the command begins that changes what is installed; they are
    empty where the header is changed, with an environment of the notebook's own. `refusal`: why nothing can be changed.
    """

    request: int
    place: str
    """Whose environment it is, in words."""
    python: str
    packages: list[PackageView]
    missing: list[PackageView]
    """What the header asks for and is not there."""
    adding: str = ""
    removing: str = ""
    refusal: str = ""
    wishes: list[str] = []  # noqa: RUF012 - msgspec gives every message its own
    """What the header asks for and nobody has consented to, in words; empty when it is followed, or asks for nothing."""
    sandbox: bool = False
    """Whether it is followed."""


class InstallerChanged(Message, frozen=True):
    """Packages are being installed or removed, or that has ended. `lines` are the installer's own new words."""

    status: InstallerStatus
    message: str = ""
    lines: list[str] = []  # noqa: RUF012 - msgspec gives every message its own


AnyNotice = (
    NotebookOpened
    | PageConfirmed
    | UpdatesAccepted
    | UpdatesRefused
    | CellReplaced
    | CellAdded
    | CellRemoved
    | CellMoved
    | CellRenamed
    | CellConfigured
    | TitleChanged
    | CellsQueued
    | CellStarted
    | ConsoleWritten
    | InputChanged
    | OutputChanged
    | CellFinished
    | TracebackKept
    | CellsRan
    | CellsStale
    | CellsEdited
    | ProblemsChanged
    | FindingsChanged
    | LinksChanged
    | ElementsChanged
    | KernelChanged
    | LazyChanged
    | SaveChanged
    | ConflictFound
    | PageMoved
    | PageLeft
    | CellsFormatted
    | NotebookExported
    | CommandAnswered
    | AppChanged
    | Notified
    | ToastShown
    | QueryChanged
    | CodeAnswered
    | RunsListed
    | VariablesChanged
    | PackagesListed
    | InstallerChanged
)
