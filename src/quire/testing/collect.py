"""What pytest collects from a notebook. Items and classes are pytest's own; only their place in the notebook is ours.

1. The text of the cells says where tests and fixtures are (`kernel/tests.py`).
2. Cells that define them run, each with the cells that give names to what is not the body of a test or a fixture.
3. What else a test needs runs when that test is set up, and so never for tests that nobody asked for.
"""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple, cast

import pytest

from quire.ids import CellId
from quire.kernel.pytest_nodes import collect_fixtures, nodes_of, rewrite_assertions, run_asynchronous
from quire.kernel.tests import CellTests, find_methods
from quire.testing.cells import NotebookCells, app_of, cells_of, close_all, is_run
from quire.testing.functions import cell_function, failing_class, failing_function, is_failing

UNNAMED = "_"
"""The name of a cell without a name."""
_PLUGIN = "quire-notebooks"


def collect_notebook(path: Path, parent: pytest.Collector) -> "NotebookModule":
    """The collector of a file that begins like a notebook."""
    use_hooks(parent.config)
    return cast("Any", NotebookModule).from_parent(parent, path=path)


def use_hooks(config: pytest.Config) -> None:
    """From now on, what a test needs runs before it."""
    if not config.pluginmanager.has_plugin(_PLUGIN):
        config.pluginmanager.register(_Hooks(), _PLUGIN)


def cells_for(module: pytest.Module) -> NotebookCells | None:
    """The cells of the file that this collector imports; None when it turns out to be no notebook."""
    app = app_of(module.obj)
    if app is None:
        return None
    rewrites = module.config.getoption("assertmode", default="rewrite") == "rewrite"
    return cells_of(module.obj, app, rewrite_assertions if rewrites else _leave)


class _Test(NamedTuple):
    """Something to collect: in which named cell (none: directly in the file), under which name."""

    holder: str
    name: str
    cell: CellId | None
    value: Any


