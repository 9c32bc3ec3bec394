"""Whatever was added, edited, moved, deleted and run before: once all is up to date, everything is as in a new kernel."""

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from quire.ids import CellId
from quire.kernel.engine import Engine
from quire.kernel.interrupts import NoInterrupts
from quire.protocol.kernel import (
    BindNotebook,
    CellSource,
    KernelCommand,
    RunKernelCells,
    RunNotice,
    RunStaleCells,
    SyncCells,
)
from quire.protocol.messages import Outcome, Output
from quire.protocol.notices import CellFinished, OutputChanged
from tests.examples import examples

name = st.sampled_from("abcd")
code = st.one_of(
    st.builds("{} = {}".format, name, st.integers(0, 9)),
    st.builds("{0} = {1} + 1\n{0}".format, name, name),
    name,
    st.builds("for {} in range(3): pass".format, name),
    st.builds("_p = {}\n{} = _p\n_p".format, name, name),
    st.builds("def f{}(): return {}\ng = 1".format, name, name),
    st.builds("{0} = [1]\n{0}.append({1})\n{0}".format, name, name),
    st.builds("import os\n{} = 1".format, name),
    st.just(""),
)
cell = st.integers(0, 4)
step = st.one_of(
    st.tuples(st.just("write"), cell, code),
    st.tuples(st.just("delete"), cell, st.just("")),
    st.tuples(st.just("move"), cell, st.just("")),
    st.tuples(st.just("sync"), cell, st.just("")),
    st.tuples(st.just("ask"), cell, st.just("")),
    st.tuples(st.just("run"), cell, st.just("")),
)


class Kernel:
    """What a page would show of it."""

    def __init__(self) -> None:
        self.names: dict[str, Any] = {"__name__": "__main__"}
        self.outputs: dict[CellId, Output | None] = {}
        self.outcomes: dict[CellId, Outcome] = {}
        self.sent: dict[CellId, CellSource] = {}
        self._engine = Engine(self.names, self._report, interrupts=NoInterrupts())
        self._engine.bind(BindNotebook(path="/nowhere/notebook.py", directory="/nowhere"))

    def _report(self, notice: RunNotice) -> None:
        if isinstance(notice, OutputChanged):
            self.outputs[notice.cell] = notice.output
        elif isinstance(notice, CellFinished):
            self.outcomes[notice.cell] = notice.outcome

    def sync(self, cells: dict[CellId, str]) -> None:
        sources = {
            cell: CellSource(id=cell, type="cell", name="_", code=code, line=10 * line + 1)
            for line, (cell, code) in enumerate(cells.items())
        }
        changed = [source for cell, source in sources.items() if self.sent.get(cell) != source]
        self._engine.obey(SyncCells(order=list(sources), changed=changed))
        self.sent = sources

    def obey(self, command: KernelCommand) -> None:
        self._engine.obey(command)

    def go(self) -> None:
        while self._engine.step():
            pass

    def shown(self, cell: CellId) -> tuple[Outcome, object]:
        outcome, output = self.outcomes.get(cell, "never"), self.outputs.get(cell)
        if output is None or outcome not in {"succeeded", "failed"}:
            return outcome, None
        if outcome == "failed":
            error = json.loads(output.text)
            return outcome, (error["error"], error["message"])
        return outcome, output

    def values(self) -> dict[str, str]:
        return {name: repr(value) for name, value in self.names.items() if name[0] != "_" and not callable(value)}


def follow(steps: list[tuple[str, int, str]]) -> tuple[Kernel, dict[CellId, str]]:
    kernel = Kernel()
    cells: dict[CellId, str] = {}
    for what, number, text in steps:
        cell = CellId(f"k{number}")
        if what == "write":
            cells[cell] = text
        elif what == "delete":
            cells.pop(cell, None)
        elif what == "move" and cell in cells:
            cells = {cell: cells.pop(cell)} | cells
        elif what == "run":
            kernel.go()
        elif what == "sync" or cell in cells:
            kernel.sync(cells)
            if what == "ask":
                kernel.obey(RunKernelCells(cells=[cell]))
    kernel.sync(cells)
    return kernel, cells


def assert_as_new(kernel: Kernel, cells: dict[CellId, str]) -> None:
    kernel.obey(RunStaleCells())
    kernel.go()
    fresh = Kernel()
    fresh.sync(cells)
    fresh.obey(RunKernelCells(cells=list(cells)))
    fresh.go()
    written = [cell for cell, text in cells.items() if text]
    assert {cell: kernel.shown(cell) for cell in written} == {cell: fresh.shown(cell) for cell in written}
    if all(fresh.outcomes[cell] == "succeeded" for cell in written):
        assert kernel.values() == fresh.values()


@examples(3)
@given(st.lists(step, max_size=25))
def test_what_is_up_to_date_is_as_in_a_new_kernel(steps: list[tuple[str, int, str]]):
    assert_as_new(*follow(steps))


def test_a_value_of_a_text_that_is_gone_is_not_read_by_another_definer():
    """The second cell reads `b` before it binds it; the first one no longer defines it."""
    define, rewrite = ("write", 0, "b = 6"), ("write", 0, "c = 1")
    reader = ("write", 1, "_p = b\nb = _p\n_p")
    kernel, cells = follow([define, ("ask", 0, ""), ("run", 0, ""), reader, ("sync", 0, ""), rewrite])
    kernel.sync(cells)
    kernel.obey(RunKernelCells(cells=[CellId("k1")]))
    kernel.go()

    assert kernel.shown(CellId("k1")) == ("failed", ("NameError", "name 'b' is not defined"))


def test_a_value_survives_while_another_cell_defines_its_name():
    """A loop above uses the same variable, then no longer."""
    below, above = ("write", 1, "c = 2"), ("write", 0, "for c in range(3): pass")
    run = [("ask", 1, ""), ("run", 0, "")]
    move = ("move", 0, "")
    kernel, cells = follow([below, *run, above, move, ("ask", 0, ""), ("run", 0, ""), ("write", 0, "b = 9")])

    assert kernel.values() == {"c": "2"}
    assert_as_new(kernel, cells)
