"""marimo notebooks, `.py`: the same anatomy under other names. Values of strings stay what they are when a cell runs.

marimo takes the indentation of a cell's body away from the lines of its strings too, unless one of them has less; here
a string has the value that Python gives it. So strings move to the left on the way in, and to the right on the way out.
"""

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import replace

from quire.convert.flat import graph_of
from quire.convert.model import Converted, Note
from quire.convert.reads import code_names
from quire.convert.settings import move_settings
from quire.errors import ConversionRefused
from quire.names import is_private, rename_names
from quire.notebook import Cell, Notebook, parse_notebook, write_notebook
from quire.notebook.cells import layout_of, text_of_cell
from quire.notebook.lines import lines_in_strings
from quire.notebook.write import INDENT
from quire.ui import __all__ as elements
from quire.version import __version__

_IMPORT = re.compile(r"^import marimo\b(?!\.)", re.MULTILINE)
_DEDENTING = frozenset({"md", "sql"})
"""Functions that take indentation away themselves, in both worlds."""


def is_marimo(text: str) -> bool:
    """True for a file that says `import marimo` and makes an app of it."""
    return bool(_IMPORT.search(text) and re.search(r"^app\s*=\s*\w+\.App\(", text, re.MULTILINE))


# -- in


def read_marimo(text: str, _: str) -> Converted:
    """A marimo notebook as a Quire notebook.

    Raises:
        ConversionRefused: there is no `app = marimo.App(…)`.
    """
    notebook = parse_notebook(_rename_head(text, "marimo", "quire"))
    if notebook.foreign:
        raise ConversionRefused("this is not a marimo notebook: it has no `app = marimo.App()`")
    header = re.sub(r'(?m)^(__generated_with\s*=\s*)(["\']).*?\2', rf'\g<1>"{__version__}"', notebook.header)
    header, said = move_settings(header)
    notebook = replace(notebook, header=header)
    notes = [Note(text) for text in said]
    for number, cell in enumerate(notebook.cells, 1):
        code, said = import_quire(cell.code)
        if cell.type in {"cell", "setup"}:
            code = _move_strings(code, _indent_of(cell), "")
        if code != cell.code:
            notebook = notebook.with_cell(_rewritten(notebook, cell, code))
        notes += [Note(text, number) for text in (*said, *_missing(code))]
        if cell.type == "stray":
            notes.append(Note("this stands between cells, where marimo would have dropped it; it is kept", number))
    return Converted(write_notebook(notebook), tuple(notes))


def _rename_head(text: str, old: str, new: str) -> str:
    """The head of the file with the other package's name: its import, its app, and what it says it depends on."""
    found = re.search(r"^app\s*=\s*\w+\.App\(", text, re.MULTILINE)
    if found is None:
        return text
    head, rest = text[: found.start()], text[found.start() :]
    head = re.sub(rf"(?m)^import {old}(?: as \w+)?[ \t]*$", f"import {new}", head)
    head = re.sub(rf'(?m)^(#.*)(["\']){old}(?:\[[^\]"\']*\])?(?:[=<>!~ ][^"\']*)?\2', rf"\1\2{new}\2", head)
    return head + re.sub(r"\A(app\s*=\s*)\w+\.", rf"\g<1>{new}.", rest)


def _indent_of(cell: Cell) -> str:
    layout = layout_of(cell)
    return layout.indent if layout is not None and layout.lines else INDENT


def _rewritten(notebook: Notebook, cell: Cell, code: str) -> Cell:
    """The cell with other code, of the same kind as before."""
    return text_of_cell(notebook, cell, code, reuse=cell.type in {"function", "class"})


def import_quire(code: str) -> tuple[str, list[str]]:
    """`import marimo as mo` → `import quire as mo`, wherever it stands."""
    if "marimo" not in code:
        return code, []
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return re.sub(r"\bimport marimo\b(?!\.)", "import quire", code), []
    return _renamed_imports(code, tree, "marimo", "quire"), [
        f"`{ast.unparse(node)}` reaches into marimo; Quire has no such module"
        for node in ast.walk(tree)
        if (isinstance(node, ast.ImportFrom) and (node.module or "").startswith("marimo."))
        or (isinstance(node, ast.Import) and any(alias.name.startswith("marimo.") for alias in node.names))
    ]


def _renamed_imports(code: str, tree: ast.Module, old: str, new: str) -> str:
    lines = code.split("\n")
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == old:
                    written = f"{new} as {alias.asname or old}"
                    lines[alias.lineno - 1] = _put(lines[alias.lineno - 1], alias, written)
        elif isinstance(node, ast.ImportFrom) and node.module == old and not node.level:
            line = lines[node.lineno - 1].encode()
            after = re.sub(rf"\Afrom(\s+){old}\b".encode(), rf"from\g<1>{new}".encode(), line[node.col_offset :])
            lines[node.lineno - 1] = (line[: node.col_offset] + after).decode()
    return "\n".join(lines)


