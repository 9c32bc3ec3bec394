"""Which cells can stand at the top level of the file as a function or a class that other programs import."""

import ast
from functools import lru_cache

from quire.names import is_private, names_of
from quire.names.order import read_order
from quire.notebook.lines import split_lines
from quire.notebook.model import Cell, Notebook
from quire.notebook.write import ALWAYS_THERE
from quire.protocol.messages import CellKind

RESERVED = frozenset({"app", "quire"})


@lru_cache(maxsize=4096)
def read_when_defined(code: str) -> frozenset[str]:
    """Names that the definition itself needs: decorators, defaults, annotations, bases, class bodies."""
    return frozenset(read_order(ast.parse(code)).read)


def shared_names(notebook: Notebook) -> set[str]:
    """Names at the top level of the file: what the setup block binds, functions and classes."""
    names: set[str] = set()
    for cell in notebook.cells:
        if cell.type in {"function", "class"}:
            names.add(cell.name)
        elif cell.type == "setup":
            names |= _setup_names(cell)
    return names


def _setup_names(cell: Cell) -> frozenset[str]:
    try:
        return names_of(cell.code).defs
    except SyntaxError:
        return frozenset()


def reusable_kind(notebook: Notebook, cell: Cell, code: str) -> tuple[CellKind, str, str]:
    """("function" or "class", its name, "") when `code` of `cell` may be importable, else ("cell", "_", why not).

    The reason is empty as well when the cell is not just one definition.
    """
    try:
        tree, names = ast.parse(code), names_of(code)
    except (SyntaxError, ValueError):
        return "cell", "_", ""
    if len(tree.body) != 1 or not isinstance(tree.body[0], ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return "cell", "_", ""
    node = tree.body[0]
    if is_private(node.name) or node.name in RESERVED or names.defs != frozenset({node.name}):
        return "cell", "_", f"`{node.name}` is private to its cell; a name without underscore can be imported"
    if any(line.startswith("#") for line in split_lines(code)[node.end_lineno :]):
        return "cell", "_", f"the comment below `{node.name}` would not stay with it; write it above, or inside"
    index = notebook.positions.get(cell.id, len(notebook.cells))
    others = [other for other in notebook.cells if other.id != cell.id]
    if any(other.name == node.name for other in others):
        return "cell", "_", f"another cell is called `{node.name}` already"
    earlier = available_names(notebook, index, cell)
    needed = sorted(name for name in read_when_defined(code) - earlier if name != node.name)
    if needed:
        return (
            "cell",
            "_",
            f"`{needed[0]}` is needed to define `{node.name}`, but only setup and earlier definitions are importable",
        )
    everywhere = shared_names(notebook) | ALWAYS_THERE | {node.name}
    missing = sorted(names.refs - everywhere)
    if missing:
        return (
            "cell",
            "_",
            f"`{node.name}` reads `{missing[0]}` of another cell; move that to the setup cell to make it importable",
        )
    return ("class" if isinstance(node, ast.ClassDef) else "function"), node.name, ""


def available_names(notebook: Notebook, index: int, skip: Cell | None = None) -> set[str]:
    """Names at the top level when Python comes to the cell at `index`."""
    names = set(ALWAYS_THERE)
    for cell in notebook.cells[:index]:
        if skip is not None and cell.id == skip.id:
            continue
        if cell.type in {"function", "class"}:
            names.add(cell.name)
        elif cell.type == "setup":
            names |= _setup_names(cell)
    return names


def broken_definitions(notebook: Notebook) -> list[tuple[Cell, str]]:
    """Top-level definitions that would fail when the file is imported, and the name that each would miss."""
    broken: list[tuple[Cell, str]] = []
    names = set(ALWAYS_THERE) | {"app", "quire"}
    for cell in notebook.cells:
        if cell.type == "setup":
            names |= _setup_names(cell)
        elif cell.type in {"function", "class"}:
            missing = sorted(read_when_defined(cell.code) - names) if not cell.damaged else []
            if missing:
                broken.append((cell, missing[0]))
            names.add(cell.name)
        elif cell.type == "stray" and not cell.damaged:
            names |= _setup_names(cell)
    return broken
