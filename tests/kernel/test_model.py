"""Whatever happens to a notebook: what is up to date is as in a new kernel with the same elements, and is so exactly when
nothing newer than its run is above it.

The model keeps, of each cell, what its last run was given: its text, and which run of which cell every name came from.
"""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quire.dataflow import Graph
from quire.ids import CellId, ElementId
from quire.kernel.engine import Engine
from quire.kernel.interrupts import NoInterrupts
from quire.names.imports import imports_of
from quire.protocol.kernel import (
    BindNotebook,
    CellSource,
    Discard,
    KernelCommand,
    RunKernelCells,
    RunNotice,
    RunStaleCells,
    SetKernelElements,
    SetKernelLazy,
    SyncCells,
)
from quire.protocol.messages import CellKind, Outcome, Output
from quire.protocol.notices import CellFinished, CellStarted, OutputChanged

NAMES = "abcd"
name = st.sampled_from(NAMES)
code = st.one_of(
    st.builds("{} = {}".format, name, st.integers(0, 9)),
    st.builds("{0} = {1} + 1\n{0}".format, name, name),
    st.builds("[{0}, {1}]".format, name, name),
    st.builds("for {} in range(3): pass".format, name),
    st.builds("_p = {}\n{} = _p\n_p".format, name, name),
    st.builds("def f{}(): return {}\ng = 1".format, name, name),
    st.builds("{0} = [1]\n{0}.append({1})\n{0}".format, name, name),
    st.builds("import os\n{} = 1".format, name),
    st.builds("import os\nfrom sys import path as {}".format, name),
    st.builds("import os, {} as m".format, st.sampled_from(["math", "json"])),
    st.sampled_from(["os.sep", "m.__name__", "m.__name__, os.sep"]),
    st.builds("{} = quire.ui.slider(0, 9)".format, name),
    st.builds("{0} = {1}.value\n{0}".format, name, name),
    st.builds("{} = 1\n1 / (not switch.on)".format, name),
    st.builds("{} = 1\nswitch.interrupt()".format, name),
    st.builds("{} = 1\nquire.stop(switch.on)".format, name),
    st.builds("del {}".format, name),
    st.builds("def _g(x: '{}'): pass\neval(_g.__annotations__['x'])".format, name),
    st.builds("class _C:\n    __{0} = {0}\n    def get(self): return self.__{0}\n_C().get()".format, name),
    st.sampled_from(["", "= 1", "from os import *"]),
)
cell = st.integers(0, 4)
step = st.one_of(
    st.tuples(st.just("write"), cell, code),
    st.tuples(st.just("write"), cell, code),
    st.tuples(st.just("write and run"), cell, code),
    # What text in a setup block names is no business of cells: it can be looked up where they have run already, and only there.
    st.tuples(st.just("setup"), st.just(0), code.filter(lambda text: "eval" not in text)),
    st.tuples(
        st.sampled_from(["delete", "move", "rename", "disable", "ask", "run", "run stale", "drag", "discard"]),
        cell,
        st.just(""),
    ),
    st.tuples(st.sampled_from(["switch", "lazy", "automatic"]), st.just(0), st.just("")),
)
Step = tuple[str, int, str]


class Switch:
    """What cells read that is not of the notebook, so that the same text fails now and not then."""

    on = False

    def interrupt(self) -> None:
        if self.on:
            raise KeyboardInterrupt


