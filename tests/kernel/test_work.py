"""What an edit costs does not depend on how large the notebook is: counted in byte codes, which are the same on every machine."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

from quire.dataflow import Source, build_graph
from quire.ids import CellId
from quire.kernel.events import CellEnded, CellsSynced, Discarded, Ready, RunAsked, ValuesChanged
from quire.kernel.records import Record
from quire.kernel.state import KernelState, apply
from quire.names import Names

Event = Any


class Notebook:
    """Chains of ten cells, all of which have run, with a pair of cells in conflict in front."""

    def __init__(self, cells: int) -> None:
        self.analysed = 0
        sources = {CellId(f"c{n}"): Source(f"x{n} = x{n - 1}" if n % 10 else f"x{n} = _") for n in range(cells)}
        sources |= {CellId("i"): Source("y = _"), CellId("j"): Source("y = _"), CellId("k"): Source("z = y")}
        self.last = cells - 1
        state = KernelState(graph=build_graph({}, self._find_names))
        state, _ = apply(state, CellsSynced(tuple(sources), sources))
        records = {cell: Record("succeeded", stale=False, run=1) for cell in sources}
        self.state, _ = apply(state.with_records(records), Discarded())
        self.analysed = 0

    def _find_names(self, code: str) -> Names:
        self.analysed += 1
        if code.startswith("!"):
            raise SyntaxError("broken")
        name, _, read = code.partition(" = ")
        return Names(defs=frozenset({name}), refs=frozenset({read}))

    def edited(self, cell: int, code: str, **changes: Any) -> CellsSynced:
        return CellsSynced(self.state.graph.order, {CellId(f"c{cell}"): Source(code, **changes)})

    def apply(self, event: Event) -> tuple[int, int, int]:
        """Bytecodes executed, effects, and texts analysed."""
        self.analysed = 0
        (self.state, effects), work = counted(lambda: apply(self.state, event))
        return work, len(effects), self.analysed


def counted(function: Callable[[], Any]) -> tuple[Any, int]:
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal count
        frame.f_trace_opcodes = True
        count += event == "opcode"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        found = function()
    finally:
        sys.settrace(before)
    return found, count


def steps(notebook: Notebook) -> list[Event]:
    last = notebook.last
    leaf, root = CellId(f"c{last}"), CellId(f"c{last - 9}")
    return [
        notebook.edited(last, f"x{last} = x{last - 2}"),
        notebook.edited(last, f"x{last} = _"),  # which a tenth of all cells read
        notebook.edited(last - 9, f"x{last - 9} = x{last - 10}"),
        notebook.edited(last, "!"),
        notebook.edited(last, f"x{last} = x{last - 1}"),
        notebook.edited(last, f"x{last - 1} = 1"),
        notebook.edited(last, f"x{last} = x{last - 1}"),
        notebook.edited(last - 9, f"x{last - 9} = _", name="named"),
        notebook.edited(last - 9, f"x{last - 9} = _", disabled=True),
        notebook.edited(last - 9, f"x{last - 9} = _"),
        RunAsked([root]),
        Ready(),
        CellEnded(root, "failed", 0.1),
        RunAsked([leaf]),
        Discarded(),
        ValuesChanged(frozenset({f"x{last - 3}"}), None),
    ]


def test_the_work_for_one_event_does_not_grow_with_the_notebook():
    few, many = Notebook(100), Notebook(10_000)
    for small, large in zip(steps(few), steps(many), strict=True):
        (work, *counts), (work_of_many, *counts_of_many) = few.apply(small), many.apply(large)
        assert counts_of_many == counts, large
        assert work_of_many < work * 1.2, large
