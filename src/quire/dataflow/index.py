"""Name → the cells that define it, and those that read it: maps that an edit changes by its own names only.

Written without `dataclasses` and `typing`, like the graph: scripts import this module.
"""

from __future__ import annotations

from quire.names.model import Names

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.dataflow.problems import SyntaxProblem
    from quire.ids import CellId

NO_CELLS: frozenset[CellId] = frozenset()
NO_NAMES = Names()


class Touched:
    """The names that changes are about."""

    __slots__ = ("bound", "read")

    def __init__(self) -> None:
        self.bound: set[str] = set()
        """Other cells define them than before, or in another way."""
        self.read: set[str] = set()
        """Other cells read them than before."""

    @property
    def names(self) -> set[str]:
        """All of them."""
        return self.bound | self.read


class Index:
    """Who binds and who reads each name, and what follows for names that several cells bind. A copy may be changed."""

    __slots__ = ("conflicts", "contested", "definers", "early", "readers", "scratch")

    def __init__(self, other: Index | None = None) -> None:
        # `copy` copies the table as it is; `dict(…)` and `{**…}` put in one by one what once had something deleted
        self.definers: dict[str, frozenset[CellId]] = other.definers.copy() if other else {}
        """Also under `_private x`, `import x` (it imports just that package) and `nested x` (its functions use the name)."""
        self.readers: dict[str, frozenset[CellId]] = other.readers.copy() if other else {}
        """Also under `del x`, for cells that delete the name, and `hint x`, for those that only mention it."""
        self.early: dict[str, frozenset[CellId]] = other.early.copy() if other else {}
        """Definers that may load the name before they bind it."""
        self.contested: set[str] = other.contested.copy() if other else set()
        """Names with several definers."""
        self.conflicts: set[str] = other.conflicts.copy() if other else set()
        """Those of them that somebody reads, who cannot know which is meant."""
        self.scratch: set[str] = other.scratch.copy() if other else set()
        """Those of them that nobody else reads: each definer has its own. Imports of one package are neither."""

    def move(self, cell: CellId, old: Names | SyntaxProblem, new: Names | SyntaxProblem, touched: Touched) -> None:
        """Bring the maps from `old` to `new`, and add the names that this touches."""
        before = old if isinstance(old, Names) else NO_NAMES
        after = new if isinstance(new, Names) else NO_NAMES
        was, now = _bound(before), _bound(after)
        _change(self.definers, cell, was, now)
        touched.bound |= was ^ now
        was, now = _read(before), _read(after)
        _change(self.readers, cell, was, now)
        touched.read |= was ^ now
        _change(self.early, cell, before.early, after.early)
        touched.read |= before.early ^ after.early
        if before.imports != after.imports:
            touched.bound |= before.defs | after.defs

    def judge(self, touched: Touched) -> None:
        """After moves: what holds now for the names that they touched."""
        for name in touched.names:
            definers = self.definers.get(name, NO_CELLS)
            is_contested = len(definers) > 1 and " " not in name
            is_free = is_contested and not self.is_import(name)
            is_read = is_free and (name in self.early or not self.readers.get(name, NO_CELLS) <= definers)
            for names, holds in (
                (self.contested, is_contested),
                (self.conflicts, is_free and is_read),
                (self.scratch, is_free and not is_read),
            ):
                (names.add if holds else names.discard)(name)

    def fed(self, touched: Touched) -> set[CellId]:
        """Cells that may have other parents now, beside those that have changed themselves."""
        fed: set[CellId] = set()
        for name in touched.bound:
            fed |= self.readers.get(name, NO_CELLS) | self.readers.get(f"hint {name}", NO_CELLS)
        for name in touched.read:
            fed |= self.readers.get(f"del {name}", NO_CELLS)
        return fed

    def is_import(self, name: str) -> bool:
        """True when every definer says `import package` for the name: any of them will do."""
        imports = self.definers.get(f"import {name}", NO_CELLS)
        return bool(imports) and len(imports) == len(self.definers[name])


def _bound(names: Names) -> frozenset[str]:
    bound = names.defs
    if names.private:
        bound |= {f"_private {name}" for name in names.private}
    nested = names.nested & (names.defs | names.private)
    if nested:
        bound |= {f"nested {name}" for name in nested}
    if names.imports:
        bound |= {f"import {name}" for name, _ in names.imports if name in names.defs}
    return bound


def _read(names: Names) -> frozenset[str]:
    read = names.refs
    if names.deleted:
        read |= {f"del {name}" for name in names.deleted}
    if names.hints:
        read |= {f"hint {name}" for name in names.hints}
    return read


def _change(index: dict[str, frozenset[CellId]], cell: CellId, was: frozenset[str], now: frozenset[str]) -> None:
    for name in was - now:
        left = index[name] - {cell}
        if left:
            index[name] = left
        else:
            del index[name]
    for name in now - was:
        index[name] = index.get(name, NO_CELLS) | {cell}
