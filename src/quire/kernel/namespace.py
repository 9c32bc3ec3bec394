"""The globals that all cells share, and each cell's private store. Never runs code; imports nothing but `ids`.

Written without `dataclasses` and `typing`: a script imports this module.

Invariants, for every name and cell:
1. A name is in `stored(cell)` when the cell's last successful run left it among the globals.
2. Between runs a private name is in its cell's store, never among the globals.
3. A run sees none of the names that its cell stored before. A run that succeeds replaces them all; one that does not
   leaves globals and stores as they were, but for names that the cell's new code no longer defines, or where the old
   values were not to be kept beside the new ones: they are gone.
4. A name that several cells store (an import) goes with the last of them.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from quire.ids import CellId

_NONE: frozenset[str] = frozenset()


class _Run:
    """What was put away while a cell runs."""

    __slots__ = ("covered", "old", "private", "public", "shared")

    def __init__(self, public: Collection[str], private: Collection[str]) -> None:
        self.public = public
        self.private = private
        self.old: dict[str, object] = {}
        """The cell's own earlier values, of names that it still defines."""
        self.shared: set[str] = set()
        """Names the cell stored that stay in place, because another cell stores them too."""
        self.covered: dict[str, object] = {}
        """Global bindings of others with the name of a private name."""


class Namespace:
    """The globals in which cells run.

    `names` is the dictionary itself, usually that of `__main__`. What it holds at first (`__file__`, …) comes back when a
    cell that has bound it no longer does.
    """

    __slots__ = ("_base", "_holders", "_running", "_store", "_stored", "names")

    def __init__(self, names: dict[str, object] | None = None) -> None:
        self.names: dict[str, object] = {} if names is None else names
        self._base = dict(self.names)
        self._stored: dict[CellId, frozenset[str]] = {}
        self._store: dict[CellId, dict[str, object]] = {}
        self._holders: dict[str, int] = {}
        self._running: dict[CellId, _Run] = {}

    def provide(self, name: str, value: object) -> None:
        """A name that is there as long as no cell binds it."""
        self._base[name] = value
        self.names.setdefault(name, value)

    def stored(self, cell: CellId) -> frozenset[str]:
        """The names that the cell last left among the globals."""
        return self._stored.get(cell, _NONE)

    def shown(self) -> tuple[dict[str, list[CellId]], dict[str, object]]:
        """The names that cells share, each with the cells that stored it, and their values. What a run has put aside
        counts until the run is over. Copies: a thread beside the one that runs cells may look.
        """
        values = dict(self.names)
        cells: dict[str, list[CellId]] = {}
        for cell, run in list(self._running.items()):
            for name, value in list(run.old.items()):
                if name not in run.private:
                    values.setdefault(name, value)
                    cells.setdefault(name, []).append(cell)
        for cell, stored in list(self._stored.items()):
            for name in stored:
                if cell not in cells.setdefault(name, []):
                    cells[name].append(cell)
        return cells, values

    def private(self, cell: CellId) -> dict[str, object]:
        """The cell's private names and their values; not to be changed."""
        return self._store.get(cell, {})

    def values(self, cell: CellId) -> list[object]:
        """What the cell holds on to."""
        return [
            *(self.names[name] for name in self.stored(cell) if name in self.names),
            *self.private(cell).values(),
        ]

    def enter(self, cell: CellId, public: Collection[str], private: Collection[str] = (), *, keep: bool = True) -> None:
        """Before a run: put the cell's own names aside.

        `public` are the names that the run leaves among the globals (mangled ones under their mangled name), `private`
        those that it binds under their real name and that move to the cell's store afterwards. Without `keep`, the old
        values are let go now.
        """
        if cell in self._running:
            raise RuntimeError(f"cell `{cell}` is running already")
        run = _Run(public, private)
        for name in self._stored.pop(cell, _NONE):
            if self._release(name):
                if name in self.names:
                    value = self._take(name)
                    if name in public or name in private:
                        run.old[name] = value
            elif name in public:
                run.shared.add(name)
        for name, value in self._store.pop(cell, {}).items():
            if name in public or name in private:
                run.old.setdefault(name, value)
        for name in private:
            if name in self.names:
                run.covered[name] = self.names.pop(name)
        if not keep:
            run.old.clear()
        self._running[cell] = run

    def leave(self, cell: CellId, *, succeeded: bool) -> None:
        """After a run: keep what it bound, or put back what was there before."""
        run = self._running.pop(cell)
        bound = {name: self.names.pop(name) for name in run.private if name in self.names}
        self.names.update(run.covered)
        if succeeded:
            self._keep(cell, (name for name in run.public if name in self.names), bound)
            return
        for name in run.public:
            if name in self.names and name not in self._holders:
                self._take(name)
        put_back = {name: value for name, value in run.old.items() if name not in run.private}
        self.names.update(put_back)
        self._keep(
            cell,
            run.shared.union(put_back),
            {name: value for name, value in run.old.items() if name in run.private},
        )

    def drop(self, cell: CellId) -> None:
        """Forget all that the cell has bound: it is gone from the notebook."""
        for name in self._stored.pop(cell, _NONE):
            if self._release(name) and name in self.names:
                self._take(name)
        self._store.pop(cell, None)

    def forget(self, name: str) -> None:
        """No cell defines the name any more: take it from the globals, whoever stored it."""
        if name in self._holders and name in self.names:
            self._take(name)

    def lose(self, cell: CellId, names: Collection[str]) -> None:
        """The cell does not define these names any more."""
        stored = self._stored.get(cell, _NONE)
        gone = stored.intersection(names)
        for name in gone:
            if self._release(name) and name in self.names:
                self._take(name)
        if gone:
            self._stored[cell] = stored.difference(gone)
        for name in names:
            self._store.get(cell, {}).pop(name, None)

    def settle(self, cell: CellId, public: Collection[str], private: Collection[str]) -> None:
        """Move values between globals and store after other cells made names public or private; nothing runs."""
        stored = self._stored.get(cell, _NONE)
        store = self._store.get(cell, {})
        hide = [name for name in stored if name in private]
        show = [name for name in store if name in public]
        if not hide and not show:
            return
        hidden: dict[str, object] = {}
        for name in hide:
            if name in self.names:
                hidden[name] = self.names[name]
            if self._release(name) and name in self.names:
                self._take(name)
        for name in show:
            self.names[name] = store[name]
            self._hold(name)
        self._stored[cell] = stored.difference(hide).union(show)
        self._store[cell] = {name: value for name, value in store.items() if name not in public} | hidden

    def _keep(self, cell: CellId, stored: Iterable[str], private: dict[str, object]) -> None:
        kept = frozenset(stored)
        for name in kept:
            self._hold(name)
        if kept:
            self._stored[cell] = kept
        if private:
            self._store[cell] = private

    def _hold(self, name: str) -> None:
        self._holders[name] = self._holders.get(name, 0) + 1

    def _release(self, name: str) -> bool:
        """One holder less; True when it was the last."""
        left = self._holders[name] - 1
        if left:
            self._holders[name] = left
            return False
        del self._holders[name]
        return True

    def _take(self, name: str) -> object:
        value = self.names.pop(name)
        if name in self._base:
            self.names[name] = self._base[name]
        return value
