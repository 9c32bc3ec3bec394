"""The annotation that a parameter carries when it is written anew: that of the name's single definition."""

import ast
import builtins
from collections.abc import Collection

from quire.names import names_of
from quire.notebook.model import Cell, Notebook
from quire.notebook.pieces import parse_tree
from quire.notebook.reuse import available_names
from quire.notebook.write import write_value

_GENERIC = frozenset({"dict", "frozenset", "list", "set", "tuple", "type"})


def annotated(notebook: Notebook, cell: Cell, parameters: list[str]) -> list[str]:
    """The parameters as a signature of `cell` shows them; one whose definition has no annotation is just its name."""
    if not parameters:
        return []
    visible = available_names(notebook, notebook.positions.get(cell.id, len(notebook.cells)))
    written: list[str] = []
    for parameter in parameters:
        annotation = _annotation_of(notebook, parameter)
        if annotation is not None:
            parameter = f"{parameter}: {_write_annotation(annotation, visible)}"  # noqa: PLW2901 — the same thing, written
        written.append(parameter)
    return written


def _annotation_of(notebook: Notebook, name: str) -> ast.expr | None:
    """What the only cell that defines the name says of it; None when there are several such cells, or it says nothing."""
    definers = [cell for cell in notebook.cells if name in cell.code and _defines(cell, name)]
    if len(definers) != 1:
        return None
    tree = parse_tree(definers[0].code)
    found = [
        node.annotation
        for node in (tree.body if tree else [])
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id == name
    ]
    return found[0] if len(found) == 1 else None


def _defines(cell: Cell, name: str) -> bool:
    try:
        return name in names_of(cell.code).defs
    except SyntaxError:
        return False


def _write_annotation(annotation: ast.expr, visible: Collection[str]) -> str:
    """Plain where Python can look it up when it imports the file, quoted elsewhere: importing must not fail."""
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        return write_value(annotation.value)
    plain = isinstance(annotation, ast.Name) and annotation.id in visible
    text = ast.unparse(annotation)
    return text if plain or _is_builtin(annotation) else write_value(text)


def _is_builtin(node: ast.expr) -> bool:
    """True for types made of builtins only, which Python can evaluate anywhere: `list[int] | None`."""
    match node:
        case ast.Name(id=name):
            return isinstance(getattr(builtins, name, None), type)
        case ast.Constant(value=None):
            return True
        case ast.Subscript(value=ast.Name(id=name), slice=ast.Tuple(elts=[_, *_] as arguments)):
            return name in _GENERIC and all(_is_builtin(argument) for argument in arguments)
        case ast.Subscript(value=ast.Name(id=name), slice=argument):
            return name in _GENERIC and _is_builtin(argument)
        case ast.BinOp(left=left, op=ast.BitOr(), right=right):
            both_none = isinstance(left, ast.Constant) and isinstance(right, ast.Constant)
            return _is_builtin(left) and _is_builtin(right) and not both_none
        case _:
            return False
