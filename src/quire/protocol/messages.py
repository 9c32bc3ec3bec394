"""What both directions of the wire have in common: the base of all messages and the values they carry.

Plain data. On the wire every message is a map with a `kind` (the class name in camel case) and fields in camel case;
a frame is a msgpack array of messages. TypeScript types are generated from these classes (`schema.py`).
"""

from typing import Literal

import msgspec

from quire.ids import CellId


def _camel(name: str) -> str:
    return name[0].lower() + name[1:]


class Value(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A plain value inside a message."""


class Message(msgspec.Struct, frozen=True, kw_only=True, rename="camel", tag_field="kind", tag=_camel):
    """One thing asked (a command, imperative) or one thing that happened (a notice, past tense)."""


InstallerStatus = Literal["working", "done", "failed"]


class PackageView(Value, frozen=True):
    """A package where the cells run. `asked` is what the header says of it; empty: nothing."""

    name: str
    version: str
    asked: str = ""
    imported: bool = False
    """Whether a cell imports one of its modules."""


CellKind = Literal["cell", "function", "class", "setup", "unparsable", "stray"]
"""How the cell stands in the file. A `stray` is a statement between cells: shown, read-only, never run by the kernel."""

Carrier = Literal["python", "markdown"]
"""What the notebook's file is: a program, or a text with cells in it."""

Activity = Literal["idle", "queued", "running"]
"""What the cell is doing now."""

Outcome = Literal[
    "never", "succeeded", "failed", "interrupted", "crashed", "stopped", "waiting", "cancelled", "blocked", "disabled"
]
"""How the cell's last run ended. `crashed`: the kernel ended; `stopped`: a `stop()`; `waiting`: an ancestor was stopped;
`cancelled`: one failed; `blocked`: a problem forbids it.
"""

Change = int | list[int | str]
"""One part of a CodeMirror change set in its JSON form: `n` keeps n UTF-16 units, `[n, "line", …]` replaces n by lines."""


class Update(Value, frozen=True):
    """One step of one client on one cell's text, as `@codemirror/collab` makes it."""

    client_id: str
    changes: list[Change]


class Output(Value, frozen=True):
    """A rendered value: `text` (for a `…json` type the JSON text), or for a raster image its `blob`.

    Beside a blob, `text` is empty or holds the size to show it at: `{"width": 640, "height": 480}`.
    """

    mime: str
    text: str = ""
    blob: bytes = b""


class ConsoleText(Value, frozen=True):
    """A piece of what a cell printed, or what was typed for it (`stdin`).

    `late` text arrived after the cell that was running had finished.
    """

    stream: Literal["stdout", "stderr", "stdin"]
    text: str
    late: bool = False


class InputQuestion(Value, frozen=True):
    """A cell reads from its standard input and waits; what it has printed last is the prompt."""

    number: int
    """Counts in the kernel; goes back in `AnswerInput`."""
    password: bool = False
    """What is typed is not to be seen."""


class Costs(Value, frozen=True):
    """What one run took of the machine."""

    cpu: float
    """Seconds of processor time: all threads of the kernel, and the child processes that ended meanwhile."""
    memory: int | None = None
    """Bytes by which the kernel's resident memory grew, at most; None where the system does not say."""
    peak: int | None = None
    """Bytes that were resident then, all in all."""


class PastRun(Value, frozen=True):
    """One run of a cell, as its history has it."""

    started: float
    """Seconds since the epoch."""
    duration: float
    """Seconds."""
    outcome: Outcome
    output: int
    """Bytes that it showed and printed."""
    costs: Costs | None = None
    """None where nobody measures."""


class Fix(Value, frozen=True):
    """A way out of a problem, offered as a button. `kind` goes back in `FixProblem`."""

    kind: Literal["rename", "make_private", "merge", "make_cell", "to_python", "go_to"]
    label: str


class ProblemView(Value, frozen=True):
    """A fact about the user's notebook that keeps a cell from running, unless `blocks` is False."""

    type: Literal["DefinedTwice", "Cycle", "SetupReads", "StarImport", "OutsideCell", "DuplicateName", "SyntaxProblem"]
    name: str
    """The name it is about; empty where there is none."""
    cells: list[CellId]
    message: str
    fixes: list[Fix] = []
    line: int | None = None
    """1-based line within the cell, for a `SyntaxProblem`."""
    column: int | None = None
    """1-based column in code points."""
    blocks: bool = True
    """False for a fact that is worth telling, but keeps nothing from running."""


class FindingView(Value, frozen=True):
    """Something that a rule of `quire check` says about a cell, or about the file. It keeps nothing from running.

    The place is in the cell's code, of a finding about the file in the file: lines and columns from 1, columns in code
    points, the end exclusive.
    """

    code: str
    name: str
    """The rule in words: `unused-cell`."""
    message: str
    line: int
    column: int
    end_line: int
    end_column: int
    fix: str = ""
    """What a button says that mends it; empty where none does."""
    is_hint: bool = False
    """True for what is worth knowing where one looks, and nothing to do about."""


class CellLinks(Value, frozen=True):
    """Names and cells around a cell: what it gives to others, what it reads, from which cells that comes."""

    defs: list[str]
    refs: list[str]
    parents: list[CellId]


class CellView(Value, frozen=True):
    """Everything a page shows of one cell."""

    id: CellId
    type: CellKind
    name: str
    """`_` when the cell has no name."""
    code: str
    version: int
    """Number of updates that `code` has seen in this epoch."""
    hide_code: bool = False
    disabled: bool = False
    activity: Activity = "idle"
    outcome: Outcome = "never"
    stale: bool = False
    """True when code or inputs are newer than the last run (also when the cell never ran)."""
    edited: bool = False
    """True when `code` differs from what last ran."""
    started: float | None = None
    """Seconds since the epoch when the present run began; None unless running."""
    duration: float | None = None
    """Seconds that the last run took; None when it never ran."""
    memory: int | None = None
    """Bytes by which the kernel grew in it, at most; None where that is not known."""
    output: Output | None = None
    console: list[ConsoleText] = []
    input: InputQuestion | None = None
    problems: list[ProblemView] = []


class Caret(Value, frozen=True):
    """Where somebody types or selects, in UTF-16 units of the cell's text; `head` is the end that moves."""

    cell: CellId
    anchor: int
    head: int


class PageView(Value, frozen=True):
    """One of the pages that show the notebook. `caret` is None while it types nowhere."""

    client_id: str
    caret: Caret | None = None


About = Literal["completions", "signature", "documentation"]
"""What a page can ask about a place in the code."""

CompletionType = Literal["module", "class", "function", "variable", "property", "parameter", "keyword", "path", "key"]


class Completion(Value, frozen=True):
    """One way to go on writing. `label` replaces the last `typed` characters of what stands before the caret."""

    label: str
    type: CompletionType
    detail: str = ""


class Signature(Value, frozen=True):
    """The call that the caret stands in."""

    name: str
    parameters: list[str]
    active: int | None
    """The parameter being written; None when it is none of them."""
    returns: str
    text: str
    """The first paragraph of the documentation."""


class Documentation(Value, frozen=True):
    """What a name is. All of it is plain text."""

    title: str
    value: str
    """The live value in short; empty when there is none."""
    text: str


class CodeAnswer(Value, frozen=True):
    """What is known about a place in the code; empty where nothing is."""

    completions: list[Completion] = []
    typed: int = 0
    signature: Signature | None = None
    documentation: Documentation | None = None


class Variable(Value, frozen=True):
    """A name that cells share, and its present value in short."""

    name: str
    type: str
    value: str
    cells: list[CellId]
    """Where it is defined; several cells only for an import."""
    readers: list[CellId]


ExportFormat = Literal["ipynb", "percent", "script", "markdown", "marimo"]
"""What a notebook can be written as, by the names of `quire convert`."""


class Request(Value, frozen=True):
    """What a visitor's browser sent with the page of an app. Cookies and headers of our own are not in it."""

    url: str
    """As the browser has it, without the query."""
    headers: dict[str, str]
    """By their names in lower case."""
    cookies: dict[str, str]


Mode = Literal["edit", "run"]
"""Whether a notebook is being written, or served to visitors as an app."""
Reload = Literal["off", "lazy", "autorun"]
"""What becomes of cells whose modules have changed on disk: nothing, they are marked as stale, or they run again."""
Theme = Literal["light", "dark", "system"]

KernelStatus = Literal["starting", "idle", "busy", "dead"]
SaveStatus = Literal["saved", "unsaved", "saving", "failed", "conflict"]
