"""Plain Python scripts: cut into cells at sensible places on the way in, joined in running order on the way out. Pure."""

import ast
import re

from quire.convert.flat import flatten
from quire.convert.model import Converted, Draft, DraftCell, Note
from quire.convert.percent import split_header
from quire.errors import ConversionRefused

_DEFINITIONS = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
_IMPORTS = ast.Import | ast.ImportFrom


def is_script(text: str) -> bool:
    """True for Python."""
    try:
        return bool(ast.parse(text).body)
    except (SyntaxError, ValueError, RecursionError):
        return False


def read_script(text: str, _: str) -> Draft:
    """The script in pieces: imports, definitions one by one, and paragraphs of other statements.

    Raises:
        ConversionRefused: Python cannot read the script.
    """
    header, body = split_header(text)
    try:
        tree = ast.parse(body)
    except (SyntaxError, ValueError, RecursionError) as error:
        raise ConversionRefused(f"Python cannot read this script: {error}") from None
    lines = body.split("\n")
    statements = tree.body
    notes: list[Note] = []
    if statements and _is_docstring(statements[0]):
        head = "\n".join(lines[: statements[0].end_lineno])
        header = f"{header}\n\n{head}" if header else head
        statements = statements[1:]
    futures = [s for s in statements if isinstance(s, ast.ImportFrom) and s.module == "__future__"]
    if futures:
        statements = [statement for statement in statements if statement not in futures]
        notes.append(Note("`from __future__ import …` goes: cells are compiled one by one, without it"))
    cells: list[DraftCell] = []
    start = tree.body[len(tree.body) - len(statements) - 1].end_lineno or 0 if len(statements) < len(tree.body) else 0
    group: list[ast.stmt] = []
    for statement in [*statements, None]:
        if group and (statement is None or _parts(group[-1], statement, lines)):
            end = len(lines) if statement is None else _first_line(statement, lines)
            cells.append(DraftCell("code", "\n".join(lines[start:end]).strip("\n"), len(cells) + 1))
            start, group = end, []
        if statement is not None:
            group.append(statement)
    if not cells and (rest := "\n".join(lines[start:]).strip("\n")):
        cells.append(DraftCell("code", rest, 1))
    return Draft(tuple(cells), header, notes=tuple(notes))


def _is_docstring(statement: ast.stmt) -> bool:
    return (
        isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _parts(before: ast.stmt, after: ast.stmt, lines: list[str]) -> bool:
    """True when a new cell begins between two statements."""
    if isinstance(before, _IMPORTS) and isinstance(after, _IMPORTS):
        return False
    first = _first_line(after, lines)
    if first < (before.end_lineno or before.lineno):
        return False  # they share a line
    if isinstance(before, _DEFINITIONS) or isinstance(after, _DEFINITIONS):
        return True
    if isinstance(before, _IMPORTS) != isinstance(after, _IMPORTS):
        return True
    return first > (before.end_lineno or before.lineno) and not lines[first - 1].strip()


def _first_line(statement: ast.stmt, lines: list[str]) -> int:
    """Index of the statement's first line, decorators and comments right above it included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return first


# -- writing


def write_script(text: str) -> Converted:
    """A Quire notebook as a script without cells: the same statements in the order in which they run."""
    flat = flatten(text)
    notes = list(flat.notes)
    parts = [flat.header] if flat.header else []
    for cell in flat.cells:
        if cell.kind == "markdown" or not cell.runs:
            parts.append("\n".join(f"# {line}".rstrip() for line in cell.source.split("\n")))
        elif cell.source.strip():
            parts.append(cell.source)
        if not cell.runs:
            notes.append(Note("a cell that does not run stands as a comment"))
    if any(re.search(r"^\s*await\b|\bawait\b", part) and not _compiles(part) for part in parts):
        notes.append(Note("it awaits at its top level, which a plain script cannot; run it by `python -m asyncio`"))
    return Converted("\n\n".join(parts) + "\n", tuple(notes))


def _compiles(code: str) -> bool:
    try:
        compile(code, "<cell>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True
