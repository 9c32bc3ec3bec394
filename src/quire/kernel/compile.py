"""A cell's text → code objects with the notebook's real path and line numbers. Never runs them.

Written without `ast`, `dataclasses` and `typing`: a script imports this module. Trees come from the compiler itself.
"""

from __future__ import annotations

import _ast
from types import CodeType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Rewrite = Callable[[_ast.Module], None]
    """What changes a tree before it is compiled."""

_FLAGS = _ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_ASYNC = 0x80 | 0x100 | 0x200  # coroutine, iterable coroutine, asynchronous generator
_FUTURE = 0x1FE0000  # what `from __future__` sets on a code object
_CACHED = 20_000

_NO_NAMES: Mapping[str, str] = {}


class Compiled:
    """A cell, ready to run: `exec` the body, then `eval` the last expression, whose value is the output."""

    __slots__ = ("body", "is_async", "last")

    def __init__(self, body: CodeType | None, last: CodeType | None) -> None:
        self.body = body
        """None when there is nothing but the last expression."""
        self.last = last
        """None when the cell ends in another statement, or in a `;`."""
        flags = (body.co_flags if body else 0) | (last.co_flags if last else 0)
        self.is_async = bool(flags & _ASYNC)


_cache: dict[tuple[object, ...], Compiled] = {}


def compile_cell(
    code: str,
    filename: str = "<cell>",
    first_line: int = 1,
    mangled: Mapping[str, str] = _NO_NAMES,
    rewrite: Rewrite | None = None,
) -> Compiled:
    """Compile a cell as module-level code; top-level `await` is allowed.

    `first_line` is where the cell begins in the file, 1-based; `mangled` maps private names to the names to run them under;
    `rewrite` changes the tree first.

    Raises:
        SyntaxError: the cell cannot run; `lineno` counts in the file, `offset` in the cell's text.
    """
    key = (code, filename, first_line, rewrite, *sorted(mangled.items()))
    compiled = _cache.get(key)
    if compiled is None:
        compiled = _compile(code, filename, first_line, mangled, rewrite)
        if len(_cache) >= _CACHED:
            _cache.clear()
        _cache[key] = compiled
    return compiled


def _compile(
    code: str, filename: str, first_line: int, mangled: Mapping[str, str], rewrite: Rewrite | None
) -> Compiled:
    # Empty lines in front shift every position for nothing, where changing a tree would visit each node.
    above = "\n" * (first_line - 1)
    try:
        tree = compile(above + code, filename, "exec", _FLAGS | _ast.PyCF_ONLY_AST, dont_inherit=True)
        assert isinstance(tree, _ast.Module)
        if mangled:
            from quire.names.rename import mangle  # noqa: PLC0415 - brings `ast`, which scripts seldom need

            tree = mangle(tree, code, mangled)
        if rewrite is not None:
            rewrite(tree)
        return _split(tree, code, filename, first_line)
    except ValueError as error:
        is_half = isinstance(error, UnicodeError)
        why = "the cell holds half of a surrogate pair, which Python cannot read" if is_half else str(error)
        raise SyntaxError(why) from None
    except MemoryError:
        raise SyntaxError("the cell nests too deeply for Python's parser") from None
    except RecursionError:
        raise SyntaxError("the cell nests too deeply for Python's compiler") from None


def _split(tree: _ast.Module, code: str, filename: str, first_line: int) -> Compiled:
    statements = tree.body
    last = statements[-1] if statements else None
    shown = None
    if isinstance(last, _ast.Expr) and not _ends_in_semicolon(last, code, first_line):
        shown = _ast.Expression(last.value)
        statements.pop()
    if statements and _is_text(statements[0]):
        del statements[0]  # else the compiler would store it as the `__doc__` of the notebook
    body = compile(tree, filename, "exec", _FLAGS, dont_inherit=True) if statements else None
    if shown is None:
        return Compiled(body, None)
    flags = _FLAGS | (body.co_flags & _FUTURE if body else 0)
    return Compiled(body, compile(shown, filename, "eval", flags, dont_inherit=True))


def _is_text(statement: _ast.stmt) -> bool:
    return (
        isinstance(statement, _ast.Expr)
        and isinstance(statement.value, _ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _ends_in_semicolon(last: _ast.Expr, code: str, first_line: int) -> bool:
    if ";" not in code:
        return False
    lines = code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = lines[(last.end_lineno or first_line) - first_line]
    return line.encode()[last.end_col_offset or 0 :].lstrip(b" \t\f").startswith(b";")
