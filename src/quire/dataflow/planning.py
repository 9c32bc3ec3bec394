"""Which cells must run, and in what order. Pure: never imports, executes or prints a cell."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from quire.dataflow.graph import Graph
from quire.dataflow.problems import Problem
from quire.ids import CellId


@dataclass(frozen=True)
class Plan:
    """The consequences of one change, in the order they must happen."""

    forget: frozenset[str]
    """Names to delete before anything runs."""
    reached: frozenset[CellId]
    """What the change itself reaches; what else runs or becomes stale depends on that."""
    run: tuple[CellId, ...]
    """Topological; the order of the file breaks ties."""
    stale: frozenset[CellId]
    """Shown as out of date, not run: lazy mode, disabled cells, cells that wait for one that cannot run."""
    problems: Mapping[CellId, Problem]
    """Those of the affected cells that cannot run, and why."""


def plan(before: Graph, after: Graph, roots: Collection[CellId], *, lazy: bool = False) -> Plan:
    """Compare two graphs; a removed cell counts as a cell with empty source.

    `roots` are the cells that somebody asked to run. What depends on them runs too, and so do the cells that lost a
    definer or that nothing forbids any more.
    """
    change = after.change_from(before)
    asked = {cell for cell in roots if cell in after.sources and after.sources[cell].type != "stray"}
    affected = set(asked)
    for cell in change.removed:
        affected |= before.children(cell)
    for cell in change.cells:
        affected |= _bereft(before, after, cell)
    affected |= {cell for cell in change.problems if before.problems_of(cell) and not after.problems_of(cell)}
    reached = frozenset(affected & after.sources.keys())
    affected = reached | after.descendants(reached)
    runnable = {cell for cell in affected if not after.why_held(cell)}
    held = {cell for cell in _rewritten(before, after, change.cells) if after.why_held(cell)}
    run = after.sorted(runnable & asked if lazy else runnable)
    return Plan(
        forget=_forgotten(before, after, [*change.removed, *change.cells]),
        reached=reached,
        run=run,
        stale=frozenset((affected | held).difference(run)),
        problems={cell: problems[0] for cell in {*affected, *change.problems} if (problems := after.problems_of(cell))},
    )


def _rewritten(before: Graph, after: Graph, changed: Collection[CellId]) -> list[CellId]:
    """Those whose text is another one: to be switched off makes nobody out of date."""
    return [
        cell
        for cell in changed
        if (old := before.sources.get(cell)) is None
        or (old.code, old.type) != (after.sources[cell].code, after.sources[cell].type)
    ]


def _bereft(before: Graph, after: Graph, cell: CellId) -> set[CellId]:
    """Cells that no longer get from `cell`, or because of it, what they got before."""
    if cell not in before.sources:
        lost, gained = frozenset[str](), after.names(cell).defs
    else:
        lost = before.public(cell) - after.public(cell)
        gained = after.names(cell).defs - before.names(cell).defs
    bereft = {child for name in lost for child in before.readers(name) | before.mentioners(name) if child != cell}
    for name in gained:  # when several have their own, it is no type that an annotation could mean
        for child in after.mentioners(name):
            if child in before.sources and not before.parents(child) <= after.parents(child):
                bereft.add(child)
    return bereft


def _forgotten(before: Graph, after: Graph, cells: Collection[CellId]) -> frozenset[str]:
    names: set[str] = set()
    for cell in cells:
        if cell in before.sources:
            names |= before.public(cell) - (after.public(cell) if cell in after.sources else frozenset())
    return frozenset(name for name in names if not after.definers(name) or after.is_scratch(name))
