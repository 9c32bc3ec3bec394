"""The text of a cell with other code: as a function when one can hold it, else as `app._unparsable_cell`."""

import ast
import re
from dataclasses import replace

from quire.names import Names, names_of
from quire.notebook.annotations import annotated
from quire.notebook.layout import Layout, block_layout, head_end
from quire.notebook.lines import is_blank, leading_comments, split_lines, trailing_comment_end, trailing_comments
from quire.notebook.model import SETUP, Cell, Notebook
from quire.notebook.parse import parse_tree, read_cell
from quire.notebook.pieces import tree_pieces
from quire.notebook.reuse import reusable_kind, shared_names
from quire.notebook.write import (
    INDENT,
    blank_before_return,
    join_body,
    parameters_of,
    returns_of,
    write_body,
    write_call,
    write_return,
    write_signature,
    write_unparsable,
)


def normal_code(code: str) -> str:
    """Code as a cell holds it: LF between lines, no blank lines at the end."""
    lines = code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and is_blank(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def is_only_code(before: Notebook, after: Notebook) -> bool:
    """True when nothing changed that importing the file depends on: no setup block, function, class, or order."""
    if len(before.cells) != len(after.cells):
        return False
    for old, new in zip(before.cells, after.cells, strict=True):
        if old is not new and (old.id != new.id or not {old.type, new.type} <= {"cell", "unparsable"}):
            return False
    return True


def text_of_cell(notebook: Notebook, cell: Cell, code: str, *, reuse: bool = True) -> Cell:
    """`cell` with the code `code`. What it was written as before is kept as far as the new code allows."""
    if cell.type == "setup" or cell.id == SETUP:
        return _setup_cell(notebook, cell, code)
    if reuse:
        kind, name, _ = reusable_kind(notebook, cell, code)
        if kind != "cell" and cell.name in {"_", name} | ({cell.name} if cell.type in {"function", "class"} else set()):
            made = _definition_cell(notebook, cell, code, kind, name)
            if made is not None:
                return made
    if cell.type in {"function", "class"}:
        cell = replace(cell, name="_")
    try:
        names = names_of(code)
    except SyntaxError:
        names = None
    layout = layout_of(cell)
    if layout is not None and layout.inline:
        layout = None
    for keep in (True, False):
        made = _function_cell(notebook, cell, code, names, layout if keep else None)
        if made is not None:
            return made
    return _unparsable(notebook, cell, code)


def layout_of(cell: Cell) -> Layout | None:
    """The layout of a cell that stands as a function or as the setup block."""
    if cell.type not in {"cell", "setup"} or not cell.text:
        return None
    if cell.damaged or (tree := parse_tree(cell.text)) is None:
        match = _DEF.search(cell.text) if cell.type == "cell" else re.search(r"^with ", cell.text, re.MULTILINE)
        return block_layout(cell.text, match.start(), None, 1) if match else None
    node = next(tree_pieces(tree, split_lines(cell.text))).nodes[0]
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.With):
        return None
    start = sum(len(line) for line in split_lines(cell.text)[: node.lineno - 1])
    return block_layout(cell.text, start, node.body, 1)


_DEF = re.compile(r"^(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(", re.MULTILINE)


