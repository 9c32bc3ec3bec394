"""The cells of a file, ordered and compiled, and runs of them: what a script and an imported notebook do.

Scripts import this module: no `dataclasses`, no `typing`, and nothing that only some notebooks need.
"""

from __future__ import annotations

from quire.collector import CollectorPaused
from quire.errors import IncompleteValues, NotebookProblems, StopError, UnknownName
from quire.kernel.compile import Compiled
from quire.kernel.namespace import Namespace
from quire.kernel.stored import load_compiled, store_compiled
from quire.names.model import Names, unmangled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from types import TracebackType
    from typing import Any

    from quire.dataflow.graph import Graph
    from quire.ids import CellId
    from quire.kernel.outline import Outline

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
        try:
            with open(filename, "rb") as file:  # noqa: PTH123 - `pathlib` costs start-up time
                text = file.read()
        except OSError as error:  # of a program that came from standard input, or from an archive
            what = f"it cannot be read, and cells are found by their lines: {error.strerror or error}"
            raise NotebookProblems(f"{filename}: the notebook cannot run\n  {what}") from None
        with CollectorPaused():
            stored = load_compiled(filename, text)
            if stored is not None and self._take(stored):
                return
            self._make(text)
        if self._graph is None or not self._graph.problems:
            store_compiled(filename, text, self._stored())

    # -- made

    def _make(self, text: bytes) -> None:
        lines = _lines_of(text)
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
            with CollectorPaused():
                return self._find_graph()
        return self._graph

    def _find_graph(self) -> Graph:
        if self._names:
            return self._make_graph()
        with open(self.filename, "rb") as file:  # noqa: PTH123 - `pathlib` costs start-up time
            text = file.read()
        place = f"{self.filename} names"
        stored = load_compiled(place, text)
        if stored is not None and stored.keys() == self.code.keys():
            lines = _lines_of(text)
            for cell, values in stored.items():
                outline = self.outlines[cell]
                outline.cut_again(lines, self.code[cell])
                self._names[outline.code] = Names(**dict(zip(Names.__slots__, values, strict=True)))
            return self._make_graph()
        self._make(text)
        graph = self._graph or self._make_graph()
        if not graph.problems:
            store_compiled(place, text, {cell: graph.names(cell)._values() for cell in self.code})
        return graph

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

    def beside(self, given: Mapping[str, object]) -> tuple[CellId, ...]:
        """The cells that a run of everything runs when the values `given` take the place of those that define them.

        Raises:
            UnknownName: a name that no cell defines for others.
            IncompleteValues: a cell also defines names that are not given.
        """
        graph = self.graph
        replaced: set[CellId] = set()
        for name in given:
            definers = graph.definers(name)
            if not definers or graph.is_scratch(name):
                raise UnknownName(self._refusal(name, is_private=bool(definers)))
            replaced |= definers
        for cell in graph.in_file_order(replaced):
            missing = sorted(self.public[cell] - given.keys())
            if missing:
                names = ", ".join(f"`{name}`" for name in sorted(self.public[cell] & given.keys()))
                others = ", ".join(f"`{name}`" for name in missing)
                raise IncompleteValues(
                    f"the cell that defines {names} does not run then, and it also defines {others}; give {others} too"
                )
        return tuple(cell for cell in self.order if cell not in replaced)

    def _refusal(self, name: str, *, is_private: bool) -> str:
        if is_private:
            return f"`{name}` cannot be given: several cells define it, and each keeps its own to itself"
        known = sorted(frozenset[str]().union(*self.public.values()))
        listed = ", ".join(f"`{name}`" for name in known) or "nothing"
        return f"`{name}` is defined by no cell of {self.filename}; what can be given is {listed}"

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


def _lines_of(text: bytes) -> list[str]:
    return _decoded(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")


class Run:
    """One run of some cells, from start to end, in one namespace."""

    def __init__(
        self,
        program: Program,
        names: dict[str, object],
        cells: Sequence[CellId],
        given: Mapping[str, object] | None = None,
    ) -> None:
        """`given` has values for names, which they keep whatever cells bind to them."""
        self.program = program
        self.names = names
        self.cells = cells
        self.given = given or {}
        self.namespace = Namespace(names)
        self.stopped: set[CellId] = set()
        """Cells that `qr.stop` ended, and those that depend on them."""
        names.update(self.given)

    @property
    def is_async(self) -> bool:
        return any(self.program.code[cell].is_async for cell in self.cells)

    def finish(self) -> dict[CellId, object]:
        """Run the cells; the values of their last expressions. What depends on a cell that `qr.stop` ended does not run.

        Raises:
            RuntimeError: a cell awaits, and whoever calls this is awaited already.
        """
        if self.is_async:
            from asyncio import _get_running_loop, run  # noqa: PLC0415 - only notebooks that await pay for it

            if _get_running_loop() is not None:
                raise RuntimeError("this notebook awaits, and so does who runs it; use `await app.embed()` there")
            return run(self.finish_async())
        values: dict[CellId, object] = {}
        names, codes, private, given = self.names, self.program.code, self.program.private, self.given
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
                    values[cell] = error.output
                    self.stop(cell)
                if hidden:
                    self.namespace.leave(cell, succeeded=True)
                if given:
                    names.update(given)
        except NameError as error:
            _show_real_names(error)
            raise
        return values

    async def finish_async(self) -> dict[CellId, object]:
        """The same for notebooks that await."""
        return {cell: await self.run_cell(cell) for cell in self.cells if cell not in self.stopped}

    async def run_cell(self, cell: CellId) -> object:
        """Run one cell, once more too; the value of its last expression. When it is stopped, what it shows instead."""
        self.namespace.enter(cell, self.program.public[cell], self.program.private[cell], keep=False)
        succeeded = False
        value = None
        try:
            code = self.program.code[cell]
            for part in (code.body, code.last):
                if part is not None:
                    value = eval(part, self.names)  # noqa: S307
                    if part.co_flags & _COROUTINE:
                        value = await value
            succeeded = True
        except StopError as error:
            value = error.output
            self.stop(cell)
        except NameError as error:
            _show_real_names(error)
            raise
        finally:
            self.namespace.leave(cell, succeeded=succeeded)
            self.names.update(self.given)
        return value

    def stop(self, cell: CellId) -> None:
        """It has come to nothing, and what depends on it does not run; what it has bound counts for nothing, as in the editor."""
        graph = self.program.graph
        self.stopped |= {cell} | graph.descendants([cell])
        for name in graph.public(cell):
            if graph.definers(name) <= self.stopped:
                self.names.pop(name, None)


def traceback_in(filename: str, traceback: TracebackType | None) -> TracebackType | None:
    """The traceback from its first frame in this file on; None where it has none."""
    while traceback is not None and traceback.tb_frame.f_code.co_filename != filename:
        traceback = traceback.tb_next
    return traceback


def _show_real_names(error: NameError) -> None:
    """Private names appear as the user wrote them."""
    error.args = tuple(unmangled(argument) if isinstance(argument, str) else argument for argument in error.args)
    if isinstance(error.name, str):
        error.name = unmangled(error.name)
