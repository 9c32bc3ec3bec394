"""Options and names in the file: the keyword arguments of decorators, of `app.setup(…)` and of `quire.App(…)`."""

import ast
import re
import tokenize
from collections.abc import Mapping
from dataclasses import replace
from itertools import starmap

from quire.errors import EditRefused
from quire.notebook.cells import layout_of, unparsable_cell
from quire.notebook.lines import split_lines
from quire.notebook.model import Cell, Notebook
from quire.notebook.parse import options_of, parse_tree
from quire.notebook.write import join_call, write_argument, write_value

_BETWEEN_ARGUMENTS = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.ENDMARKER}


def edit_app_options(notebook: Notebook, changes: Mapping[str, object]) -> Notebook:
    """The notebook with options of `App(…)` changed; None takes one away."""
    bom = "\ufeff" if notebook.header.startswith("\ufeff") else ""
    header = notebook.header.removeprefix("\ufeff")
    tree = parse_tree(header)
    call = next(
        (
            node.value
            for node in reversed(tree.body if tree else [])
            if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Call)
            and ast.unparse(node.targets[0]) == "app"
        ),
        None,
    )
    if call is None:
        raise EditRefused("the head of the file has a syntax error; mend it in a text editor first")
    after = {key: value for key, value in {**notebook.options, **changes}.items() if value is not None}
    text = _edit_call(header, call, after, always=True)
    return replace(notebook, header=bom + text, options=after)


def edit_cell_options(notebook: Notebook, cell: Cell, options: Mapping[str, object]) -> Cell:
    """The cell with these options and no others."""
    if cell.type == "unparsable":
        return unparsable_cell(notebook, replace(cell, options=options))
    tree = parse_tree(cell.text)
    if tree is None:
        raise EditRefused("the cell has a syntax error; mend it first")
    node = _our_expression(tree.body[0])
    if node is None:
        raise EditRefused("the cell's decorator was not understood; change it in a text editor")
    text = _edit_call(cell.text, node, options, always=False)
    lead = cell.lead + len(split_lines(text)) - len(split_lines(cell.text))
    return replace(cell, text=text, options=options, lead=lead)


def _our_expression(node: ast.stmt) -> ast.expr | None:
    """`app.cell`, `app.setup`, … or the call of it."""
    expressions: list[ast.expr] = []
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        expressions = node.decorator_list
    elif isinstance(node, ast.With):
        expressions = [item.context_expr for item in node.items]
    for expression in expressions:
        callee = expression.func if isinstance(expression, ast.Call) else expression
        match callee:
            case ast.Attribute(value=ast.Name(id="app"), attr="cell" | "function" | "class_definition" | "setup"):
                return expression
            case _:
                pass
    return None


def _edit_call(text: str, node: ast.expr, options: Mapping[str, object], *, always: bool) -> str:
    start, end = _span(text, node)
    source = text[start:end]
    callee = ast.unparse(node.func if isinstance(node, ast.Call) else node)
    newline = "\r\n" if "\r\n" in text else "\n"
    if "#" in source and isinstance(node, ast.Call):
        return text[:start] + _edit_commented(text, source, start, node, options, newline) + text[end:]
    before = start - max(text.rfind("\n", 0, start), 0)
    arguments = (
        _arguments(text, node, options) if isinstance(node, ast.Call) else [*starmap(write_argument, options.items())]
    )
    written = join_call(callee, arguments, always=always, before=before, wrap=bool(re.search(r"[\r\n]", source)))
    return text[:start] + re.sub(r"\r\n|\r|\n", newline, written) + text[end:]


def _arguments(text: str, node: ast.Call, options: Mapping[str, object]) -> list[str]:
    """The arguments as they stand there where they mean what they should, written anew elsewhere; new ones at the end."""
    there = options_of(node)
    arguments = [text[slice(*_span(text, argument))] for argument in node.args]
    for key_word, name in zip(node.keywords, there, strict=True):
        if name in options:
            same = options[name] == there[name]
            arguments.append(text[slice(*_span(text, key_word))] if same else write_argument(name, options[name]))
    return arguments + [write_argument(name, value) for name, value in options.items() if name not in there]


def _edit_commented(
    text: str, source: str, start: int, node: ast.Call, options: Mapping[str, object], newline: str
) -> str:
    """A call with comments in it keeps its lines; only values change and new arguments are added at its end."""
    before = options_of(node)
    if any(key not in options for key in before):
        raise EditRefused("the options of this cell carry comments; take one away in a text editor")
    added = [f"    {write_argument(key, value)},{newline}" for key, value in options.items() if key not in before]
    end = _end_of_arguments(source) if added else 0
    if end:
        source = f"{source[:end]},{source[end:]}"
    for key_word in reversed(node.keywords):
        key = key_word.arg
        if key is not None and options[key] != before.get(key):
            at, to = _span(text, key_word.value)
            source = source[: at - start] + write_value(options[key]) + source[to - start :]
    return f"{source[:-1].rstrip()}{newline}{''.join(added)})" if added else source


def _end_of_arguments(call: str) -> int:
    """Where the last argument of a call ends, if no comma follows it; else 0. Comments may stand between them."""
    lines = [f"{line[:-1]}\n" if line.endswith("\r") else line for line in split_lines(call)]
    *_, last, _closing = [
        token for token in tokenize.generate_tokens(iter(lines).__next__) if token.type not in _BETWEEN_ARGUMENTS
    ]
    row, column = last.end
    return 0 if last.string in {",", "("} else len("".join(lines[: row - 1])) + column


def _span(text: str, node: ast.expr | ast.keyword) -> tuple[int, int]:
    lines = split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def index(line: int, column: int) -> int:
        return starts[line - 1] + len(lines[line - 1].encode()[:column].decode(errors="replace"))

    return index(node.lineno, node.col_offset), index(node.end_lineno or node.lineno, node.end_col_offset or 0)


def rename_cell_text(notebook: Notebook, cell: Cell, name: str) -> Cell:
    """The cell under another name."""
    if cell.type == "unparsable":
        return unparsable_cell(notebook, replace(cell, name=name))
    layout = layout_of(cell)
    match = re.search(r"^((?:async[ \t]+)?def[ \t]+)(\w+)", layout.head if layout else cell.text, re.MULTILINE)
    if match is None:
        raise EditRefused("the cell's first lines were not understood; rename it in a text editor")
    text = cell.text[: match.start(2)] + name + cell.text[match.end(2) :]
    return replace(cell, text=text, name=name)
