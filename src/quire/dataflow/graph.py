"""The graph of a notebook: which cell defines which name, and who reads it. Immutable; pure.

Name → definers and name → readers are maps that an edit changes by its own names only; edges, private names and problems
follow from them. Written without `dataclasses` and `typing`: a script imports this module.
"""

from __future__ import annotations

from quire.collector import CollectorPaused
from quire.dataflow.index import NO_CELLS, NO_NAMES, Index, Touched
from quire.dataflow.problems import Problem, SyntaxProblem
from quire.dataflow.standing import Standing
from quire.dataflow.walks import components, reachable
from quire.names.model import Names, mangled_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence, Set

    from quire.dataflow.standing import Held
    from quire.ids import CellId

    FindNames = Callable[[str], Names]

_MARKER = "<<<<<<< "
_NO_RENAMES: Mapping[str, str] = {}


class Source:
    """What the graph needs to know of a cell. `type` is the protocol's `CellKind`."""

    __slots__ = ("code", "disabled", "name", "type")

    def __init__(self, code: str, type: str = "cell", name: str = "_", *, disabled: bool = False) -> None:  # noqa: A002 - the protocol's word
        self.code = code
        self.type = type
        self.name = name
        self.disabled = disabled

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Source) and (self.code, self.type, self.name, self.disabled) == (
            other.code,
            other.type,
            other.name,
            other.disabled,
        )

    def __hash__(self) -> int:
        return hash((self.code, self.type))

    def __repr__(self) -> str:
        return f"Source({self.code!r}, {self.type!r}, {self.name!r}, disabled={self.disabled})"


def _names_of(code: str) -> Names:
    from quire.names.analysis import names_of  # noqa: PLC0415 - scripts pass their own; `ast` and `symtable` cost start-up time

    return names_of(code)


def build_graph(sources: Mapping[CellId, Source], find_names: FindNames = _names_of) -> Graph:
    """The graph of a notebook; the order of the mapping is the order of the file."""
    with CollectorPaused():
        return Graph((), {}, {}, Index(), find_names).updated(sources, tuple(sources))


class Change:
    """What is different in a graph."""

    __slots__ = ("cells", "problems", "removed")

    def __init__(self, cells: Collection[CellId], removed: Collection[CellId], problems: frozenset[CellId]) -> None:
        self.cells = cells
        """Cells with another source, and new ones."""
        self.removed = removed
        self.problems = problems
        """Cells with other problems, removed ones included."""


