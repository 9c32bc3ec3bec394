"""What a page may ask of a session."""

from typing import Any, Literal

from quire.ids import CellId, ElementId
from quire.protocol.messages import About, Caret, ExportFormat, Message, Update, Value


class Command(Message, frozen=True, kw_only=True):
    """`request` comes back in `CommandAnswered`, so that a page can tell what became of it."""

    request: int = 0


class PushUpdates(Command, frozen=True):
    """Text edits of one cell, based on `version`. Accepted ones come back to everybody as `UpdatesAccepted`."""

    cell: CellId
    version: int
    updates: list[Update]


class NewCell(Value, frozen=True):
    """The page chooses the id, so that it can show the cell at once. A name that is taken is left out."""

    cell: CellId
    code: str = ""
    type: Literal["cell", "setup"] = "cell"
    name: str = "_"
    hide_code: bool = False
    disabled: bool = False


class AddCells(Command, frozen=True):
    """New cells below `after` (None: at the top), in this order."""

    cells: list[NewCell]
    after: CellId | None


class DeleteCells(Command, frozen=True):
    cells: list[CellId]


class RestoreCells(Command, frozen=True):
    """Undo of `DeleteCells` and `MergeCells`: the cells come back with id, text, name, options and output, where they stood."""

    cells: list[CellId]


class Placement(Value, frozen=True):
    """The cell goes below `after`; to the top when that is None."""

    cell: CellId
    after: CellId | None


class MoveCells(Command, frozen=True):
    """Carried out one after the other."""

    moves: list[Placement]


class Cut(Value, frozen=True):
    """`at` counts UTF-16 units. What follows goes to a new cell called `cell`."""

    at: int
    cell: CellId


class SplitCell(Command, frozen=True):
    """Divide a cell between lines: at the cuts, which are places in the text at `version`."""

    cell: CellId
    version: int
    cuts: list[Cut]


class MergeCells(Command, frozen=True):
    """The first of the cells takes up the texts of the others, in the order of the notebook."""

    cells: list[CellId]


class RenameCell(Command, frozen=True):
    """`name` is an identifier, or `_` for none."""

    cell: CellId
    name: str


class CellOptions(Value, frozen=True):
    """None leaves an option as it is."""

    cell: CellId
    hide_code: bool | None = None
    disabled: bool | None = None


class ConfigureCells(Command, frozen=True):
    """Options of several cells."""

    options: list[CellOptions]


class MakeCell(Command, frozen=True):
    """Turn a statement between cells into a cell."""

    cell: CellId


class FixProblem(Command, frozen=True):
    """Carry out the fix `fix` of the problem about `name` in `cell`."""

    cell: CellId
    name: str
    fix: str


class FixFinding(Command, frozen=True):
    """Carry out the fix that says `fix`, of what the rule `code` found in `cell` (empty: in the file) at about `line`."""

    cell: CellId
    code: str
    fix: str
    line: int


class SetTitle(Command, frozen=True):
    title: str


class MoveCaret(Command, frozen=True):
    """Tell the other pages where this one types; None: nowhere."""

    caret: Caret | None


class FormatCells(Command, frozen=True):
    """Answered by `CellsFormatted`. Nothing is changed here: the page takes the new text over as if it were typed, so
    that it can be undone there.
    """

    cells: list[CellId]


class ExportNotebook(Command, frozen=True):
    """Answered by `NotebookExported`: the notebook as it is now, in another format. The file is left alone."""

    format: ExportFormat


class RunCells(Command, frozen=True):
    cells: list[CellId]


class RunAll(Command, frozen=True):
    pass


class RunStale(Command, frozen=True):
    pass


class SetLazy(Command, frozen=True):
    """From now on, what depends on a cell that runs becomes stale (lazy), or runs too."""

    lazy: bool


class Interrupt(Command, frozen=True):
    pass


class DebugCell(Command, frozen=True):
    """Look into the failure that is kept of this cell, in its console."""

    cell: CellId


class AnswerInput(Command, frozen=True):
    """What was typed for a cell that waits, without the newline at its end; None ends the input (Ctrl+D)."""

    cell: CellId
    number: int
    text: str | None


class RestartKernel(Command, frozen=True):
    """`run`: what the new kernel runs. `again` are the cells that had run; those that were interrupted, or were running when
    a kernel ended, stay as they are, with all that depends on them.
    """

    run: Literal["all", "again", "none"] = "all"


class SetElements(Command, frozen=True):
    """New values of UI elements, by element id. A newer value of the same element replaces one not yet handled."""

    values: dict[ElementId, Any]


class FollowLinks(Command, frozen=True):
    """From now on, tell this page which cell gives which name to which others; or no longer."""

    follow: bool


class FollowFindings(Command, frozen=True):
    """From now on, tell this page what `quire check` finds; or no longer."""

    follow: bool


class Save(Command, frozen=True):
    """Save now instead of about a second after the last edit."""


class SettleConflict(Command, frozen=True):
    """The file changed on disk and here: keep the text of the page or the one of the disk."""

    keep: Literal["page", "disk"]


class AskCode(Command, frozen=True):
    """What is at a place in the code of `cell`? Answered by `CodeAnswered`, which carries the `request`.

    `code` is the text as the editor has it. `line` counts from 1, `column` from 0 in code points. A newer question of
    the same page about the same thing takes the place of an older one.
    """

    cell: CellId
    about: About
    code: str
    line: int
    column: int


class WatchVariables(Command, frozen=True):
    """Tell this page all variables, and from now on those that change (or, with `watch` false, no more)."""

    watch: bool


class ListRuns(Command, frozen=True):
    """When did the cell run, how did that end, and what did it take? Answered by `RunsListed`."""

    cell: CellId


class ListPackages(Command, frozen=True):
    """What is installed where the cells run? Answered by `PackagesListed`."""


class ChangePackages(Command, frozen=True):
    """Somebody wants these requirements installed and these names removed, and has seen the command that does it. Then
    `cells` run, with what depends on them. Followed by `InstallerChanged`.
    """

    add: list[str] = []  # noqa: RUF012 - msgspec gives every message its own
    remove: list[str] = []  # noqa: RUF012 - the same
    cells: list[CellId] = []  # noqa: RUF012 - the same


class SetSandbox(Command, frozen=True):
    """From now on cells run in an environment of the packages that the header asks for, and somebody has seen which; or, again,
    in the Python of the server. A new kernel runs all of them.
    """

    sandbox: bool


class StopInstaller(Command, frozen=True):
    """End what `ChangePackages` has begun; nothing is changed by it."""


AnyCommand = (
    PushUpdates
    | AddCells
    | DeleteCells
    | RestoreCells
    | MoveCells
    | SplitCell
    | MergeCells
    | RenameCell
    | ConfigureCells
    | MakeCell
    | FixProblem
    | FixFinding
    | SetTitle
    | MoveCaret
    | FormatCells
    | ExportNotebook
    | RunCells
    | RunAll
    | RunStale
    | SetLazy
    | Interrupt
    | DebugCell
    | AnswerInput
    | RestartKernel
    | SetElements
    | FollowLinks
    | FollowFindings
    | Save
    | SettleConflict
    | AskCode
    | WatchVariables
    | ListRuns
    | ListPackages
    | ChangePackages
    | SetSandbox
    | StopInstaller
)
