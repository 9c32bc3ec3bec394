"""`--doctest-modules` for notebooks: examples of functions in ordinary cells are collected by their text, without a run."""

import ast
import doctest
from collections.abc import Iterable, Iterator
from typing import Any, cast

import pytest
from _pytest.doctest import (
    DoctestItem,
    DoctestModule,
    _get_checker,
    _get_continue_on_failure,
    _get_runner,
    get_optionflags,
)

from quire.ids import CellId
from quire.kernel.tests import definitions
from quire.testing.cells import NotebookCells, is_run
from quire.testing.collect import cells_for, use_hooks


def with_cells(collectors: list[pytest.Collector]) -> list[pytest.Collector]:
    """The collectors of a file that begins like a notebook, with one that sees its cells in place of pytest's own."""
    return [
        cast("Any", NotebookDoctests).from_parent(collector.parent, path=collector.path)
        if type(collector) is DoctestModule
        else collector
        for collector in collectors
    ]


class NotebookDoctests(DoctestModule):
    """The examples in a notebook file; ids are those that pytest gives to a module's."""

    cells: NotebookCells
    _cells_of: dict[str, list[CellId]]
    """By the names of items: which cells define what the examples are about."""

    def collect(self) -> Iterable[DoctestItem]:
        """Setup and top-level definitions as pytest finds them, then cells in the order of the file."""
        use_hooks(self.config)
        cells = cells_for(self)
        if cells is None:
            yield from super().collect()
            return
        self.cells = cells
        self._cells_of = {}
        module = f"{self.obj.__name__}."
        for item in super().collect():
            name = item.name.removeprefix(module).partition(".")[0]
            if item.name == self.obj.__name__ or name in cells.above:
                yield item
        yield from self._in_cells(cells, module)

    def prepare(self, item: pytest.Item) -> None:
        """Run the cell that defines what the examples are about, and give them its names. Raises what a cell raises."""
        if not isinstance(item, DoctestItem):
            return
        __tracebackhide__ = True
        item._traceback_filter = self._without_frames_of_others
        examples = names_in(example.source for example in item.dtest.examples)
        cells = self._cells_of.get(item.name, [])
        if not cells:
            names = examples - self.cells.above.keys()
            self.cells.run_with((), names)
            item.dtest.globs.update(self.cells.named(names))
        elif len(cells) == 1:
            self.cells.run_with(cells, examples)
            item.dtest.globs.update(self.cells.seen_by(cells[0]))
        else:
            lines = ", ".join(str(self.cells.outlines[cell].first_line) for cell in cells)
            what = item.name.removeprefix(f"{self.obj.__name__}.")
            raise pytest.fail.Exception(
                f"`{what}` has examples in several cells (at lines {lines}): rename one", pytrace=False
            )

    def _without_frames_of_others(self, excinfo: pytest.ExceptionInfo[BaseException]) -> Any:
        return excinfo.traceback.cut(path=self.path)

    def _in_cells(self, cells: NotebookCells, module: str) -> Iterator[DoctestItem]:
        runner = _get_runner(
            verbose=False,
            optionflags=get_optionflags(self.config),
            checker=_get_checker(),
            continue_on_failure=_get_continue_on_failure(self.config),
        )
        parser = doctest.DocTestParser()
        for cell, outline in cells.outlines.items():
            if not is_run(outline) or ">>>" not in outline.code:
                continue
            for name, text, line in _examples(outline.code):
                place = outline.line + line - 2  # counted from 0
                test = parser.get_doctest(text, {}, module + name, cells.filename, place)
                if not test.examples:
                    continue
                same = self._cells_of.setdefault(test.name, [])
                same.append(cell)
                if len(same) == 1:
                    yield DoctestItem.from_parent(self, name=test.name, runner=runner, dtest=test)


def names_in(sources: Iterable[str]) -> set[str]:
    """The names that these statements may read."""
    found: set[str] = set()
    for source in sources:
        try:
            found.update(node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name))
        except SyntaxError:  # which the example itself will show
            continue
    return found


def _examples(code: str) -> Iterator[tuple[str, str, int]]:
    """Name, docstring and the docstring's line, 1-based, of every function and class that gives examples."""
    try:
        pending: list[tuple[str, Any]] = [("", ast.parse(code))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return  # the notebook's problems are told where it runs
    while pending:
        prefix, scope = pending.pop(0)
        for node in definitions(scope.body):
            text = ast.get_docstring(node, clean=False)
            if text is not None and ">>>" in text:
                yield prefix + node.name, text, node.body[0].lineno
            if isinstance(node, ast.ClassDef):
                pending.append((f"{prefix}{node.name}.", node))
