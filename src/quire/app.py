"""`App` and `Cell`: a notebook file as a script and as a module.

Importing a notebook runs its setup block and its top-level definitions, nothing else; cells are only noted down. They are
cut, ordered and compiled when somebody runs one. Scripts import this module: no `dataclasses`, no `typing`.
"""

from __future__ import annotations

import sys
from types import CodeType, MappingProxyType

from quire.errors import NotebookProblems, StopError, UnknownName
from quire.ids import CellId
from quire.kernel.outline import Outline
from quire.kernel.program import RUNS, Program, Run, traceback_in

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any, TypeVar, overload

    from quire.kernel.embedded import Embedded

    Definition = TypeVar("Definition", bound=Callable[..., Any])


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
            StopError: a cell that it needs was ended by `qr.stop`.
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

    def __call__(self, **_: object) -> _Setup:
        return self

    def __enter__(self) -> None:
        self._app._begin_setup()

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
        self._compiled: Program | None = None
        self.setup = _Setup(self)
        if self._is_script and "__file__" in self._globals:  # not so in an interactive session
            from quire.kernel.environment import enter_script  # noqa: PLC0415 - imported notebooks need none

            enter_script(self.filename)

    # -- what a file says (the checker takes `options` for a mapping that might hold `function`)

    if TYPE_CHECKING:

        @overload
        def cell(self, function: Callable[..., Any], /) -> Cell: ...
        @overload
        def cell(self, **options: Any) -> Callable[[Callable[..., Any]], Cell]: ...

    def cell(self, function: Any = None, /, **options: Any) -> Any:  # pyright: ignore[reportInconsistentOverload]
        """Note a cell down; nothing of it runs."""
        if function is not None:
            return self._note_cell(function, options)

        def note(function: Callable[..., Any]) -> Cell:
            return self._note_cell(function, options)

        return note

    def _note_cell(self, function: Callable[..., Any], options: Mapping[str, object]) -> Cell:
        code = getattr(function, "__code__", None)
        if code is None or hasattr(function, "__wrapped__"):
            code = getattr(_unwrapped(function), "__code__", None)
        if not isinstance(code, CodeType):
            raise TypeError(f"`@app.cell` stands above a function, not above {function!r}")
        outline = Outline(code.co_name, code.co_firstlineno, disabled=options.get("disabled") is True)
        cell = self._note(outline)
        made = self._cells[cell] = Cell(self, cell, function)
        return made

    if TYPE_CHECKING:

        @overload
        def function(self, function: Definition, /) -> Definition: ...
        @overload
        def function(self, **options: Any) -> Callable[[Definition], Definition]: ...

    def function(self, function: Any = None, /, **options: Any) -> Any:  # noqa: ARG002 # pyright: ignore[reportInconsistentOverload]
        """A function that other programs may import; stays as it is."""

        def note(function: Any) -> Any:
            return self._note_definition(function, "function")

        return note if function is None else note(function)

    if TYPE_CHECKING:

        @overload
        def class_definition(self, definition: Definition, /) -> Definition: ...
        @overload
        def class_definition(self, **options: Any) -> Callable[[Definition], Definition]: ...

    def class_definition(self, definition: Any = None, /, **options: Any) -> Any:  # noqa: ARG002 # pyright: ignore[reportInconsistentOverload]
        """A class that other programs may import; stays as it is."""

        def note(definition: Any) -> Any:
            return self._note_definition(definition, "class")

        return note if definition is None else note(definition)

    def _note_definition(self, definition: Any, kind: str) -> Any:
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

    def _begin_setup(self) -> None:
        self._before_setup = set(self._globals)

    def _end_setup(self) -> None:
        self._setup_names |= self._globals.keys() - self._before_setup
        self._compiled = None

    # -- running

    def run(self, defs: Mapping[str, object] | None = None) -> tuple[Sequence[object], Mapping[str, object]]:
        """Run all cells in topological order and return `(outputs, defs)`.

        `outputs` holds the value of each cell's last expression in the order of the file, None for a cell without one;
        `defs` what the cells, the setup block and the top-level definitions define. The argument `defs` has values for
        names; cells that define them do not run.

        Raises:
            NotebookProblems: cells contradict each other; nothing has run.
            UnknownName: `defs` has a name that no cell defines for others.
            IncompleteValues: `defs` has some of the names that a cell defines, and not all.
            Exception: the first exception that a cell raises, as it is.
        """
        try:
            program = self._program()
            cells = self._cells_beside(program, defs)
        except NotebookProblems as problems:
            if self._is_script:
                raise SystemExit(str(problems)) from None
            raise
        run = Run(program, self._globals if self._is_script else self._fresh_copy(), cells, defs)
        try:
            values = self._finish_script(run) if self._is_script else run.finish()
        except BaseException as error:
            error.__traceback__ = traceback_in(self.filename, error.__traceback__) or error.__traceback__
            raise  # without the frames of ours that are in between
        outputs = tuple(values.get(cell) for cell, outline in self._outlines.items() if outline.type in RUNS)
        return outputs, MappingProxyType(
            {name: run.names[name] for name in self._defined(program) if name in run.names}
        )

    async def embed(self, defs: Mapping[str, object] | None = None) -> Embedded:
        """Run the notebook within another program: `result = await app.embed()`.

        `result.output` is what all its cells show, in the order of the file, and `result.defs` what they define. In a
        notebook, elements in the output work: who moves one runs what reads it there, and then the cells that read
        `result`. Each call makes a notebook with names and elements of its own. `defs` is as in `run`.

        Raises:
            RuntimeError: the notebook would embed itself.
            NotebookProblems, UnknownName, IncompleteValues, Exception: as `run` does.
        """
        from quire.kernel.embedded import Embedded  # noqa: PLC0415 - brings what draws outputs; a script shows nothing

        if self._is_script:
            raise RuntimeError(
                f"{self.filename} cannot embed itself; it can be embedded by another notebook or program"
            )
        program = self._program()
        run = Run(program, self._fresh_copy(), self._cells_beside(program, defs), defs)
        return await Embedded(run, self._defined(program)).begin()

    def clone(self) -> App:
        """An app with the same cells. What the setup block and the top-level definitions made is the same in both."""
        copy = App.__new__(App)
        vars(copy).update(vars(self))
        copy.setup = _Setup(copy)
        copy._cells = {cell: Cell(copy, cell, made.__wrapped__) for cell, made in self._cells.items()}
        return copy

    def _cells_beside(self, program: Program, defs: Mapping[str, object] | None) -> Sequence[CellId]:
        """The cells to run, which can run."""
        for name in sorted(self._setup_names & defs.keys()) if defs else ():
            raise UnknownName(
                f"`{name}` cannot be given: the setup block has defined it when {self.filename} was imported"
            )
        cells = program.beside(defs) if defs else program.order
        program.check(cells)
        return cells

    @property
    def _is_script(self) -> bool:
        return self._globals.get("__name__") == "__main__"

    def _finish_script(self, run: Run) -> dict[CellId, object]:
        """A script runs in its module, as any script does, but names of cells are not names that cells read."""
        from quire.context import host  # noqa: PLC0415 - imported notebooks need none

        hidden = self._hide_cells()
        watched = host().run_script
        try:
            return run.finish() if watched is None else watched(run)
        finally:
            for name, cell in hidden.items():
                self._globals.setdefault(name, cell)

    def _hide_cells(self) -> dict[str, Cell]:
        found = {name: value for name, value in self._globals.items() if isinstance(value, Cell) and value._app is self}
        for name in found:
            del self._globals[name]
        return found

    def _defined(self, program: Program) -> list[str]:
        defined = set(self._setup_names)
        for cell, outline in self._outlines.items():
            defined |= {outline.name} if outline.type not in RUNS else program.public.get(cell, frozenset())
        return sorted(defined)

    def _run_cell(self, cell: CellId, refs: Mapping[str, object]) -> Any:
        program = self._program()
        allowed = program.graph.names(cell).refs
        unknown = sorted(refs.keys() - allowed)
        if unknown:
            reads = self._cells[cell].refs | (allowed & self._globals.keys())
            known = ", ".join(f"`{name}`" for name in sorted(reads)) or "nothing"
            raise UnknownName(f"`{unknown[0]}` is not read by this cell; it reads {known}")
        needed = program.needed(cell, refs)
        program.check(needed)
        run = Run(program, self._fresh_copy(), needed, refs)
        defs = program.graph.names(cell).defs

        def result(values: Mapping[CellId, object]) -> tuple[object, Mapping[str, object]]:
            if cell in run.stopped and cell not in values:
                raise StopError(None)
            found = {**run.names, **run.namespace.private(cell)}
            real = {name: found[mangled] for name, mangled in program.graph.mangled(cell).items() if mangled in found}
            return values.get(cell), MappingProxyType(
                {name: {**found, **real}[name] for name in sorted(defs) if name in found or name in real}
            )

        if run.is_async:

            async def finish() -> tuple[object, Mapping[str, object]]:
                return result(await run.finish_async())

            return finish()
        return result(run.finish())

    def _fresh_copy(self) -> dict[str, object]:
        return {name: value for name, value in self._globals.items() if not isinstance(value, Cell)}

    def _program(self) -> Program:
        if self._compiled is None:
            self._compiled = Program(self.filename, self._outlines)
        return self._compiled


def _unwrapped(function: Any) -> Any:
    while hasattr(function, "__wrapped__"):
        function = function.__wrapped__
    return function
