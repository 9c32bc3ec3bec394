"""A notebook that runs within another program (`app.embed`), and goes on: who moves a slider in it runs what reads it.

Its cells have names of their own. Elements and threads that they make belong to the cell that embeds it, if there is one.
"""

from __future__ import annotations

import os
import traceback
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from copy import copy
from types import MappingProxyType
from typing import TYPE_CHECKING

from quire.context import Host, enter_cell, host, leave_cell
from quire.kernel.live import drawn
from quire.outputs.html import Html, escape
from quire.outputs.layout import vstack
from quire.outputs.markup import markup_of_output, stack_outputs
from quire.protocol.messages import Output

if TYPE_CHECKING:
    from quire.context import Shown
    from quire.ids import CellId, ElementId
    from quire.kernel.elements import Follower
    from quire.kernel.program import Run

_HIDDEN = Html("<strong>Something went wrong here.</strong>")


class Embedded:
    """What `app.embed` gives: outputs and definitions of a notebook, which follow the elements in it."""

    def __init__(self, run: Run, defined: Collection[str]) -> None:
        """`run` is what there is to run, and `defined` are the names that the notebook defines.

        Raises:
            RuntimeError: the notebook runs within itself already.
        """
        self._outside = host()
        _check_not_inside(run.program.filename, (*self._outside.inside, self._outside.path))
        self._place = self._outside.embedded
        self._outside.embedded += 1
        self._outside.on_close(self._close)
        self._run = run
        self._cells = frozenset(run.cells)
        self._defined = defined
        self._begun = False
        self._output = _Outputs(self._shown)
        self._values: dict[CellId, object] = {}
        """What cells show: the value of the last line, or what has become of it."""
        self._hosts: dict[CellId, _CellHost] = {}
        self._due: set[CellId] = set()
        """Cells that are to run, because something that they read is another than before."""
        self._asked = False
        """True while the host outside is to call `_follow`."""

    @property
    def output(self) -> Html:
        """What all cells show, above each other in the order of the file."""
        return self._output

    @property
    def defs(self) -> Mapping[str, object]:
        """What the notebook defines now, read-only."""
        names = self._run.names
        return MappingProxyType({name: names[name] for name in sorted(self._defined) if name in names})

    def __repr__(self) -> str:
        return f"<{self._run.program.filename}, embedded>"

    def _shown(self) -> Iterator[object]:
        for cell in self._run.program.outlines:
            if self._values.get(cell) is not None:
                yield self._values[cell]
            elif (inner := self._hosts.get(cell)) is not None and (output := inner.shown()) is not None:
                yield Html(markup_of_output(output))

    # -- runs

    async def begin(self) -> Embedded:
        """Run everything for the first time. The first exception that a cell raises ends it, and is the caller's."""
        await self._run_cells(self._run.cells)
        self._begun = True
        self._outside.show(self._cover)
        await self._settle()
        return self

    def take_change(self, value: object, beside: CellId | None) -> None:
        """From any thread: the value is another than before. Readers of what is bound to it run soon, but not `beside`."""
        names = [name for name, bound in dict(self._run.names).items() if bound is value]
        readers = {cell for name in names for cell in self._run.program.graph.readers(name)}
        self._due |= (readers & self._cells) - {beside}
        if self._due:
            self._ask()

    def show(self, inner: _CellHost) -> None:
        """From any thread: a cell shows something new of its own accord."""
        if self._begun:
            self._ask()
        else:
            self._outside.show(lambda shown: None if inner.draw in shown else shown.append(inner.draw))

    def _ask(self) -> None:
        if not self._asked:
            self._asked = True
            self._outside.soon(self._follow)

    async def _follow(self) -> None:
        """What is due runs, and who looks at this notebook hears of it."""
        self._asked = False
        if await self._settle():
            self._outside.announce(self)
            self._outside.announce(self._output)
        self._outside.redraw()

    async def _settle(self) -> bool:
        """Run what is due, until nothing is; False when nothing was."""
        has_run = False
        while self._due:
            has_run = True
            due, self._due = self._due, set()
            graph = self._run.program.graph
            cells = graph.sorted((due | graph.descendants(due)) & self._cells)
            self._run.stopped.difference_update(cells)
            await self._run_cells(cells)
        return has_run

    async def _run_cells(self, cells: Iterable[CellId]) -> None:
        for cell in cells:
            if (before := self._hosts.pop(cell, None)) is not None:
                before.close()
            if cell not in self._run.stopped:
                await self._run_cell(cell)
            else:
                self._run.namespace.drop(cell)
                self._values.pop(cell, None)

    async def _run_cell(self, cell: CellId) -> None:
        inner = self._hosts[cell] = _CellHost(self._outside, self, self._run, cell, f"{self._place}.{cell}")
        token = enter_cell(inner)
        try:
            self._values[cell] = await self._run.run_cell(cell)
        except Exception as error:
            if not self._begun:
                raise
            traceback.print_exception(error)
            self._run.stop(cell)
            self._values[cell] = self._failure(error) if self._outside.shows_errors() else _HIDDEN
        finally:
            leave_cell(token)

    def _failure(self, error: BaseException) -> Html:
        """What stands in the place of a cell's output; the traceback is in the console."""
        filename = self._run.program.filename
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == filename]
        where = f"\n{filename}, line {lines[-1]}" if lines else ""
        return Html(
            f'<pre class="quire-text">{escape("".join(traceback.format_exception_only(error)).rstrip() + where)}</pre>'
        )

    def _cover(self, shown: list[Shown]) -> None:
        """What cells show belongs to `output` from now on."""
        draws = [inner.draw for inner in self._hosts.values()]
        shown[:] = [item for item in shown if item not in draws]

    def _close(self) -> None:
        self._due.clear()
        for inner in self._hosts.values():
            inner.close()


