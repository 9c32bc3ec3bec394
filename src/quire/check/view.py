"""A notebook as the rules see it: trees, names and graph, each made once, and places in the file for places in cells."""

import ast
import re
import warnings
from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path

from quire.check.model import Finding, Fix, Place
from quire.dataflow import Graph, Source, SyntaxProblem, build_graph
from quire.ids import CellId
from quire.names import Names
from quire.notebook import Cell, Notebook
from quire.notebook.cells import layout_of
from quire.notebook.lines import split_lines
from quire.notebook.markdown import opening_of
from quire.notebook.model import count_lines


@lru_cache(maxsize=4096)
def tree_of(code: str) -> ast.Module | None:
    """The syntax tree of a cell's code; None when there is none. Rules only read it: it is shared."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(code)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


class View:
    """One notebook, looked at by every rule. `graph` saves the time of making one."""

    def __init__(self, notebook: Notebook, path: Path, graph: Graph | None = None) -> None:
        self.notebook = notebook
        self.path = path
        self._graph = graph
        self._prefixes: dict[CellId, list[int]] = {}

    @cached_property
    def graph(self) -> Graph:
        """Who defines and reads what."""
        if self._graph is not None:
            return self._graph
        return build_graph(
            {cell.id: Source(cell.code, cell.type, cell.name, disabled=cell.disabled) for cell in self.notebook.cells}
        )

    def names(self, cell: Cell) -> Names:
        """What the cell defines and reads; nothing when Python cannot read it."""
        return self.graph.names(cell.id)

    def is_sound(self, cell: Cell) -> bool:
        """False when Python cannot compile the cell, so that nothing is known of its names."""
        return not any(isinstance(problem, SyntaxProblem) for problem in self.graph.problems.get(cell.id, ()))

    def trees(self, saying: str | re.Pattern[str] = "") -> Iterator[tuple[Cell, ast.Module]]:
        """Every cell that Python can read, statements between cells excepted; only those whose code says `saying`.

        To search a text costs nothing beside walking its tree.
        """
        for cell in self.notebook.cells:
            if not (saying in cell.code if isinstance(saying, str) else saying.search(cell.code)):
                continue
            if cell.type != "stray" and (tree := tree_of(cell.code)) is not None:
                yield cell, tree

    @cached_property
    def imports(self) -> Mapping[str, tuple[Cell, ast.alias, ast.stmt]]:
        """Names that the notebook's cells import at their top level, and where first."""
        found: dict[str, tuple[Cell, ast.alias, ast.stmt]] = {}
        for cell, tree in self.trees():
            for node in tree.body:
                if isinstance(node, ast.Import | ast.ImportFrom):
                    for alias in node.names:
                        name = alias.asname or alias.name.partition(".")[0]
                        found.setdefault(name, (cell, alias, node))
        return found

    # -- places

    def at_node(self, code: str, message: str, cell: Cell, node: ast.AST, fix: Fix | None = None) -> Finding:
        """A finding about a node of the cell's tree."""
        line, end_line = getattr(node, "lineno", 1), getattr(node, "end_lineno", None)
        rows = cell.code.split("\n")
        end_line = min(end_line or line, len(rows))

        def column(row: int, offset: int) -> int:
            return len(rows[row - 1].encode(errors="surrogatepass")[:offset].decode(errors="replace")) + 1

        start = column(line, getattr(node, "col_offset", 0))
        end = column(end_line, getattr(node, "end_col_offset", None) or 0)
        return self.at_place(code, message, cell, Place(line, start, end_line, max(end, 1)), fix)

    def at_cell(self, code: str, message: str, cell: Cell, fix: Fix | None = None) -> Finding:
        """A finding about the whole cell, shown at its first line of code."""
        rows = cell.code.split("\n")
        first = next((number for number, row in enumerate(rows) if row.strip()), 0)
        row = rows[first]
        indent = len(row) - len(row.lstrip())
        return self.at_place(code, message, cell, Place(first + 1, indent + 1, first + 1, len(row) + 1), fix)

    def at_place(self, code: str, message: str, cell: Cell, place: Place, fix: Fix | None = None) -> Finding:
        """A finding about a stretch of the cell's code."""
        first = self.notebook.line_of(cell.id)
        prefixes = self._prefixes_of(cell)

        def shift(line: int) -> int:
            return prefixes[line - 1] if 0 < line <= len(prefixes) else 0

        return Finding(
            code,
            message,
            cell.id,
            place,
            Place(
                first + place.line - 1,
                place.column + shift(place.line),
                first + place.end_line - 1,
                place.end_column + shift(place.end_line),
            ),
            fix,
        )

    def at_file(self, code: str, message: str, line: int, fix: Fix | None = None) -> Finding:
        """A finding about the file, shown at a line of it."""
        return Finding(code, message, None, None, Place(line, 1, line, 1), fix)

    @cached_property
    def footer_line(self) -> int:
        """The first line behind the last cell."""
        notebook = self.notebook
        return 1 + sum(
            count_lines(text) for text in (notebook.header, *notebook.gaps, *(cell.text for cell in notebook.cells))
        )

    def _prefixes_of(self, cell: Cell) -> list[int]:
        """How many characters stand in the file before each line of the cell's code."""
        if self.notebook.carrier == "markdown":
            fence = opening_of(cell)
            return [len(fence.indent) if fence else 0] * (cell.code.count("\n") + 1)
        if cell.id not in self._prefixes:
            layout = layout_of(cell)
            found = [len(line.prefix) for line in layout.lines] if layout else []
            if layout and layout.inline and found:
                found[0] = len(split_lines(layout.head)[-1]) if layout.head else 0
            self._prefixes[cell.id] = found
        return self._prefixes[cell.id]
