"""The graph of a notebook: which cell defines which name, and who reads it. Immutable; pure.

Name → definers and name → readers are maps that an edit changes by its own names only; edges, private names and problems
follow from them. Written without `dataclasses` and `typing`: a script imports this module.
"""

from __future__ import annotations

from quire.collector import CollectorPaused
from quire.dataflow.problems import Cycle, DefinedTwice, OutsideCell, Problem, SetupReads, StarImport, SyntaxProblem
from quire.dataflow.walks import components, reachable
from quire.ids import CellId
from quire.names.model import Names, mangled_name

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    FindNames = Callable[[str], Names]

_MARKER = "<<<<<<< "
_NO_CELLS: frozenset[CellId] = frozenset()
_NO_NAMES = Names()
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
        return Graph((), {}, {}, _Index(), {}, find_names).updated(sources, tuple(sources))


class _Index:
    """The maps that edits change by their own names only."""

    __slots__ = ("contested", "definers", "disabled", "readers", "strays", "suspects")

    def __init__(self, other: _Index | None = None) -> None:
        self.definers: dict[str, frozenset[CellId]] = dict(other.definers) if other else {}
        self.readers: dict[str, frozenset[CellId]] = dict(other.readers) if other else {}
        self.contested: set[str] = set(other.contested) if other else set()
        """Names with several definers."""
        self.suspects: set[CellId] = set(other.suspects) if other else set()
        """Cells that may have a problem of their own: broken ones, star imports, the setup cell."""
        self.disabled: set[CellId] = set(other.disabled) if other else set()
        self.strays: set[CellId] = set(other.strays) if other else set()
        """Statements between cells."""

    def watch(self, cell: CellId, source: Source | None, names: Names | SyntaxProblem) -> None:
        """Note what is special about a cell; `source` is None for one that goes."""
        suspicious = source is not None and (not isinstance(names, Names) or names.star or source.type == "setup")
        (self.suspects.add if suspicious else self.suspects.discard)(cell)
        (self.disabled.add if source is not None and source.disabled else self.disabled.discard)(cell)
        (self.strays.add if source is not None and source.type == "stray" else self.strays.discard)(cell)

    def move(self, cell: CellId, old: Names | SyntaxProblem, new: Names | SyntaxProblem) -> set[str]:
        """Bring the maps from `old` to `new`; the names whose definers or readers changed."""
        before = old if isinstance(old, Names) else _NO_NAMES
        after = new if isinstance(new, Names) else _NO_NAMES
        was, now = before.defs | _marked(before.private), after.defs | _marked(after.private)
        _change(self.definers, cell, was, now)
        touched = set(was ^ now)
        for name in touched:
            (self.contested.add if len(self.definers.get(name, _NO_CELLS)) > 1 else self.contested.discard)(name)
        was, now = _read(before), _read(after)
        _change(self.readers, cell, was, now)
        touched |= was ^ now
        if before.early != after.early or before.imports != after.imports:
            touched |= before.defs | after.defs
        return touched


def _change(index: dict[str, frozenset[CellId]], cell: CellId, was: frozenset[str], now: frozenset[str]) -> None:
    for name in was - now:
        left = index[name] - {cell}
        if left:
            index[name] = left
        else:
            del index[name]
    for name in now - was:
        index[name] = index.get(name, _NO_CELLS) | {cell}


