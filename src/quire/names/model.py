"""The names of one cell, as a value.

Written without `dataclasses` and `typing`: a script imports this module, and those two would double its start-up time.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.ids import CellId

_NONE: frozenset[str] = frozenset[str]()


def is_private(name: str) -> bool:
    """True for `_x`, `_` and `__`: names that stay in their cell. Dunder names are public."""
    return name[0] == "_" and (name[1:2] != "_" or name == "__")


PREFIX = "_quire_"


def mangled_name(cell: CellId, name: str) -> str:
    """The name under which `name` of `cell` lives among the globals when its own name is not free."""
    return f"{PREFIX}{''.join(char for char in cell if char.isalnum())}_{name}"


def is_mangled(name: str) -> bool:
    """True for the names that `mangled_name` makes."""
    return name.startswith(PREFIX)


def unmangled(text: str) -> str:
    """Names in `text` as the user wrote them."""
    pieces = text.split(PREFIX)
    return pieces[0] + "".join(piece.partition("_")[2] or piece for piece in pieces[1:])


class Names:
    """What one cell defines and reads at module level. Immutable by convention, compared by value."""

    __slots__ = ("defs", "deleted", "early", "hints", "imports", "is_async", "nested", "private", "refs", "star")

    def __init__(
        self,
        *,
        defs: frozenset[str] = _NONE,
        refs: frozenset[str] = _NONE,
        private: frozenset[str] = _NONE,
        deleted: frozenset[str] = _NONE,
        early: frozenset[str] = _NONE,
        nested: frozenset[str] = _NONE,
        hints: frozenset[str] = _NONE,
        imports: tuple[tuple[str, str], ...] = (),
        star: bool = False,
        is_async: bool = False,
    ) -> None:
        self.defs = defs
        """Names bound that other cells may read."""
        self.refs = refs
        """Names read that the cell has not bound before it reads them; builtins included."""
        self.private = private
        """Names bound that never leave the cell: a single leading underscore, `except … as` targets."""
        self.deleted = deleted
        """Names that a `del` removes although the cell does not bind them; they are in `refs` too."""
        self.early = early
        """Names the cell binds, but may load, augment or delete before it has bound them."""
        self.nested = nested
        """Names that functions, lambdas, comprehensions or methods of the cell use as globals."""
        self.hints = hints
        """Names that others look up: the text of annotations (`x: "Model"`) for whoever asks for the types, parameters of
        tests and fixtures for pytest.
        """
        self.imports = imports
        """(name, package) of each name bound by `import package.…`; such definitions are identical in any cell."""
        self.star = star
        """True when the cell contains `from … import *`."""
        self.is_async = is_async
        """True when the cell awaits at its top level."""

    def _values(self) -> tuple[object, ...]:
        return tuple(getattr(self, slot) for slot in self.__slots__)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Names) and self.defs == other.defs and self._values() == other._values()

    def __hash__(self) -> int:
        return hash((self.defs, self.refs))

    def __repr__(self) -> str:
        values: dict[str, object] = {slot: getattr(self, slot) for slot in self.__slots__}
        return f"Names({', '.join(f'{slot}={value!r}' for slot, value in values.items() if value)})"