class Kernel:
    """What a page would show of it."""

    def __init__(self, switch: Switch) -> None:
        import quire

        self.names: dict[str, Any] = {"__name__": "__main__", "switch": switch, "quire": quire}
        self.outputs: dict[CellId, Output | None] = {}
        self.outcomes: dict[CellId, Outcome] = {}
        self.started: list[CellId] = []
        self.sent: dict[CellId, CellSource] = {}
        self.engine = Engine(self.names, self._report, interrupts=NoInterrupts())
        self.engine.bind(BindNotebook(path="/nowhere/notebook.py", directory="/nowhere"))

    def _report(self, notice: RunNotice) -> None:
        if isinstance(notice, OutputChanged):
            self.outputs[notice.cell] = notice.output
        elif isinstance(notice, CellFinished):
            self.outcomes[notice.cell] = notice.outcome
        elif isinstance(notice, CellStarted):
            self.started.append(notice.cell)

    def sync(self, cells: dict[CellId, CellSource]) -> None:
        changed = [source for cell, source in cells.items() if self.sent.get(cell) != source]
        self.engine.obey(SyncCells(order=list(cells), changed=changed))
        self.sent = dict(cells)

    def obey(self, command: KernelCommand) -> None:
        self.engine.obey(command)

    @property
    def graph(self) -> Graph:
        return self.engine._state.graph

    def is_stale(self, cell: CellId) -> bool:
        return self.engine._state.records[cell].stale

    def shown(self, cell: CellId) -> object:
        outcome, output = self.outcomes.get(cell, "never"), self.outputs.get(cell)
        if outcome == "failed" and output is not None:
            error = json.loads(output.text)
            return error["error"], error["message"]
        return outcome, output

    def elements(self) -> dict[ElementId, object]:
        return {
            name: element.wire for made in self.engine._elements._of_cell.values() for name, element in made.items()
        }

    def values(self, cells: Iterable[CellId]) -> dict[str, str]:
        """What these cells share with others, but for what somebody deletes."""
        names = {name for cell in cells for name in self.graph.public(cell)}
        names -= {name for cell in self.graph.order for name in self.graph.names(cell).deleted}
        return {name: repr(self.names[name]) for name in names if name in self.names and name[0] != "f"}


