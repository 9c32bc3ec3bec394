"""Walks along the edges of a graph: what can be reached from some cells, and which cells wait for each other."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from quire.ids import CellId


def reachable(cells: Iterable[CellId], step: Callable[[CellId], Iterable[CellId]]) -> set[CellId]:
    """Everything that `step` leads to, without the cells themselves unless one leads to another."""
    found: set[CellId] = set()
    pending = list(cells)
    while pending:
        for neighbour in step(pending.pop()):
            if neighbour not in found:
                found.add(neighbour)
                pending.append(neighbour)
    return found


def components(cells: Iterable[CellId], step: Callable[[CellId], Iterable[CellId]]) -> Iterator[frozenset[CellId]]:
    """Strongly connected components, by Tarjan's algorithm (1972) without recursion: a chain may be long."""
    index: dict[CellId, int] = {}
    low: dict[CellId, int] = {}
    stack: list[CellId] = []
    on_stack: set[CellId] = set()
    for root in cells:
        if root in index:
            continue
        work: list[tuple[CellId, Iterator[CellId]]] = [(root, iter(step(root)))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            cell, neighbours = work[-1]
            for neighbour in neighbours:
                if neighbour not in index:
                    index[neighbour] = low[neighbour] = len(index)
                    stack.append(neighbour)
                    on_stack.add(neighbour)
                    work.append((neighbour, iter(step(neighbour))))
                    break
                if neighbour in on_stack:
                    low[cell] = min(low[cell], index[neighbour])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[cell])
                if low[cell] == index[cell]:
                    members: set[CellId] = set()
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        members.add(member)
                        if member == cell:
                            break
                    yield frozenset(members)
