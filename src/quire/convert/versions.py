"""One name that several cells bind, in a notebook that runs from top to bottom: a version for each binding. Pure.

A version is a number: 0 is what the name means before any cell binds it (a builtin, or nothing), n is what the n-th of
its definers makes of it. Every reader gets the version that was current when it ran from top to bottom.
"""

import builtins
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from quire.convert.reads import CodeNames
from quire.names import is_private

_BUILTINS = frozenset(dir(builtins))

Cells = Sequence[CodeNames | None]
"""The cells of code in order; None for one that Python cannot read."""


@dataclass(frozen=True, slots=True)
class Change:
    """What one cell calls one name: `reads` from outside (None when it takes nothing), `binds` itself (None likewise)."""

    name: str
    reads: str | None
    binds: str | None


@dataclass(frozen=True, slots=True)
class Clash:
    """Versions cannot tell these cells apart; they have to become one."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Split:
    """Functions of this cell have to wait for a cell below, the rest of it has not."""

    name: str
    place: int
    waits_for: int


@dataclass(frozen=True, slots=True)
class Versions:
    """The names that the versions of `name` get, and who has to change for it."""

    name: str
    definers: tuple[int, ...]
    named: tuple[str, ...]
    changes: Mapping[int, Change]


class Index:
    """Who binds and who reads a name, by position."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.definers: dict[str, list[int]] = {}
        self.readers: dict[str, list[int]] = {}
        self.written: set[str] = set()
        for place, cell in enumerate(cells):
            if cell is not None:
                for name in cell.binds:
                    self.definers.setdefault(name, []).append(place)
                for name in cell.reads:
                    self.readers.setdefault(name, []).append(place)
                self.written |= cell.written

    def contested(self) -> Iterator[str]:
        """Names for which one cell's binding may hide another's, in the order in which they are bound."""
        for name, definers in self.definers.items():
            readers = self.readers.get(name, [])
            several = len(definers) > 1
            hides = name in _BUILTINS and bool(readers) and readers[0] < definers[0]
            leaves = is_private(name) and any(place not in definers for place in readers)
            waits = bool(readers) and readers[0] < definers[0]
            if several or hides or leaves or waits or (is_private(name) and bool(readers)):
                yield name


def find_versions(index: Index, name: str, fresh: Mapping[str, object] | set[str]) -> Versions | Clash | Split | None:
    """How the name is told apart; None when nothing has to be done. `fresh` holds the names that are taken."""
    history = _History(index, name)
    if name in index.written and len(history.definers) > 1:
        return Clash(name, history.definers[0], history.definers[-1])
    needs: dict[int, int | None] = {}
    for place in sorted({*index.readers.get(name, []), *history.definers, *history.late}):
        found = history.version_read_by(place)
        if isinstance(found, Clash | Split):
            return found
        needs[place] = found
    _forget_unneeded(index, history, needs)
    read = {version for version in needs.values() if version is not None}
    definers = history.definers
    early = any(name in cell.names.early for place in definers if (cell := index.cells[place]) is not None)
    if not read and (not early or len(definers) == 1):
        return None
    named = _choose_names(name, len(definers), read, set(fresh))
    changes: dict[int, Change] = {}
    for place, version in needs.items():
        binds = named[history.after(place)] if place in definers else None
        reads = None if version is None else named[version]
        if {binds, reads} - {None, name}:
            changes[place] = Change(name, reads, binds)
    return Versions(name, tuple(definers), tuple(named), changes) if changes else None


