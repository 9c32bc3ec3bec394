"""`App` and `Cell`: a notebook file as a script and as a module.

Importing a notebook runs its setup block and its top-level definitions, nothing else; cells are only noted down. They are
cut, ordered and compiled when somebody runs one. Scripts import this module: no `dataclasses`, no `typing`.
"""

from __future__ import annotations

import sys
from gc import disable, enable, isenabled
from types import CodeType, MappingProxyType

from quire.dataflow.graph import Graph, Source, build_graph
from quire.errors import NotebookProblems, UnknownName
from quire.ids import CellId
from quire.kernel.compile import Compiled
from quire.kernel.namespace import Namespace
from quire.kernel.outline import Outline
from quire.kernel.stored import load_compiled, store_compiled
from quire.names.model import unmangled

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, TypeVar, overload

    from quire.names.model import Names

    Definition = TypeVar("Definition", bound=Callable[..., Any])

_SETUP = CellId("setup")
_COROUTINE = 0x80  # the code object's flag for a top-level `await`


class Cell:
    """One cell of an imported notebook; `run` runs it with what it needs."""

    def __init__(self, app: App, cell: CellId, function: Callable[..., Any]) -> None:
        self._app = app
        self._id = cell
        self.__wrapped__ = function

    @property
    def name(self) -> str:
        """The name it has in the file; `_` when it has none."""
        return self._app._outlines[self._id].name

    @property
    def refs(self) -> frozenset[str]:
        """Names that it reads from other cells; builtins are left out."""
        program = self._app._program()
        return frozenset(name for name in program.graph.names(self._id).refs if program.graph.definers(name))

    @property
    def defs(self) -> frozenset[str]:
        """Names that it defines."""
        return self._app._program().graph.names(self._id).defs

    def run(self, **refs: object) -> Any:
        """Run the cell and return `(output, defs)`: the value of its last expression, and what it defined.

        `refs` give values for names that the cell reads; the cells that define the others run first. When the cell or
        one of them awaits, the result is a coroutine of the pair.

        Raises:
            UnknownName: an argument is no name that the cell reads.
            NotebookProblems: the cell, or one it needs, cannot run.
        """
        return self._app._run_cell(self._id, refs)

    def __call__(self, *args: object, **kwargs: object) -> object:
        """Call the function as it stands in the file: with its parameters, returning what it returns."""
        return self.__wrapped__(*args, **kwargs)

    def __repr__(self) -> str:
        return f"<cell {self.name} of {self._app.filename}>"


class _Setup:
    """`with app.setup:` runs its body when the file is imported; `with app.setup(hide_code=True):` too."""

    def __init__(self, app: App) -> None:
        self._app = app

    def __call__(self, **options: object) -> _Setup:
        return self

    def __enter__(self) -> None:
        self._app._begin_setup(sys._getframe(1).f_lineno)

    def __exit__(self, *_: object) -> None:
        self._app._end_setup()


