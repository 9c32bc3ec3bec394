"""Why a function or a class of a notebook can be imported by other programs, or why not, and what would change that."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from quire.names import is_private, names_of
from quire.notebook.cells import normal_code
from quire.notebook.edits import Edit, InsertCell, MakeImportable, RemoveCell, SetCode
from quire.notebook.model import SETUP, Cell, Notebook
from quire.notebook.pieces import parse_tree
from quire.notebook.reuse import RESERVED, available_names, read_when_defined, shared_names
from quire.notebook.write import ALWAYS_THERE

_DEFINITION = re.compile(r"\b(?:def|class)\b")
_VALUES = (ast.Assign, ast.AnnAssign, ast.Import, ast.ImportFrom)


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that keeps a definition from being imported."""

    message: str
    names: tuple[str, ...] = ()
    """The names it is about."""
    fix: str = ""
    """What a button would say; empty when nothing safe can be done by itself."""
    edits: tuple[Edit, ...] = ()
    """What the button would do, one after the other."""


def why_not_importable(notebook: Notebook, cell: Cell) -> tuple[Reason, ...] | None:
    """The reasons why other programs cannot import what the cell defines, as the file stands; empty when they can.

    None for a cell that is not just one function or class: nobody would ask.
    """
    return _explain(_File(notebook), cell)


def explain_definitions(notebook: Notebook) -> Iterator[tuple[Cell, tuple[Reason, ...]]]:
    """Every cell whose one definition cannot be imported, with the reasons. Quicker than asking about each."""
    if notebook.carrier == "markdown":
        return  # nothing can, and nobody expects it
    file = _File(notebook)
    for cell in notebook.cells:
        if _DEFINITION.search(cell.code) and (reasons := _explain(file, cell)):
            yield cell, reasons


class _File:
    """What the cells of one notebook are asked about, each looked up once."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook

    @cached_property
    def everywhere(self) -> frozenset[str]:
        """Names that are there when the file has been imported."""
        return frozenset(shared_names(self.notebook)) | ALWAYS_THERE

    @cached_property
    def names(self) -> Counter[str]:
        """How many cells have each name."""
        return Counter(cell.name for cell in self.notebook.cells)

    @cached_property
    def definers(self) -> dict[str, list[Cell]]:
        """The cells that define each name."""
        found: dict[str, list[Cell]] = {}
        for cell in self.notebook.cells:
            for name in _defs(cell):
                found.setdefault(name, []).append(cell)
        return found


def _explain(file: _File, cell: Cell) -> tuple[Reason, ...] | None:
    tree = parse_tree(cell.code)
    if tree is None or len(tree.body) != 1:
        return None
    node = tree.body[0]
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return None
    if cell.type in {"function", "class"}:
        return ()
    reasons = list(_reasons(file, cell, node.name))
    if not reasons:
        message = f"`{node.name}` needs nothing of other cells, but stands in an ordinary cell"
        return (Reason(message, (node.name,), f"Make `{node.name}` importable", (MakeImportable(cell.id),)),)
    if len(reasons) == 1 and reasons[0].edits:
        return (replace(reasons[0], edits=(*reasons[0].edits, MakeImportable(cell.id))),)
    return tuple(reasons)


def _reasons(file: _File, cell: Cell, name: str) -> Iterator[Reason]:
    try:
        names = names_of(cell.code)
    except SyntaxError:
        return
    if is_private(name):
        yield Reason(f"`{name}` is private to its cell; without the underscore it can be imported", (name,))
        return
    if name in RESERVED:
        yield Reason(f"`{name}` has a meaning of its own in the file; another name can be imported", (name,))
        return
    if cell.name not in {"_", name}:
        yield Reason(
            f"the cell is called `{cell.name}`, and `{name}` cannot have two names; take the cell's away", (name,)
        )
    if file.names[name] > (cell.name == name):
        yield Reason(f"another cell is called `{name}` already; give one of them another name", (name,))
    when_defined = read_when_defined(cell.code) - ALWAYS_THERE - {name}
    if when_defined:
        when_defined -= available_names(file.notebook, file.notebook.index(cell.id))
    for missing in sorted((names.refs - file.everywhere - {name}) | when_defined):
        yield _missing(file, cell, name, missing, now=missing in when_defined)


def _missing(file: _File, cell: Cell, name: str, missing: str, *, now: bool) -> Reason:
    """`missing` is not there when the file is imported, or (`now`) not yet when Python comes to the definition."""
    definers = [other for other in file.definers.get(missing, ()) if other.id != cell.id]
    need = f"`{name}` needs `{missing}` to be defined" if now else f"`{name}` reads `{missing}`"
    if not definers:
        return Reason(f"{need}, which no cell defines", (missing,))
    if len(definers) > 1:
        return Reason(
            f"{need}, which {len(definers)} cells define; only the setup cell's names can be imported", (missing,)
        )
    if definers[0].type in {"function", "class"}:
        return Reason(f"{need}, which is defined further down; move this cell below it", (missing,))
    edits = _move_to_setup(file.notebook, definers[0], missing)
    where = "which an ordinary cell defines; only setup and other importable definitions are there when the file is imported"
    return Reason(f"{need}, {where}", (missing,), f"Move `{missing}` to the setup cell" if edits else "", edits)


def _move_to_setup(notebook: Notebook, definer: Cell, name: str) -> tuple[Edit, ...]:
    """The import or the plain value moves; nothing when it is something else, or needs what setup does not have."""
    tree = parse_tree(definer.code)
    setup = next((cell for cell in notebook.cells if cell.type == "setup"), None)
    statements = [node for node in (tree.body if tree else []) if name in _bound(definer.code, node)]
    if (
        len(statements) != 1
        or not isinstance(statements[0], _VALUES)
        or (setup is None and SETUP in notebook.positions)
    ):
        return ()
    lines = definer.code.split("\n")
    start, end = statements[0].lineno - 1, statements[0].end_lineno or statements[0].lineno
    source = "\n".join(lines[start:end])
    rest = normal_code("\n".join([*lines[:start], *lines[end:]]))
    try:
        moved, left = names_of(source), names_of(rest)
    except SyntaxError:  # it shares its line with another statement
        return ()
    known = ALWAYS_THERE | (_defs(setup) if setup else frozenset[str]())
    if moved.refs - known or moved.private or moved.is_async or moved.defs & (left.defs | left.private):
        return ()
    first: Edit
    if setup is None:
        first = InsertCell(SETUP, None, source, type="setup")
    else:
        first = SetCode(setup.id, f"{setup.code}\n{source}" if setup.code else source)
    return (first, SetCode(definer.id, rest) if rest else RemoveCell(definer.id))


def _bound(code: str, node: ast.stmt) -> frozenset[str]:
    try:
        return names_of(ast.get_source_segment(code, node) or "").defs
    except SyntaxError:
        return frozenset()


def _defs(cell: Cell) -> frozenset[str]:
    if cell.type == "stray":
        return frozenset()
    try:
        return names_of(cell.code).defs
    except SyntaxError:
        return frozenset()
