"""What stands between two formats: cells as their authors wrote them, and notes on what became of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from quire.notebook.model import NO_OPTIONS

Kind = Literal["code", "markdown", "raw"]

NO_FILES: Mapping[str, bytes] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Note:
    """One thing that the reader of a converted notebook should know."""

    message: str
    cell: int = 0
    """1-based number of the cell in the source, counting all kinds; 0 when it is about the whole."""

    def __str__(self) -> str:
        return f"cell {self.cell}: {self.message}" if self.cell else self.message


@dataclass(frozen=True, slots=True)
class DraftCell:
    """A cell in no format: the text that its author sees."""

    kind: Kind
    source: str
    number: int
    name: str = "_"
    options: Mapping[str, object] = field(default_factory=lambda: NO_OPTIONS)


@dataclass(frozen=True, slots=True)
class Draft:
    """A notebook in no format."""

    cells: tuple[DraftCell, ...]
    header: str = ""
    """Comments and docstring for the top of the file; holds the PEP 723 block when the source had one."""
    options: Mapping[str, object] = field(default_factory=lambda: NO_OPTIONS)
    """Options of `App(…)`."""
    setup: str = ""
    """Code of the setup cell, which runs before all others."""
    reactive: bool = False
    """True when its cells run by their names already, so that none has to change."""
    requirements: tuple[str, ...] = ()
    """What the source installs by its own means, for the PEP 723 block."""
    notes: tuple[Note, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=lambda: NO_FILES)
    """Files that stand beside the notebook: relative path → content."""


@dataclass(frozen=True, slots=True)
class Converted:
    """The text of a notebook in its new format, and what its reader should know."""

    text: str
    notes: tuple[Note, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=lambda: NO_FILES)