def _check_not_inside(filename: str, around: Sequence[str]) -> None:
    """`around` are the notebooks within which it would run."""
    files = [os.path.realpath(path) for path in around if path]
    if os.path.realpath(filename) in files:
        raise RuntimeError(f"{filename} cannot embed itself; it can be embedded by another notebook or program")


class _Outputs(Html):
    """Values above each other, those that there are when it is drawn."""

    def __init__(self, values: Callable[[], Iterable[object]]) -> None:
        self._values = values
        self._text = None

    @property
    def is_live(self) -> bool:
        return True

    def _markup(self) -> str:
        return vstack(self._values()).text


class _CellHost(Host):
    """Answers for one run of a cell of an embedded notebook: what the host outside answers, but for the notebook's own names."""

    def __init__(self, outside: Host, embedded: Embedded, run: Run, cell: CellId, place: str) -> None:
        self.mode, self.theme, self.cell = outside.mode, outside.theme, outside.cell
        self.query, self.set_query, self.request = outside.query, outside.set_query, outside.request
        self.shows_errors, self.toast, self.printing = outside.shows_errors, outside.toast, outside.printing
        self.soon, self.redraw = outside.soon, outside.redraw
        self.path, self.inside = run.program.filename, (*outside.inside, outside.path)
        self.defs, self.refs = run.program.graph.names(cell).defs, run.program.graph.names(cell).refs
        self._adopt = outside.adopt
        self._embedded = embedded
        self._cell = cell
        self._beside: CellId | None = cell
        self._place = place
        self._made = 0
        self._items: list[Shown] = []
        self._closing: list[Callable[[], None]] = []

    def adopt(
        self, element: object, place: str = "", follower: Follower | None = None
    ) -> tuple[ElementId, object | None]:
        if not place:
            place = str(self._made)
            self._made += 1
        aside = copy(self)  # an `on_change` is no part of the cell's run: what it sets is news for the cell, too
        aside._beside = None

        def follow(tell: Callable[[], None]) -> None:
            token = enter_cell(aside)
            try:
                tell() if follower is None else follower(tell)
            finally:
                leave_cell(token)
            self._embedded.take_change(element, self._cell)

        return self._adopt(element, f"{self._place}.{place}", follow)

    def announce(self, value: object, *, to_itself: bool = False) -> None:
        self._embedded.take_change(value, None if to_itself else self._beside)

    def show(self, change: Callable[[list[Shown]], None]) -> None:
        change(self._items)
        self._embedded.show(self)

    def shown(self) -> Output | None:
        """What the cell shows of its own accord, beside the value of its last line."""
        return stack_outputs(drawn(self._items))

    def draw(self) -> Output:
        """The same, to be drawn later."""
        return self.shown() or Output(mime="text/html", text="")

    def on_close(self, act: Callable[[], None]) -> None:
        self._closing.append(act)

    def close(self) -> None:
        """The run is over and done with."""
        while self._closing:
            self._closing.pop()()
