"""Ways out of a problem, as new code for the cells concerned. Pure; the session turns them into edits."""

import ast
from collections.abc import Mapping

from quire.dataflow.graph import Graph
from quire.dataflow.problems import Cycle, DefinedTwice, Problem, SyntaxProblem
from quire.errors import EditRefused
from quire.ids import CellId
from quire.names import rename_names
from quire.notebook.magics import write_as_python

_OPERATORS: Mapping[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
    ast.BitAnd: "&",
    ast.BitOr: "|",
    ast.BitXor: "^",
    ast.LShift: "<<",
    ast.RShift: ">>",
}


def fix_problem(graph: Graph, cell: CellId, name: str, fix: str) -> Mapping[CellId, str | None]:
    """New code for each cell that the fix changes; None for a cell that goes.

    Raises:
        EditRefused: there is no such problem any more, or the fix cannot be carried out safely.
    """
    problem = next((p for p in graph.problems.get(cell, ()) if p.name == name), None)
    if problem is None:
        raise EditRefused(f"the problem with `{name}` is gone; nothing to mend")
    try:
        if fix == "make_private" and isinstance(problem, DefinedTwice):
            return {cell: _make_private(graph.sources[cell].code, name, early=name in graph.names(cell).early)}
        if fix == "rename" and isinstance(problem, DefinedTwice):
            return _rename_below(graph, cell, name)
        if fix == "merge" and isinstance(problem, DefinedTwice | Cycle):
            return _merge(graph, problem)
        if fix == "to_python" and isinstance(problem, SyntaxProblem):
            return {cell: _to_python(graph.sources[cell].code)}
    except (SyntaxError, ValueError) as error:
        raise EditRefused(str(error)) from None
    raise EditRefused(f"`{fix}` does not help against this problem")


def _make_private(code: str, name: str, *, early: bool) -> str:
    private = f"_{name}"
    return _rename_from_binding(code, name, private) if early else rename_names(code, {name: private})


def _to_python(code: str) -> str:
    written = write_as_python(code)
    if written is None:
        raise ValueError("there is no line of IPython left that could be written in Python")
    return written


def _merge(graph: Graph, problem: Problem) -> Mapping[CellId, str | None]:
    """All the cells become one, at the place of the first."""
    first, *others = sorted(problem.cells, key=graph.order.index)
    code = "\n".join(graph.sources[cell].code for cell in (first, *others))
    return {first: code, **dict.fromkeys(others, None)}


def _rename_below(graph: Graph, cell: CellId, name: str) -> Mapping[CellId, str | None]:
    """From this definition on, down to the next one, the name is another: `df_1`."""
    new = _free_name(graph, name)
    start = graph.order.index(cell)
    changed: dict[CellId, str | None] = {cell: _rename_from_binding(graph.sources[cell].code, name, new)}
    for below in graph.order[start + 1 :]:
        names = graph.names(below)
        code = graph.sources[below].code
        if name in names.defs:
            if name in names.early:
                changed[below] = _rename_until_binding(code, name, new)
            break
        if name in names.refs:
            changed[below] = rename_names(code, {name: new})
    return changed


def _free_name(graph: Graph, name: str) -> str:
    number = 1
    while graph.definers(f"{name}_{number}") or graph.readers(f"{name}_{number}"):
        number += 1
    return f"{name}_{number}"


def _rename_from_binding(code: str, name: str, new: str) -> str:
    """`df = df.dropna()` becomes `df_1 = df.dropna()`: what is read before it is bound is the earlier one."""
    head, statement, tail = _split_at_binding(code, name)
    return head + _bind_as(statement, name, new) + rename_names(tail, {name: new})


def _rename_until_binding(code: str, name: str, new: str) -> str:
    """`df = df.head()` becomes `df = df_1.head()`."""
    head, statement, tail = _split_at_binding(code, name)
    return rename_names(head, {name: new}) + _read_as(statement, name, new) + tail


def _split_at_binding(code: str, name: str) -> tuple[str, str, str]:
    """The code before, in, and after the first statement that binds the name; each may be empty."""
    lines = code.splitlines(keepends=True)
    for statement in ast.parse(code).body:
        bound = {n.id for n in ast.walk(statement) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        imported = {
            alias.asname or alias.name.partition(".")[0]
            for n in ast.walk(statement)
            if isinstance(n, ast.Import | ast.ImportFrom)
            for alias in n.names
        }
        defined = {n.name for n in [statement] if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)}
        if name in bound | imported | defined:
            start, end = _first_line(statement) - 1, statement.end_lineno or statement.lineno
            return "".join(lines[:start]), "".join(lines[start:end]), "".join(lines[end:])
    return code, "", ""


def _first_line(statement: ast.stmt) -> int:
    decorators = getattr(statement, "decorator_list", [])
    return decorators[0].lineno if decorators else statement.lineno


def _bind_as(statement: str, name: str, new: str) -> str:
    parts = _assignment(statement, name)
    if parts is None:
        return rename_names(statement, {name: new})
    target, operator, value, rest = parts
    renamed = rename_names(target, {name: new})
    return f"{renamed}= {name} {operator} ({value}){rest}" if operator else f"{renamed}={value}{rest}"


def _read_as(statement: str, name: str, new: str) -> str:
    parts = _assignment(statement, name)
    if parts is None:
        raise ValueError(f"`{name}` is read and bound in one statement; rename it by hand")
    target, operator, value, rest = parts
    if operator:
        return f"{target}= {new} {operator} ({value}){rest}"
    return f"{target}={rename_names(value.lstrip(), {name: new}) if value.strip() else value}{rest}"


def _assignment(statement: str, name: str) -> tuple[str, str, str, str] | None:
    """(target, operator, value, rest) of an assignment that reads the name it binds; None for one that does not."""
    if not statement.strip():
        return None
    node = ast.parse(statement).body[0]
    if isinstance(node, ast.AugAssign):
        value = ast.get_source_segment(statement, node.value) or ""
        at = statement.rindex(value)
        return f"{name} ", _OPERATORS[type(node.op)], value, statement[at + len(value) :]
    reads = any(isinstance(n, ast.Name) and n.id == name and isinstance(n.ctx, ast.Load) for n in ast.walk(node))
    if not reads:
        return None
    if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
        raise ValueError(f"`{name}` is read and bound in one statement; rename it by hand")
    value = ast.get_source_segment(statement, node.value) or ""
    at = statement.index(value, statement.index("="))
    return (
        statement[: statement.rindex("=", 0, at)],
        "",
        statement[statement.rindex("=", 0, at) + 1 : at + len(value)],
        statement[at + len(value) :],
    )