class App:
    """A notebook. The file makes one, notes its cells in it, and runs it when it is executed as a script."""

    def __init__(self, **options: object) -> None:
        """`options` are for the editor and for `quire run`; running a script needs none of them."""
        frame = sys._getframe(1)
        self.options: Mapping[str, object] = MappingProxyType(options)
        self._globals = frame.f_globals
        self.filename: str = frame.f_code.co_filename
        """The file as Python knows it."""
        self._outlines: dict[CellId, Outline] = {}
        self._cells: dict[CellId, Cell] = {}
        self._setup_names: frozenset[str] = frozenset()
        self._before_setup: set[str] = set()
        self._compiled: _Program | None = None
        self.setup = _Setup(self)

    # -- what a file says

    if TYPE_CHECKING:

        @overload
        def cell(self, function: Callable[..., Any], /) -> Cell: ...
        @overload
        def cell(self, **options: object) -> Callable[[Callable[..., Any]], Cell]: ...

    def cell(self, function: Callable[..., Any] | None = None, /, **options: object) -> Any:
        """Note a cell down; nothing of it runs."""
        if function is None:
            return lambda function: self._note_cell(function, options)
        return self._note_cell(function, options)

    def _note_cell(self, function: Callable[..., Any], options: Mapping[str, object]) -> Cell:
        code = getattr(_unwrapped(function), "__code__", None)
        if not isinstance(code, CodeType):
            raise TypeError(f"`@app.cell` stands above a function, not above {function!r}")
        outline = Outline(code.co_name, code.co_firstlineno, disabled=options.get("disabled") is True)
        cell = self._note(outline)
        made = self._cells[cell] = Cell(self, cell, function)
        return made

    def function(self, function: Definition | None = None, /, **options: object) -> Any:
        """A function that other programs may import; stays as it is."""
        if function is None:
            return lambda function: self._note_definition(function, "function")
        return self._note_definition(function, "function")

    def class_definition(self, definition: Definition | None = None, /, **options: object) -> Any:
        """A class that other programs may import; stays as it is."""
        if definition is None:
            return lambda definition: self._note_definition(definition, "class")
        return self._note_definition(definition, "class")

    def _note_definition(self, definition: Definition, kind: str) -> Definition:
        outline = Outline(definition.__name__, 0, kind)
        outline.code = ""
        self._note(outline)
        return definition

    def _unparsable_cell(self, code: str, name: str = "_", **options: object) -> None:
        """Note down a cell that no function can hold."""
        outline = Outline(name, sys._getframe(1).f_lineno, "unparsable", disabled=options.get("disabled") is True)
        outline.code = code.removeprefix("\n").removesuffix("\n") if code.startswith("\n") else code
        outline.line = outline.first_line + 2
        self._note(outline)

    def _note(self, outline: Outline) -> CellId:
        cell = CellId(f"c{len(self._outlines)}")
        self._outlines[cell] = outline
        self._compiled = None
        return cell

    def _begin_setup(self, line: int) -> None:
        self._before_setup = set(self._globals)

    def _end_setup(self) -> None:
        self._setup_names |= self._globals.keys() - self._before_setup
        self._compiled = None

    # -- running

    def run(self) -> tuple[Sequence[object], Mapping[str, object]]:
        """Run all cells in topological order and return `(outputs, defs)`.

        `outputs` holds the value of each cell's last expression in the order of the file, None for a cell without one;
        `defs` what the cells, the setup block and the top-level definitions define.

        Raises:
            NotebookProblems: cells contradict each other; nothing has run.
            Exception: the first exception that a cell raises, as it is.
        """
        program = self._program()
        try:
            program.check(program.order)
        except NotebookProblems as problems:
            if self._is_script:
                raise SystemExit(str(problems)) from None
            raise
        run = _Run(program, self._fresh_globals(), program.order)
        values = run.finish()
        outputs = tuple(values.get(cell) for cell, outline in self._outlines.items() if outline.type in _RUNS)
        return outputs, MappingProxyType(self._defs(program, run.names))

    @property
    def _is_script(self) -> bool:
        return self._globals.get("__name__") == "__main__"

    def _fresh_globals(self) -> dict[str, object]:
        """A script runs in its module, as any script does; an imported notebook in a namespace for each run."""
        if not self._is_script:
            return {name: value for name, value in self._globals.items() if not isinstance(value, Cell)}
        for name in [name for name, value in self._globals.items() if isinstance(value, Cell) and value._app is self]:
            del self._globals[name]
        return self._globals

    def _defs(self, program: "_Program", names: Mapping[str, object]) -> dict[str, object]:
        defined = set(self._setup_names)
        for cell, outline in self._outlines.items():
            defined |= {outline.name} if outline.type not in _RUNS else program.public[cell]
        return {name: names[name] for name in sorted(defined) if name in names}

    def _run_cell(self, cell: CellId, refs: Mapping[str, object]) -> Any:
        program = self._program()
        allowed = program.graph.names(cell).refs
        unknown = sorted(refs.keys() - allowed)
        if unknown:
            known = ", ".join(f"`{name}`" for name in sorted(self._cells[cell].refs)) or "nothing"
            raise UnknownName(f"`{unknown[0]}` is not read by this cell; it reads {known}")
        needed = program.needed(cell, refs)
        program.check(needed)
        run = _Run(program, {**self._fresh_copy(), **refs}, needed)
        defs = program.graph.names(cell).defs

        def result(values: Mapping[CellId, object]) -> tuple[object, Mapping[str, object]]:
            found = {**run.names, **run.namespace.private(cell)}
            real = {name: found[mangled] for name, mangled in program.graph.mangled(cell).items() if mangled in found}
            return values.get(cell), MappingProxyType({name: {**found, **real}[name] for name in sorted(defs) if name in found or name in real})

        if run.is_async:

            async def finish() -> tuple[object, Mapping[str, object]]:
                return result(await run.finish_async())

            return finish()
        return result(run.finish())

    def _fresh_copy(self) -> dict[str, object]:
        return {name: value for name, value in self._globals.items() if not isinstance(value, Cell)}

    def _program(self) -> _Program:
        if self._compiled is None:
            self._compiled = _Program(self.filename, self._outlines, self._setup_names)
        return self._compiled


_RUNS = frozenset({"cell", "unparsable"})


def _unwrapped(function: object) -> object:
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function


