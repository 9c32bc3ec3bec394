"""What a page may ask of a session."""

from typing import Any, Literal

from quire.ids import CellId, ElementId
from quire.protocol.messages import Caret, Message, Update


class Command(Message, frozen=True, kw_only=True):
    """`request` comes back in `CommandAnswered`, so that a page can tell what became of it."""

    request: int = 0


class PushUpdates(Command, frozen=True):
    """Text edits of one cell, based on `version`. Accepted ones come back to everybody as `UpdatesAccepted`."""

    cell: CellId
    version: int
    updates: list[Update]


class AddCell(Command, frozen=True):
    """A new cell below `after` (None: at the top). The page chooses the id, so that it can show the cell at once."""

    cell: CellId
    after: CellId | None
    code: str = ""
    type: Literal["cell", "setup"] = "cell"


class DeleteCell(Command, frozen=True):
    cell: CellId


class RestoreCell(Command, frozen=True):
    """Undo of a deletion: the cell comes back with its id, text, name and options, where it stood."""

    cell: CellId


class MoveCell(Command, frozen=True):
    cell: CellId
    after: CellId | None


class RenameCell(Command, frozen=True):
    """`name` is an identifier, or `_` for none."""

    cell: CellId
    name: str


class ConfigureCell(Command, frozen=True):
    """None leaves an option as it is."""

    cell: CellId
    hide_code: bool | None = None
    disabled: bool | None = None


class MakeCell(Command, frozen=True):
    """Turn a statement between cells into a cell."""

    cell: CellId


class FixProblem(Command, frozen=True):
    """Carry out the fix `fix` of the problem about `name` in `cell`."""

    cell: CellId
    name: str
    fix: str


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


class RunCells(Command, frozen=True):
    cells: list[CellId]


class RunAll(Command, frozen=True):
    pass


class RunStale(Command, frozen=True):
    pass


class Interrupt(Command, frozen=True):
    pass


class RestartKernel(Command, frozen=True):
    """`run`: run all cells in the new kernel."""

    run: bool = True


class SetElements(Command, frozen=True):
    """New values of UI elements, by element id. A newer value of the same element replaces one not yet handled."""

    values: dict[ElementId, Any]


class Save(Command, frozen=True):
    """Save now instead of about a second after the last edit."""


class SettleConflict(Command, frozen=True):
    """The file changed on disk and here: keep the text of the page or the one of the disk."""

    keep: Literal["page", "disk"]


AnyCommand = (
    PushUpdates
    | AddCell
    | DeleteCell
    | RestoreCell
    | MoveCell
    | RenameCell
    | ConfigureCell
    | MakeCell
    | FixProblem
    | SetTitle
    | MoveCaret
    | FormatCells
    | RunCells
    | RunAll
    | RunStale
    | Interrupt
    | RestartKernel
    | SetElements
    | Save
    | SettleConflict
)
