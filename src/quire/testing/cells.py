"""The cells of a notebook that pytest has imported: each runs once in this process, with what it needs, when a test needs it.

They run among the names of the notebook's module, as in a script, so that pickling, patching and `globals()` find them.
"""

from collections.abc import Callable, Collection, Coroutine, Iterable, Mapping, Set
from pathlib import Path
from types import ModuleType, TracebackType
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import pytest

from quire.app import App, Cell
from quire.errors import NotebookProblems
from quire.ids import CellId
from quire.kernel.compile import Compiled
from quire.kernel.outline import Outline
from quire.kernel.program import RUNS, Program, Run, traceback_in
from quire.kernel.stored import load_compiled, store_compiled
from quire.kernel.tests import CellTests, find_tests
from quire.testing.functions import skipped

if TYPE_CHECKING:
    from asyncio import Runner

Rewrite = Callable[[Any], None]

_known: "WeakKeyDictionary[ModuleType, NotebookCells]" = WeakKeyDictionary()


def app_of(module: ModuleType) -> App | None:
    """The app that the file makes; None for a module that is no notebook."""
    for value in vars(module).values():
        if isinstance(value, App) and value._globals is vars(module):
            return value
    return None


def cells_of(module: ModuleType, app: App, rewrite: Rewrite) -> "NotebookCells":
    """The same cells for everybody who asks for this module. `rewrite` makes assertions explain themselves."""
    if module not in _known:
        _known[module] = NotebookCells(module, app, rewrite)
    return _known[module]


def close_all() -> None:
    """The session is over."""
    for cells in _known.values():
        cells.close()


