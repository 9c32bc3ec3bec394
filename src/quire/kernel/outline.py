"""The cells of a file that Python has just compiled, ready to run: cut out by line numbers, compiled where they stand.

A script must not pay for what an editor needs. The body of a plain cell is compiled as `if 1:` with its lines as they
are, so that strings and columns need no work, and its line numbers are shifted afterwards; its names come from its byte
code. Whatever does not look plain goes the long way through `quire.notebook`. Scripts import this module: no
`dataclasses`, no `re`, no `ast`.
"""

from __future__ import annotations

import _ast
from types import CodeType

from quire.kernel.compile import Compiled, compile_cell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from quire.kernel.compile import Rewrite
    from quire.names.model import Names

_FLAGS = _ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
_WRAP = "if 1:\n"


class Outline:
    """One cell of a file: where it stands, what it is called, and its code as far as it is known."""

    __slots__ = ("_code", "body", "compiled", "disabled", "first_line", "line", "name", "type")

    def __init__(self, name: str, first_line: int, type: str = "cell", *, disabled: bool = False) -> None:  # noqa: A002 - the protocol's word
        self.name = name
        self.type = type
        self.disabled = disabled
        self.first_line = first_line
        """1-based line of its decorator."""
        self.line = first_line
        """1-based line where its code begins."""
        self.body = ""
        """The lines of a plain cell as they stand in the file; empty for any other."""
        self.compiled: Compiled | None = None
        self._code: str | None = None

    @property
    def code(self) -> str:
        """The cell's code. For a plain cell, good enough to find names in; strings over several lines may differ."""
        if self._code is None:
            self._code = f"\n{self.body}".replace("\n    ", "\n")[1:].rstrip("\n")
        return self._code

    @code.setter
    def code(self, code: str) -> None:
        self._code = code

    def cut(self, lines: list[str], filename: str) -> Names | None:
        """Find and compile the body; its names when the byte code tells them, else None."""
        if self._code is not None:
            return None
        self.body = _plain_body(self, lines)
        if self.body:
            try:
                self.compiled = _compile_body(self.body, filename, self.line)
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                self.body = ""  # the long way tells what is wrong
        if not self.body:
            self._cut_exactly(lines)
            return None
        compiled = self.compiled
        if compiled is None:
            return None
        from quire.names.quick import quick_names  # noqa: PLC0415 - not needed when the compiled form is stored

        codes = [code for code in (compiled.body, compiled.last) if code is not None]
        return quick_names(self.body, *codes, is_async=bool(compiled.is_async))

    def cut_again(self, lines: list[str], compiled: Compiled) -> None:
        """Find the body of a cell that was compiled before."""
        if self._code is None:
            self.body = _plain_body(self, lines)
            if not self.body:
                self._cut_exactly(lines)
        self.compiled = compiled

    def _cut_exactly(self, lines: list[str]) -> None:
        from quire.notebook.parse import read_cell  # noqa: PLC0415 - the long way; plain cells never come here

        first = self.first_line - 1
        end = _chunk_end(lines, first)
        cell = read_cell("\n".join(lines[first:end]) + "\n")
        self._code = cell.code
        self.line = self.first_line + cell.lead

    def compile_rewritten(self, filename: str, mangled: Mapping[str, str], rewrite: Rewrite) -> Compiled:
        """The cell's code objects made of a tree that `rewrite` has changed; they begin where the cell does in the file.

        Raises:
            SyntaxError: the cell cannot run.
        """
        first = max(self.first_line, 1)
        if self.body:
            return _compile_body(self.body, filename, self.line, mangled, rewrite, first)
        compiled = compile_cell(self.code, filename, self.line - first + 1, mangled, rewrite)
        body, last = (code and _shifted(code, first - 1) for code in (compiled.body, compiled.last))
        return Compiled(body, last)

    def compile(self, filename: str, mangled: Mapping[str, str]) -> Compiled:
        """The cell's code objects.

        Raises:
            SyntaxError: the cell cannot run.
        """
        if self.compiled is None or mangled:
            if self.body:
                self.compiled = _compile_body(self.body, filename, self.line, mangled)
            else:
                self.compiled = compile_cell(self.code, filename, self.line, mangled)
        return self.compiled


