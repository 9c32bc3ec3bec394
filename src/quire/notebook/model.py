"""A notebook as a value: text in pieces that join to exactly the file, and what each piece means."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from zlib import crc32

from quire.errors import UnknownCell
from quire.ids import CellId

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.protocol.messages import (
        Carrier,
        CellKind,
    )  # a script that meets an unusual cell should not import msgspec

NO_OPTIONS: Mapping[str, object] = MappingProxyType({})
SETUP = CellId("setup")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell. `text` is what stands in the file, `code` what the user edits: LF between lines, none at the end."""

    id: CellId
    type: "CellKind"
    code: str
    text: str
    name: str = "_"
    options: Mapping[str, object] = field(default_factory=lambda: NO_OPTIONS)
    """Options of the decorator, in the order of the file: a value when it is a literal, else `Source`."""
    lead: int = 0
    """Lines of `text` before the first line of `code`; -1 for prose in a markdown file, whose code begins with a call."""
    damaged: bool = False
    """True when the text could not be parsed; it stays as it is until somebody edits the cell."""

    @property
    def hide_code(self) -> bool:
        return self.options.get("hide_code") is True

    @property
    def disabled(self) -> bool:
        return self.options.get("disabled") is True


@dataclass(frozen=True, slots=True)
class Source:
    """An option's value that is not a literal, as written."""

    text: str


@dataclass(frozen=True)
class Notebook:
    """The file in pieces: header, then a gap before each cell, then the footer."""

    header: str
    """Everything up to the end of the line of `app = quire.App(…)`; in a markdown file, the front matter."""
    cells: tuple[Cell, ...] = ()
    gaps: tuple[str, ...] = ()
    """Lines between cells that belong to none; as many as there are cells. The last gap is part of the footer."""
    footer: str = ""
    newline: str = "\n"
    options: Mapping[str, object] = field(default_factory=lambda: NO_OPTIONS)
    """Options of `App(…)`."""
    carrier: "Carrier" = "python"
    foreign: str = ""
    """Why this is not a Quire notebook, in words; such a text is never rewritten. Empty for a notebook."""
    demoted: Mapping[CellId, Cell] = field(default_factory=dict[CellId, Cell], compare=False)
    """Top-level definitions that had to become ordinary cells, as they were: they come back when nothing is missing."""
    sound: Mapping[CellId, Cell] = field(default_factory=dict[CellId, Cell], compare=False)
    """Cells that no function can hold at the moment, as they stood before: what was written around the code comes back."""
    reports: tuple[str, ...] = field(default=(), compare=False)
    """What the last edit had to change beside the cell it was about, for the user to read."""

    @property
    def title(self) -> str:
        """The notebook's title; empty when it has none."""
        title = self.options.get("app_title")
        return title if isinstance(title, str) else ""

    @cached_property
    def positions(self) -> Mapping[CellId, int]:
        """Index of each cell."""
        return {cell.id: index for index, cell in enumerate(self.cells)}

    @cached_property
    def lines(self) -> Mapping[CellId, int]:
        """1-based line of the file where each cell's code begins."""
        lines: dict[CellId, int] = {}
        line = 1 + count_lines(self.header)
        for gap, cell in zip(self.gaps, self.cells, strict=True):
            line += count_lines(gap)
            lines[cell.id] = max(line + cell.lead, 1)
            line += count_lines(cell.text)
        return lines

    def cell(self, cell: CellId) -> Cell:
        """The cell with this id.

        Raises:
            UnknownCell: there is none.
        """
        return self.cells[self.index(cell)]

    def index(self, cell: CellId) -> int:
        """Position of the cell among all cells.

        Raises:
            UnknownCell: there is none.
        """
        try:
            return self.positions[cell]
        except KeyError:
            raise UnknownCell(f"the notebook has no cell `{cell}`; it may have been deleted") from None

    def line_of(self, cell: CellId) -> int:
        """1-based line of the file where the cell's code begins."""
        self.index(cell)
        return self.lines[cell]

    def with_cell(self, cell: Cell) -> "Notebook":
        """The notebook with the cell of the same id replaced."""
        index = self.index(cell.id)
        return replace(self, cells=(*self.cells[:index], cell, *self.cells[index + 1 :]))


class CellIds:
    """Ids as a function of the text: a checksum of the code, numbered where two cells are alike."""

    def __init__(self) -> None:
        self._seen: dict[str, int] = {}

    def give(self, cell: Cell) -> Cell:
        """The cell with its id; the setup cell has one already."""
        if cell.id == SETUP:
            return cell
        name = f"{crc32(cell.code.encode(errors='surrogatepass')):08x}"
        count = self._seen[name] = self._seen.get(name, 0) + 1
        found = CellId(name if count == 1 else f"{name}x{count}")
        return Cell(found, cell.type, cell.code, cell.text, cell.name, cell.options, cell.lead, cell.damaged)


def count_lines(text: str) -> int:
    """Line endings in the text."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")
