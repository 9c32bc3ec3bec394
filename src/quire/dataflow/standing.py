"""Which cells cannot run, and why: carried from one graph to the next, changed only where an edit reaches.

Written without `dataclasses` and `typing`, like the graph: scripts import this module.
"""

from __future__ import annotations

from quire.dataflow.index import NO_CELLS, NO_NAMES
from quire.dataflow.problems import Cycle, DefinedTwice, OutsideCell, Problem, SetupReads, StarImport, SyntaxProblem
from quire.ids import CellId

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from quire.dataflow.graph import Graph

    Held = Literal["", "disabled", "blocked", "cancelled"]
    Cause = tuple[int, str, CellId]
    Found = tuple[Problem, frozenset[CellId]]

_BROKEN, _STAR, _SETUP, _TWICE, _CYCLE, _OUTSIDE = range(6)
"""Kinds of causes, in the order in which a cell's problems are told. The rest of a cause: a name or a cell, or both."""
_ALL = CellId("")
"""In place of a cell, where a cause is about none in particular."""
_BELOW_PROBLEM, _BELOW_DISABLED = 1, 2
_NO_CAUSES: frozenset[Cause] = frozenset()


class Standing:
    """What keeps cells from running. Immutable by convention."""

    __slots__ = ("_causes", "_held", "_of_cell", "changed", "problems")

    def __init__(self) -> None:
        self.problems: dict[CellId, tuple[Problem, ...]] = {}
        self.changed: frozenset[CellId] = NO_CELLS
        """Cells that have other problems than in the standing before, those that are gone included."""
        self._causes: dict[Cause, Found] = {}
        self._of_cell: dict[CellId, frozenset[Cause]] = {}
        self._held: dict[CellId, int] = {}
        """Cells that a problem or the user forbids, and those below them."""

    def why_held(self, cell: CellId, graph: Graph) -> Held:
        """Why the cell does not run: `disabled`, `blocked` by a problem of its own, `cancelled` by one above; else empty."""
        held = self._held.get(cell, 0)
        if not held:
            return ""
        if cell in self.problems:
            return "disabled" if cell in graph.disabled else "blocked"
        return "disabled" if held & _BELOW_DISABLED else "cancelled"

    def after(
        self, before: Graph, graph: Graph, touched: set[str], cells: Iterable[CellId], fed: Iterable[CellId]
    ) -> Standing:
        """The standing of `graph`, which came from `before`: these names and cells changed; `fed` may have other parents."""
        found = Standing()
        found._causes, found._of_cell, found.problems = self._causes, self._of_cell, self.problems
        changed = found._find_problems(graph, self._reached(before, graph, touched, cells))
        found.changed = frozenset(changed)
        found._held = self._held
        if self._held or found.problems or graph.disabled:
            found._find_held(graph, {*cells, *changed, *fed, *before.knotted, *graph.knotted})
        return found

    # -- problems

    def _reached(self, before: Graph, graph: Graph, touched: set[str], cells: Iterable[CellId]) -> set[Cause]:
        """The causes that may have come, gone or changed."""
        reached: set[Cause] = set()
        if graph.order is not before.order:
            reached |= self._causes.keys()  # they name cells in the order of the file
        for cell in cells:
            reached |= {(_BROKEN, "", cell), (_STAR, "", cell)}
        for made in (before, graph):
            reached |= {(_TWICE, name, _ALL) for name in made.conflicts & touched}
            reached |= {(_CYCLE, "", min(members)) for members in made.cycles}
            for setup in made.setups:
                reached |= {(_SETUP, name, setup) for name in made.names(setup).refs & touched}
            outside = made.outside.keys()
            if before.outside == graph.outside:
                outside &= touched
            reached |= {(_OUTSIDE, name, reader) for name in outside for reader in made.readers(name)}
        return reached

    def _find_problems(self, graph: Graph, reached: set[Cause]) -> set[CellId]:
        """Look at these causes again; the cells that have other problems now."""
        news = [(cause, new) for cause in reached if (new := _found_at(graph, cause)) != self._causes.get(cause)]
        if not news:
            return set()
        causes, of_cell, problems = self._causes.copy(), self._of_cell.copy(), self.problems.copy()
        changed: set[CellId] = set()
        for cause, new in news:
            old = causes.pop(cause, None)
            was, now = old[1] if old else NO_CELLS, new[1] if new else NO_CELLS
            if new:
                causes[cause] = new
            # a problem that stays as it is, only for other cells, is news to those cells only
            for cell in was ^ now if old and new and old[0] == new[0] else was | now:
                known = of_cell.get(cell, _NO_CAUSES)
                of_cell[cell] = known | {cause} if cell in now else known - {cause}
                changed.add(cell)
        for cell in changed:
            if of_cell[cell]:
                problems[cell] = tuple(causes[cause][0] for cause in sorted(of_cell[cell]))
            else:
                del of_cell[cell]
                problems.pop(cell, None)
        changed = {cell for cell in changed if self.problems.get(cell) != problems.get(cell)}
        self._causes, self._of_cell, self.problems = causes, of_cell, problems
        return changed

    # -- what they hold

    def _find_held(self, graph: Graph, starts: set[CellId]) -> None:
        """Cells below the starts are held by what holds one of their parents, and by what they are themselves."""
        alive = {cell for cell in starts if cell in graph.sources}
        region = alive | graph.descendants(alive)
        held = self._held.copy()
        for cell in region.union(starts):
            held.pop(cell, None)
        pending: list[CellId] = []
        for cell in region:
            why = _BELOW_PROBLEM * (cell in self.problems) | _BELOW_DISABLED * (cell in graph.disabled)
            for parent in graph.parents(cell):
                if parent not in region:
                    why |= held.get(parent, 0)
            if why:
                held[cell] = why
                pending.append(cell)
        while pending:
            cell = pending.pop()
            for child in graph.children(cell):
                why = held.get(child, 0)
                if held[cell] | why != why:
                    held[child] = held[cell] | why
                    pending.append(child)
        self._held = held