class Model:
    """A kernel, and what is known of each cell's last run."""

    def __init__(self) -> None:
        self.switch = Switch()
        self.kernel = Kernel(self.switch)
        self.cells: dict[CellId, CellSource] = {}
        self.clock = 0
        self.written: dict[CellId, int] = {}
        """When the cell last got another text."""
        self.ran: dict[CellId, object] = {}
        """What the last run that nothing is wrong with was given."""
        self.defined: dict[str, int] = {}
        """When the name last came to be defined by other cells."""
        self.read: dict[str, int] = {}
        """When a cell last got a text that reads the name: whoever deletes the name has to come after it."""
        self.given: dict[tuple[CellId, str], int] = {}
        """When the cell last gave the name another value."""
        self.imported: dict[CellId, dict[str, str]] = {}
        self.is_lazy = False

    # -- steps

    def follow(self, step: Step) -> None:
        what, number, text = step
        cell = CellId("setup" if what == "setup" else f"k{number}")
        match what:
            case "write" | "setup":
                self._write(cell, text, "setup" if what == "setup" else "cell")
            case "write and run":
                self._write(cell, text, "cell")
                self._ask(RunKernelCells(cells=[cell]))
            case "delete":
                self.cells.pop(cell, None)
                self._sync()
            case "move" if cell in self.cells:
                self.cells = {cell: self.cells.pop(cell)} | self.cells
                self._sync()
            case "rename" if cell in self.cells:
                self._replace(cell, name="called" if self.cells[cell].name == "_" else "_")
            case "disable" if cell in self.cells:
                self._replace(cell, disabled=not self.cells[cell].disabled)
            case "ask" if cell in self.cells:
                self._ask(RunKernelCells(cells=[cell]))
            case "run":
                self._ask(RunKernelCells(cells=list(self.cells)))
            case "run stale":
                self._ask(RunStaleCells())
            case "discard" if cell in self.cells:
                self.kernel.obey(RunKernelCells(cells=[cell]))
                self._step()
                self.kernel.obey(Discard())
            case "drag":
                self._drag(number)
            case "switch":
                self.switch.on = not self.switch.on
            case "lazy" | "automatic":
                self.is_lazy = what == "lazy"
                self.kernel.obey(SetKernelLazy(lazy=self.is_lazy))
            case _:
                pass
        self._go()

    def _write(self, cell: CellId, text: str, kind: CellKind) -> None:
        if kind == "setup" and cell not in self.cells:
            self.cells = {cell: _source(cell, "", kind), **self.cells}
        if cell not in self.cells or self.cells[cell].code != text:
            self.clock += 1
            self.written[cell] = self.clock
        self.cells[cell] = _source(cell, text, kind)
        self._sync()
        for name in self.kernel.graph.names(cell).refs:
            self.read[name] = max(self.written[cell], self.read.get(name, 0))

    def _replace(self, cell: CellId, **changes: Any) -> None:
        source = self.cells[cell]
        fields = {"name": source.name, "disabled": source.disabled} | changes
        self.cells[cell] = _source(cell, source.code, source.type, **fields)
        self._sync()

    def _sync(self) -> None:
        before = self.kernel.graph
        self.kernel.sync(self.cells)
        self.clock += 1
        for cell in before.order:
            kept = self.kernel.graph.names(cell).deleted if cell in self.cells else frozenset[str]()
            for name in before.names(cell).deleted - kept:
                for definer in self.kernel.graph.definers(name):
                    self.ran.pop(definer, None)  # its name was deleted
        for name in (*NAMES, "os", "m"):
            if before.definers(name) != self.kernel.graph.definers(name):
                self.defined[name] = self.clock

    def _ask(self, command: KernelCommand) -> None:
        self._sync()
        self.kernel.obey(command)

    def _drag(self, number: int) -> None:
        elements = self.kernel.elements()
        if not elements:
            return
        element = sorted(elements)[number % len(elements)]
        value = (number + 3) % 9
        if elements[element] == value:
            return
        owner = CellId(element.rpartition("-")[0])
        live = self.kernel.engine._elements._of_cell[owner][element]
        bound = [
            (other, name)
            for other in self.cells
            for name in self.kernel.graph.public(other)
            if self.kernel.names.get(name) is live
        ]
        if not bound and any(self.kernel.graph.names(other).deleted for other in self.cells):
            return  # nobody knows any more which names it had
        self.clock += 1
        self.given.update(dict.fromkeys(bound, self.clock))
        self.kernel.obey(SetKernelElements(values={element: value}))

    # -- runs

    def _go(self) -> None:
        while self._step():
            pass

    def _step(self) -> bool:
        """Run one cell, and note what it was given."""
        before = len(self.kernel.started)
        more = self.kernel.engine.step()
        for cell in self.kernel.started[before:]:
            outcome = self.kernel.outcomes[cell]
            self.clock += 1
            if outcome in {"succeeded", "stopped"}:
                self.ran[cell] = self._inputs(cell)
            else:
                self.ran.pop(cell, None)
            self._note_gifts(cell, succeeded=outcome == "succeeded")
        return more

    def _note_gifts(self, cell: CellId, *, succeeded: bool) -> None:
        imports = imports_of(self.cells[cell].code)
        now = {name: what.text for name, what in (imports or {}).items()} if succeeded else {}
        had = self.imported.pop(cell, {})
        if now:
            self.imported[cell] = now
        for name in self.kernel.graph.names(cell).defs:
            if not (succeeded and had.get(name) is not None and had.get(name) == now.get(name)):
                self.given[cell, name] = self.clock

    def _inputs(self, cell: CellId) -> object:
        graph = self.kernel.graph
        return (
            self.written.get(cell, 0),
            {name: self.defined.get(name, 0) for name in graph.names(cell).refs},
            {name: self.read.get(name, 0) for name in graph.names(cell).deleted},
            {
                (name, definer): self.given.get((definer, name), 0)
                for name in graph.names(cell).refs
                for definer in graph.definers(name) - {cell}
            },
            {
                (name, definer): self.given.get((definer, name), 0)
                for name in graph.names(cell).hints
                for definer in graph.definers(name) & graph.parents(cell)
            },
        )

    def _gives_anew(self, parent: CellId, cell: CellId) -> bool:
        """Imports that have yet to run again give the same names as before."""
        had, imports = self.imported.get(parent, {}), imports_of(self.cells[parent].code) or {}
        names = self.kernel.graph.names(cell)
        read = (names.refs | names.hints) & self.kernel.graph.names(parent).defs
        return not read or any(name not in imports or had.get(name) != imports[name].text for name in read)

    # -- what must hold

    def check(self) -> None:
        graph = self.kernel.graph
        for cell in graph.problems:
            self.ran.pop(cell, None)  # its last run counts for nothing, also when the problem is gone
        stale: dict[CellId, bool] = {}
        for cell in graph.sorted(graph.order):
            has_code = bool(self.cells[cell].code.strip())
            stale[cell] = has_code and (
                cell not in self.ran
                or self.kernel.outcomes.get(cell) == "cancelled"  # it was to run, and could not
                or self.ran[cell] != self._inputs(cell)
                or any(stale.get(parent, True) and self._gives_anew(parent, cell) for parent in graph.parents(cell))
            )
            if graph.names(cell).hints and self.kernel.is_stale(cell):
                stale[cell] = has_code  # what text names may be anybody's: such a cell may be stale once too often
        held = set(graph.problems) | set(graph.disabled)
        held |= graph.descendants(held)
        free = [cell for cell in self.cells if cell not in held]
        assert {cell: self.kernel.is_stale(cell) for cell in free} == {cell: stale[cell] for cell in free}
        deleted = {name for cell in graph.order for name in graph.names(cell).deleted}
        self._compare(
            [
                cell
                for cell in free
                if self.cells[cell].code
                and self.kernel.outcomes.get(cell) == "succeeded"
                and not self.kernel.is_stale(cell)
                and graph.names(cell).hints.isdisjoint(deleted)  # text that is looked up asks nobody to wait for it
            ]
        )

    def _compare(self, fresh_ones: list[CellId]) -> None:
        """These are as in a new kernel whose elements were set to the same values."""
        if not fresh_ones:
            return
        new = Kernel(Switch())  # what succeeded did so while it was off
        new.obey(SetKernelLazy(lazy=True))  # the others may delete what these define
        new.sync(self.cells)
        for values in ({}, self.kernel.elements()):
            new.obey(SetKernelElements(values=values))
            new.obey(RunKernelCells(cells=fresh_ones))
            while new.engine.step():
                pass
        ours = {cell: self.kernel.shown(cell) for cell in fresh_ones}
        assert ours == {cell: new.shown(cell) for cell in fresh_ones}
        assert self.kernel.values(fresh_ones) == new.values(fresh_ones)