class Graph:
    """Cells in file order, their names, and who depends on whom."""

    __slots__ = (
        "_by_cell",
        "_cycles",
        "_find_names",
        "_index",
        "_knots",
        "_outside",
        "_parents",
        "_positions",
        "_problems",
        "order",
        "sources",
    )

    def __init__(
        self,
        order: tuple[CellId, ...],
        sources: dict[CellId, Source],
        by_cell: dict[CellId, Names | SyntaxProblem],
        index: _Index,
        cycles: dict[CellId, frozenset[CellId]],
        find_names: FindNames,
    ) -> None:
        self.order = order
        self.sources: Mapping[CellId, Source] = sources
        self._by_cell = by_cell
        self._index = index
        self._cycles = cycles
        self._knots: dict[CellId, frozenset[CellId]] = {}
        """Cells that wait for each other when names in annotations count; between those, such names are no edges."""
        self._find_names = find_names
        self._positions: dict[CellId, int] | None = None
        self._problems: dict[CellId, tuple[Problem, ...]] | None = None
        self._parents: dict[CellId, frozenset[CellId]] = {}
        self._outside: dict[str, CellId] | None = None

    # -- change

    def updated(self, changed: Mapping[CellId, Source], order: Sequence[CellId] | None = None) -> Graph:
        """The graph with other sources; ids that `order` does not list are removed, the order stays when it is None."""
        order = self.order if order is None or tuple(order) == self.order else tuple(order)
        kept = self.sources.keys() if order is self.order else set(order)
        removed = [] if order is self.order else [cell for cell in self.order if cell not in kept]
        sources, by_cell, index = dict(self.sources), dict(self._by_cell), _Index(self._index)
        touched: set[str] = set()
        cells: list[CellId] = []
        for cell in (*removed, *changed):
            old = by_cell.pop(cell, _NO_NAMES)
            source = changed.get(cell)
            if source is None:
                del sources[cell]
                new: Names | SyntaxProblem = _NO_NAMES
            else:
                sources[cell] = source
                new = by_cell[cell] = self._analyse(cell, source)
            index.watch(cell, source, new)
            if not (isinstance(old, Names) and isinstance(new, Names) and old == new):
                cells.append(cell)
                touched |= index.move(cell, old, new)
        graph = Graph(order, sources, by_cell, index, self._cycles, self._find_names)
        graph._knots = self._knots
        if touched or removed:
            graph._find_cycles(self, touched, cells)
        return graph

    def removed_in(self, after: Graph) -> tuple[CellId, ...]:
        """Cells that a later graph does not have any more, in their order here."""
        return () if after.order is self.order else tuple(cell for cell in self.order if cell not in after.sources)

    def _analyse(self, cell: CellId, source: Source) -> Names | SyntaxProblem:
        if source.type == "stray":
            return _NO_NAMES
        try:
            return self._find_names(source.code)
        except SyntaxError as error:
            if source.code.startswith(_MARKER) or f"\n{_MARKER}" in source.code:
                return SyntaxProblem(
                    cell, "it holds the conflict markers of a merge; keep one of the two sides", error.lineno
                )
            return SyntaxProblem(cell, error.msg or "invalid syntax", error.lineno, error.offset)

    def _find_cycles(self, before: Graph, touched: Collection[str], cells: Iterable[CellId]) -> None:
        """Only cells that an edge of a touched name leads to, those below them, and those in cycles before can be in one."""
        if not before.order and self._is_ordered():
            return
        starts: set[CellId] = {cell for cell in cells if cell in self.sources}
        for name in touched:
            starts |= self._index.readers.get(name, _NO_CELLS) | self._index.readers.get(f"hint {name}", _NO_CELLS)
        starts |= {cell for cell in before._knots if cell in self.sources}
        region = starts | reachable(starts, self._all_children)
        kept = self.sources.keys() - region
        self._cycles = {cell: members for cell, members in self._cycles.items() if cell in kept}
        self._knots = {cell: members for cell, members in self._knots.items() if cell in kept}
        self._parents.clear()
        for knot in components(sorted(region, key=self._position_of), self._all_children):
            if len(knot) > 1:
                self._knots.update(dict.fromkeys(knot, knot))
                inside = sorted(knot, key=self._position_of)
                for members in components(inside, lambda cell, knot=knot: self._readers_of(cell) & knot):
                    if len(members) > 1:
                        self._cycles.update(dict.fromkeys(members, members))

    def _is_ordered(self) -> bool:
        """True when every cell stands below those it depends on, as in most files; then there is no cycle."""
        place = self._position_of
        return all(place(parent) < index for index, cell in enumerate(self.order) for parent in self.parents(cell))

    # -- names

    def names(self, cell: CellId) -> Names:
        """What the cell defines and reads; nothing when it does not compile."""
        names = self._by_cell[cell]
        return names if isinstance(names, Names) else _NO_NAMES

    def definers(self, name: str) -> frozenset[CellId]:
        """Cells that bind the name, whether others see it or not."""
        return self._index.definers.get(name, _NO_CELLS)

    def readers(self, name: str) -> frozenset[CellId]:
        """Cells that read the name without having bound it."""
        return self._index.readers.get(name, _NO_CELLS)

    def is_scratch(self, name: str) -> bool:
        """True for a name that several cells define and nobody else reads: each has its own."""
        return len(self.definers(name)) > 1 and self._rivals(name) is None

    def _is_conflict(self, name: str) -> bool:
        return len(self.definers(name)) > 1 and self._rivals(name) is not None and not self._is_import(name)

    def _is_import(self, name: str) -> bool:
        """True when every definer says `import package` for it: any of them will do."""
        packages = {dict(self.names(cell).imports).get(name) for cell in self.definers(name)}
        return len(packages) == 1 and packages != {None}

    def _rivals(self, name: str) -> frozenset[CellId] | None:
        """Cells that may read the name from another definer; None when there are none (or it is an import everywhere)."""
        definers = self.definers(name)
        others = self.readers(name) - definers
        early = frozenset(cell for cell in definers if name in self.names(cell).early)
        return others | early or None

    def public(self, cell: CellId) -> frozenset[str]:
        """Names of the cell that other cells see."""
        if not self._index.contested:
            return self.names(cell).defs
        return frozenset(name for name in self.names(cell).defs if not self._is_own(name))

    def private(self, cell: CellId) -> frozenset[str]:
        """Names that only the cell sees: with an underscore, or defined by several cells and read by no other."""
        names = self.names(cell)
        if not self._index.contested:
            return names.private
        return names.private | frozenset(name for name in names.defs if self._is_own(name))

    def _is_own(self, name: str) -> bool:
        return self.is_scratch(name) and not self._is_import(name)

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
            if name in own.nested or any(name in self.names(other).nested for other in self._binders(name))
        }

    def _binders(self, name: str) -> frozenset[CellId]:
        return self._index.definers.get(name) or self._index.definers.get(f"_private {name}", _NO_CELLS)

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
            return _NO_CELLS
        parents: set[CellId] = set()
        for name in names.refs:
            parents |= self._index.definers.get(name, _NO_CELLS)
        for name in names.deleted:
            parents |= self._index.readers.get(name, _NO_CELLS)
        for name in names.hints:
            if self._is_sure(name):
                parents |= self.definers(name) - self._knots.get(cell, _NO_CELLS)
        parents.discard(cell)
        return frozenset(parents)

    def children(self, cell: CellId) -> frozenset[CellId]:
        """Cells that read this cell's names, and those that delete a name which it reads."""
        hinted = self._hinted(cell)
        return (
            self._readers_of(cell) | (hinted - self._knots.get(cell, _NO_CELLS)) if hinted else self._readers_of(cell)
        )

    def _all_children(self, cell: CellId) -> frozenset[CellId]:
        return self._readers_of(cell) | self._hinted(cell)

    def _readers_of(self, cell: CellId) -> frozenset[CellId]:
        names = self.names(cell)
        children: set[CellId] = set()
        for name in names.defs:
            children |= self._index.readers.get(name, _NO_CELLS)
        for name in names.refs:
            for reader in self._index.readers.get(name, _NO_CELLS) if self._is_deleted(name) else ():
                if name in self.names(reader).deleted:
                    children.add(reader)
        children.discard(cell)
        return frozenset(child for child in children if self.sources[child].type != "setup")

    def _hinted(self, cell: CellId) -> frozenset[CellId]:
        """Cells that mention a name of this one in the text of an annotation only. That never makes a conflict or a cycle."""
        found = _NO_CELLS
        for name in self.names(cell).defs:
            readers = self._index.readers.get(f"hint {name}", _NO_CELLS)
            if readers and self._is_sure(name):
                found |= readers
        return found and frozenset(child for child in found - {cell} if self.sources[child].type != "setup")

    def _is_sure(self, name: str) -> bool:
        """True when it is clear who defines the name."""
        return name not in self._index.contested or self._is_import(name)

    def _is_deleted(self, name: str) -> bool:
        return f"del {name}" in self._index.readers

    def ancestors(self, cells: Iterable[CellId]) -> set[CellId]:
        """Everything that these cells depend on, without themselves unless one depends on another."""
        return reachable(cells, self.parents)

    def descendants(self, cells: Iterable[CellId]) -> set[CellId]:
        """Everything that depends on these cells, without themselves unless one depends on another."""
        return reachable(cells, self.children)

    def sorted(self, cells: Iterable[CellId]) -> tuple[CellId, ...]:
        """Parents before children; the order of the file breaks ties. Cells of a cycle come last, in file order."""
        chosen = sorted(set(cells), key=self._position_of)
        place = {cell: index for index, cell in enumerate(chosen)}
        above = {cell: [parent for parent in self.parents(cell) if parent in place] for cell in chosen}
        if all(place[parent] < index for index, cell in enumerate(chosen) for parent in above[cell]):
            return tuple(chosen)
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

    def _position_of(self, cell: CellId) -> int:
        if self._positions is None:
            self._positions = {cell: index for index, cell in enumerate(self.order)}
        return self._positions[cell]

    # -- problems

    @property
    def disabled(self) -> Collection[CellId]:
        """Cells that the user has switched off."""
        return self._index.disabled

    @property
    def problems(self) -> Mapping[CellId, tuple[Problem, ...]]:
        """Cells that cannot run, and why. Cells below them are not listed."""
        if self._problems is None:
            found: dict[CellId, list[Problem]] = {}
            for problem, cells in self._all_problems():
                for cell in cells:
                    if problem not in found.setdefault(cell, []):
                        found[cell].append(problem)
            self._problems = {cell: tuple(found[cell]) for cell in sorted(found, key=self._position_of)}
        return self._problems

    def _all_problems(self) -> Iterator[tuple[Problem, Iterable[CellId]]]:
        for cell in self._index.suspects:
            names = self._by_cell[cell]
            if not isinstance(names, Names):
                yield names, (cell,)
                continue
            if names.star:
                yield StarImport("", (cell,)), (cell,)
            if self.sources[cell].type == "setup":
                for name in sorted(names.refs):
                    definers = self.definers(name) - {cell}
                    if definers:
                        yield SetupReads(name, (cell, *sorted(definers, key=self._position_of))), (cell,)
        for name in sorted(self._index.contested):
            if " " not in name and self._is_conflict(name):
                definers = self.definers(name)
                cells = tuple(sorted(definers, key=self._position_of))
                yield DefinedTwice(name, cells), definers | self.readers(name)
        for members in set(self._cycles.values()):
            yield self._cycle(members), members
        for name, stray in self._outside_names().items():
            if not self.definers(name):
                for reader in self.readers(name):
                    yield OutsideCell(name, (reader, stray)), (reader,)

    def _cycle(self, members: frozenset[CellId]) -> Cycle:
        names: set[str] = set()
        for cell in members:
            for name in self.names(cell).refs | self.names(cell).deleted:
                if (self.definers(name) & members) - {cell} or name in self.names(cell).deleted:
                    names.add(name)
        return Cycle(tuple(sorted(members, key=self._position_of)), tuple(sorted(names)))

    def _outside_names(self) -> Mapping[str, CellId]:
        """Names that statements between cells define, and where."""
        if self._outside is None:
            self._outside = {}
            for cell in sorted(self._index.strays, key=self._position_of):
                try:
                    names = self._find_names(self.sources[cell].code)
                except SyntaxError:
                    continue
                for name in names.defs | names.private:
                    self._outside.setdefault(name, cell)
        return self._outside


def _marked(names: frozenset[str]) -> frozenset[str]:
    """Private names stand in the same map as public ones, under a key that no name can have."""
    return frozenset(f"_private {name}" for name in names) if names else names


def _read(names: Names) -> frozenset[str]:
    """Names that a cell deletes, or only mentions in annotations, stand under such keys too."""
    read = names.refs
    if names.deleted:
        read |= {f"del {name}" for name in names.deleted}
    if names.hints:
        read |= {f"hint {name}" for name in names.hints}
    return read
