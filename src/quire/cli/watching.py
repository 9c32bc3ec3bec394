"""A script whose cells are watched: elements begin with given values, what failed costs only what needs it, a record is kept."""

import json
import sys
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager, nullcontext
from typing import NoReturn, cast

from quire.cli.exits import FOUND, REFUSED
from quire.context import Host
from quire.ids import CellId
from quire.kernel.program import Run, traceback_in
from quire.ui.base import Element

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.cli.recording import Recorder
    from quire.cli.script import Asked
    from quire.context import Shown


class Watch(Host):
    """Runs the cells of the script one by one."""

    def __init__(self, file: str, asked: "Asked", recorder: "Recorder | None") -> None:
        self.run_script = self._run_script
        self._file = file
        self._values = dict(asked.values)
        self._goes_on = asked.goes_on
        self._recorder = recorder

    def show(self, change: "Callable[[list[Shown]], None]") -> None:
        if self._recorder is not None:
            self._recorder.show(change)

    def _run_script(self, run: Run) -> dict[CellId, object]:
        self._check_names(run)
        if self._recorder is not None:
            self._recorder.begin(run.program)
        work = self._run_cells(run)
        if run.is_async:
            import asyncio

            return asyncio.run(work)
        try:  # nothing in it awaits, and a cell may have an event loop of its own
            work.send(None)
        except StopIteration as ended:
            return ended.value
        raise AssertionError("a cell awaits in a notebook that does not")

    async def _run_cells(self, run: Run) -> dict[CellId, object]:
        values: dict[CellId, object] = {}
        failed: list[CellId] = []
        skipped: set[CellId] = set()
        for cell in run.cells:
            if cell in skipped or cell in run.stopped:
                continue
            if self._recorder is not None:
                self._recorder.enter(cell)
            try:
                values[cell] = await run.run_cell(cell)
                self._set_elements(run, run.program.public[cell])
            except Exception as error:
                error.__traceback__ = traceback_in(self._file, error.__traceback__) or error.__traceback__
                if self._recorder is not None:
                    self._recorder.fail(cell, error)
                if not self._goes_on:
                    raise
                with self._unheard():
                    sys.excepthook(type(error), error, error.__traceback__)
                failed.append(cell)
                skipped |= run.program.graph.descendants([cell])
            except BaseException as error:  # an interrupt, or the end
                error.__traceback__ = traceback_in(self._file, error.__traceback__) or error.__traceback__
                if self._recorder is not None:
                    self._recorder.quit(cell, error)
                raise
            else:
                if self._recorder is not None:
                    self._recorder.leave(cell, values[cell], stopped=cell in run.stopped)
        if failed:
            with self._unheard():
                _tell_skipped(run, [cell for cell in run.cells if cell in skipped])
            raise SystemExit(FOUND)
        return values

    # -- elements

    def _check_names(self, run: Run) -> None:
        """Before anything runs: every name is one that cells define, or that the setup block has defined."""
        self._set_elements(run, self._values.keys() & run.names.keys())
        early = {name for name, value in run.names.items() if isinstance(value, Element)}
        defined = sorted(early | {name for cell in run.cells for name in run.program.public[cell]})
        for name in self._values:
            if name not in defined:
                there = ", ".join(f"`{other}`" for other in defined) or "nothing"
                _end(f"`--ui {name}=…`: no cell defines `{name}` for others; they define {there}")

    def _set_elements(self, run: Run, names: Iterable[str]) -> None:
        for name in sorted(self._values.keys() & set(names)):
            text = self._values.pop(name)
            value = run.names.get(name)
            if not isinstance(value, Element):
                _end(f"`--ui {name}={text}`: `{name}` is no element, but a `{type(value).__name__}`")
            if refused := _set(cast("Element[object]", value), text):
                _end(f"`--ui {name}={text}`: {refused}")

    def _unheard(self) -> AbstractContextManager[None]:
        return nullcontext() if self._recorder is None else self._recorder.unheard()


def _tell_skipped(run: Run, cells: Iterable[CellId]) -> None:
    for cell in cells:
        outline = run.program.outlines[cell]
        what = "a cell" if outline.name == "_" else f"`{outline.name}`"
        sys.stderr.write(f"quire: {what} (line {outline.first_line}) did not run: it needs a cell that failed\n")


def _set(element: Element[object], text: str) -> str:
    """Set the element as somebody in the page would; why not, when it does not take the value. It may be JSON or a text."""
    refused = ""
    for value in (*_as_json(text), text):
        try:
            changed = element.receive(element.wire_of(value))
        except ValueError as error:
            refused = refused or str(error)
            continue
        if changed:
            element.announce()
        return ""
    return refused


def _as_json(text: str) -> list[object]:
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        return []


def _end(message: str) -> NoReturn:
    sys.stderr.write(f"quire: {message}\n")
    raise SystemExit(REFUSED)
