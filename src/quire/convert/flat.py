"""A Quire notebook as cells that run from top to bottom in one namespace: what every other format is written from. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from quire.convert.model import Kind, Note
from quire.dataflow import Graph, Source, build_graph
from quire.errors import ConversionRefused
from quire.ids import CellId
from quire.names import rename_names
from quire.names.model import is_mangled
from quire.notebook import Cell, Notebook, parse_notebook
from quire.notebook.model import NO_OPTIONS
from quire.notebook.prose import read_prose

OWN_NAMES = frozenset({"qr", "quire", "mo"})
"""What notebooks call Quire."""
_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class FlatCell:
    """One cell; the source of markdown is the markdown."""

    kind: Kind
    source: str
    id: CellId
    name: str = "_"
    options: Mapping[str, object] = field(default_factory=lambda: NO_OPTIONS)
    runs: bool = True
    """False for what is switched off, damaged, or below such a cell."""


@dataclass(frozen=True, slots=True)
class Flat:
    """The cells in the order in which they run, and what stands above them."""

    cells: tuple[FlatCell, ...]
    header: str
    notes: tuple[Note, ...]
    notebook: Notebook


def flatten(text: str) -> Flat:
    """The cells of a Quire notebook in an order in which a plain interpreter can run them.

    Raises:
        ConversionRefused: the text is no Quire notebook.
    """
    notebook = parse_notebook(text)
    if notebook.foreign:
        raise ConversionRefused(notebook.foreign)
    graph = graph_of(notebook)
    order = graph.sorted(graph.order)
    notes: list[Note] = []
    numbers = {cell.id: number for number, cell in enumerate(notebook.cells, 1)}
    if order != graph.order:
        notes.append(Note("its cells stand in the order in which they run, which was another in the notebook"))
    off = set(graph.disabled) | {cell for cell in graph.order if graph.problems.get(cell)}
    off |= graph.descendants(off)
    for cell, problems in graph.problems.items():
        notes += [Note(str(problem), numbers[cell]) for problem in problems]
    codes = _apart(notebook, graph)
    cells = [_flat_cell(notebook.cell(cell), codes[cell], runs=cell not in off) for cell in order]
    return Flat(tuple(_without_own_import(cells)), header_of(notebook), tuple(notes), notebook)


def graph_of(notebook: Notebook) -> Graph:
    return build_graph(
        {cell.id: Source(cell.code, cell.type, cell.name, disabled=cell.disabled) for cell in notebook.cells}
    )


def header_of(notebook: Notebook) -> str:
    """Comments and docstring above `import quire`."""
    found = re.search(r"^(?:import|from) quire\b", notebook.header, re.MULTILINE)
    text = notebook.header[: found.start()] if found else ""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def _flat_cell(cell: Cell, code: str, *, runs: bool) -> FlatCell:
    prose = read_prose(code, OWN_NAMES)
    if prose is not None:
        return FlatCell("markdown", prose, cell.id, cell.name, cell.options, runs=runs)
    return FlatCell("code", code, cell.id, cell.name, cell.options, runs=runs)


def _apart(notebook: Notebook, graph: Graph) -> dict[CellId, str]:
    """The code of each cell, its own names renamed where functions of several cells would mix them up."""
    codes = {cell.id: cell.code for cell in notebook.cells}
    taken = {word for code in codes.values() for word in _WORD.findall(code)}
    shared: dict[str, list[CellId]] = {}
    for cell in graph.order:
        for name in graph.mangled(cell):
            shared.setdefault(name, []).append(cell)
    for name, cells in shared.items():
        for number, cell in enumerate(cells[1:], 1):
            new = f"{name}_{number}"
            while new in taken:
                number += 1  # noqa: PLW2901
                new = f"{name}_{number}"
            taken.add(new)
            assert not is_mangled(new)
            try:
                codes[cell] = rename_names(codes[cell], {name: new})
            except (SyntaxError, ValueError):
                continue
    return codes


def _without_own_import(cells: Sequence[FlatCell]) -> list[FlatCell]:
    """Without the cell that imports Quire for the sake of markdown only."""
    left = [cell for cell in cells if not (cell.kind == "code" and cell.source.strip() in _OWN_IMPORTS)]
    imported = [cell for cell in cells if cell not in left]
    names = {_OWN_IMPORTS[cell.source.strip()] for cell in imported}
    words = {word for cell in left if cell.kind == "code" for word in _WORD.findall(cell.source)}
    return list(cells) if names & words else left


_OWN_IMPORTS: Mapping[str, str] = {"import quire as qr": "qr", "import quire as mo": "mo", "import quire": "quire"}
