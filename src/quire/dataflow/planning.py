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
    run: tuple[CellId, ...]
    """Topological; the order of the file breaks ties."""
    stale: frozenset[CellId]
    """Shown as out of date, not run: lazy mode, disabled cells, cells that wait for one that cannot run."""
    problems: Mapping[CellId, Problem]
    """Cells that cannot run, and why."""


def plan(
    before: Graph,
    after: Graph,
    roots: Collection[CellId],
    *,
    lazy: bool = False,
    changed: Collection[CellId] | None = None,
) -> Plan:
    """Compare two graphs; a removed cell counts as a cell with empty source.

    `roots` are the cells that somebody asked to run. What depends on them runs too, and so do the cells that lost a
    definer or that nothing forbids any more. `changed`: who knows which sources are others says so, and the plan takes
    as long as what they affect, not as the notebook.
    """
    if changed is None:
        changed = [cell for cell, source in after.sources.items() if before.sources.get(cell) is not source]
    removed = sorted(before.removed_in(after))
    asked = {cell for cell in roots if cell in after.sources and after.sources[cell].type != "stray"}
    affected = set(asked)
    for cell in (*removed, *(cell for cell in changed if cell in before.sources)):
        affected |= {child for child in before.children(cell) if child in after.sources} - _still_served(
            before, after, cell
        )
    affected |= {cell for cell in before.problems if cell in after.sources and cell not in after.problems}
    affected |= after.descendants(affected)
    blocked = set(after.problems)
    blocked |= set(after.disabled)
    held = blocked | after.descendants(blocked)
    runnable = {cell for cell in affected if cell not in held}
    run = after.sorted(runnable & asked if lazy else runnable)
    return Plan(
        forget=_forgotten(before, after, [*removed, *changed]),
        run=run,
        stale=frozenset((affected | held.intersection(_rewritten(before, after, changed))) - set(run)),
        problems={cell: problems[0] for cell, problems in after.problems.items()},
    )


def _rewritten(before: Graph, after: Graph, changed: Collection[CellId]) -> list[CellId]:
    """Those whose text is another one: to be switched off makes nobody out of date."""
    return [
        cell
        for cell in changed
        if (old := before.sources.get(cell)) is None
        or (old.code, old.type) != (after.sources[cell].code, after.sources[cell].type)
    ]


def _still_served(before: Graph, after: Graph, cell: CellId) -> set[CellId]:
    """Readers of `cell` for whom nothing changed: it defines for them what it defined before, and was not asked to run."""
    if cell not in after.sources:
        return set()
    kept = before.public(cell) & after.public(cell)
    return {
        child
        for child in before.children(cell)
        if child in after.sources
        and (before.public(cell) & (before.names(child).refs | before.names(child).hints)) <= kept
    }


def _forgotten(before: Graph, after: Graph, cells: Collection[CellId]) -> frozenset[str]:
    names: set[str] = set()
    for cell in cells:
        if cell in before.sources:
            names |= before.public(cell) - (after.public(cell) if cell in after.sources else frozenset())
    return frozenset(name for name in names if not any(name in after.public(cell) for cell in after.definers(name)))
