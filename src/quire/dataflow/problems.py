"""Why a cell cannot run, as values. `str()` of a problem is what the user reads.

Written without `dataclasses`, like the graph: scripts import this module.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.ids import CellId


class Problem:
    """A fact about the notebook that keeps `cells` from running, unless `blocks` is False. Compared by value."""

    __slots__ = ("cells", "name")

    blocks = True
    """False for a fact that is worth telling, but keeps no cell from running."""

    def __init__(self, name: str, cells: tuple[CellId, ...]) -> None:
        self.name = name
        """The name it is about; empty where there is none."""
        self.cells = cells
        """The cells it is about, in the order of the file."""

    @property
    def kind(self) -> str:
        return type(self).__name__

    def _values(self) -> tuple[object, ...]:
        return (type(self), self.name, self.cells, str(self))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Problem) and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((type(self), self.name, self.cells))

    def __repr__(self) -> str:
        return f"{self.kind}({self.name!r}, {self.cells!r})"


class DefinedTwice(Problem):
    """One name, several definers, and a reader who cannot know which is meant."""

    __slots__ = ()

    def __str__(self) -> str:
        return (
            f"`{self.name}` is defined in {len(self.cells)} cells and read by another, which cannot know which is meant; "
            f"rename it, call it `_{self.name}` to keep it local, or merge the cells"
        )


class Cycle(Problem):
    """Cells that wait for each other."""

    __slots__ = ("names",)

    def __init__(self, cells: tuple[CellId, ...], names: tuple[str, ...]) -> None:
        super().__init__(names[0] if names else "", cells)
        self.names = names

    def __str__(self) -> str:
        names = ", ".join(f"`{name}`" for name in self.names)
        return (
            f"{len(self.cells)} cells wait for each other through {names}; "
            "merge them, or let one of them stop reading what the others define"
        )


class SetupReads(Problem):
    """The setup cell reads a name of another cell, but runs before all of them."""

    __slots__ = ()

    def __str__(self) -> str:
        return f"the setup cell reads `{self.name}`, but it runs before every other cell; define `{self.name}` in it"


class StarImport(Problem):
    """`from … import *`: nobody can know which names it defines."""

    __slots__ = ()

    def __str__(self) -> str:
        return "`import *` hides which names the cell defines; import the names that you need, or the module"


class OutsideCell(Problem):
    """The cell reads a name that only a statement between cells defines."""

    __slots__ = ()

    def __str__(self) -> str:
        return (
            f"`{self.name}` is defined outside any cell, where the notebook does not run it; make that statement a cell"
        )


class DuplicateName(Problem):
    """Several cells have one name: in the module, the last one hides the others."""

    __slots__ = ()

    blocks = False

    def __str__(self) -> str:
        return (
            f"{len(self.cells)} cells are called `{self.name}`; whoever imports the file gets the last one only, "
            "so give the others names of their own"
        )


class SyntaxProblem(Problem):
    """Python cannot compile the cell."""

    __slots__ = ("column", "line", "message")

    def __init__(self, cell: CellId, message: str, line: int | None = None, column: int | None = None) -> None:
        super().__init__("", (cell,))
        self.message = message
        self.line = line
        """1-based, within the cell."""
        self.column = column
        """1-based, in code points."""

    def __str__(self) -> str:
        place = f" (line {self.line})" if self.line else ""
        return f"Python cannot read this cell: {self.message}{place}"
