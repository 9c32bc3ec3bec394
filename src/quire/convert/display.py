"""`display(x)`, which IPython has as a builtin: shown as the value of the cell where it is the last thing, else printed."""

import ast
from collections.abc import Sequence

from quire.convert.reads import code_names, import_said

_MEANT = ("from", "IPython.display", "display")


def replace_display(codes: Sequence[str]) -> list[tuple[str, str]]:
    """(code, what became of it) of every cell; the text is empty where nothing changed."""
    if not any("display" in code for code in codes) or _is_defined(codes):
        return [(code, "") for code in codes]
    return [_replace(code) if "display" in code else (code, "") for code in codes]


def _is_defined(codes: Sequence[str]) -> bool:
    """True when `display` is a name of the notebook's own."""
    for code in codes:
        cell = code_names(code)
        if cell is not None and "display" in cell.binds and cell.imports.get("display") != _MEANT:
            return True
    return False


def _replace(code: str) -> tuple[str, str]:
    cell = code_names(code)
    if cell is None:
        return code, ""
    calls = [
        node
        for node in ast.walk(cell.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "display"
    ]
    mentions = sum(isinstance(node, ast.Name) and node.id == "display" for node in ast.walk(cell.tree))
    imports = [
        node
        for node in cell.tree.body
        if isinstance(node, ast.ImportFrom) and any(import_said(node, alias) == _MEANT for alias in node.names)
    ]
    if not calls and not imports:
        return code, ""
    if mentions > len(calls) or any(call.keywords or not call.args for call in calls):
        if imports:
            return code, "`display` of IPython prints outside Jupyter; make what it shows the last line of a cell"
        return f"from IPython.display import display\n\n{code}", "`display` of IPython prints outside Jupyter"
    last = cell.tree.body[-1]
    shown = last.value if isinstance(last, ast.Expr) else None
    edits: list[tuple[int, int, str]] = []
    source = code.encode()
    for call in calls:
        start, end = _span(source, call)
        if call is shown and len(call.args) == 1:
            at, to = _span(source, call.args[0])
            edits.append((start, end, source[at:to].decode() if _is_one_line(call) else f"({source[at:to].decode()})"))
        else:
            edits.append((start, start + len("display"), "print"))
    for node in imports:
        node.names[:] = [alias for alias in node.names if import_said(node, alias) != _MEANT]
        edits.append(
            (*_span(source, node), ast.unparse(node) if node.names else "pass" if len(cell.tree.body) > 1 else "")
        )
    for start, end, text in sorted(edits, reverse=True):
        source = source[:start] + text.encode() + source[end:]
    written = "\n".join(line for line in source.decode().split("\n") if line != "pass")
    printed = len(calls) - (shown in calls and len(calls[calls.index(shown)].args) == 1)  # pyright: ignore[reportArgumentType]
    return written, "`display(…)` prints: only the last line of a cell is shown as what it is" if printed else ""


def _is_one_line(node: ast.expr) -> bool:
    return node.lineno == node.end_lineno


def _span(source: bytes, node: ast.expr | ast.stmt) -> tuple[int, int]:
    lines = source.split(b"\n")
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line) + 1)
    return (
        starts[node.lineno - 1] + node.col_offset,
        starts[(node.end_lineno or node.lineno) - 1] + (node.end_col_offset or 0),
    )