class _Program:
    """The cells of a file, ordered and compiled."""

    def __init__(self, filename: str, outlines: Mapping[CellId, Outline], setup_names: frozenset[str]) -> None:
        self.filename = filename
        self.outlines = outlines
        self._setup_names = setup_names
        self._graph: Graph | None = None
        with open(filename, "rb") as file:
            text = file.read()
        stored = load_compiled(filename, text)
        if stored is not None and self._take(stored):
            return
        was_enabled = isenabled()
        disable()  # thousands of small objects, none of them garbage
        try:
            self._make(text)
        finally:
            if was_enabled:
                enable()
        if not self.graph.problems:
            store_compiled(filename, text, self._stored())

    # -- made

    def _make(self, text: bytes) -> None:
        lines = _decoded(text).replace("\r\n", "\n").replace("\r", "\n").split("\n")
        names: dict[str, Names] = {}
        sources: dict[CellId, Source] = {}
        for cell, outline in self.outlines.items():
            if outline.type in _RUNS:
                found = outline.cut(lines, self.filename)
                if found is not None:
                    names[outline.code] = found
                sources[cell] = Source(outline.code, outline.type, outline.name, disabled=outline.disabled)
        self._names = names
        graph = self._graph = build_graph(sources, self._find_names)
        off = set(graph.disabled)
        skipped = off | graph.descendants(off) if off else off
        self.order: tuple[CellId, ...] = tuple(cell for cell in graph.sorted(graph.order) if cell not in skipped)
        self.public = {cell: graph.public(cell) for cell in graph.order}
        self.private = {cell: graph.private(cell) - graph.mangled(cell).keys() for cell in graph.order}
        self.code: dict[CellId, Compiled] = {}
        for cell in graph.order:
            if cell not in graph.problems:
                self.code[cell] = self.outlines[cell].compile(self.filename, graph.mangled(cell))

    def _find_names(self, code: str) -> Names:
        found = self._names.get(code)
        if found is None:
            from quire.names.analysis import names_of  # `ast` and `symtable`: only for cells whose byte code leaves doubt

            found = names_of(code)
        return found

    @property
    def graph(self) -> Graph:
        """The graph; made again when only the compiled form was loaded, and somebody asks for more than a run."""
        if self._graph is None:
            with open(self.filename, "rb") as file:
                self._make(file.read())
        assert self._graph is not None
        return self._graph

    # -- stored

    def _stored(self) -> object:
        cells = [
            (cell, code.body, code.last, tuple(self.public[cell]), tuple(self.private[cell]))
            for cell, code in self.code.items()
        ]
        return (tuple(self.order), cells)

    def _take(self, stored: object) -> bool:
        """Use the stored form, if it is one for these cells."""
        try:
            order, cells = stored  # pyright: ignore[reportGeneralTypeIssues] - checked by what follows
            if {cell for cell, *_ in cells} != {cell for cell, o in self.outlines.items() if o.type in _RUNS}:
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
            for name in graph.names(one).refs:
                if name in given:
                    continue
                for definer in graph.definers(name) - wanted:
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


def _decoded(text: bytes) -> str:
    """The file's text, in the encoding that Python read it in."""
    try:
        return text.decode().removeprefix("\ufeff")
    except UnicodeDecodeError:
        from tokenize import detect_encoding  # a file with an encoding line of its own

        lines = iter(text.splitlines(keepends=True))
        return text.decode(detect_encoding(lambda: next(lines, b""))[0])


class _Run:
    """One run of some cells, from start to end, in one namespace."""

    def __init__(self, program: _Program, names: dict[str, object], cells: Sequence[CellId]) -> None:
        self.program = program
        self.names = names
        self.cells = cells
        self.namespace = Namespace(names)

    @property
    def is_async(self) -> bool:
        return any(self.program.code[cell].is_async for cell in self.cells)

    def finish(self) -> dict[CellId, object]:
        """Run the cells; the values of their last expressions."""
        if self.is_async:
            from asyncio import run  # only notebooks that await pay for it

            return run(self.finish_async())
        values: dict[CellId, object] = {}
        names, codes, private = self.names, self.program.code, self.program.private
        try:
            for cell in self.cells:
                code = codes[cell]
                hidden = private[cell]
                if hidden:
                    self.namespace.enter(cell, (), hidden)
                if code.body is not None:
                    exec(code.body, names)  # noqa: S102 - running the notebook's code is what we are for
                if code.last is not None:
                    values[cell] = eval(code.last, names)  # noqa: S307
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
                code = self.program.code[cell]
                hidden = self.program.private[cell]
                if hidden:
                    self.namespace.enter(cell, (), hidden)
                for part in (code.body, code.last):
                    if part is not None:
                        value = eval(part, self.names)  # noqa: S307
                        if part.co_flags & _COROUTINE:
                            value = await value
                        if part is code.last:
                            values[cell] = value
                if hidden:
                    self.namespace.leave(cell, succeeded=True)
        except NameError as error:
            _show_real_names(error)
            raise
        return values


def _show_real_names(error: NameError) -> None:
    """Private names appear as the user wrote them."""
    error.args = tuple(unmangled(argument) if isinstance(argument, str) else argument for argument in error.args)
    if isinstance(error.name, str):
        error.name = unmangled(error.name)