def _put(line: str, alias: ast.alias, written: str) -> str:
    source = line.encode()
    return (source[: alias.col_offset] + written.encode() + source[alias.end_col_offset :]).decode()


def _missing(code: str) -> list[str]:
    """What the cell uses of marimo that Quire has not."""
    cell = code_names(code)
    if cell is None:
        return []
    found: list[str] = []
    public_names: list[str] = sys.modules["quire"].__all__  # the package above us, which is there whenever we are
    for node in ast.walk(cell.tree):
        match node:
            case ast.Attribute(value=ast.Attribute(value=ast.Name(id="mo" | "marimo" as alias), attr="ui"), attr=attr):
                if attr not in elements:
                    found.append(f"{alias}.ui.{attr}")
            case ast.Attribute(value=ast.Name(id="mo" | "marimo" as alias), attr=attr) if attr not in public_names:
                found.append(f"{alias}.{attr}")
            case _:
                pass
    return [f"`{name}` is not there in Quire {__version__}" for name in dict.fromkeys(found)]


# -- strings


def _move_strings(code: str, before: str, after: str) -> str:
    """The code with the lines of its strings indented by `after` instead of `before`; strings with less stay."""
    if '"""' not in code and "'''" not in code and "\\\n" not in code:
        return code
    try:
        inside = lines_in_strings(code)
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        return code
    lines = code.split("\n")
    for first, last in _strings(tree):
        numbers = [number for number in range(first, last) if number in inside]
        if all(not lines[number].strip() or lines[number].startswith(before) for number in numbers):
            for number in numbers:
                line = lines[number]
                lines[number] = after + line.removeprefix(before) if line.strip() else ""
    return "\n".join(lines)


def _strings(tree: ast.AST) -> Iterator[tuple[int, int]]:
    """First and last line (from 1) of literals that go over several lines, but of arguments of `mo.md` and `mo.sql`."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)):
            if (node.end_lineno or node.lineno) > node.lineno:
                yield node.lineno, node.end_lineno or node.lineno
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _DEDENTING:
            for argument in (*node.args[1:], *(keyword.value for keyword in node.keywords)):
                yield from _strings(ast.Module([ast.Expr(argument)], []))
        else:
            yield from _strings(node)


# -- out


def write_marimo(text: str) -> Converted:
    """A Quire notebook as a marimo notebook.

    Raises:
        ConversionRefused: the text is no Quire notebook.
    """
    notebook = parse_notebook(text)
    if notebook.foreign:
        raise ConversionRefused(notebook.foreign)
    graph = graph_of(notebook)
    notes: list[Note] = []
    for number, cell in enumerate(notebook.cells, 1):
        code = cell.code
        for name in sorted(graph.private(cell.id)):
            if not is_private(name) and name in graph.names(cell.id).defs:
                code = _made_private(code, name, number, notes)
        if cell.type in {"cell", "setup"}:
            code = _move_strings(_marimo_imports(code), "", _indent_of(cell))
        if code != cell.code:
            notebook = notebook.with_cell(_rewritten(notebook, cell, code))
        if cell.type == "stray":
            notes.append(Note("this stands between cells, where marimo drops it when it saves", number))
        if graph.problems.get(cell.id):
            notes += [Note(str(problem), number) for problem in graph.problems[cell.id]]
    for name in sorted({name for cell in graph.order for name, _ in graph.names(cell).imports}):
        definers = graph.definers(name)
        if len(definers) > 1 and not graph.is_scratch(name):
            notes.append(
                Note(f"`{name}` is imported by {len(definers)} cells, which marimo refuses; leave one of them")
            )
    return Converted(_rename_head(write_notebook(notebook), "quire", "marimo"), tuple(notes))


def _made_private(code: str, name: str, number: int, notes: list[Note]) -> str:
    """Marimo lets two cells define one name only when it begins with an underscore."""
    try:
        renamed = rename_names(code, {name: f"_{name}"})
    except (SyntaxError, ValueError):
        notes.append(Note(f"`{name}` is defined by several cells, which marimo refuses; rename it by hand", number))
        return code
    notes.append(Note(f"`{name}` is called `_{name}`: marimo has no other name that stays in its cell", number))
    return renamed


def _marimo_imports(code: str) -> str:
    tree = code_names(code)
    return _renamed_imports(code, tree.tree, "quire", "marimo") if tree is not None and "quire" in code else code
