"""Rules about what a cell shows, and what it shows to nobody."""

import ast
from collections.abc import Iterator

from quire.check.model import Finding, Fix, Rule
from quire.check.view import View
from quire.dedent import dedent
from quire.notebook import Cell, RemoveCell, SetCode

_SHOWN = frozenset({"md", "hstack", "vstack", "Html", "plain_text", "callout", "accordion", "tabs"})
"""Functions of Quire whose value is of no use but to be shown."""
_VALUES = (ast.Name, ast.Attribute, ast.Subscript, ast.Compare, ast.BinOp, ast.JoinedStr, ast.List, ast.Dict, ast.Tuple)
_BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.With, ast.AsyncWith, ast.Try, ast.Match)


def _is_value(node: ast.expr) -> bool:
    """True for an expression that is written for its value: nothing else would happen."""
    if isinstance(node, ast.Call):
        callee = node.func
        return (
            isinstance(callee, ast.Attribute)
            and callee.attr in _SHOWN
            and isinstance(callee.value, ast.Name)
            and callee.value.id in {"qr", "quire"}
        )
    return isinstance(node, _VALUES)


def _branch_output(view: View) -> Iterator[Finding]:
    for cell, tree in view.trees():
        if tree.body and isinstance(tree.body[-1], _BRANCHES) and cell.type == "cell":
            for node in _last_of_branches(tree.body[-1]):
                if isinstance(node, ast.Expr) and _is_value(node.value):
                    word = type(tree.body[-1]).__name__.removeprefix("Async").lower()
                    message = f"this value is not shown, because it stands inside `{word}`; give it a name there, and end the cell with the name"
                    yield view.at_node("QR002", message, cell, node)


def _last_of_branches(node: ast.stmt) -> Iterator[ast.stmt]:
    """The last statement of each way through a block."""
    bodies: list[list[ast.stmt]] = []
    match node:
        case ast.If() | ast.For() | ast.AsyncFor() | ast.While():
            bodies = [node.body, node.orelse]
        case ast.With() | ast.AsyncWith():
            bodies = [node.body]
        case ast.Try():
            bodies = [node.body, *(handler.body for handler in node.handlers), node.orelse, node.finalbody]
        case ast.Match():
            bodies = [case.body for case in node.cases]
        case _:
            yield node
            return
    for body in bodies:
        if body:
            yield from _last_of_branches(body[-1])


def _lost_value(view: View) -> Iterator[Finding]:
    for cell, tree in view.trees():
        if cell.type != "cell":
            continue
        for node in tree.body[:-1]:
            if isinstance(node, ast.Expr) and _is_value(node.value):
                message = "this value is not shown, because only the last expression of a cell is; move it to a cell of its own"
                yield view.at_node("QR003", message, cell, node)


def _unused_cell(view: View) -> Iterator[Finding]:
    graph = view.graph
    for cell, tree in view.trees():
        if cell.type != "cell" or cell.name != "_" or not tree.body:
            continue
        names = view.names(cell)
        if not names.defs or not all(_only_defines(node) for node in tree.body):
            continue
        if all(not graph.readers(name) - {cell.id} for name in names.defs):
            said = ", ".join(f"`{name}`" for name in sorted(names.defs)[:3])
            message = (
                f"no other cell reads {said}, and the cell shows and does nothing; remove it, or use what it defines"
            )
            yield view.at_cell("QR004", message, cell, Fix("remove the cell", (RemoveCell(cell.id),), safe=False))


def _only_defines(node: ast.stmt) -> bool:
    """True when the statement binds names and nothing else can happen: no call, no attribute set, no output."""
    match node:
        case ast.Assign(targets=targets, value=value):
            return all(isinstance(target, ast.Name | ast.Tuple) for target in targets) and _is_plain(value)
        case ast.AnnAssign(target=ast.Name(), value=value):
            return value is None or _is_plain(value)
        case ast.FunctionDef(decorator_list=[]) | ast.AsyncFunctionDef(decorator_list=[]):
            return True
        case _:
            return False


def _is_plain(value: ast.expr) -> bool:
    return not any(
        isinstance(
            node, ast.Call | ast.Await | ast.Yield | ast.YieldFrom | ast.NamedExpr | ast.Attribute | ast.Subscript
        )
        for node in ast.walk(value)
    )


def _empty_cell(view: View) -> Iterator[Finding]:
    for cell in view.notebook.cells:
        if cell.type in {"cell", "unparsable"} and not cell.code.strip() and cell.name == "_":
            yield view.at_cell(
                "QF003", "the cell is empty", cell, Fix("remove the cell", (RemoveCell(cell.id),), safe=False)
            )


# -- markdown


def _markdown_indentation(view: View) -> Iterator[Finding]:
    """What all lines are indented by is taken away when the text is shown; what is left makes a paragraph a code block."""
    for cell, tree in view.trees():
        match tree.body:
            case [
                ast.Expr(value=ast.Call(func=ast.Attribute(attr="md"), args=[ast.Constant(value=str(text)) as node]))
            ]:
                first = next((line for line in dedent(text).split("\n") if line.strip()), "")
                if first.startswith("    "):
                    message = "the text begins indented, and other lines of it do not, so that it is shown as code"
                    fix = _indent_evenly(cell, node)
                    yield view.at_node("QF004", message, cell, node, fix)
            case _:
                pass


def _indent_evenly(cell: Cell, node: ast.expr) -> Fix | None:
    """The lines of the text as far to the left as its first; None where they are not lines of the cell as they stand."""
    first, last = node.lineno, node.end_lineno or node.lineno
    rows = cell.code.split("\n")
    inside = rows[first:last]
    opening = next((row for row in inside if row.strip()), "")
    depth = len(opening) - len(opening.lstrip(" "))
    if depth == 0 or rows[first - 1][node.col_offset :].rstrip()[-3:] not in {'"""', "'''"}:
        return None
    moved = [row[min(depth, len(row) - len(row.lstrip(" "))) :] for row in inside]
    code = "\n".join([*rows[:first], *moved, *rows[last:]])
    return Fix("take the indentation away", (SetCode(cell.id, code),), safe=False)


RULES = (
    Rule("QR002", "branch-output", _branch_output),
    Rule("QR003", "lost-value", _lost_value),
    Rule("QR004", "unused-cell", _unused_cell),
    Rule("QF003", "empty-cell", _empty_cell),
    Rule("QF004", "markdown-indentation", _markdown_indentation),
)