class _History:
    """Which version of one name is current where."""

    def __init__(self, index: Index, name: str) -> None:
        self.index = index
        self.name = name
        self.definers = index.definers[name]
        self.late = [
            place
            for place in {*index.readers.get(name, []), *self.definers}
            if (cell := index.cells[place]) is not None and cell.reads_late(name)
        ]

    def before(self, place: int) -> int:
        return bisect_left(self.definers, place)

    def after(self, place: int) -> int:
        return bisect_right(self.definers, place)

    def version_read_by(self, place: int) -> int | Clash | Split | None:
        """The version that the cell takes from outside; None when it takes none."""
        cell = self.index.cells[place]
        assert cell is not None
        before = self.before(place)
        is_late = place in self.late
        if self.after(place) > before:
            called = self._called(place, {self.after(place)}) if is_late else {self.after(place)}
            if len(called) > 1:
                return Clash(self.name, place, self.definers[max(called) - 1])
            takes = (
                self.name in cell.names.early
                or self.name not in cell.sure
                or (is_late and cell.calls_before_binding(self.name))
            )
            return before if takes and (before or self._is_builtin) else None
        versions = {before} if not is_late or self.name in cell.loads else set[int]()
        if is_late:
            versions = self._called(place, versions) or {before}
        if not self._is_builtin:  # a name that nobody has bound yet: whoever reads it waits for the first who does
            versions = {max(version, 1) for version in versions}
        if len(versions) > 1:
            return Clash(self.name, place, self.definers[max(versions) - 1])
        version = versions.pop()
        if is_late and version > before and len(cell.tree.body) > 1:
            return Split(self.name, place, self.definers[version - 1])
        return version

    @property
    def _is_builtin(self) -> bool:
        return self.name in _BUILTINS

    def _called(self, place: int, versions: set[int]) -> set[int]:
        """The versions current wherever functions of the cell that read the name may be called, and `versions`."""
        cell = self.index.cells[place]
        assert cell is not None
        found = set(versions)
        for use in self._uses(place, cell):
            found |= {self.after(use)} if use == place else {self.before(use), self.after(use)}
        return found

    def _uses(self, start: int, origin: CodeNames) -> set[int]:
        """Cells that may call what leads to the functions of `start`, directly or through what is made from it."""
        uses: set[int] = set()
        carriers = origin.carriers(self.name)
        pending = [(start, carrier, carrier in origin.classes) for carrier in carriers]
        seen = set(pending)
        while pending:
            since, carrier, is_class = pending.pop()
            for place in (since, *(p for p in self.index.readers.get(carrier, ()) if p != since)):
                cell = self.index.cells[place]
                if cell is None:
                    continue
                if carrier in cell.loads and place >= start:
                    uses.add(place)
                # A function above that calls it later leads to it too; a value made above was made of another.
                made: frozenset[str] = frozenset()
                if place >= since:
                    made = cell.makes(carrier) if is_class else cell.handed_on(carrier)
                for name in made | cell.carriers(carrier):
                    step = (place, name, is_class or name in cell.classes)
                    if step not in seen:
                        seen.add(step)
                        pending.append(step)
        return uses


def _forget_unneeded(index: Index, history: _History, needs: dict[int, int | None]) -> None:
    """A cell that may leave the name as it found it has to be given it only when somebody reads what it leaves."""
    read = {version for place, version in needs.items() if version is not None and place not in history.definers}
    for place in reversed(history.definers):
        cell, version = index.cells[place], needs[place]
        assert cell is not None
        if version is None:
            continue
        if history.after(place) in read or history.name in cell.reads or cell.reads_late(history.name):
            read.add(version)
        else:
            needs[place] = None


def _choose_names(name: str, count: int, read: set[int], taken: set[str]) -> list[str]:
    """A name for each version, 0 included. Versions that no cell reads may share one."""
    private = is_private(name)
    base = name.strip("_") or "last" if private else name
    unread = set(range(1, count + 1)) - read
    clashes = 0 in read  # the name itself has to stay free for what it means before
    shares = private or (not clashes and len(unread) > len(read))
    first_keeps = not clashes and not private and not shares
    named = [name]
    number = 0
    for version in range(1, count + 1):
        if (shares and version in unread) or (first_keeps and version == 1):
            named.append(name)
        elif private and base not in taken and base not in _BUILTINS and base.isidentifier():
            named.append(base)
            taken.add(base)
        else:
            number += 1
            while f"{base}_{number}" in taken:
                number += 1
            named.append(f"{base}_{number}")
            taken.add(named[-1])
    return named
