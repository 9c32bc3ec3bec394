"""Top-level statements with the lines that belong to them: what a file is cut into before anybody asks what they mean."""

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field

from quire.notebook.lines import leading_comment_lines, trailing_comment_end


@dataclass(slots=True)
class Piece:
    """Lines `start` to `end` of the file (0-based, end exclusive) and the statements in them; none when they are damaged."""

    start: int
    end: int
    nodes: list[ast.stmt] = field(default_factory=list[ast.stmt])
    app: ast.Call | bool | None = None
    """The call in `app = quire.App(…)`, or True when it is there but damaged."""
    imports_quire: bool = False
    guard: bool = False


def parse_tree(text: str) -> ast.Module | None:
    """The syntax tree, or None when Python cannot read the text."""
    try:
        if "\\" not in text:
            return ast.parse(text)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None


def tree_pieces(tree: ast.Module, lines: list[str], first: int = 0) -> Iterator[Piece]:
    """One piece per top-level statement, with the comments that belong to it; statements on one line are one piece."""
    statements = tree.body
    number = 0
    previous_end = first
    while number < len(statements):
        group = [statements[number]]
        while number + 1 < len(statements) and _start(statements[number + 1]) <= (group[-1].end_lineno or 0):
            number += 1
            group.append(statements[number])
        number += 1
        start = _start(group[0]) - 1
        end = group[-1].end_lineno or start + 1
        piece = Piece(leading_comment_lines(lines, start, previous_end), end, group)
        limit = _start(statements[number]) - 1 if number < len(statements) else len(lines)
        piece.end = trailing_comment_end(lines, end, limit)
        if len(group) == 1:
            piece.app = _app_call(group[0])
        previous_end = piece.end
        yield piece


def _start(node: ast.stmt) -> int:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and node.decorator_list:
        return node.decorator_list[0].lineno
    return node.lineno


def _app_call(node: ast.stmt) -> ast.Call | None:
    """The call in `app = quire.App(…)`."""
    match node:
        case ast.Assign(
            targets=[ast.Name(id="app")],
            value=ast.Call(func=ast.Attribute(attr="App", value=ast.Name()) | ast.Name(id="App")) as call,
        ):
            return call
        case _:
            return None
