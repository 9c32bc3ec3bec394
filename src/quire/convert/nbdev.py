"""nbdev's directives: cells that are exported become definitions that other programs can import. Pure."""

import ast
import re
from dataclasses import replace

from quire.convert.model import Draft, DraftCell, Note
from quire.convert.reads import code_names

_DIRECTIVE = re.compile(r"\A(?:[ \t]*#[ \t]*\|[^\n]*(?:\n|\Z))+")
_EXPORTED = re.compile(r"#\s*\|\s*exports?i?\b")


def is_nbdev(draft: Draft) -> bool:
    return any(
        cell.kind == "code" and re.search(r"^#\s*\|\s*(?:default_exp|export)", cell.source, re.MULTILINE)
        for cell in draft.cells
    )


def read_nbdev(draft: Draft) -> Draft:
    """The draft with directives carried out: hidden, switched off, or exported, one definition to a cell.

    Imports that are exported stand in the setup cell, where definitions can see them.
    """
    cells: list[DraftCell] = []
    setup: list[str] = []
    notes = list(draft.notes)
    for cell in draft.cells:
        found = _DIRECTIVE.match(cell.source) if cell.kind == "code" else None
        if found is None:
            cells.append(cell)
            continue
        said, source = found[0], cell.source[found.end() :]
        options = dict(cell.options)
        if re.search(r"\|\s*(?:hide|hide_input|echo:\s*false)\b", said):
            options["hide_code"] = True
        if re.search(r"\|\s*eval:\s*false\b", said):
            options["disabled"] = True
        if module := re.search(r"\|\s*default_exp\s+(\S+)", said):
            notes.append(
                Note(
                    f"`{module[1]}` is the module that nbdev made of this notebook; import the notebook itself",
                    cell.number,
                )
            )
        cell = replace(cell, source=source, options=options)  # noqa: PLW2901
        if _EXPORTED.search(said):
            setup += _imports(source)
            cells += [replace(cell, source=part) for part in _definitions(source)]
        else:
            cells.append(cell)
    whole = "\n".join(dict.fromkeys(setup))
    return replace(draft, cells=tuple(cells), setup=whole or draft.setup, notes=tuple(notes))


def _imports(source: str) -> list[str]:
    cell = code_names(source)
    if cell is None:
        return []
    return [
        ast.unparse(node)
        for node in cell.tree.body
        if isinstance(node, ast.Import | ast.ImportFrom) and not _is_star(node)
    ]


def _is_star(node: ast.Import | ast.ImportFrom) -> bool:
    return node.names[0].name == "*"


def _definitions(source: str) -> list[str]:
    """The cell without its imports, each definition by itself."""
    cell = code_names(source)
    if cell is None:
        return [source]
    lines = source.split("\n")
    parts: list[str] = []
    start = 0
    for node in cell.tree.body:
        first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, "decorator_list", []))]) - 1
        while first > start and lines[first - 1].startswith("#"):
            first -= 1
        if isinstance(node, ast.Import | ast.ImportFrom) and not _is_star(node):
            parts.append("\n".join(lines[start:first]))
            start = node.end_lineno or node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            end = node.end_lineno or node.lineno
            parts += ["\n".join(lines[start:first]), "\n".join(lines[first:end])]
            start = end
    parts.append("\n".join(lines[start:]))
    return [part.strip("\n") for part in parts if part.strip()]