class NotebookCells:
    """See `cells_of`."""

    def __init__(self, module: ModuleType, app: App, rewrite: Rewrite) -> None:
        self.filename = app.filename
        self.outlines: Mapping[CellId, Outline] = app._outlines
        self.functions: Mapping[CellId, Cell] = app._cells
        self.above = {name: value for name, value in vars(module).items() if not isinstance(value, Cell | App)}
        """What importing the file has bound: setup, top-level definitions."""
        self._names = vars(module)
        self._compiled = _Rewritten(app.filename, rewrite)
        self._program = Program(app.filename, app._outlines)
        self.graph = self._program.graph
        self._ended: dict[CellId, tuple[BaseException, TracebackType | None] | None] = {}
        self._private: dict[CellId, Mapping[str, object]] = {}
        self._loop: Runner | None = None
        # Names of cells are not names that cells read; whoever imports them from the module still finds them.
        self._names.setdefault("__getattr__", _finder(self.filename, app._hide_cells()))

    def tests(self, cell: CellId, is_function: Callable[[str], bool], is_class: Callable[[str], bool]) -> CellTests:
        """The tests that the cell defines."""
        return find_tests(self.outlines[cell].code, is_function, is_class)

    def run_for(self, cell: CellId, names: Iterable[str]) -> None:
        """Run what the cell needs to have these names. Raises what a cell raises, or why one cannot run."""
        parents = self.graph.parents(cell)
        self._run_all({parent for name in names for parent in self.graph.definers(name) & parents})

    def run_above(self, cell: CellId, fixtures: Collection[str]) -> None:
        """Run all that the cell needs, but not for those of the `fixtures` that it only asks for. Raises as `run_for` does."""
        names = self.graph.names(cell)
        asked = {definer for name in names.hints.intersection(fixtures) for definer in self.graph.definers(name)}
        read = {definer for name in names.refs for definer in self.graph.definers(name)}
        self._run_all(self.graph.parents(cell) - (asked - read))

    def run_with(self, cells: Iterable[CellId], names: Iterable[str]) -> None:
        """Run the cells, what they need, and the cells that define other names. Raises as `run_for` does."""
        self._run_all({*cells, *(definer for name in names for definer in self.graph.definers(name))})

    def run(self, cell: CellId) -> None:
        """Run the cell itself; what it needs has run. Raises as `run_for` does."""
        if cell not in self._ended:
            try:
                self._run(cell)
            except (KeyboardInterrupt, pytest.exit.Exception):
                raise
            except BaseException as error:  # noqa: BLE001 - an edge: told by every test that needs the cell
                self._ended[cell] = error, self.traceback_of(error)
            else:
                self._ended[cell] = None
        ended = self._ended[cell]
        if ended is not None:
            __tracebackhide__ = True
            error, traceback = ended
            raise error.with_traceback(traceback)  # not the one it has got since, on its way to the last test

    def traceback_of(self, error: BaseException) -> TracebackType | None:
        """The error's traceback, from where it comes by the notebook on; all of it, if it never does."""
        return traceback_in(self.filename, error.__traceback__) or error.__traceback__

    def values(self, cell: CellId) -> dict[str, object]:
        """What a cell that has run defines, under the names that it uses."""
        names = self.graph.names(cell)
        found = {**self._names, **self._private.get(cell, {})}
        mangled = self.graph.mangled(cell)
        return {
            name: found[mangled.get(name, name)]
            for name in (*names.defs, *names.private)
            if mangled.get(name, name) in found
        }

    def named(self, names: Iterable[str]) -> dict[str, object]:
        """The values that the names have now, those that have one."""
        return {name: self._names[name] for name in names if name in self._names}

    def seen_by(self, cell: CellId) -> dict[str, object]:
        """A copy of the names that code of the cell sees."""
        return {**self._names, **self.values(cell)}

    def compile(self, cell: CellId) -> Compiled:
        """The cell's code, with assertions that explain themselves. Raises why it cannot run."""
        self._check(cell)
        return self._compiled.get(self.outlines[cell], self.graph.mangled(cell))

    def finish(self, work: Coroutine[Any, Any, object]) -> object:
        """Run it to its end. All that awaits shares one event loop, in which tasks and connections of cells live on."""
        if self._loop is None:
            from asyncio import Runner  # noqa: PLC0415 - 30 ms that only notebooks need which await

            self._loop = Runner()
        return self._loop.run(work)

    def close(self) -> None:
        """No test comes any more: end what goes on in the event loop."""
        if self._loop is not None:
            self._loop.close()
            self._loop = None

    def keep(self) -> None:
        """Let the next process find what was compiled here."""
        self._compiled.keep()

    def _run_all(self, cells: Set[CellId]) -> None:
        for cell in self.graph.sorted(cells | self.graph.ancestors(cells)):
            self.run(cell)

    def _run(self, cell: CellId) -> None:
        self._check(cell)
        outline = self.outlines[cell]
        if "assert" in outline.code or not outline.body:  # code that is not plain begins at the file's first line
            self._program.code[cell] = self.compile(cell)
        run = Run(self._program, self._names, (cell,))
        if run.is_async:
            self.finish(run.finish_async())
        else:
            run.finish()
        if cell in run.stopped:
            raise skipped(f"the cell at line {self.outlines[cell].first_line} was ended by `qr.stop`")
        self._private[cell] = run.namespace.private(cell)

    def _check(self, cell: CellId) -> None:
        try:
            self._program.check((cell,))
        except NotebookProblems as problems:
            raise pytest.fail.Exception(str(problems), pytrace=False) from None
        if cell not in self._program.order:
            raise skipped(f"the cell at line {self.outlines[cell].first_line} is disabled, or one that it needs is")


class _Rewritten:
    """Code of cells whose assertions explain themselves, kept between runs: rewriting takes longer than all the rest."""

    def __init__(self, filename: str, rewrite: Rewrite) -> None:
        self._filename = filename
        self._rewrite = rewrite
        self._place = f"{filename} {getattr(rewrite, '__name__', '')} {pytest.__version__}"
        self._text = Path(filename).read_bytes()
        self._codes: dict[tuple[object, ...], Any] = load_compiled(self._place, self._text) or {}
        self._had = len(self._codes)

    def get(self, outline: Outline, mangled: Mapping[str, str]) -> Compiled:
        key = (outline.first_line, *sorted(mangled.items()))
        if key not in self._codes:
            compiled = outline.compile_rewritten(self._filename, mangled, self._rewrite)
            self._codes[key] = (compiled.body, compiled.last)
        return Compiled(*self._codes[key])

    def keep(self) -> None:
        if len(self._codes) > self._had:
            store_compiled(self._place, self._text, self._codes)


def _finder(filename: str, cells: Mapping[str, Cell]) -> Callable[[str], Cell]:
    def find(name: str) -> Cell:
        try:
            return cells[name]
        except KeyError:
            raise AttributeError(f"notebook {filename!r} has no attribute {name!r}") from None

    return find


def is_run(outline: Outline) -> bool:
    """True for cells that run; the others have run when the file was imported."""
    return outline.type in RUNS
