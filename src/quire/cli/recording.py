"""What the cells of a script print and show, kept for a page or a file (`export/`)."""

import os
import sys
from asyncio import CancelledError
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from itertools import groupby
from traceback import format_exception
from typing import Any, Literal

from msgspec.structs import replace

from quire.ids import CellId
from quire.kernel.live import drawn
from quire.kernel.program import RUNS, Program, traceback_in
from quire.kernel.texts import RunTexts
from quire.notebook import Cell, Notebook, write_notebook
from quire.outputs.figures import figures_asked_for, open_figures
from quire.outputs.markup import stack_outputs
from quire.outputs.registry import render
from quire.outputs.tracebacks import render_error
from quire.protocol.kernel import CellSource
from quire.protocol.messages import CellView, ConsoleText, Outcome, Output

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.context import Shown

_Stream = Literal["stdout", "stderr"]


class Recorder:
    """The notebook's cells as they are shown in the end. What is printed before a cell runs is the first one's."""

    def __init__(self, notebook: Notebook, file: str) -> None:
        self._notebook = notebook
        self._views = {cell.id: _view(cell) for cell in notebook.cells}
        self._ran: list[CellId] = []
        self._told: BaseException | None = None
        """The last error that a cell tells of."""
        self._is_over = False
        """True once a cell has ended the notebook."""
        self._printed: dict[CellId, list[ConsoleText]] = {}
        self._now = next(iter(self._views), CellId(""))
        self._ids: dict[CellId, CellId] = {}
        """Cells of the program → cells of the file."""
        self._program: Program | None = None
        self._texts = RunTexts()
        self._texts.path = file
        self._shown: list[Shown] = []
        self._figures: frozenset[int] = frozenset()
        self._streams = sys.stdout, sys.stderr
        self._hears = True

    # -- what is printed

    def listen(self) -> None:
        """From now on, what Python prints is kept too. Figures are drawn for the record: nothing opens a window."""
        os.environ.setdefault("MPLBACKEND", "Agg")
        sys.stdout = _Heard(sys.stdout, lambda text: self._print("stdout", text))
        sys.stderr = _Heard(sys.stderr, lambda text: self._print("stderr", text))

    def stop(self) -> None:
        """Nothing is heard any more."""
        sys.stdout, sys.stderr = self._streams

    @contextmanager
    def unheard(self) -> Generator[None]:
        """What is printed meanwhile is not kept: the record says it in its own way."""
        self._hears = False
        yield
        self._hears = True

    def _print(self, stream: _Stream, text: str) -> None:
        if self._hears:
            self._printed.setdefault(self._now, []).append(ConsoleText(stream=stream, text=text))

    # -- the run

    def begin(self, program: Program) -> None:
        """These cells are about to run. Where they are not those that stand in the file, what they show is nobody's."""
        self._program = program
        for cell in self._notebook.cells:
            if cell.type not in RUNS:
                self._have_run(cell.id)
        ours = [cell for cell, outline in program.outlines.items() if outline.type in RUNS]
        theirs = [cell.id for cell in self._notebook.cells if cell.type in RUNS]
        self._ids = dict(zip(ours, theirs, strict=False)) if len(ours) == len(theirs) else {}

    def enter(self, cell: CellId) -> None:
        """The cell runs now."""
        self._shown = []
        self._figures = open_figures()
        if (found := self._ids.get(cell)) is not None and self._program is not None:
            self._now = found
            self._ran.append(found)
            code = self._notebook.cell(found)
            line = self._notebook.lines[found]
            source = CellSource(id=found, type=code.type, name=code.name, code=code.code, line=line)
            self._texts.started(source, self._program.code.get(cell))

    def show(self, change: "Callable[[list[Shown]], None]") -> None:
        """The cell shows something of its own accord."""
        change(self._shown)

    def leave(self, cell: CellId, value: object, *, stopped: bool) -> None:
        """The cell has run to its end, or to a `stop()`."""
        if (opened := open_figures() - self._figures) and value is None:
            value = figures_asked_for(opened, self._code_of(cell))
        self._keep(cell, render(value) or stack_outputs(drawn(self._shown)), "stopped" if stopped else "succeeded")
        if stopped:
            self._pass_over(cell, "waiting")

    def fail(self, cell: CellId, error: BaseException) -> None:
        """The cell has raised this."""
        self._told = error
        self._keep(cell, render_error(error, self._texts), "failed")
        self._pass_over(cell, "cancelled")

    def quit(self, cell: CellId, error: BaseException) -> None:
        """The cell has ended the notebook by this, which is no `Exception`."""
        self._is_over = True
        if isinstance(error, KeyboardInterrupt | CancelledError):  # which is how cells that await are interrupted
            self._keep(cell, None, "interrupted")
        elif isinstance(error, SystemExit) and not error.code:
            self._keep(cell, None, "succeeded")
        else:
            self.fail(cell, error)

    def end(self, error: BaseException) -> None:
        """Nothing more runs, because of this. Where it comes from no cell, it is the last thing that was printed."""
        if self._is_over or error is self._told:
            return
        traceback = traceback_in(self._texts.path, error.__traceback__)
        line = traceback.tb_lineno if traceback is not None else 0
        if self._program is None and (cell := self._definition_at(line)) is not None:
            self._fail_early(cell, line, error.with_traceback(traceback))
        elif not isinstance(error, SystemExit):
            self._print("stderr", "".join(format_exception(type(error), error, traceback)))
        elif isinstance(error.code, str):  # where it is a number, whoever ended it has said why
            self._print("stderr", f"{error.code}\n")

    def _definition_at(self, line: int) -> Cell | None:
        """The setup block, or the definition, that stands at this line of the file."""
        for cell in self._notebook.cells:
            begin = self._notebook.lines[cell.id]
            if cell.type not in RUNS and begin <= line <= begin + cell.code.count("\n"):
                return cell
        return None

    def _fail_early(self, cell: Cell, line: int, error: BaseException) -> None:
        """No cell has run yet, and this one has raised the error at this line."""
        for other in self._notebook.cells:
            if other.type not in RUNS and self._notebook.lines[other.id] <= line:
                self._have_run(other.id)
        self._ran.append(cell.id)
        if isinstance(error, SystemExit) and not error.code:
            return
        begin = self._notebook.lines[cell.id]
        self._texts.started(CellSource(id=cell.id, type=cell.type, name=cell.name, code=cell.code, line=begin), None)
        self._views[cell.id] = replace(self._views[cell.id], output=render_error(error, self._texts), outcome="failed")

    def _have_run(self, cell: CellId) -> None:
        self._views[cell] = replace(self._views[cell], outcome="succeeded")

    def _keep(self, cell: CellId, output: Output | None, outcome: Outcome) -> None:
        if (found := self._ids.get(cell)) is not None:
            self._views[found] = replace(self._views[found], output=output, outcome=outcome)

    def _pass_over(self, cell: CellId, outcome: Outcome) -> None:
        assert self._program is not None
        for below in self._program.graph.descendants([cell]):
            self._keep(below, None, outcome)

    def _code_of(self, cell: CellId) -> str:
        found = self._ids.get(cell)
        return "" if found is None else self._views[found].code

    # -- the record

    def written_as(self, suffix: str) -> str:
        """The record: a page, or a Jupyter notebook."""
        views = [replace(view, console=_joined(self._printed.get(cell, ()))) for cell, view in self._views.items()]
        if suffix == ".html":
            from quire.export.page import write_page

            return write_page(self._notebook.title or os.path.basename(self._texts.path), views)  # noqa: PTH119 - a text
        from quire.convert import convert_text
        from quire.export.jupyter import write_jupyter_with_outputs

        text = write_notebook(self._notebook)
        if self._notebook.carrier == "markdown":
            text = convert_text(text, source="markdown").text
        order = {cell: number for number, cell in enumerate(self._ran)}
        views.sort(key=lambda view: order.get(view.id, len(order)))
        return write_jupyter_with_outputs(text, [view for view in views if view.id in order or view.console]).text


def _view(cell: Cell) -> CellView:
    return CellView(
        id=cell.id,
        type=cell.type,
        name=cell.name,
        code=cell.code,
        version=0,
        hide_code=cell.hide_code,
        disabled=cell.disabled,
        outcome="disabled" if cell.disabled else "never",
    )


def _joined(pieces: Sequence[ConsoleText]) -> list[ConsoleText]:
    return [
        ConsoleText(stream="stderr" if is_error else "stdout", text="".join(piece.text for piece in same))
        for is_error, same in groupby(pieces, lambda piece: piece.stream == "stderr")
    ]


class _Heard:
    """A stream that somebody listens to; all else is the stream's own."""

    def __init__(self, stream: Any, heard: Callable[[str], None]) -> None:
        self._stream = stream
        self._heard = heard

    def write(self, text: str) -> int:
        written: int = len(text) if self._stream is None else self._stream.write(text)
        self._heard(text)
        return written

    def flush(self) -> None:
        if self._stream is not None:  # as Python has it when its output is closed
            self._stream.flush()

    def writelines(self, lines: Sequence[str]) -> None:
        for line in lines:
            self.write(line)

    def __iter__(self) -> Any:
        return iter(self._stream)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