def _source(cell: CellId, code: str, kind: CellKind, *, name: str = "_", disabled: bool = False) -> CellSource:
    return CellSource(id=cell, type=kind, name=name, code=code, line=1, disabled=disabled)


@settings(deadline=None)
@given(st.lists(step, min_size=10, max_size=25))  # with `--long`, more than 100,000 steps
def test_what_is_up_to_date_is_as_in_a_new_kernel_and_nothing_else_is(steps: list[Step]):
    model = Model()
    for one in steps:
        model.follow(one)
        model.check()


@pytest.mark.parametrize(
    "steps",
    [
        [("setup", 0, "for a in range(3): pass"), ("write", 0, "a = a + 1\na"), ("setup", 0, "")],
        [("write", 0, "b = 1"), ("write and run", 1, "del b"), ("write", 1, "a = 0")],
        [("write and run", 0, "a = 1"), ("disable", 0, ""), ("lazy", 0, ""), ("disable", 0, "")],
        [
            ("setup", 0, "import os\nfrom sys import path as a"),
            ("write and run", 1, "os.sep"),
            ("write", 0, "a = a + 1\na"),
            ("setup", 0, "import os\nfrom sys import path as b"),
        ],
        [
            ("write", 0, "for c in range(3): pass"),
            ("write and run", 2, "def _g(x: 'c'): pass\neval(_g.__annotations__['x'])"),
            ("setup", 0, "del c"),
            ("write", 1, "for c in range(3): pass"),
        ],
    ],
)
def test_what_was_found_once(steps: list[Step]):
    model = Model()
    for one in steps:
        model.follow(one)
        model.check()
