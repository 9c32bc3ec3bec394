"""The kernel as a value: what ran, what is out of date, what comes next. Pure: `apply` turns events into effects.

A cell is *stale* when its code, an ancestor's code or an ancestor's run is newer than its last successful run, or a value
that it reads was set since. Two rules make every other one: cells run one at a time in topological order, and a cell
starts only when the last run of each of its parents succeeded. So nothing ever runs on values that a failed, interrupted
or forbidden cell left behind.

What depends on a cell that runs is queued with it; in lazy mode it becomes stale instead. A cell of nothing but imports
that runs again has given nothing new to those who read only names that it imported before.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import assert_never

import msgspec
from msgspec.structs import replace

from quire.dataflow import Graph, build_graph, plan, view_problem
from quire.ids import CellId
from quire.kernel.events import (
    CellEnded,
    CellsSynced,
    Discarded,
    DropCells,
    Effect,
    Event,
    ForgetNames,
    LazySet,
    LoseNames,
    ModulesChanged,
    Ready,
    Report,
    RunAsked,
    SettleCell,
    StaleAsked,
    StartCell,
    ValuesChanged,
)
from quire.kernel.records import Record, Records
from quire.names.imports import imports_of, modules_of
from quire.protocol.messages import Outcome
from quire.protocol.notices import CellFinished, CellsQueued, CellsStale, ProblemsChanged

_NEW = Record(stale=False)


class KernelState(msgspec.Struct, frozen=True):
    """Changed by `apply` only."""

    graph: Graph = msgspec.field(default_factory=lambda: build_graph({}))
    records: Records = Records()
    wanting: frozenset[CellId] = frozenset()
    """Those of them that failed for want of a name."""
    queue: tuple[CellId, ...] = ()
    """What is going to run, in this order."""
    running: CellId | None = None
    runs: int = 0
    """How many cells have started."""
    lazy: bool = False
    """Only what somebody asks for runs, with what it needs; what depends on it becomes stale."""

    def with_records(self, records: Mapping[CellId, Record | None]) -> "KernelState":
        """These records changed."""
        return replace(self, records=self.records.with_changes(records))

    def with_stale(self, cells: Iterable[CellId]) -> "KernelState":
        """These cells are out of date, which nobody need be told: they are about to run."""
        changes = {cell: replace(record, stale=True) for cell in cells if not (record := self.records[cell]).stale}
        return self.with_records(changes) if changes else self


Step = tuple[KernelState, list[Effect]]


def apply(state: KernelState, event: Event) -> Step:
    """What follows from an event."""
    match event:
        case CellsSynced():
            return _sync(state, event)
        case RunAsked(cells=cells):
            return _ask(state, cells, below=event.below)
        case StaleAsked():
            return _ask(state, [cell for cell, record in state.records.items() if record.stale])
        case ValuesChanged():
            return _react(state, event)
        case ModulesChanged():
            return _renew(state, event)
        case Ready():
            return _start_next(state)
        case CellEnded():
            return _end(state, event)
        case Discarded():
            return _discard(state)
        case LazySet(lazy=lazy):
            return replace(state, lazy=lazy), []
        case _:
            assert_never(event)


# -- the notebook changes


def _sync(state: KernelState, event: CellsSynced) -> Step:
    before = state.graph
    # Most of what is sent has only another place in the file.
    changed = {cell: source for cell, source in event.changed.items() if before.sources.get(cell) != source}
    after = before.updated(changed, event.order)
    edited = [
        cell
        for cell, source in changed.items()
        if (old := before.sources.get(cell)) is None or (old.code, old.type) != (source.code, source.type)
    ]
    change = after.change_from(before)
    removed = tuple(change.removed)
    consequences = plan(before, after, ())
    records = state.records.with_changes(
        {cell: _NEW for cell in changed if cell not in state.records} | dict.fromkeys(removed)
    )
    state = replace(state, graph=after, records=records)
    if removed:
        state = replace(
            state,
            queue=tuple(cell for cell in state.queue if cell in records),
            wanting=state.wanting.difference(removed),
        )
    effects: list[Effect] = []
    if removed:
        effects.append(DropCells(removed))
    effects += _lost(before, after, records, edited)
    effects += _settled(before, after, records, {*edited, *removed})
    if consequences.forget:  # last: a value that has become private is not forgotten
        effects.append(ForgetNames(consequences.forget))
    effects += _problems_changed(after, change.problems)
    robbed = _robbed(before, after, state.records, (*removed, *edited))
    state, marked = _mark_stale(
        state, edited, consequences.reached | robbed | {cell for cell in change.problems if after.problems_of(cell)}
    )
    effects += marked
    # What lost a definer, is no longer forbidden or finds its name again runs by itself, but never for the first time,
    # and not when its own text changed: its author says when.
    enabled = before.disabled.intersection(changed) & after.sources.keys() - after.disabled
    again = [
        cell
        for cell in {
            *consequences.reached.intersection(consequences.run),
            *robbed,
            *enabled,
            *after.descendants(enabled),
            *_served(state),
        }
        if cell not in edited and state.records[cell].outcome != "never" and state.records[cell].stale
    ]
    state, queued = _enqueue(state, () if state.lazy else again)
    return state, effects + queued


def _lost(before: Graph, after: Graph, records: Mapping[CellId, Record], edited: Iterable[CellId]) -> list[Effect]:
    """Else another cell that reads a name before it binds it would run on the value of a text that is gone."""
    effects: list[Effect] = []
    for cell in edited:
        if cell in before.sources and records[cell].run:
            names = before.names(cell).defs - after.names(cell).defs
            if names:
                effects.append(LoseNames(cell, names))
    return effects


def _robbed(before: Graph, after: Graph, records: Mapping[CellId, Record], changed: Iterable[CellId]) -> set[CellId]:
    """Cells whose names were deleted by a cell that does not delete them any more: only a run brings them back."""
    names = {
        name
        for cell in changed
        if cell in before.sources
        for name in before.names(cell).deleted - (after.names(cell).deleted if cell in after.sources else frozenset())
    }
    return {definer for name in names for definer in after.definers(name) if records[definer].run}


def _settled(
    before: Graph, after: Graph, records: Mapping[CellId, Record], changed: Collection[CellId]
) -> list[Effect]:
    """Other cells that have values, and whose names these changes made public or private."""
    touched = {
        name
        for cell in changed
        for graph in (before, after)
        if cell in graph.sources
        for name in (*graph.names(cell).defs, *graph.names(cell).refs)
    }
    moved = {name for name in touched if before.placing(name) != after.placing(name)}
    others = {cell for name in moved for cell in after.definers(name)}.difference(changed)
    effects: list[Effect] = []
    for cell in sorted(others):
        if records[cell].run:
            public, private = after.public(cell), after.private(cell).difference(after.mangled(cell))
            if (public, private) != (before.public(cell), before.private(cell).difference(before.mangled(cell))):
                effects.append(SettleCell(cell, public, private))
    return effects


def _problems_changed(graph: Graph, cells: Collection[CellId]) -> list[Effect]:
    """The present problems of these cells, whose problems are others than before."""
    changed = graph.in_file_order(cell for cell in cells if cell in graph.sources)
    if not changed:
        return []
    views = {
        cell: [view_problem(problem, cell, graph.sources[cell].code) for problem in graph.problems_of(cell)]
        for cell in changed
    }
    return [Report(ProblemsChanged(problems=views))]


def _mark_stale(state: KernelState, edited: Collection[CellId], lost: Collection[CellId]) -> Step:
    """Note which cells are out of date now. A cell without code has nothing to catch up with."""
    graph = state.graph
    stale = {cell: bool(graph.sources[cell].code.strip()) for cell in (*edited, *lost)}
    stale |= dict.fromkeys(_below(state, [cell for cell, is_stale in stale.items() if is_stale]), True)
    changed: dict[CellId, Record] = {}
    told: dict[bool, list[CellId]] = {True: [], False: []}
    for cell, is_stale in stale.items():
        is_stray = graph.sources[cell].type == "stray"
        record = state.records[cell]
        changed[cell] = replace(record, stale=is_stale and not is_stray)
        if changed[cell].stale != record.stale:
            told[is_stale].append(cell)
    effects: list[Effect] = [Report(CellsStale(cells=cells, stale=stale)) for stale, cells in told.items() if cells]
    return state.with_records(changed), effects


def _served(state: KernelState) -> list[CellId]:
    """Cells that failed for want of a name which is there now, without a run of its definer."""
    found: list[CellId] = []
    for cell in state.wanting:
        missing = state.records[cell].missing
        definers = state.graph.definers(missing) - {cell}
        is_given = bool(definers) and not state.graph.is_scratch(missing)
        if is_given and all(state.records[definer].outcome == "succeeded" for definer in definers):
            found.append(cell)
    return found


# -- somebody wants something to run


def _ask(state: KernelState, cells: Iterable[CellId], *, below: bool = True) -> Step:
    graph = state.graph
    asked = {cell for cell in cells if cell in graph.sources and graph.sources[cell].type != "stray"}
    asked |= {cell for cell in graph.ancestors(asked) if state.records[cell].stale}
    return _enqueue(state, asked, below=below)


def _react(state: KernelState, event: ValuesChanged) -> Step:
    graph = state.graph
    readers: set[CellId] = set()
    for name in event.names:
        readers |= graph.readers(name)
        readers |= {cell for cell in graph.mentioners(name) if graph.parents(cell) & graph.definers(name)}
    if event.beside is not None:
        readers.discard(event.beside)
    if state.lazy and not event.asked:
        return _mark_stale(state, (), readers)
    state = state.with_stale(readers)
    return _ask(state, readers) if state.lazy else _enqueue(state, readers)


def _renew(state: KernelState, event: ModulesChanged) -> Step:
    """Cells that import what has changed are out of date, and so is what depends on the names that they got from there."""
    graph = state.graph
    importers = [
        cell
        for cell in graph.order
        if graph.sources[cell].type != "stray" and not modules_of(graph.sources[cell].code).isdisjoint(event.modules)
    ]
    renewed = {
        cell: replace(
            record,
            imports={name: what for name, what in record.imports.items() if what.modules.isdisjoint(event.modules)},
        )
        for cell in importers
        if (record := state.records[cell]).imports is not None
    }
    state, effects = _mark_stale(state.with_records(renewed), (), importers)
    if not event.run or state.lazy:
        return state, effects
    state, queued = _enqueue(state, [cell for cell in importers if state.records[cell].outcome != "never"])
    return state, effects + queued


def _enqueue(state: KernelState, roots: Collection[CellId], *, below: bool = True) -> Step:
    """Queue these cells and (with `below`) what depends on them; report at once those that cannot run."""
    if not roots:
        return state, []
    graph = state.graph
    wanted = _complete(state, set(roots), below=below and not state.lazy)
    held: dict[CellId, Outcome] = {cell: why for cell in wanted if (why := graph.why_held(cell))}
    effects: list[Effect] = []
    records: dict[CellId, Record] = {}
    for cell in graph.sorted(held):
        records[cell] = replace(state.records[cell], outcome=held[cell], stale=True)
        if cell in roots or records[cell] != state.records[cell]:
            effects.append(Report(CellFinished(cell=cell, outcome=held[cell], stale=True)))
    queue = graph.sorted({*state.queue, *wanted} - held.keys())
    waiting = set(state.queue)
    added = [cell for cell in queue if cell in wanted and cell not in waiting]
    if added:
        effects.append(Report(CellsQueued(cells=added)))
    return replace(state.with_records(records), queue=queue), effects


def _below(state: KernelState, cells: Iterable[CellId]) -> set[CellId]:
    """What a run of these cells, as they are now, would give something new to, directly or through others."""
    found: set[CellId] = set()
    pending = list(cells)
    while pending:
        for child in _children(state, pending.pop()):
            if child not in found:
                found.add(child)
                pending.append(child)
    return found


def _children(state: KernelState, cell: CellId) -> Collection[CellId]:
    """The cells that read what a run of this one would change. Who has yet to run is served by any run."""
    graph, had = state.graph, state.records[cell].imports
    if had is None:
        return graph.children(cell)
    imports = imports_of(graph.sources[cell].code)
    if imports is None:
        return graph.children(cell)
    changed = {name for name, what in imports.items() if had.get(name) != what}
    return [
        child
        for child in graph.children(cell)
        if state.records[child].outcome != "succeeded"
        or not changed.isdisjoint(graph.names(child).refs | graph.names(child).hints)
    ]


def _complete(state: KernelState, wanted: set[CellId], *, below: bool) -> set[CellId]:
    """Add what the cells need and would not find, and with `below` what depends on them, and what they need and never ran."""
    graph = state.graph
    pending = wanted
    while pending:
        reached = pending | (_below(state, pending) - wanted if below else frozenset[CellId]())
        wanted = wanted | reached
        pending = {
            parent
            for cell in reached
            for parent in graph.parents(cell)
            if parent not in wanted
            and ((below and state.records[parent].outcome == "never") or _is_robbed(state, parent, cell))
        }
    return wanted


def _is_robbed(state: KernelState, parent: CellId, cell: CellId) -> bool:
    """True when a name that `cell` reads was deleted since `parent` ran: only another run brings it back."""
    graph, records = state.graph, state.records
    return any(
        records[deleter].run > records[parent].run > 0
        for name in graph.names(cell).refs & graph.names(parent).defs
        for deleter in graph.deleters(name) - {parent}
    )


# -- cells run


def _start_next(state: KernelState) -> Step:
    effects: list[Effect] = []
    while state.running is None and state.queue:
        cell = state.queue[0]
        state = replace(state, queue=state.queue[1:])
        if any(state.records[parent].outcome != "succeeded" for parent in state.graph.parents(cell)):
            state, cancelled = _cancel(state, cell)
            effects += cancelled
            continue
        state = replace(state, running=cell, runs=state.runs + 1)
        mangled = state.graph.mangled(cell)
        effects.append(
            StartCell(
                cell,
                public=state.graph.public(cell).union(mangled.values()),
                private=state.graph.private(cell).difference(mangled),
                mangled=mangled,
            )
        )
    return state, effects


def _cancel(state: KernelState, cell: CellId) -> Step:
    """The cell does not run, because of a parent. Behind a `stop`, nothing is wrong: it waits."""
    outcomes = {state.records[parent].outcome for parent in state.graph.parents(cell)}
    outcome: Outcome = "waiting" if outcomes <= {"succeeded", "stopped", "waiting"} else "cancelled"
    record = replace(state.records[cell], outcome=outcome, stale=True)
    return state.with_records({cell: record}), [Report(CellFinished(cell=cell, outcome=outcome, stale=True))]


def _end(state: KernelState, event: CellEnded) -> Step:
    cell = event.cell
    if cell not in state.records:
        return replace(state, running=None), []  # deleted while it ran
    succeeded = event.outcome == "succeeded"
    stale = event.outcome not in {"succeeded", "stopped"} or any(
        state.records[parent].stale for parent in state.graph.parents(cell)
    )
    below = state.graph.children(cell) if not succeeded else _children(state, cell)
    imports = imports_of(state.graph.sources[cell].code) if succeeded else None
    had = state.records[cell].imports
    record = Record(event.outcome, stale, state.runs, event.missing, imports)
    wanting = state.wanting | {cell} if event.missing else state.wanting - {cell}
    state = replace(state.with_records({cell: record}), running=None, wanting=wanting)
    effects: list[Effect] = [
        Report(CellFinished(cell=cell, outcome=event.outcome, duration=event.duration, stale=stale, costs=event.costs))
    ]
    if state.lazy or had is not None:  # else all that depends on it is in the queue
        waiting = set(state.queue)
        state, marked = _mark_stale(state, (), [child for child in below if child not in waiting])
        effects += marked
    state = state.with_stale(below)
    if event.outcome == "interrupted":
        state, discarded = _discard(state)
        return state, effects + discarded
    if not succeeded and state.queue:
        descendants = state.graph.descendants([cell])
        cancelled = [waiting for waiting in state.queue if waiting in descendants]
        state = replace(state, queue=tuple(waiting for waiting in state.queue if waiting not in descendants))
        for waiting in cancelled:
            state, reported = _cancel(state, waiting)
            effects += reported
    return state, effects


def _discard(state: KernelState) -> Step:
    """Nothing more runs; what waited stays as it is, or is out of date because something above it is."""
    effects: list[Effect] = []
    for cell in state.queue:
        record = state.records[cell]
        if not record.stale and any(state.records[parent].stale for parent in state.graph.parents(cell)):
            record = replace(record, stale=True)
            state = state.with_records({cell: record})
        effects.append(Report(CellFinished(cell=cell, outcome=record.outcome, stale=record.stale)))
    return replace(state, queue=()), effects
