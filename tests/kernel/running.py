"""Cells that really run, in this process: an engine without pipes and signals."""

import json
import linecache
from typing import Any

from quire.ids import CellId, ElementId
from quire.kernel.engine import Engine
from quire.kernel.interrupts import NoInterrupts
from quire.protocol.kernel import BindNotebook, CellSource, RunKernelCells, RunNotice, SetKernelElements, SyncCells
from quire.protocol.messages import Output
from quire.protocol.notices import CellFinished, CellStarted, OutputChanged

_made: list[Engine] = []


def close_engines() -> None:
    """After a test: end what its notebooks have left running."""
    while _made:
        _made.pop().close()
    linecache.cache.pop("/nowhere/notebook.py", None)


class Notebook:
    """Cells by name, each ten lines below the one before."""

    def __init__(self, **cells: str) -> None:
        self.names: dict[str, object] = {"__name__": "__main__"}
        self.notices: list[RunNotice] = []
        self.engine = Engine(self.names, self.notices.append, interrupts=NoInterrupts())
        _made.append(self.engine)
        self.engine.bind(BindNotebook(path="/nowhere/notebook.py", directory="/nowhere"))
        self.cells: dict[str, str] = {}
        self.sync(**cells)

    def sync(self, remove: str = "", **cells: str) -> None:
        self.cells |= cells
        for cell in remove:
            del self.cells[cell]
        order = list(self.cells)
        changed = [
            CellSource(id=CellId(cell), type="cell", name="_", code=code, line=10 * order.index(cell) + 1)
            for cell, code in cells.items()
        ]
        self.engine.obey(SyncCells(order=[CellId(cell) for cell in order], changed=changed))

    def run(self, *cells: str) -> list[str]:
        """Run these (or all); which cells ran."""
        self.notices.clear()
        self.engine.obey(RunKernelCells(cells=[CellId(cell) for cell in cells or self.cells]))
        return self.go()

    def go(self) -> list[str]:
        while self.engine.step():
            pass
        return [notice.cell for notice in self.notices if isinstance(notice, CellStarted)]

    def set(self, **values: object) -> list[str]:
        """Set elements: `a_0` is the first of cell `a`."""
        self.notices.clear()
        named = {ElementId(name.replace("_", "-")): value for name, value in values.items()}
        self.engine.obey(SetKernelElements(values=named))
        return self.go()

    def outputs(self) -> dict[str, Output | None]:
        return {notice.cell: notice.output for notice in self.notices if isinstance(notice, OutputChanged)}

    def outcomes(self) -> dict[str, str]:
        return {notice.cell: notice.outcome for notice in self.notices if isinstance(notice, CellFinished)}

    def stale(self) -> frozenset[str]:
        return frozenset(cell for cell, record in self.engine._state.records.items() if record.stale)

    def error(self, cell: str) -> dict[str, Any]:
        output = self.outputs()[cell]
        assert output is not None
        assert output.mime.endswith("traceback+json")
        return json.loads(output.text)
