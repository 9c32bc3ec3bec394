"""What cells have defined for each other, as a list for people."""

from collections.abc import Iterable, Mapping
from time import perf_counter

from quire.dataflow import Graph
from quire.ids import CellId
from quire.kernel.summaries import summarise, type_name
from quire.names.model import is_mangled
from quire.protocol.messages import Variable

MOST = 2_000
_PATIENCE = 0.2
"""Seconds for all values together; what comes later is told by its type alone."""


def list_variables(stored: Mapping[str, Iterable[CellId]], names: Mapping[str, object], graph: Graph) -> list[Variable]:
    """The names that cells share, in the order of their cells; `stored` says which cells have left each one."""
    positions = {cell: position for position, cell in enumerate(graph.order)}
    found: list[tuple[int, str, list[CellId]]] = []
    for name, cells in stored.items():
        definers = sorted((cell for cell in cells if cell in positions), key=positions.__getitem__)
        if name in names and definers and not is_mangled(name):
            found.append((positions[definers[0]], name, definers))
    until = perf_counter() + _PATIENCE
    return [
        Variable(
            name=name,
            type=type_name(names[name]),
            value=summarise(names[name], ask=perf_counter() < until),
            cells=definers,
            readers=sorted((cell for cell in graph.readers(name) if cell in positions), key=positions.__getitem__),
        )
        for _, name, definers in sorted(found)[:MOST]
    ]
