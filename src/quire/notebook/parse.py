"""A file's text → `Notebook`. Cut by positions and slices, never unparsed; never raises, whatever the text is."""

import ast
import re
from collections.abc import Mapping
from dataclasses import dataclass

from quire.collector import CollectorPaused
from quire.errors import NotANotebook
from quire.ids import CellId
from quire.notebook.layout import block_layout
from quire.notebook.lines import newline_of, split_lines
from quire.notebook.markdown import parse_markdown
from quire.notebook.model import NO_OPTIONS, SETUP, Cell, CellIds, Notebook, Source
from quire.notebook.pieces import Piece, parse_tree, tree_pieces
from quire.notebook.scan import scan_pieces
from quire.protocol.messages import Carrier, CellKind

_DECORATORS: Mapping[str, CellKind] = {"cell": "cell", "function": "function", "class_definition": "class"}


def parse_notebook(text: str, carrier: Carrier = "python") -> Notebook:
    """The notebook that `text` is. For any other text, a notebook whose `foreign` says what it is instead.

    `carrier` is the kind of file that it stands in; `carrier_of` knows it by the file's name.

    `write_notebook` of the result is `text`, always.
    """
    with CollectorPaused():
        return parse_markdown(text) if carrier == "markdown" else _parse(text)


def _parse(text: str) -> Notebook:
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    body = text[len(bom) :]
    lines = split_lines(body)
    tree = parse_tree(body)
    pieces = list(tree_pieces(tree, lines) if tree is not None else scan_pieces(lines))
    app = next((number for number, piece in enumerate(pieces) if piece.app is not None), None)
    if app is None or not any(_imports_quire(piece) for piece in pieces[: app + 1]):
        return Notebook(header=text, newline=newline_of(text), foreign=_what_it_is(body))
    return _assemble(bom, lines, pieces, app)


def read_notebook(text: str, carrier: Carrier = "python") -> Notebook:
    """Like `parse_notebook`, for callers who want nothing but a notebook.

    Raises:
        NotANotebook: the text is something else; the message says what.
    """
    notebook = parse_notebook(text, carrier)
    if notebook.foreign:
        raise NotANotebook(notebook.foreign)
    return notebook


def _imports_quire(piece: Piece) -> bool:
    for node in piece.nodes:
        match node:
            case ast.Import(names=names) if any(alias.name == "quire" for alias in names):
                return True
            case ast.ImportFrom(module="quire"):
                return True
            case _:
                pass
    return piece.nodes == [] and piece.imports_quire


# -- pieces → notebook


def _assemble(bom: str, lines: list[str], pieces: list[Piece], app: int) -> Notebook:
    header_end = pieces[app].end
    cells: list[Cell] = []
    gaps: list[str] = []
    ids = CellIds()
    position = header_end
    footer = len(lines)
    for piece in pieces[app + 1 :]:
        if _is_guard(piece):
            footer = position
            break
        cell = _cell(piece, lines, ids, first=not any(cell.type != "stray" for cell in cells))
        gaps.append("".join(lines[position : piece.start]))
        cells.append(cell)
        position = piece.end
    else:
        footer = position
    call = pieces[app].app
    return Notebook(
        header=bom + "".join(lines[:header_end]),
        cells=tuple(cells),
        gaps=tuple(gaps),
        footer="".join(lines[footer:]),
        newline=newline_of("".join(lines[: header_end + 20])),
        options=options_of(call) if isinstance(call, ast.Call) else NO_OPTIONS,
    )


def _is_guard(piece: Piece) -> bool:
    match piece.nodes:
        case [
            ast.If(
                test=ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant("__main__")])
            )
        ]:
            return True
        case _:
            return piece.guard


def _cell(piece: Piece, lines: list[str], ids: CellIds, *, first: bool) -> Cell:
    return ids.give(read_cell("".join(lines[piece.start : piece.end]), piece, first=first))


@dataclass(slots=True)
class _Kind:
    type: CellKind
    call: ast.Call | None
    decorator: ast.expr | None = None


def read_cell(text: str, piece: Piece | None = None, *, first: bool = True) -> Cell:
    """What one cell's text means. `first`: no other cell stands before it, so that a setup block may be one."""
    if piece is None:
        tree = parse_tree(text)
        pieces = list(tree_pieces(tree, split_lines(text))) if tree is not None else []
        piece = pieces[0] if len(pieces) == 1 else Piece(0, len(split_lines(text)), [])
    if not piece.nodes:
        return _damaged_cell(text, first=first)
    node = piece.nodes[0]
    first_line = piece.start + 1
    if len(piece.nodes) == 1:
        kind = _kind(node, first=first)
        if kind is not None and isinstance(node, ast.Expr):
            return _unparsable_cell(text, kind.call, first_line, first=first)
        if kind is not None and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.With):
            return _block_cell(text, node, kind, first_line)
    code = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    return Cell(CellId(""), "stray", code, text)


