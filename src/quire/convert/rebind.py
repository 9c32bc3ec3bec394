"""The text of one cell after a name has got versions: what it reads is one, what it binds another. Pure."""

import ast

from quire.convert.reads import CodeNames
from quire.convert.versions import Change
from quire.names import rename_names
from quire.names.rename import bound_in


def rebind(cell: CodeNames, change: Change) -> str:
    """The cell's code with the change carried out.

    Raises:
        ValueError: a place cannot be renamed (inside some f-strings before Python 3.12, `import a.b`).
        SyntaxError: likewise.
    """
    name, code = change.name, cell.code
    if change.binds is None or change.reads is None:
        new = change.binds or change.reads or name
        return code if new == name else rename_names(code, {name: new})
    if not cell.reads_late(name):
        divided = _rebind_assignment(cell, change.name, change.reads, change.binds)
        if divided is not None:
            return divided
    # The cell may leave the name as it found it, or change the object in place: it begins with what it was given.
    renamed = rename_names(code, {name: change.binds})
    return f"{change.binds} = {change.reads}\n{renamed}"


def _rebind_assignment(cell: CodeNames, name: str, reads: str, binds: str) -> str | None:
    """`df = df.dropna()` → `df_1 = df.dropna()`; None when the name is not first bound by such an assignment."""
    first = next((node for node in cell.tree.body if name in bound_in([node])), None)
    if not isinstance(first, ast.Assign | ast.AnnAssign) or first.value is None:
        return None
    targets = first.targets if isinstance(first, ast.Assign) else [first.target]
    if not any(isinstance(node, ast.Name) and node.id == name for target in targets for node in _parts(target)):
        return None
    if name in bound_in([ast.Expr(first.value)]):
        return None
    source = cell.code.encode()
    starts = _line_starts(source)
    begin = starts[first.lineno - 1] + first.col_offset
    equals = source.rindex(b"=", begin, _end_of_target(first, starts, source))
    end = starts[(first.end_lineno or first.lineno) - 1] + (first.end_col_offset or 0)
    head, target = source[:begin].decode(), source[begin : equals + 1].decode()
    value, tail = source[equals + 1 : end].decode(), source[end:].decode()
    if not _parses(tail) or not _parses(head):
        return None
    return (
        rename_names(head, {name: reads})
        + rename_names(f"{target}0", {name: binds})[:-1]
        + _in_brackets(value, name, reads)
        + rename_names(tail, {name: binds})
    )


def _parts(target: ast.expr) -> list[ast.expr]:
    """The names among the targets: what stands in a subscript or before a dot is read."""
    if isinstance(target, ast.Tuple | ast.List):
        return [part for element in target.elts for part in _parts(element)]
    return [target.value] if isinstance(target, ast.Starred) else [target]


def _in_brackets(value: str, name: str, new: str) -> str:
    """An expression of several lines parses between brackets only."""
    return rename_names(f"({value}\n)", {name: new})[1:-2]


def _end_of_target(node: ast.Assign | ast.AnnAssign, starts: list[int], source: bytes) -> int:
    """Where the value begins, brackets around it included: no `=` of the statement stands between target and there."""
    assert node.value is not None
    before = node.targets[-1] if isinstance(node, ast.Assign) else node.annotation
    after = starts[(before.end_lineno or before.lineno) - 1] + (before.end_col_offset or 0)
    return source.index(b"=", after) + 1


def _line_starts(source: bytes) -> list[int]:
    starts = [0]
    for line in source.split(b"\n"):
        starts.append(starts[-1] + len(line) + 1)
    return starts


def _parses(text: str) -> bool:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError):
        return False
    return True
