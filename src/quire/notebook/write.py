"""`Notebook` → text, and the text of single cells. Only what an edit made is ever written; everything else is joined."""

import ast
import builtins
import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import SequenceMatcher

from quire.names import Names, is_private
from quire.notebook.layout import BodyLine, Layout
from quire.notebook.lines import lines_in_strings
from quire.notebook.model import Notebook, Source

WIDTH = 88  # the line length of ruff and black: a longer line would be changed by the next formatter
INDENT = "    "
ALWAYS_THERE = frozenset(dir(builtins)) | {"__file__", "__name__", "__builtins__", "__annotations__", "__dict__"}
"""Names that no cell has to receive."""


def write_notebook(notebook: Notebook) -> str:
    """The file's text."""
    parts = [notebook.header]
    for gap, cell in zip(notebook.gaps, notebook.cells, strict=True):
        parts += (gap, cell.text)
    parts.append(notebook.footer)
    return "".join(parts)


# -- calls: decorators, `app.setup(…)`, `quire.App(…)`


def write_value(value: object) -> str:
    """A literal as a formatter would leave it."""
    if isinstance(value, Source):
        return value.text
    text = repr(value)
    if isinstance(value, str) and '"' not in value and "\\" not in text:
        return f'"{value}"'
    return text


def write_argument(name: str, value: object) -> str:
    """`name=value`; `**more` is an option whose name says it all."""
    return name if name.startswith("**") else f"{name}={write_value(value)}"


def write_call(callee: str, options: Mapping[str, object], *, always: bool = False) -> str:
    """`callee(a=1)`, one argument a line where it would be too long; without options just `callee`, unless `always`."""
    return join_call(callee, [write_argument(name, value) for name, value in options.items()], always=always)


def join_call(
    callee: str, arguments: Sequence[str], *, always: bool = False, before: int = 0, wrap: bool = False
) -> str:
    """The call of `callee`; `before` columns stand before it, and `wrap` puts each argument on a line of its own."""
    if not arguments:
        return f"{callee}()" if always else callee
    line = f"{callee}({', '.join(arguments)})"
    if not wrap and len(line) + before <= WIDTH:
        return line
    return f"{callee}(\n" + "".join(f"{INDENT}{argument},\n" for argument in arguments) + ")"


# -- functions


def parameters_of(names: Names, known: Iterable[str]) -> list[str]:
    """What the function of a cell with these names receives; `known` are names of setup and top-level definitions."""
    given = ALWAYS_THERE.union(known)
    return sorted(
        name
        for name in names.refs | names.early
        if name not in given and not is_private(name) and name.isidentifier() and not keyword.iskeyword(name)
    )


def returns_of(names: Names) -> list[str]:
    """What the function of a cell with these names returns."""
    return sorted(names.defs)


def write_signature(start: str, parameters: Sequence[str], end: str = "):") -> str:
    """`def name(a, b):`; `start` ends with the opening parenthesis, `end` begins with the closing one."""
    line = f"{start}{', '.join(parameters)}{end}"
    if len(line) <= WIDTH or not parameters:
        return line
    return f"{start}\n" + "".join(f"{INDENT}{parameter},\n" for parameter in parameters) + end


def write_return(names: Sequence[str], indent: str = INDENT) -> str:
    """The return of a cell, without line ending."""
    if not names:
        return f"{indent}return"
    line = f"{indent}return ({names[0]},)" if len(names) == 1 else f"{indent}return ({', '.join(names)})"
    if len(line) <= WIDTH:
        return line
    return f"{indent}return (\n" + "".join(f"{indent}{INDENT}{name},\n" for name in names) + f"{indent})"


def blank_before_return(tree: ast.Module) -> bool:
    """True where formatters want a blank line between the body and what follows: after definitions and imports."""
    if not tree.body:
        return False
    last = tree.body[-1]
    if isinstance(last, ast.Import | ast.ImportFrom):
        return True
    return isinstance(last, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)


def write_body(code: str, layout: Layout | None, newline: str) -> list[BodyLine]:
    """The lines of `code` as they stand in the file: lines that were there before keep their prefix and ending."""
    if not code:
        return []
    texts = code.split("\n")
    inside = lines_in_strings(code)
    before = layout.lines if layout else []
    indent = layout.indent if layout and layout.lines else INDENT
    kept = same_lines([line.text for line in before], texts)
    body: list[BodyLine] = []
    for number, text in enumerate(texts):
        old = before[kept[number]] if number in kept else None
        if number in inside:
            prefix = ""
        elif old is not None and (old.prefix or not text.strip()):
            prefix = old.prefix
        else:
            prefix = indent if text.strip(" \t\f") else ""
        body.append(BodyLine(prefix, text, (old.ending if old is not None else "") or newline))
    return body


def same_lines(before: list[str], after: list[str]) -> dict[int, int]:
    """Index in `after` → index in `before` of the same line; equal beginnings and ends are not compared by diff."""
    start = 0
    while start < min(len(before), len(after)) and before[start] == after[start]:
        start += 1
    end = 0
    while end < min(len(before), len(after)) - start and before[-1 - end] == after[-1 - end]:
        end += 1
    same = {number: number for number in range(start)}
    same.update({len(after) - 1 - number: len(before) - 1 - number for number in range(end)})
    middle_before, middle_after = before[start : len(before) - end], after[start : len(after) - end]
    if middle_before and middle_after and len(middle_before) * len(middle_after) < 4_000_000:
        matcher = SequenceMatcher(None, middle_before, middle_after, autojunk=False)
        for block in matcher.get_matching_blocks():
            same.update({start + block.b + offset: start + block.a + offset for offset in range(block.size)})
    return same


def join_body(body: list[BodyLine]) -> str:
    return "".join(line.prefix + line.text + line.ending for line in body)


# -- code that no function can hold


_ESCAPES = {"\\": "\\\\", "\r": "\\r", "\0": "\\x00"}


def write_unparsable(code: str, name: str, options: Mapping[str, object], newline: str) -> str:
    """`app._unparsable_cell(…)`: the string's value is the code between two line ends."""
    raw = '"""' not in code and not re.search(r"[\r\0\ud800-\udfff]|\\\Z", code)
    if raw:
        literal = f'r"""\n{code}\n"""'
    else:
        escaped = "".join(
            _ESCAPES.get(char) or (f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char) for char in code
        )
        literal = '"""\n' + escaped.replace('"""', '\\"\\"\\"') + '\n"""'
    arguments = {**({"name": name} if name != "_" else {}), **options}
    lines = [f"{INDENT}{literal},"] + [f"{INDENT}{write_argument(key, value)}," for key, value in arguments.items()]
    text = "app._unparsable_cell(\n" + "\n".join(lines) + "\n)\n"
    return text.replace("\n", newline)