def _accepted(made: Cell, code: str) -> Cell | None:
    """`made` when Python compiles its text and reading it gives the same cell back."""
    try:
        compile(made.text, "<cell>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        return None
    again = read_cell(made.text)
    if again.damaged or again.type != made.type or again.code != code or again.name != made.name:
        return None
    return replace(made, code=code, lead=again.lead, damaged=False, options=again.options)


# -- functions


def _function_cell(
    notebook: Notebook, cell: Cell, code: str, names: Names | None, layout: Layout | None
) -> Cell | None:
    newline = notebook.newline
    known = shared_names(notebook)
    same = layout is not None and not cell.damaged and _same_names(cell.code, names)
    try:
        body = write_body(code, layout, newline)
    except SyntaxError:
        return None
    indent = layout.indent if layout and layout.lines else INDENT
    if layout is None:
        parameters = annotated(notebook, cell, parameters_of(names, known)) if names else []
        signature = write_signature(f"{_def(names)} {cell.name}(", parameters)
        head = f"{write_call('@app.cell', cell.options)}\n{signature}\n".replace("\n", newline)
        head = "".join(leading_comments(cell.text)) + head
    else:
        head = layout.head if same or names is None else _new_head(notebook, cell, layout.head, names)
        head = _with_async(head, names, cell.code)
    returned, tail = (layout.returned, layout.tail) if layout else ("", "")
    returns = returns_of(names) if names else []
    if not returned or not (same or names is None or (_is_bare(returned) and not returns)):
        comment = _comment_of(returned)
        needed = returns or comment or tail or not _speaks_for_itself(code)
        returned = write_return(returns, indent).replace("\n", newline) + comment if needed else ""
    before = layout.before_return if layout and body and returned else ""
    if not before and body and returned and _wants_blank(code):
        before = newline
    text = _ended(_ended(head + join_body(body), newline) + before + returned, newline) + tail
    return _accepted(Cell(cell.id, "cell", code, text, cell.name, cell.options), code)


def _def(names: Names | None) -> str:
    return "async def" if names is not None and names.is_async else "def"


def _is_bare(returned: str) -> bool:
    return returned.split("#", maxsplit=1)[0].strip() == "return"


def _speaks_for_itself(code: str) -> bool:
    """True for a function body that needs no `return` of ours: it has a statement, and ends in no `return` of the user's."""
    body = parse_tree(code)
    return body is not None and body.body != [] and not isinstance(body.body[-1], ast.Return)


def _ended(text: str, newline: str) -> str:
    return text if text.endswith(("\n", "\r")) else text + newline


def _same_names(code: str, names: Names | None) -> bool:
    """True when the cell's own names are what they were, so that its signature and return may stay as they are."""
    if names is None:
        return True
    try:
        before = names_of(code)
    except SyntaxError:
        return False
    return (before.defs, before.refs, before.early, before.is_async) == (
        names.defs,
        names.refs,
        names.early,
        names.is_async,
    )


def _wants_blank(code: str) -> bool:
    tree = parse_tree(code)
    return (
        tree is not None
        and blank_before_return(tree)
        and not code.rsplit("\n", maxsplit=1)[-1].lstrip().startswith("#")
    )


def _comment_of(returned: str) -> str:
    """The comment behind our return."""
    at = returned.find("#")
    return "  " + returned[at:].rstrip("\r\n") if at >= 0 and "\n" not in returned.rstrip("\r\n") else ""


_SIGNATURE = re.compile(r"^(?:async[ \t]+)?def[ \t]+\w+[ \t]*\(", re.MULTILINE)


def _new_head(notebook: Notebook, cell: Cell, head: str, names: Names) -> str:
    """The head with the parameters that the cell has now; those that were there stay as they were written."""
    match = _SIGNATURE.search(head)
    if match is None:
        return head
    end = head_end(head, match.start())
    close = head.rfind(")", match.end(), end)
    if "->" in head[match.end() : end]:
        close = head.rfind(")", match.end(), head.rfind("->", match.end(), end))
    if close < 0:
        return head
    written = _written_parameters(head[match.start() : end])
    wanted = parameters_of(names, shared_names(notebook))
    new = [parameter for parameter in wanted if parameter not in written]
    written.update(zip(new, annotated(notebook, cell, new), strict=True))
    parameters = [written[parameter] for parameter in wanted]
    after = head[close + 1 :]
    line_end = split_lines(after)[0].rstrip("\r\n") if after else ""
    signature = write_signature(f"{_def(names)} {cell.name}(", parameters, ")" + line_end.split("#")[0].rstrip())
    signature = signature[: len(signature) - len(line_end.split("#")[0].rstrip())]
    return head[: match.start()] + signature.replace("\n", notebook.newline) + after


def _written_parameters(signature: str) -> dict[str, str]:
    tree = parse_tree(f"{signature} ...")
    if tree is None or not isinstance(tree.body[0], ast.FunctionDef | ast.AsyncFunctionDef):
        return {}
    arguments = tree.body[0].args
    found = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    return {argument.arg: ast.get_source_segment(f"{signature} ...", argument) or argument.arg for argument in found}


def _with_async(head: str, names: Names | None, before: str) -> str:
    """`async` appears with the first `await` and goes with the last; where it stood without one, it stays."""
    match = _SIGNATURE.search(head)
    if match is None or names is None:
        return head
    at = match.start()
    is_async = match.group().startswith("async")
    if names.is_async and not is_async:
        return head[:at] + "async " + head[at:]
    if is_async and not names.is_async and _awaited(before):
        return head[:at] + head[at:].removeprefix("async").lstrip(" \t")
    return head


def _awaited(code: str) -> bool:
    try:
        return names_of(code).is_async
    except SyntaxError:
        return False


# -- definitions, setup, the rest


def _definition_cell(notebook: Notebook, cell: Cell, code: str, kind: str, name: str) -> Cell | None:
    decorator = "@app.class_definition" if kind == "class" else "@app.function"
    if cell.type == kind and not cell.damaged:
        head = "".join(split_lines(cell.text)[: cell.lead])
    else:
        head = "".join(leading_comments(cell.text)) + write_call(decorator, cell.options).replace(
            "\n", notebook.newline
        )
        head += notebook.newline
    endings = (
        [line[len(line.rstrip("\r\n")) :] for line in split_lines(cell.text)[cell.lead :]] if cell.type == kind else []
    )
    newline = endings[0] if endings and endings[0] else notebook.newline
    text = head + code.replace("\n", newline) + newline
    assert kind in {"function", "class"}
    return _accepted(Cell(cell.id, "class" if kind == "class" else "function", code, text, name, cell.options), code)


def _setup_cell(notebook: Notebook, cell: Cell, code: str) -> Cell:
    if code.strip() == "pass":
        code = ""
    newline = notebook.newline
    layout = layout_of(cell)
    if layout is not None and layout.inline:
        layout = None
    head = layout.head if layout else write_call("with app.setup", cell.options).replace("\n", newline) + ":" + newline
    tree = parse_tree(code)
    if tree is not None:
        try:
            lines = write_body(code, layout, newline)
        except SyntaxError:
            lines = []
        returned = f"{layout.indent if layout and layout.lines else INDENT}pass{newline}" if not tree.body else ""
        text = head + join_body(lines) + returned
        made = _accepted(Cell(SETUP, "setup", code, text, "setup", cell.options), code)
        if made is not None:
            return replace(made, id=cell.id)
    return _unparsable(notebook, replace(cell, name="setup"), code)


def _unparsable(notebook: Notebook, cell: Cell, code: str) -> Cell:
    return unparsable_cell(notebook, replace(cell, code=code))


def unparsable_cell(notebook: Notebook, cell: Cell) -> Cell:
    """The cell with its code in a string; comments above and below it stay."""
    above = "".join(leading_comments(cell.text))
    text = above + write_unparsable(cell.code, cell.name, cell.options, notebook.newline) + _comments_below(cell)
    again = read_cell(text)
    return Cell(cell.id, "unparsable", cell.code, text, cell.name, cell.options, again.lead)


def _comments_below(cell: Cell) -> str:
    if cell.type != "unparsable":
        layout = layout_of(cell)
        lines = split_lines(layout.tail) if layout else []
        return "".join(lines[: trailing_comment_end(lines, 0, len(lines))])
    tree = parse_tree(cell.text)
    end = tree.body[-1].end_lineno if tree and tree.body else None
    return "".join(trailing_comments(cell.text, end)) if end else ""
