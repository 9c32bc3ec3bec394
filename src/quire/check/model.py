"""Rules, what they find, and where."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from quire.ids import CellId
from quire.notebook import Edit

if TYPE_CHECKING:
    from quire.check.view import View

DOCUMENTATION = "docs/check/{}.md"
"""Where the page of a rule stands, by its code in lower case."""


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of text: lines and columns from 1, columns in code points, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Write the cell's text anew from its code: its parameters and its return, or its function where it was a string."""

    cell: CellId


@dataclass(frozen=True, slots=True)
class AddGuard:
    """Append `if __name__ == "__main__": app.run()`."""


@dataclass(frozen=True, slots=True)
class AddVersion:
    """Say above the app which version the file was made with."""


@dataclass(frozen=True, slots=True)
class Fix:
    """A way out that needs no person."""

    label: str
    steps: tuple[Edit | Rewrite | AddGuard | AddVersion, ...]
    safe: bool = True
    """False when the notebook may do something else afterwards, or lose a line."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something a rule has to say."""

    code: str
    message: str
    cell: CellId | None
    """The cell it is about; None when it is about the file."""
    in_cell: Place | None
    """Where in the cell's code."""
    in_file: Place
    fix: Fix | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One thing to look for."""

    code: str
    """`QB…` breaking, `QR…` risky, `QF…` form. A code is never used for anything else."""
    name: str
    look: "Callable[[View], Iterator[Finding]]"
    is_quiet: bool = False
    """True when it is only looked for by somebody who names its code."""

    @property
    def page(self) -> str:
        """The page that explains the rule."""
        return DOCUMENTATION.format(self.code.lower())
