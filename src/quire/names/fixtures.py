"""What the tests and fixtures of a cell ask pytest for: their parameters, and the texts in `usefixtures("database")`.

Python never looks these names up; pytest does, among the fixtures, and a cell may be what defines one.
"""

import ast
from collections.abc import Iterator

Function = ast.FunctionDef | ast.AsyncFunctionDef


def asked_names(tree: ast.AST) -> set[str]:
    """The names; too many rather than too few."""
    return {name for node in ast.walk(tree) for name in _asked(node)}


def is_fixture(decorator: ast.expr) -> bool:
    """True of `pytest.fixture`, `pytest.fixture(…)`, and what other plugins call alike."""
    return last_name(decorator.func if isinstance(decorator, ast.Call) else decorator).endswith("fixture")


def last_name(expression: ast.expr) -> str:
    """`c` of `a.b.c`; empty for what is neither a name nor an attribute."""
    match expression:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


def _asked(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() if node.name.startswith("test") or any(
            is_fixture(decorator) for decorator in node.decorator_list
        ):
            for argument in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs):
                yield argument.arg
        case ast.Call() if last_name(node.func) == "usefixtures":
            for argument in node.args:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield argument.value
        case _:
            pass