def _found_at(graph: Graph, cause: Cause) -> Found | None:
    """The problem that there is for this cause, and the cells that it keeps from running."""
    kind, name, cell = cause
    if kind in {_BROKEN, _STAR}:
        names = graph.analysed(cell) if cell in graph.sources else NO_NAMES
        if isinstance(names, SyntaxProblem):
            return (names, frozenset({cell})) if kind == _BROKEN else None
        return (StarImport("", (cell,)), frozenset({cell})) if names.star and kind == _STAR else None
    if kind == _SETUP:
        definers = graph.definers(name) - {cell}
        if not definers or cell not in graph.setups or name not in graph.names(cell).refs:
            return None
        return SetupReads(name, (cell, *graph.in_file_order(definers))), frozenset({cell})
    if kind == _TWICE:
        definers = graph.definers(name)
        if name not in graph.conflicts:
            return None
        return DefinedTwice(name, graph.in_file_order(definers)), definers | graph.readers(name)
    if kind == _CYCLE:
        members = graph.cycle_of(cell)
        if not members or min(members) != cell:
            return None
        return _cycle(graph, members), members
    stray = graph.outside.get(name)
    if stray is None or graph.definers(name) or cell not in graph.readers(name):
        return None
    return OutsideCell(name, (cell, stray)), frozenset({cell})


def _cycle(graph: Graph, members: frozenset[CellId]) -> Cycle:
    names: set[str] = set()
    for cell in members:
        for name in graph.names(cell).refs | graph.names(cell).deleted:
            if (graph.definers(name) & members) - {cell} or name in graph.names(cell).deleted:
                names.add(name)
    return Cycle(graph.in_file_order(members), tuple(sorted(names)))