class NotebookModule(pytest.Module):
    """A notebook file."""

    cells: NotebookCells
    _cell_of: dict[tuple[str, str], CellId]
    _fixture_cells: dict[str, list[CellId]]

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """Tests in the order of the file; those of a cell with a name are below that name."""
        cells = cells_for(self)
        if cells is None:
            return super().collect()
        self.cells = cells
        found = {
            cell: cells.tests(cell, self.funcnamefilter, self.classnamefilter)
            for cell, outline in cells.outlines.items()
            if is_run(outline)
        }
        themselves = [
            cell for cell, tests in found.items() if not tests.tests and self.funcnamefilter(cells.outlines[cell].name)
        ]
        failed = self._run_cells(found, themselves)
        self._fixture_cells = {}
        for cell, tests in found.items():
            for name in tests.fixtures:
                self._fixture_cells.setdefault(name, []).append(cell)
        self._share_fixtures(found)
        collect_fixtures(self)
        tests = _without_doubles(self._tests(found, themselves, failed), cells)
        self._cell_of = {(test.holder, test.name): test.cell for test in tests if test.cell is not None}
        cells.keep()
        return list(self._nodes(tests, found))

    def prepare(self, item: pytest.Item) -> None:
        """Run what the test needs and has not run yet. Raises what a cell raises."""
        __tracebackhide__ = True
        chain = item.listchain()
        below = chain[chain.index(self) + 1 :]
        holder = below[0].name if isinstance(below[0], CellNode) else ""
        node = below[1 if holder else 0]
        cell = self._cell_of.get((holder, getattr(node, "originalname", node.name)))
        for name in getattr(item, "fixturenames", ()):
            for one in self._fixture_cells.get(name, ()):
                self.cells.run_above(one, self._fixture_cells)
        if cell is not None:
            self.cells.run_above(cell, self._fixture_cells)
        self._find_late_fixtures(item, cell)

    def _find_late_fixtures(self, item: pytest.Item, cell: CellId | None) -> None:
        """Fixtures that a cell has got from elsewhere: that they are some is known once the cell has run."""
        known = set(getattr(item, "fixturenames", ()))
        test = getattr(item, "obj", None)
        reads = self.cells.graph.names(cell).refs - known if cell is not None and hasattr(test, "late") else ()
        manager: Any = self.session._fixturemanager
        found = [name for name, value in self.cells.named((*known, *reads)).items() if isinstance(value, _FIXTURE)]
        for name in found:
            if not manager.getfixturedefs(name, item):
                holder = ModuleType(self.name)
                setattr(holder, name, getattr(self.obj, name))
                _register(holder, self)
        if reads:
            request: Any = cast("Any", item)._request
            cast("Any", test).late = {name: partial(request.getfixturevalue, name) for name in found if name in reads}

    # -- running

    def _run_cells(
        self, found: Mapping[CellId, CellTests], themselves: Iterable[CellId]
    ) -> dict[CellId, BaseException]:
        """Run the cells that define tests, and those with the fixtures that tests ask for; what was raised."""
        cells = self.cells
        asks = {name for value in cells.above.values() for name in _arguments(value)}
        for cell in themselves:
            asks |= cells.graph.names(cell).refs | _parameters(cells, cell)
        wanted = {cell for cell, tests in found.items() if tests.tests}
        has_tests = bool(wanted or asks)
        wanted |= {cell for cell, tests in found.items() if tests.is_autouse and has_tests}
        for cell in wanted:
            asks |= found[cell].asks
        waiting = {cell for cell, tests in found.items() if tests.fixtures} - wanted
        while asked := {cell for cell in waiting if not asks.isdisjoint(found[cell].fixtures)}:
            waiting -= asked
            wanted |= asked
            asks |= {name for cell in asked for name in found[cell].asks}
        failed: dict[CellId, BaseException] = {}
        for cell in cells.graph.sorted(wanted):
            try:
                cells.run_for(cell, found[cell].early)
                cells.run(cell)
            except (KeyboardInterrupt, pytest.exit.Exception):
                raise
            except BaseException as error:  # noqa: BLE001 - an edge: the cell's tests fail with it
                failed[cell] = error.with_traceback(cells.traceback_of(error))
        return failed

    def _share_fixtures(self, found: Mapping[CellId, CellTests]) -> None:
        """Put fixtures where pytest looks for those of a module. A cell with a name keeps its private ones to itself."""
        for name, cells in self._fixture_cells.items():
            values = {
                cell: value
                for cell in cells
                if (value := self.cells.values(cell).get(found[cell].fixtures[name])) is not None
                and (found[cell].is_autouse or not self._keeps(cell, found[cell].fixtures[name]))
            }
            if len(values) > 1:
                lines = ", ".join(str(self.cells.outlines[cell].first_line) for cell in values)
                message = (
                    f"`{name}` is a fixture of several cells (at lines {lines}): rename one, or give the cells names"
                )
                error = pytest.fail.Exception(message, pytrace=False)
                line = self.cells.outlines[cells[-1]].first_line
                failing = failing_function(name, self.cells.filename, line, error)
                values = {cells[0]: pytest.fixture(name=name)(failing)}
            for cell, value in values.items():
                setattr(self.obj, found[cell].fixtures[name], value)

    def _keeps(self, cell: CellId, function: str) -> bool:
        graph = self.cells.graph
        is_private = function in graph.names(cell).private or graph.is_scratch(function)
        return is_private and self.cells.outlines[cell].name != UNNAMED

    # -- what there is

    def _tests(
        self,
        found: Mapping[CellId, CellTests],
        themselves: Iterable[CellId],
        failed: Mapping[CellId, BaseException],
    ) -> Iterator[_Test]:
        cells = self.cells
        definitions = {outline.name for outline in cells.outlines.values() if not is_run(outline)}
        for name, value in cells.above.items():
            if name not in definitions and not name.startswith("__") and callable(value):
                yield _Test("", name, None, value)
        for cell, outline in cells.outlines.items():
            if not is_run(outline):
                if outline.name in cells.above:
                    yield _Test("", outline.name, None, cells.above[outline.name])
            elif cell in themselves:
                yield _Test("", outline.name, cell, self._function_of(cell))
            elif tests := found[cell].tests:
                holder = "" if outline.name == UNNAMED else outline.name
                error = failed.get(cell)
                values = {} if error is not None else cells.values(cell)
                for name, line in tests.items():
                    if error is not None:
                        yield _Test(holder, name, cell, self._failing(cell, name, line, error))
                    elif name in values:
                        yield _Test(holder, name, cell, values[name])

    def _failing(self, cell: CellId, name: str, line: int, error: BaseException) -> Any:
        """What stands in the place of a test, at this line of its cell, that there is none of: the cell failed."""
        outline = self.cells.outlines[cell]
        if methods := find_methods(outline.code, name, self.funcnamefilter):
            return failing_class(name, self.cells.filename, outline.line, error, methods)
        return failing_function(name, self.cells.filename, outline.line + line - 1, error)

    def _function_of(self, cell: CellId) -> Any:
        cells = self.cells
        outline = cells.outlines[cell]
        try:
            code = cells.compile(cell)
        except BaseException as error:  # noqa: BLE001 - what is wrong with the cell, or that it is skipped: its test says so
            return failing_function(outline.name, cells.filename, outline.first_line, error)
        function = cells.functions[cell].__wrapped__ if cell in cells.functions else None
        if hasattr(function, "__wrapped__") or getattr(function, "__closure__", None):  # of a decorator's making
            message = (
                f"`{outline.name}` is a cell, which only marks can decorate: define the test as a function in a cell"
            )
            error = pytest.fail.Exception(message, pytrace=False)
            return failing_function(outline.name, cells.filename, outline.first_line, error)
        fixtures = tuple(sorted(self._fixtures_of(cell)))
        marks = {} if function is None else vars(function)
        return cell_function(outline.name, code, fixtures, partial(cells.seen_by, cell), marks)

    def _fixtures_of(self, cell: CellId) -> Iterator[str]:
        """The names that a cell which is a test reads from pytest: what the notebook defines itself is the notebook's."""
        cells = self.cells
        parameters = _parameters(cells, cell)
        for name in cells.graph.names(cell).refs | parameters:
            is_ours = name in self._fixture_cells or isinstance(cells.above.get(name), _FIXTURE)
            is_unknown = name not in cells.above and not cells.graph.definers(name) - {cell}
            if is_ours or (is_unknown and name in parameters):
                yield name

    # -- nodes

    def _nodes(
        self, tests: Iterable[_Test], found: Mapping[CellId, CellTests]
    ) -> Iterator[pytest.Item | pytest.Collector]:
        held: dict[str, list[_Test]] = {}
        for test in tests:
            if test.holder:
                held.setdefault(test.holder, []).append(test)
        for test in tests:
            if not test.holder:
                if test.cell is not None:
                    setattr(self.obj, test.name, test.value)  # where pytest looks for it
                yield from _made(self, test.name, test.value)
            elif test is held[test.holder][0]:
                own = [test.cell for test in held[test.holder] if test.cell is not None]
                fixtures = {
                    function: value
                    for cell in dict.fromkeys(own)
                    for function, value in self.cells.values(cell).items()
                    if function in found[cell].fixtures.values() and self._keeps(cell, function)
                }
                line = self.cells.outlines[own[0]].first_line
                values = {test.name: test.value for test in held[test.holder]}
                yield CellNode.make(self, test.holder, line, values, fixtures)


