"""A notebook whose runs are decided and never done: what the tests of the state drive."""

from collections.abc import Callable, Iterable
from typing import Any

from quire.dataflow import Source
from quire.ids import CellId
from quire.kernel.events import CellEnded, CellsSynced, Effect, Ready, Report, RunAsked, StartCell, ValuesChanged
from quire.kernel.state import KernelState, apply
from quire.protocol.messages import Outcome


class Notebook:
    """A notebook whose cells end as told: `fail`, `interrupt` hold ids. Everything that ran is in `ran`."""

    def __init__(self, **cells: str) -> None:
        self.state = KernelState()
        self.sources: dict[str, Source] = {}
        self.fail: set[str] = set()
        self.interrupt: set[str] = set()
        self.missing: dict[str, str] = {}
        self.ran: list[str] = []
        self.effects: list[Effect] = []
        self.last: tuple[Any, list[Effect]] = None, []
        """The last event, and what followed from it."""
        self.before_next: Callable[[], None] | None = None
        self.sync(**cells)

    def sync(
        self, *, remove: Iterable[str] = (), order: list[str] | None = None, **cells: str | Source
    ) -> list[Effect]:
        changed = {name: cell if isinstance(cell, Source) else Source(cell) for name, cell in cells.items()}
        self.sources |= changed
        for name in remove:
            del self.sources[name]
        names = order or list(self.sources)
        return self.apply(
            CellsSynced(
                tuple(CellId(name) for name in names), {CellId(name): source for name, source in changed.items()}
            )
        )

    def apply(self, event: Any) -> list[Effect]:
        self.state, effects = apply(self.state, event)
        self.effects += effects
        self.last = event, effects
        return effects

    def ask(self, *cells: str) -> None:
        self.apply(RunAsked([CellId(cell) for cell in cells]))

    def set_element(self, name: str, *, asked: bool = False) -> None:
        """The element that the cell `name` defines under its own name has a new value."""
        self.apply(ValuesChanged(frozenset({name}), CellId(name), asked))

    def run(self, *cells: str) -> list[str]:
        """Ask for the cells, then run until nothing is queued; what ran, in order."""
        if cells:
            self.ask(*cells)
        return self.go()

    def go(self) -> list[str]:
        self.ran = []
        while True:
            if self.before_next is not None:
                self.before_next()
            starts = [effect for effect in self.apply(Ready()) if isinstance(effect, StartCell)]
            if not starts:
                return self.ran
            (start,) = starts
            self.ran.append(start.cell)
            outcome: Outcome = "succeeded"
            if start.cell in self.fail or start.cell in self.missing:
                outcome = "failed"
            if start.cell in self.interrupt:
                outcome = "interrupted"
            self.apply(CellEnded(start.cell, outcome, 0.1, self.missing.get(start.cell, "")))

    def outcome(self, cell: str) -> str:
        return self.state.records[CellId(cell)].outcome

    def stale(self) -> set[str]:
        return {cell for cell, record in self.state.records.items() if record.stale}

    def notices(self, kind: type[Any]) -> list[Any]:
        return [e.notice for e in self.effects if isinstance(e, Report) and isinstance(e.notice, kind)]


def chain() -> Notebook:
    notebook = Notebook(a="x = 1", b="y = x", c="z = y", d="w = 0")
    notebook.run("a", "b", "c", "d")
    notebook.effects.clear()
    return notebook
