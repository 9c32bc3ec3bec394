"""One open notebook as a value: document, runs, kernel, file; and what a page is shown of it. Pure."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from quire.dataflow import Graph
from quire.ids import CellId, ElementId
from quire.notebook import Cell, Notebook
from quire.protocol.kernel import CellSource
from quire.protocol.messages import (
    About,
    Activity,
    Caret,
    CellLinks,
    CellView,
    ConsoleText,
    FindingView,
    InputQuestion,
    KernelStatus,
    Mode,
    Outcome,
    Output,
    PageView,
    PastRun,
    ProblemView,
    Reload,
    Request,
    SaveStatus,
    Theme,
    Update,
    Variable,
)
from quire.protocol.notices import NotebookOpened
from quire.session.document import CellText, Document
from quire.session.events import Effect, InstallPackages, PageId
from quire.version import __version__


class Place(msgspec.Struct, frozen=True):
    """Where the notebook is."""

    path: str
    """Absolute."""
    shown: str
    """As shown to people."""
    directory: str
    """Working directory of the kernel."""
    arguments: tuple[str, ...] = ()
    program: str = ""
    """What the command line calls it, when it stands there."""
    query: tuple[tuple[str, str], ...] = ()
    """Names and values in the address of an app's page."""
    request: Request | None = None
    """What came with it."""
    hides_errors: bool = False
    """True where those who look are visitors."""
    mode: Mode = "edit"
    sandbox: bool = False
    """True when somebody wants cells to run in the environment that the header asks for. The header itself has no say in it."""


class Run(msgspec.Struct, frozen=True):
    """What is known of a cell's runs."""

    ran: str
    """The text that ran last; before any run, the text that the cell was opened with."""
    activity: Activity = "idle"
    outcome: Outcome = "never"
    stale: bool = True
    started: float | None = None
    duration: float | None = None
    memory: int | None = None
    output: Output | None = None
    console: tuple[ConsoleText, ...] = ()
    shown: int = 0
    """Bytes of the output, as the kernel sent it."""
    printed: int = 0
    """Bytes that the present run, or the last one, has printed."""
    total: int = 0
    """How many runs there were."""
    past: tuple[PastRun, ...] = ()
    """The last ones, newest first."""


class File(msgspec.Struct, frozen=True):
    """The file on disk and how saving stands."""

    known: bytes | None
    """What was last read or written; None when there has never been a file."""
    gone: bool = False
    """True when the file was deleted by somebody else; `known` is what it held."""
    status: SaveStatus = "saved"
    message: str = ""
    writing: bytes | None = None
    """Being written at this moment."""
    found: bytes | None = None
    """In a conflict, what somebody else wrote."""


class Merged(msgspec.Struct, frozen=True):
    """Where the text of a cell went that was merged: `length` units from `start` on, in the text of `into` at `version`."""

    into: CellId
    version: int
    start: int
    length: int
    behind: int
    """Units of that text behind these."""
    late: tuple[Update, ...] = ()
    """What pages typed into the cell that did not know yet that it was gone."""


class Asking(msgspec.Struct, frozen=True):
    """A question about code that a page waits for."""

    page: PageId
    request: int
    about: About


class Waiting(msgspec.Struct, frozen=True):
    """A cell that reads from standard input."""

    cell: CellId
    question: InputQuestion


class Questions(msgspec.Struct, frozen=True):
    """What pages want to know of the kernel, beside runs; see `questions.py`."""

    last: int = 0
    """Number of the last question that was passed on."""
    open: Mapping[int, Asking] = {}
    watchers: frozenset[PageId] = frozenset()
    """Pages that show the variables."""
    variables: Mapping[str, Variable] = {}
    """What they were told last."""
    listing: Literal["no", "asked", "again"] = "no"
    """Whether the list of them is on its way, and whether it will be out of date when it comes."""


class Removed(msgspec.Struct, frozen=True):
    """A deleted cell that can come back. `before` and `after` are the notebook around its deletion."""

    cell: Cell
    above: CellId | None
    run: Run
    before: Notebook
    after: Notebook
    merged: Merged | None = None