class CellNode(pytest.Class):
    """A cell with a name. A class to pytest, so that one of its scopes and everybody's views of tests have a place for it."""

    line: int
    tests: Mapping[str, Any]
    fixtures: Mapping[str, Any]

    @classmethod
    def make(
        cls, parent: NotebookModule, name: str, line: int, tests: Mapping[str, Any], fixtures: Mapping[str, Any]
    ) -> "CellNode":
        """`line` is where the cell begins, 1-based; `fixtures` are those that no other cell sees."""
        members = {key: value if isinstance(value, type) else staticmethod(value) for key, value in tests.items()}
        node = cast("Any", cls).from_parent(parent, name=name)
        node.obj = type(name, (), {"__module__": parent.obj.__name__, **members})
        node.line, node.tests, node.fixtures = line, tests, fixtures
        return node

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        """The tests that the cell defines."""
        if self.fixtures:
            holder = ModuleType(self.name)
            vars(holder).update(self.fixtures)
            _register(holder, self)
        return [node for name, value in self.tests.items() for node in _made(self, name, value)]

    def reportinfo(self) -> tuple[Path, int, str]:
        """Where the cell begins."""
        return self.path, self.line - 1, self.getmodpath()


class _Hooks:
    """What pytest asks while tests run, once a notebook was collected."""

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        __tracebackhide__ = True
        for node in item.iter_parents():
            prepare = getattr(node, "prepare", None)
            if prepare is not None and hasattr(node, "cells"):
                prepare(item)

    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """An asynchronous test that no other plugin has taken."""
        module = pyfuncitem.getparent(NotebookModule)
        return (
            None
            if module is None or not hasattr(module, "cells")
            else run_asynchronous(pyfuncitem, module.cells.finish)
        )

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self) -> None:
        close_all()


