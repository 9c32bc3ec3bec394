"""What a session asks of its kernel. The kernel answers with notices (`RunNotice`), on a link of its own."""

from typing import Any

from quire.ids import CellId, ElementId
from quire.protocol.messages import (
    About,
    Carrier,
    CellKind,
    CodeAnswer,
    Message,
    Mode,
    Reload,
    Request,
    Theme,
    Value,
    Variable,
)
from quire.protocol.notices import (
    CellFinished,
    CellsQueued,
    CellsStale,
    CellStarted,
    ConsoleWritten,
    ElementsChanged,
    OutputChanged,
    ProblemsChanged,
    QueryChanged,
    ToastShown,
    TracebackKept,
)


class CellSource(Value, frozen=True):
    """A cell as the kernel needs it. `line` is where its code begins in the file, 1-based."""

    id: CellId
    type: CellKind
    name: str
    code: str
    line: int
    disabled: bool = False


class BindNotebook(Message, frozen=True):
    """Make a spare kernel the kernel of this notebook: `__file__`, working directory, `sys.path[0]`, `sys.argv`."""

    path: str
    directory: str
    program: str = ""
    """The notebook as the command line names it, which is `sys.argv[0]`; without it, the path is."""
    arguments: list[str] = []  # noqa: RUF012 - msgspec gives every message its own
    query: list[tuple[str, str]] = []  # noqa: RUF012 - the same
    """Names and values in the address of an app's page."""
    request: Request | None = None
    hides_errors: bool = False
    """What a value raises while it is shown stays out of the outputs."""
    elements: dict[ElementId, Any] = {}  # noqa: RUF012 - the same
    """Values that people had set in the kernel before."""
    carrier: Carrier = "python"
    """In markdown, prose is shown by `qr`, which is there without an import."""
    mode: Mode = "edit"
    theme: Theme = "system"
    lazy: bool = False
    """See `SetKernelLazy`."""
    auto_reload: Reload = "off"
    reactive_tests: bool = False
    """Tests of a cell run when it does."""


class SyncCells(Message, frozen=True):
    """The notebook as it is now. `order` lists every cell; `changed` holds those the kernel does not have as they are."""

    order: list[CellId]
    changed: list[CellSource]


class RunKernelCells(Message, frozen=True):
    """Run these, their stale ancestors, and what depends on them (not so without `below`)."""

    cells: list[CellId]
    below: bool = True


class RunStaleCells(Message, frozen=True):
    pass


class SetKernelLazy(Message, frozen=True):
    """From now on, what depends on a cell that runs becomes stale (lazy), or runs too."""

    lazy: bool


class SetKernelElements(Message, frozen=True):
    values: dict[ElementId, Any]


class Discard(Message, frozen=True):
    """Empty the queue: follows an interrupt signal, which only reaches the cell that is running."""


class DebugKernelCell(Message, frozen=True):
    """Let the debugger look into the last failure, if it is of this cell. Everything else waits."""

    cell: CellId


class GiveInput(Message, frozen=True):
    """The answer to `InputAsked`, for the thread that waits; None: the end of the input."""

    number: int
    text: str | None


class AskKernel(Message, frozen=True):
    """A question about code (see `AskCode`), answered by `QuestionAnswered` while cells run."""

    question: int
    asker: str
    """A newer question of the same asker about the same thing replaces one that has not been begun."""
    cell: CellId
    about: About
    code: str
    line: int
    column: int
    above: str = ""
    """Source of cells that define names the code uses, and whose values the kernel does not have."""
    names: list[str] = []  # noqa: RUF012 - msgspec gives every message its own
    """Further names that other cells define."""


class ListVariables(Message, frozen=True):
    """Answered by `VariablesListed`, while cells run."""


class RefreshPackages(Message, frozen=True):
    """Packages were installed or removed where this kernel imports from."""


class Shutdown(Message, frozen=True):
    pass


Question = AskKernel | ListVariables
"""What is answered beside the main thread."""

KernelCommand = (
    BindNotebook
    | SyncCells
    | RunKernelCells
    | RunStaleCells
    | SetKernelLazy
    | SetKernelElements
    | Discard
    | DebugKernelCell
    | GiveInput
    | RefreshPackages
    | Shutdown
    | Question
)


class KernelReady(Message, frozen=True):
    """The kernel is bound and waits for commands."""

    pid: int


class KernelIdle(Message, frozen=True):
    """Nothing is queued any more; what was asked before has been done."""

    memory: int | None = None
    """Bytes of the process that are resident; None where the system does not say."""


class InputAsked(Message, frozen=True):
    """User code reads from standard input. Answered by `GiveInput`."""

    number: int
    cell: CellId | None = None
    """None where no cell is known to read: it asks where it prints."""
    password: bool = False


class InputWithdrawn(Message, frozen=True):
    """It does not wait any more."""

    number: int


class QuestionAnswered(Message, frozen=True):
    question: int
    answer: CodeAnswer


class VariablesListed(Message, frozen=True):
    """All variables that cells share."""

    variables: list[Variable]


RunNotice = (
    KernelReady
    | KernelIdle
    | CellsQueued
    | CellStarted
    | OutputChanged
    | CellFinished
    | CellsStale
    | ProblemsChanged
    | ElementsChanged
    | ConsoleWritten
    | QueryChanged
    | ToastShown
    | InputAsked
    | InputWithdrawn
    | TracebackKept
    | QuestionAnswered
    | VariablesListed
)
