"""Prose as the code of a cell: one call of `qr.md` with a text, and nothing else. Pure."""

import ast
import re
from collections.abc import Collection

from quire.dedent import dedent
from quire.notebook.fences import scan_blocks
from quire.notebook.lines import is_blank, split_lines
from quire.notebook.pieces import parse_tree

SEPARATOR = re.compile(r"<!---->[ \t]*(?:\r\n|\r|\n)?")
"""The line between two cells of prose."""
_ESCAPES = {"\\": "\\\\", "\0": "\\x00", "\r": "\\r"}
_OURS = frozenset({"qr"})


def prose_code(prose: str) -> str:
    """The code of a cell that shows this text. Lines of the code stand one below those of the text."""
    for quotes in ('"""', "'''"):
        if quotes not in prose and not re.search(r"[\0\r\ud800-\udfff]", prose):
            return f"qr.md(r{quotes}\n{prose}\n{quotes})"
    escaped = "".join(
        _ESCAPES.get(char) or (f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char) for char in prose
    )
    return 'qr.md("""\n' + escaped.replace('"""', '\\"\\"\\"') + '\n""")'


def read_prose(code: str, names: Collection[str] = _OURS) -> str | None:
    """The text of a cell that is one call of `md` of one of these names; None for any other code.

    An f-string is another: its values are the cell's own.
    """
    if ".md(" not in code:
        return None
    tree = parse_tree(code)
    match tree.body if tree else []:
        case [
            ast.Expr(
                value=ast.Call(
                    func=ast.Attribute(value=ast.Name(id=name), attr="md"),
                    args=[ast.Constant(value=str(text))],
                    keywords=[],
                )
            )
        ] if name in names and "#" not in code.partition("(")[0] and code.rstrip().endswith(")"):
            return dedent(text)
        case _:
            return None


def is_one_block(prose: str) -> bool:
    """True when the text, standing between two cells of a file, is read as one cell of prose again."""
    lines = split_lines(prose)
    if not lines or is_blank(lines[0]) or is_blank(lines[-1]) or re.search(r"[\r\ud800-\udfff]", prose):
        return False
    for block in scan_blocks(lines):
        if block.fence is None:
            if any(SEPARATOR.fullmatch(line) for line in lines[block.start : block.end]):
                return False
        elif block.fence.cell_mark or not block.is_closed:
            return False
    return True
