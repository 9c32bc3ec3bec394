"""What became of each cell, in a map that is never changed in place and cheap to change all the same."""

from collections.abc import Iterator, Mapping
from itertools import chain

import msgspec

from quire.ids import CellId
from quire.names.imports import Import
from quire.protocol.messages import Outcome

_BUCKETS = 64


class Record(msgspec.Struct, frozen=True):
    """What became of one cell."""

    outcome: Outcome = "never"
    stale: bool = True
    run: int = 0
    """When it last ran, counted in runs of all cells; 0 when it never did."""
    missing: str = ""
    """The name for want of which the last run failed."""
    imports: Mapping[str, Import] | None = None
    """What its last run imported, of a cell that does nothing else; None when it failed."""


class Records(Mapping[CellId, Record]):
    """A change copies the buckets of the cells that it is about: a run of one cell among 10,000 must not copy 10,000."""

    __slots__ = ("_buckets",)

    def __init__(self, buckets: tuple[dict[CellId, Record], ...] = ({},) * _BUCKETS) -> None:
        self._buckets = buckets

    def with_changes(self, changes: Mapping[CellId, Record | None]) -> "Records":
        """The same with other records; None takes one out."""
        if not changes:
            return self
        buckets = list(self._buckets)
        copied: set[int] = set()
        for cell, record in changes.items():
            number = hash(cell) % _BUCKETS
            if number not in copied:
                copied.add(number)
                buckets[number] = dict(buckets[number])
            if record is None:
                buckets[number].pop(cell, None)
            else:
                buckets[number][cell] = record
        return Records(tuple(buckets))

    def __getitem__(self, cell: CellId) -> Record:
        return self._buckets[hash(cell) % _BUCKETS][cell]

    def __iter__(self) -> Iterator[CellId]:
        return chain.from_iterable(self._buckets)

    def __len__(self) -> int:
        return sum(map(len, self._buckets))