def _plain_body(cell: Outline, lines: list[str]) -> str:
    """The body's lines when the cell looks as we write it; else nothing."""
    at = cell.first_line - 1
    decorator = lines[at]
    if not (decorator == "@app.cell" or (decorator.startswith("@app.cell(") and decorator.endswith(")"))):
        return ""
    at += 1
    if not lines[at].startswith(("def ", "async def ")):
        return ""
    if lines[at].endswith("("):  # one parameter a line
        at += 1
        while at < len(lines) and lines[at].startswith("    "):
            at += 1
        if at == len(lines) or lines[at] != "):":
            return ""
    elif not lines[at].endswith("):"):
        return ""
    start = at + 1
    end = start
    while end < len(lines) and (not lines[end] or lines[end][0] == " "):
        end += 1
    while end > start and not lines[end - 1]:
        end -= 1
    returned = end - 1
    if lines[returned] == "    )":
        while returned > start and lines[returned][4:5] in {" ", ")"}:
            returned -= 1
        if lines[returned] != "    return (":
            return ""
    elif not _is_return(lines[returned]):
        return ""
    cell.line = start + 1
    body = "\n".join(lines[start:returned])
    return (body + "\n") if body.strip() else "    pass\n"


def _is_return(line: str) -> bool:
    if line == "    return":
        return True
    if not (line.startswith("    return (") and line.endswith(")")):
        return False
    return line[12:-1].replace(", ", "").replace(",", "").isidentifier()


def _chunk_end(lines: list[str], first: int) -> int:
    """The line before the next thing at column 0 that can begin a cell; strings may make this too far, never too short."""
    end = first + 1
    while end < len(lines) and not lines[end].startswith(("@app.", "app._unparsable_cell", "if __name__ ")):
        end += 1
    return end


def _compile_body(
    body: str,
    filename: str,
    line: int,
    mangled: Mapping[str, str] | None = None,
    rewrite: Rewrite | None = None,
    first: int = 0,
) -> Compiled:
    """Compile the indented lines as module-level code that stands at `line` of the file, and begins at `first` (or above)."""
    first = first or line - 1
    source = "\n" * (line - 1 - first) + _WRAP + body
    last_line = body.rstrip("\n").rsplit("\n", 1)[-1]
    shown = None
    if mangled or rewrite or not _is_assignment(last_line):
        tree = compile(source, filename, "exec", _FLAGS | _ast.PyCF_ONLY_AST, dont_inherit=True)
        assert isinstance(tree, _ast.Module)
        if mangled:
            from quire.names.rename import mangle  # noqa: PLC0415 - needs `ast`

            tree = mangle(tree, body, mangled)
        if rewrite is not None:
            rewrite(tree)
        block = tree.body[-1]
        assert isinstance(block, _ast.If)
        last = block.body[-1]
        if isinstance(last, _ast.Expr) and not last_line.rstrip().endswith(";"):
            block.body.pop()
            shown = _shifted(
                compile(_ast.Expression(last.value), filename, "eval", _FLAGS, dont_inherit=True), first - 1
            )
            if not block.body:
                return Compiled(None, shown)
        code = compile(tree, filename, "exec", _FLAGS, dont_inherit=True)
    else:
        code = compile(source, filename, "exec", _FLAGS, dont_inherit=True)
    return Compiled(_shifted(code, first - 1), shown)


def _is_assignment(line: str) -> bool:
    """True when the line surely is no expression: a name, `=`, a value."""
    name, equals, value = line.partition(" = ")
    return bool(equals) and name.strip().isidentifier() and name.startswith("    ") and value != ""


def _shifted(code: CodeType, by: int) -> CodeType:
    """The code with its line numbers moved: positions count from `co_firstlineno`."""
    constants = code.co_consts
    if any(isinstance(constant, CodeType) for constant in constants):
        constants = tuple(
            _shifted(constant, by) if isinstance(constant, CodeType) else constant for constant in constants
        )
    return code.replace(co_firstlineno=code.co_firstlineno + by, co_consts=constants)