def _kind(node: ast.stmt, *, first: bool) -> _Kind | None:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            for decorator in node.decorator_list:
                call = decorator if isinstance(decorator, ast.Call) else None
                match call.func if call else decorator:
                    case ast.Attribute(
                        value=ast.Name(id="app"), attr=("cell" | "function" | "class_definition") as attr
                    ):
                        kind = _DECORATORS[attr]
                        if (kind == "class") != isinstance(node, ast.ClassDef):
                            return None
                        return _Kind(kind, call, decorator)
                    case _:
                        pass
        case ast.With(items=[ast.withitem(context_expr=context, optional_vars=None)]) if first:
            call = context if isinstance(context, ast.Call) else None
            match call.func if call else context:
                case ast.Attribute(value=ast.Name(id="app"), attr="setup"):
                    return _Kind("setup", call)
                case _:
                    pass
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id="app"), attr="_unparsable_cell")) as call):
            if call.args and isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str):
                return _Kind("unparsable", call)
        case _:
            pass
    return None


def _block_cell(
    text: str, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.With, kind: _Kind, first_line: int
) -> Cell:
    options = options_of(kind.call)
    if kind.type in {"function", "class"}:
        name = "" if isinstance(node, ast.With) else node.name
        decorator = kind.decorator
        assert decorator is not None
        lines = split_lines(text)
        lead = (decorator.end_lineno or decorator.lineno) - first_line + 1
        if isinstance(node, ast.With) or node.decorator_list[0] is not decorator:
            return Cell(CellId(""), "stray", _normalised(text), text)
        return Cell(CellId(""), kind.type, _normalised("".join(lines[lead:])), text, name, options, lead)
    start = _line_start(text, node.lineno - first_line)
    layout = block_layout(text, start, node.body, first_line)
    if layout is None:
        return Cell(CellId(""), "stray", _normalised(text), text)
    if isinstance(node, ast.With):
        return Cell(SETUP, "setup", layout.code, text, "setup", options, layout.lead)
    return Cell(CellId(""), kind.type, layout.code, text, node.name, options, layout.lead)


def _normalised(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n \t\f")


def _line_start(text: str, number: int) -> int:
    return sum(len(line) for line in split_lines(text)[:number])


def _unparsable_cell(text: str, call: ast.Call | None, first_line: int, *, first: bool) -> Cell:
    assert call is not None
    value = call.args[0]
    assert isinstance(value, ast.Constant)
    assert isinstance(value.value, str)
    options = dict(options_of(call))
    name = options.pop("name", "_")
    code = value.value.removeprefix("\n").removesuffix("\n") if value.value.startswith("\n") else value.value
    lead = value.lineno - first_line + (1 if value.value.startswith("\n") else 0)
    name = name if isinstance(name, str) else "_"
    return Cell(SETUP if name == "setup" and first else CellId(""), "unparsable", code, text, name, options, lead)


def _damaged_cell(text: str, *, first: bool) -> Cell:
    """A cell that Python cannot read: the head is found by its looks; if that fails too, the text is shown as it is."""
    match = _HEAD.search(text)
    if match is None or (match["setup"] and not first):
        return Cell(CellId(""), "stray", _normalised(text), text, damaged=True)
    layout = block_layout(text, match.start("setup" if match["setup"] else "head"), None, 1)
    if layout is None:
        return Cell(CellId(""), "stray", _normalised(text), text, damaged=True)
    options: Mapping[str, object] = NO_OPTIONS
    if match["arguments"] is not None and (tree := parse_tree(f"f{match['arguments']}")) is not None:
        match tree.body:
            case [ast.Expr(value=ast.Call() as call)]:
                options = options_of(call)
            case _:
                pass
    if match["setup"]:
        return Cell(SETUP, "setup", layout.code, text, "setup", options, layout.lead, damaged=True)
    return Cell(CellId(""), "cell", layout.code, text, match["name"], options, layout.lead, damaged=True)


_HEAD = re.compile(
    r"^(?:@app\.cell(?P<arguments>\([^()\r\n]*\))?[^\r\n]*(?:\r\n|\r|\n)(?:(?:@|#)[^\r\n]*(?:\r\n|\r|\n))*"
    r"(?P<head>(?:async )?def (?P<name>\w+))|(?P<setup>with app\.setup\b))",
    re.MULTILINE,
)


def options_of(call: ast.Call | None) -> Mapping[str, object]:
    """Keyword arguments: values of literals, the source of anything else."""
    if call is None or not call.keywords:
        return NO_OPTIONS
    options: dict[str, object] = {}
    for keyword in call.keywords:
        if keyword.arg is None:
            options[f"**{ast.unparse(keyword.value)}"] = Source("")
            continue
        try:
            options[keyword.arg] = ast.literal_eval(keyword.value)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            options[keyword.arg] = Source(ast.unparse(keyword.value))
    return options


def _what_it_is(text: str) -> str:
    """For somebody who tried to open it: what this text looks like, and what to do."""
    start = text.lstrip()[:2000]
    if not start:
        return "the file is empty"
    if start.startswith("{") and '"cells"' in text:
        return "this is a Jupyter notebook, not a Quire notebook; it has to be converted first"
    if re.search(r"^import marimo\b", text, re.MULTILINE) and "marimo.App(" in text:
        return "this is a marimo notebook, not a Quire notebook; it has to be converted first"
    if re.search(r"^# %%", text, re.MULTILINE):
        return "this is a script with `# %%` cells, not a Quire notebook; it has to be converted first"
    if parse_tree(text) is not None:
        return "this is Python without `app = quire.App()`, not a Quire notebook"
    return "this is not Python and not a Quire notebook"
