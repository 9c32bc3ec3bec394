"""Names that only the text of annotations mentions: `x: "Model"`, and every annotation after `from __future__ import annotations`.

Python does not look them up when the cell runs; whoever asks for the types later does (`typing.get_type_hints`, pydantic).
"""

import ast
from collections.abc import Iterable, Iterator

from quire.names.fixtures import last_name

_NOT_TYPES = {"Literal"}
_FIRST_IS_TYPE = {"Annotated"}


def quoted_names(tree: ast.Module, *, future: bool) -> set[str]:
    """The names; text that is no expression mentions none. `future`: the cell keeps all its annotations as text."""
    return {name for annotation in _kept(tree.body) for name in _mentioned(annotation, is_text=future)}


def _kept(nodes: Iterable[ast.AST], *, in_function: bool = False) -> Iterator[ast.expr]:
    """Annotations that are there at run time: of functions, and of variables of the module and of classes."""
    for node in nodes:
        inside = in_function
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                inside = True
                if node.returns is not None:
                    yield node.returns
            case ast.ClassDef():
                inside = False
            case ast.arg(annotation=ast.expr() as annotation):
                yield annotation
            case ast.AnnAssign() if not in_function:
                yield node.annotation
            case _:
                pass
        yield from _kept(ast.iter_child_nodes(node), in_function=inside)


def _mentioned(node: ast.AST, *, is_text: bool) -> Iterator[str]:
    match node:
        case ast.Name() if is_text:
            yield node.id
        case ast.Constant(value=str(text)):
            try:
                yield from _mentioned(ast.parse(text.strip(), mode="eval"), is_text=True)
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                return
        case ast.Subscript():
            yield from _mentioned(node.value, is_text=is_text)
            name = last_name(node.value)
            if name in _NOT_TYPES:
                return
            first = (
                node.slice.elts[:1] if name in _FIRST_IS_TYPE and isinstance(node.slice, ast.Tuple) else [node.slice]
            )
            for part in first:
                yield from _mentioned(part, is_text=is_text)
        case _:
            for child in ast.iter_child_nodes(node):
                yield from _mentioned(child, is_text=is_text)