class Graph:
    """Cells in file order, their names, and who depends on whom."""

    __slots__ = (
        "_by_cell",
        "_change",
        "_cycles",
        "_find_names",
        "_index",
        "_knots",
        "_mark",
        "_parents",
        "_positions",
        "_problems",
        "_sources",
        "_standing",
        "disabled",
        "order",
        "outside",
        "setups",
        "sources",
        "strays",
    )

    def __init__(
        self,
        order: tuple[CellId, ...],
        sources: dict[CellId, Source],
        by_cell: dict[CellId, Names | SyntaxProblem],
        index: Index,
        find_names: FindNames,
    ) -> None:
        self.order = order
        self.sources: Mapping[CellId, Source] = sources
        self._sources = sources
        self.disabled = NO_CELLS
        """Cells that the user has switched off."""
        self.setups = NO_CELLS
        self.strays = NO_CELLS
        """Statements between cells."""
        self.outside: Mapping[str, CellId] = {}
        """Names that statements between cells define, and where."""
        self._by_cell = by_cell
        self._index = index
        self._cycles: dict[CellId, frozenset[CellId]] = {}
        self._knots: dict[CellId, frozenset[CellId]] = {}
        """Cells that wait for each other when names that they only mention count; between those, such names are no edges."""
        self._standing = Standing()
        self._find_names = find_names
        self._positions: dict[CellId, int] | None = None
        self._problems: dict[CellId, tuple[Problem, ...]] | None = None
        self._parents: dict[CellId, frozenset[CellId]] = {}
        self._mark = object()
        self._change: tuple[object, Change] | None = None

    # -- change

    def updated(self, changed: Mapping[CellId, Source], order: Sequence[CellId] | None = None) -> Graph:
        """The graph with other sources; ids that `order` does not list are removed, the order stays when it is None."""
        order = self.order if order is None or tuple(order) == self.order else tuple(order)
        is_same_order = order is self.order
        removed: list[CellId] = []
        if not is_same_order:
            gone = self.sources.keys() - set(order)
            removed = [cell for cell in self.order if cell in gone] if gone else []
        sources, by_cell, index = self._sources.copy(), self._by_cell.copy(), Index(self._index)
        touched = Touched()
        moved: list[CellId] = []
        for cell in (*removed, *changed):
            old = by_cell.pop(cell, NO_NAMES)
            source = changed.get(cell)
            if source is None:
                del sources[cell]
                new: Names | SyntaxProblem = NO_NAMES
            else:
                sources[cell] = source
                new = by_cell[cell] = self._analyse(cell, source)
            if not (isinstance(old, Names) and isinstance(new, Names) and old == new):
                moved.append(cell)
                index.move(cell, old, new, touched)
            if cell in self.setups or (source is not None and source.type == "setup"):  # its edges go one way only
                moved.append(cell)
                for names in (old, new):
                    touched.read |= names.refs if isinstance(names, Names) else frozenset()
        index.judge(touched)
        graph = Graph(order, sources, by_cell, index, self._find_names)
        graph._cycles, graph._knots = self._cycles, self._knots
        graph._positions = self._positions if is_same_order else None
        cells = [*removed, *changed]
        graph._sort_out(self, cells, is_same_order=is_same_order)
        fed = index.fed(touched)
        if moved:
            graph._find_cycles(self, {*fed, *moved})
        graph._standing = self._standing.after(self, graph, touched.names, cells, fed)
        graph._change = self._mark, Change(tuple(changed), removed, graph._standing.changed)
        return graph

    def change_from(self, before: Graph) -> Change:
        """What is different from `before`; found by looking at every cell when this graph was not made from that one."""
        if self._change is not None and self._change[0] is before._mark:
            return self._change[1]
        old = before.sources
        return Change(
            [cell for cell, source in self.sources.items() if old.get(cell) is not source],
            [cell for cell in before.order if cell not in self.sources],
            frozenset(
                cell for cell in old.keys() | self.sources.keys() if before.problems_of(cell) != self.problems_of(cell)
            ),
        )

    def _sort_out(self, before: Graph, cells: Collection[CellId], *, is_same_order: bool) -> None:
        """Note which cells are special in what way."""
        now = {cell: source for cell in cells if (source := self.sources.get(cell))}
        self.disabled = before.disabled.difference(cells).union(cell for cell in now if now[cell].disabled)
        self.setups = before.setups.difference(cells).union(cell for cell in now if now[cell].type == "setup")
        self.strays = before.strays.difference(cells).union(cell for cell in now if now[cell].type == "stray")
        self.outside = before.outside
        if self.strays != before.strays or not self.strays.isdisjoint(cells) or (self.strays and not is_same_order):
            outside: dict[str, CellId] = {}
            for stray in self.in_file_order(self.strays):
                try:
                    names = self._find_names(self.sources[stray].code)
                except SyntaxError:
                    continue
                for name in names.defs | names.private:
                    outside.setdefault(name, stray)
            self.outside = outside

    def _analyse(self, cell: CellId, source: Source) -> Names | SyntaxProblem:
        if source.type == "stray":
            return NO_NAMES
        try:
            return self._find_names(source.code)
        except SyntaxError as error:
            if source.code.startswith(_MARKER) or f"\n{_MARKER}" in source.code:
                return SyntaxProblem(
                    cell, "it holds the conflict markers of a merge; keep one of the two sides", error.lineno
                )
            return SyntaxProblem(cell, error.msg or "invalid syntax", error.lineno, error.offset)

    def _find_cycles(self, before: Graph, cells: Iterable[CellId]) -> None:
        """Only cells whose edges changed, those below them, and those in cycles before can be in one."""
        if not before.order and self._is_ordered():
            return
        starts = {cell for cell in (*cells, *before._knots) if cell in self.sources}
        region = starts | reachable(starts, self._all_children)
        self._cycles, self._knots = {}, {}
        self._parents.clear()
        for knot in components(self.in_file_order(region), self._all_children):
            if len(knot) > 1:
                self._knots.update(dict.fromkeys(knot, knot))
                inside = self.in_file_order(knot)
                for members in components(inside, lambda cell, knot=knot: self._readers_of(cell) & knot):
                    if len(members) > 1:
                        self._cycles.update(dict.fromkeys(members, members))

    def _is_ordered(self) -> bool:
        """True when every cell stands below those it depends on, as in most files; then there is no cycle."""
        place = self._position_of
        return all(place(parent) < index for index, cell in enumerate(self.order) for parent in self.parents(cell))

    # -- names

    def analysed(self, cell: CellId) -> Names | SyntaxProblem:
        """What the cell defines and reads, or why nobody can tell."""
        return self._by_cell[cell]

    def names(self, cell: CellId) -> Names:
        """What the cell defines and reads; nothing when it does not compile."""
        names = self._by_cell[cell]
        return names if isinstance(names, Names) else NO_NAMES

    def definers(self, name: str) -> frozenset[CellId]:
        """Cells that bind the name, whether others see it or not."""
        return self._index.definers.get(name, NO_CELLS)

    def readers(self, name: str) -> frozenset[CellId]:
        """Cells that read the name without having bound it."""
        return self._index.readers.get(name, NO_CELLS)

    def mentioners(self, name: str) -> frozenset[CellId]:
        """Cells that only mention the name: see `Names.hints`."""
        return self._index.readers.get(f"hint {name}", NO_CELLS)

    def deleters(self, name: str) -> frozenset[CellId]:
        """Cells that delete the name, which they do not bind themselves."""
        return self._index.readers.get(f"del {name}", NO_CELLS)

    def is_scratch(self, name: str) -> bool:
        """True for a name that several cells define and nobody else reads: each has its own."""
        return name in self._index.scratch

    @property
    def conflicts(self) -> Set[str]:
        """Names that several cells define and somebody reads, who cannot know which is meant."""
        return self._index.conflicts

    def public(self, cell: CellId) -> frozenset[str]:
        """Names of the cell that other cells see."""
        return self.names(cell).defs.difference(self._own(cell))

    def private(self, cell: CellId) -> frozenset[str]:
        """Names that only the cell sees: with an underscore, or defined by several cells and read by no other."""
        return self.names(cell).private.union(self._own(cell))

    def _own(self, cell: CellId) -> Collection[str]:
        return self._index.scratch and [name for name in self.names(cell).defs if name in self._index.scratch]

    def mangled(self, cell: CellId) -> Mapping[str, str]:
        """Private names that cannot run under their own name, and the names to use instead.

        Functions of a definer use such a name as a global, maybe long after its cell has run.
        """
        private = self.private(cell)
        if not private:
            return _NO_RENAMES
        own = self.names(cell)
        return {
            name: mangled_name(cell, name)
            for name in sorted(private)
            if name in own.nested or f"nested {name}" in self._index.definers
        }

    def placing(self, name: str) -> tuple[bool, bool]:
        """Whether each definer of the name has its own, and whether it would live under another name."""
        return name in self._index.scratch, f"nested {name}" in self._index.definers

    # -- edges

    def parents(self, cell: CellId) -> frozenset[CellId]:
        """Cells whose names this cell reads; for a cell that deletes a name, also all who read it."""
        found = self._parents.get(cell)
        if found is None:
            found = self._parents[cell] = self._find_parents(cell)
        return found

    def _find_parents(self, cell: CellId) -> frozenset[CellId]:
        names = self.names(cell)
        if self.sources[cell].type == "setup":
            return NO_CELLS
        parents: set[CellId] = set()
        for name in names.refs:
            parents |= self._index.definers.get(name, NO_CELLS)
        for name in names.deleted:
            parents |= self._index.readers.get(name, NO_CELLS)
        for name in names.hints:
            if not self.is_scratch(name):
                parents |= self.definers(name) - self._knots.get(cell, NO_CELLS)
        parents.discard(cell)
        return frozenset(parents)

    def children(self, cell: CellId) -> frozenset[CellId]:
        """Cells that read this cell's names, and those that delete a name which it reads."""
        hinted = self._hinted(cell)
        return self._readers_of(cell) | (hinted - self._knots.get(cell, NO_CELLS)) if hinted else self._readers_of(cell)

    def _all_children(self, cell: CellId) -> frozenset[CellId]:
        return self._readers_of(cell) | self._hinted(cell)

    def _readers_of(self, cell: CellId) -> frozenset[CellId]:
        names = self.names(cell)
        children: set[CellId] = set()
        for name in names.defs:
            children |= self._index.readers.get(name, NO_CELLS)
        for name in names.refs:
            children |= self.deleters(name)
        children.discard(cell)
        return frozenset(child for child in children if self.sources[child].type != "setup")

    def _hinted(self, cell: CellId) -> frozenset[CellId]:
        """Cells that only mention a name of this one. That never makes a conflict or a cycle."""
        found = NO_CELLS
        for name in self.names(cell).defs:
            readers = self.mentioners(name)
            if readers and not self.is_scratch(name):
                found |= readers
        return found and frozenset(child for child in found - {cell} if self.sources[child].type != "setup")

    def ancestors(self, cells: Iterable[CellId]) -> set[CellId]:
        """Everything that these cells depend on, without themselves unless one depends on another."""
        return reachable(cells, self.parents)

    def descendants(self, cells: Iterable[CellId]) -> set[CellId]:
        """Everything that depends on these cells, without themselves unless one depends on another."""
        return reachable(cells, self.children)

    def sorted(self, cells: Iterable[CellId]) -> tuple[CellId, ...]:
        """Parents before children; the order of the file breaks ties. Cells of a cycle come last, in file order."""
        chosen = self.in_file_order(set(cells))
        place = {cell: index for index, cell in enumerate(chosen)}
        above = {cell: [parent for parent in self.parents(cell) if parent in place] for cell in chosen}
        if all(place[parent] < index for index, cell in enumerate(chosen) for parent in above[cell]):
            return chosen
        from heapq import heapify, heappop, heappush  # noqa: PLC0415 - scripts whose file is in order already never need it

        waiting = {cell: len(parents) for cell, parents in above.items()}
        below: dict[CellId, list[CellId]] = {cell: [] for cell in chosen}
        for cell, parents in above.items():
            for parent in parents:
                below[parent].append(cell)
        ready = [place[cell] for cell, count in waiting.items() if count == 0]
        heapify(ready)
        result: list[CellId] = []
        while ready:
            cell = chosen[heappop(ready)]
            result.append(cell)
            for child in below[cell]:
                waiting[child] -= 1
                if waiting[child] == 0:
                    heappush(ready, place[child])
        return (*result, *(cell for cell in chosen if waiting[cell]))

    def in_file_order(self, cells: Iterable[CellId]) -> tuple[CellId, ...]:
        """The cells as they stand in the file."""
        return tuple(sorted(cells, key=self._position_of))

    def _position_of(self, cell: CellId) -> int:
        if self._positions is None:
            self._positions = dict(zip(self.order, range(len(self.order)), strict=True))
        return self._positions[cell]

    @property
    def cycles(self) -> Collection[frozenset[CellId]]:
        """Cells that wait for each other."""
        return set(self._cycles.values())

    @property
    def knotted(self) -> Collection[CellId]:
        """Cells that wait for each other when names that they only mention count."""
        return self._knots

    def cycle_of(self, cell: CellId) -> frozenset[CellId]:
        """The cells that wait for each other with this one."""
        return self._cycles.get(cell, NO_CELLS)

    # -- problems

    @property
    def problems(self) -> Mapping[CellId, tuple[Problem, ...]]:
        """Cells that cannot run, and why, in the order of the file. Cells below them are not listed."""
        if self._problems is None:
            found = self._standing.problems
            self._problems = {cell: found[cell] for cell in self.in_file_order(found)}
        return self._problems

    def problems_of(self, cell: CellId) -> tuple[Problem, ...]:
        """Why the cell cannot run, itself."""
        return self._standing.problems.get(cell, ())

    def why_held(self, cell: CellId) -> Held:
        """Why the cell does not run: `disabled`, `blocked` by its own problem, `cancelled` by one above; else empty."""
        return self._standing.why_held(cell, self)