def _made(collector: pytest.Module | pytest.Class, name: str, value: Any) -> Iterable[pytest.Item | pytest.Collector]:
    """The nodes of a test. pytest knows tests by their names, and classes by their bases; one that fails is there anyway."""
    made = nodes_of(collector, name, value)
    if made or not is_failing(value):
        return made
    if isinstance(value, type):
        return [cast("Any", pytest.Class).from_parent(collector, name=name, obj=value)]
    return [cast("Any", pytest.Function).from_parent(collector, name=name, callobj=value)]


def _without_doubles(tests: Iterable[_Test], cells: NotebookCells) -> list[_Test]:
    """Two tests of one name would be one to pytest, and nobody could say which: in their place stands one that fails."""
    places: dict[tuple[str, str], list[_Test]] = {}
    for test in tests:
        places.setdefault((test.holder, test.name), []).append(test)
    kept: list[_Test] = []
    for same in places.values():
        lines = [str(cells.outlines[test.cell].first_line) for test in same if test.cell is not None]
        if len(same) > 1 and lines:
            where = (
                f"cells at lines {', '.join(lines)}"
                if len(lines) == len(same)
                else f"a cell at line {lines[0]} and above"
            )
            message = f"`{same[0].name}` is defined more than once ({where}): rename one, or give its cell a name"
            error = pytest.fail.Exception(message, pytrace=False)
            line = cells.outlines[cast("CellId", same[-1].cell or same[0].cell)].first_line
            kept.append(same[0]._replace(value=failing_function(same[0].name, cells.filename, line, error)))
        else:
            kept.append(same[-1])
    return kept


def _register(holder: ModuleType, node: pytest.Class | pytest.Module) -> None:
    manager: Any = node.session._fixturemanager
    try:
        manager.parsefactories(holder=holder, node=node)
    except TypeError:  # pytest 8
        manager.parsefactories(holder, node.nodeid)


def _parameters(cells: NotebookCells, cell: CellId) -> frozenset[str]:
    """The parameters in the file of a cell's function."""
    if cell not in cells.functions:
        return frozenset()
    code = inspect.unwrap(cells.functions[cell]).__code__
    return frozenset(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])


def _arguments(value: object) -> frozenset[str]:
    """What a test that is no cell may ask for."""
    if not callable(value) or getattr(value, "__module__", None) is None:
        return frozenset()
    functions = vars(value).values() if isinstance(value, type) else (value,)
    found: set[str] = set()
    for function in functions:
        code = getattr(inspect.unwrap(function) if callable(function) else None, "__code__", None)
        if code is not None:
            found.update(code.co_varnames[: code.co_argcount + code.co_kwonlyargcount])
    return frozenset(found)


_FIXTURE = type(pytest.fixture(lambda: None))


def _leave(tree: Any) -> None:
    """`--assert=plain`."""