class SessionState(msgspec.Struct, frozen=True):
    """Changed by `apply` only."""

    place: Place
    epoch: str
    notebook: Notebook
    """The file as it would be saved, but for the texts of `typed`."""
    document: Document
    file: File
    runs: Mapping[CellId, Run]
    typed: frozenset[CellId] = frozenset()
    """Cells whose text the notebook does not have yet: typing must not wait for the file's grammar."""
    removed: Mapping[CellId, Removed] = {}
    graph: Graph | None = None
    checked: Notebook | None = None
    """What `graph` is the graph of."""
    problems: Mapping[CellId, list[ProblemView]] = {}
    links: Mapping[CellId, CellLinks] = {}
    """As last told to `link_pages`."""
    link_pages: frozenset[PageId] = frozenset()
    findings: Mapping[CellId, list[FindingView]] = {}
    """As last told to `finding_pages`."""
    finding_pages: frozenset[PageId] = frozenset()
    looked: Notebook | None = None
    """What `findings` were found in."""
    elements: Mapping[ElementId, Any] = {}
    lazy: bool = False
    """True when cells run only when somebody asks for them."""
    auto_reload: Reload = "off"
    reactive_tests: bool = False
    theme: Theme = "system"
    """For user code that wants to know."""
    kernel: KernelStatus = "starting"
    kernel_message: str = ""
    kernel_memory: int | None = None
    sent: Mapping[CellId, CellSource] = {}
    """What the kernel has."""
    sent_order: tuple[CellId, ...] = ()
    sent_texts: Mapping[CellId, str] = {}
    """The texts that `sent` was made from: what a cell that starts now runs."""
    speaking: CellId | None = None
    """The cell that printed text belongs to: the one that runs, or the last one that ran."""
    waiting: Waiting | None = None
    debuggable: CellId | None = None
    """The cell whose failure the kernel has kept."""
    frames: Mapping[CellId, Mapping[str, str]] = {}
    """Of each cell's present output, the sandboxed frames: base64 of the markup, by name."""
    questions: Questions = Questions()
    installing: InstallPackages | None = None
    """Under way."""
    pages: Mapping[PageId, Mapping[CellId, int]] = {}
    """Each page, with the versions of the texts that it was shown first."""
    carets: Mapping[PageId, Caret] = {}
    """Where pages type."""

    def order(self) -> list[CellId]:
        return [cell.id for cell in self.notebook.cells]

    def has(self, cell: CellId) -> bool:
        return cell in self.notebook.positions

    def is_edited(self, cell: CellId) -> bool:
        return self.document.text_of(cell).text != self.runs[cell].ran

    def with_runs(self, runs: Mapping[CellId, Run]) -> "SessionState":
        """These runs changed."""
        return replace(self, runs={**self.runs, **runs})

    def with_text(self, cell: CellId, text: CellText) -> "SessionState":
        return replace(self, document=self.document.with_text(cell, text))


Step = tuple[SessionState, list[Effect]]
"""What every part of `apply` returns."""


def open_state(place: Place, notebook: Notebook, file: File, *, epoch: str) -> SessionState:
    """The state before anything has happened."""
    return SessionState(
        place=place,
        epoch=epoch,
        notebook=notebook,
        document=Document({cell.id: CellText(cell.code) for cell in notebook.cells}),
        file=file,
        runs={cell.id: opened_run(cell.code) for cell in notebook.cells},
    )


def opened_run(code: str) -> Run:
    """Of a cell that was opened with this code and never ran. An empty one has nothing to catch up with."""
    return Run(ran=code, stale=bool(code.strip()))


def new_run(code: str) -> Run:
    """Of a cell that came later: all its code is edited."""
    return Run(ran="", stale=bool(code.strip()))


def view_cell(state: SessionState, cell: Cell) -> CellView:
    """What a page shows of the cell."""
    run, text, waiting = state.runs[cell.id], state.document.text_of(cell.id), state.waiting
    return CellView(
        id=cell.id,
        type=cell.type,
        name=cell.name,
        code=text.text,
        version=text.version,
        hide_code=cell.hide_code,
        disabled=cell.disabled,
        activity=run.activity,
        outcome=run.outcome,
        stale=run.stale,
        edited=state.is_edited(cell.id),
        started=run.started,
        duration=run.duration,
        memory=run.memory,
        output=run.output,
        console=list(run.console),
        input=waiting.question if waiting is not None and waiting.cell == cell.id else None,
        problems=state.problems.get(cell.id, []),
    )


def view_notebook(state: SessionState, page: PageId) -> NotebookOpened:
    """The whole state, for a newcomer."""
    return NotebookOpened(
        epoch=state.epoch,
        client_id=page,
        path=state.place.shown,
        title=state.notebook.title,
        cells=[view_cell(state, cell) for cell in state.notebook.cells],
        kernel=state.kernel,
        save=state.file.status,
        save_message=state.file.message,
        elements=dict(state.elements),
        quire_version=__version__,
        carrier=state.notebook.carrier,
        lazy=state.lazy,
        pages=[view_page(state, other) for other in state.pages if other != page],
        memory=state.kernel_memory,
        debuggable=state.debuggable,
    )


def view_page(state: SessionState, page: PageId) -> PageView:
    """What the other pages are shown of one."""
    return PageView(client_id=page, caret=state.carets.get(page))
