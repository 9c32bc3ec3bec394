"""The cells of a file, ordered and compiled, and runs of them: what a script and an imported notebook do.

Scripts import this module: no `dataclasses`, no `typing`, and nothing that only some notebooks need.
"""

from __future__ import annotations

from quire.collector import CollectorPaused
from quire.errors import NotebookProblems, StopError
from quire.kernel.compile import Compiled
from quire.kernel.namespace import Namespace
from quire.kernel.stored import load_compiled, store_compiled
from quire.names.model import unmangled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from quire.dataflow.graph import Graph
    from quire.ids import CellId
    from quire.kernel.outline import Outline
    from quire.names.model import Names

RUNS = frozenset({"cell", "unparsable"})
"""Types of cells that a run executes; the others have run when the file was imported."""

_COROUTINE = 0x80  # the code object's flag for a top-level `await`


class Program:
    """The cells of a file, ordered and compiled."""

    def __init__(self, filename: str, outlines: Mapping[CellId, Outline]) -> None:
        self.filename = filename
        self.outlines = outlines
        self.order: tuple[CellId, ...] = ()
        """Cells that a run of everything runs, parents first; disabled ones are left out."""
        self.code: dict[CellId, Compiled] = {}
        self.public: dict[CellId, frozenset[str]] = {}
        self.private: dict[CellId, frozenset[str]] = {}
        """Names that are hidden again after their cell has run."""
        self._names: dict[str, Names] = {}
        self._graph: Graph | None = None
        with open(filename, "rb") as file:  # noqa: PTH123 - `pathlib` costs start-up time
            text = file.read()
        with CollectorPaused():
            stored = load_compiled(filename, text)
            if stored is not None and self._take(stored):
                return
            self._make(text)
        if self._graph is None or not self._graph.problems:
            store_compiled(filename, text, self._stored())

    # -- made

    def _make(self, text: bytes) -> None:
        lines = _decoded(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        cells = {cell: outline for cell, outline in self.outlines.items() if outline.type in RUNS}
        names: dict[CellId, Names] = {}
        for cell, outline in cells.items():
            found = outline.cut(lines, self.filename)
            if found is not None and not outline.disabled:
                names[cell] = found
        self._names = {cells[cell].code: found for cell, found in names.items()}
        if len(names) == len(cells) and _is_plain(names.values()):
            self.order = tuple(cells)
            self.public = {cell: found.defs for cell, found in names.items()}
            self.private = {cell: found.private for cell, found in names.items()}
            self.code = {cell: outline.compile(self.filename, {}) for cell, outline in cells.items()}
        else:
            self._make_graph()

    def _make_graph(self) -> Graph:
        from quire.dataflow.graph import Source, build_graph  # noqa: PLC0415 - plain files need none

        sources = {
            cell: Source(outline.code, outline.type, outline.name, disabled=outline.disabled)
            for cell, outline in self.outlines.items()
            if outline.type in RUNS
        }
        graph = self._graph = build_graph(sources, self._find_names)
        off = set(graph.disabled)
        skipped = off | graph.descendants(off) if off else off
        self.order = tuple(cell for cell in graph.sorted(graph.order) if cell not in skipped)
        self.public = {cell: graph.public(cell) for cell in graph.order}
        self.private = {cell: graph.private(cell) - graph.mangled(cell).keys() for cell in graph.order}
        for cell in graph.order:
            if cell not in graph.problems:
                self.code[cell] = self.outlines[cell].compile(self.filename, graph.mangled(cell))
        return graph

    def _find_names(self, code: str) -> Names:
        found = self._names.get(code)
        if found is None:
            # `ast` and `symtable`: only for cells whose byte code leaves doubt
            from quire.names.analysis import names_of  # noqa: PLC0415

            found = names_of(code)
        return found

    @property
    def graph(self) -> Graph:
        """The graph; made when somebody asks for more than a run of a plain or stored program."""
        if self._graph is None:
            if not self._names:
                with open(self.filename, "rb") as file:  # noqa: PTH123 - `pathlib` costs start-up time
                    self._make(file.read())
            return self._graph or self._make_graph()
        return self._graph

    # -- stored

    def _stored(self) -> object:
        cells = [
            (cell, code.body, code.last, tuple(sorted(self.public[cell])), tuple(sorted(self.private[cell])))
            for cell, code in self.code.items()
        ]
        return (tuple(self.order), cells)

    def _take(self, stored: Any) -> bool:
        """Use the stored form, if it is one for these cells."""
        try:
            order, cells = stored
            if {cell for cell, *_ in cells} != {cell for cell, o in self.outlines.items() if o.type in RUNS}:
                return False
            self.order = order
            self.code = {cell: Compiled(body, last) for cell, body, last, _, _ in cells}
            self.public = {cell: frozenset(public) for cell, _, _, public, _ in cells}
            self.private = {cell: frozenset(private) for cell, _, _, _, private in cells}
        except (TypeError, ValueError):
            return False
        return True

    # -- asked

    def needed(self, cell: CellId, given: Mapping[str, object]) -> tuple[CellId, ...]:
        """The cell and those that must run before it when the values `given` need not be computed."""
        graph = self.graph
        wanted = {cell}
        pending = [cell]
        while pending:
            one = pending.pop()
            for name in graph.names(one).refs | graph.names(one).hints:
                if name in given:
                    continue
                for definer in (graph.definers(name) & graph.parents(one)) - wanted:
                    wanted.add(definer)
                    pending.append(definer)
        return graph.sorted(wanted)

    def check(self, cells: Sequence[CellId]) -> None:
        """Raise `NotebookProblems` when one of the cells (all of them, when all are asked for) cannot run."""
        if self._graph is None:
            return  # only programs without problems are stored
        asked = set(cells)
        if len(asked) >= len(self.order):
            asked |= set(self._graph.problems)
        found = [problem for cell, problems in self._graph.problems.items() if cell in asked for problem in problems]
        if found:
            lines = [f"{self.filename}: the notebook cannot run"]
            for problem in dict.fromkeys(found):
                where = ", ".join(f"line {self.outlines[cell].line}" for cell in problem.cells if cell in self.outlines)
                lines.append(f"  {where}: {problem}")
            raise NotebookProblems("\n".join(lines))


def _is_plain(cells: Iterable[Names]) -> bool:
    """True when the file's order is the order to run in, and no name needs care: what the graph would say of most files.

    No name has two definers, nobody reads a name that a later cell defines, no function uses a private name.
    """
    cells = list(cells)
    everywhere: set[str] = set()
    for names in cells:
        if not names.defs.isdisjoint(everywhere) or not names.private.isdisjoint(names.nested):
            return False
        everywhere |= names.defs
    above: set[str] = set()
    for names in cells:
        above |= names.defs
        if not everywhere.intersection(names.refs | names.hints) <= above:
            return False
    return True


def _decoded(text: bytes) -> str:
    """The file's text, in the encoding that Python read it in."""
    try:
        return text.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        from tokenize import detect_encoding  # noqa: PLC0415 - a file with an encoding line of its own

        lines = iter(text.splitlines(keepends=True))
        return text.decode(detect_encoding(lambda: next(lines, b""))[0])


class Run:
    """One run of some cells, from start to end, in one namespace."""

    def __init__(self, program: Program, names: dict[str, object], cells: Sequence[CellId]) -> None:
        self.program = program
        self.names = names
        self.cells = cells
        self.namespace = Namespace(names)
        self.stopped: set[CellId] = set()
        """Cells that `qr.stop` ended, and those that depend on them."""

    @property
    def is_async(self) -> bool:
        return any(self.program.code[cell].is_async for cell in self.cells)

    def finish(self) -> dict[CellId, object]:
        """Run the cells; the values of their last expressions. What depends on a cell that `qr.stop` ended does not run."""
        if self.is_async:
            from asyncio import run  # noqa: PLC0415 - only notebooks that await pay for it

            return run(self.finish_async())
        values: dict[CellId, object] = {}
        names, codes, private = self.names, self.program.code, self.program.private
        try:
            for cell in self.cells:
                if cell in self.stopped:
                    continue
                code = codes[cell]
                hidden = private[cell]
                if hidden:
                    self.namespace.enter(cell, (), hidden)
                try:
                    if code.body is not None:
                        exec(code.body, names)  # noqa: S102 - running the notebook's code is what we are for
                    if code.last is not None:
                        values[cell] = eval(code.last, names)  # noqa: S307
                except StopError as error:
                    values[cell] = self._stop(cell, error)
                if hidden:
                    self.namespace.leave(cell, succeeded=True)
        except NameError as error:
            _show_real_names(error)
            raise
        return values

    async def finish_async(self) -> dict[CellId, object]:
        """The same for notebooks that await."""
        values: dict[CellId, object] = {}
        try:
            for cell in self.cells:
                if cell in self.stopped:
                    continue
                code = self.program.code[cell]
                hidden = self.program.private[cell]
                if hidden:
                    self.namespace.enter(cell, (), hidden)
                try:
                    for part in (code.body, code.last):
                        if part is not None:
                            value = eval(part, self.names)  # noqa: S307
                            if part.co_flags & _COROUTINE:
                                value = await value
                            if part is code.last:
                                values[cell] = value
                except StopError as error:
                    values[cell] = self._stop(cell, error)
                if hidden:
                    self.namespace.leave(cell, succeeded=True)
        except NameError as error:
            _show_real_names(error)
            raise
        return values

    def _stop(self, cell: CellId, error: StopError) -> object:
        """What the cell shows instead of a value; what it has bound counts for nothing, as in the editor."""
        graph = self.program.graph
        self.stopped |= {cell} | graph.descendants([cell])
        for name in graph.public(cell):
            if graph.definers(name) <= self.stopped:
                self.names.pop(name, None)
        return error.output


def _show_real_names(error: NameError) -> None:
    """Private names appear as the user wrote them."""
    error.args = tuple(unmangled(argument) if isinstance(argument, str) else argument for argument in error.args)
    if isinstance(error.name, str):
        error.name = unmangled(error.name)
