"""Rules about names that mean something else already, or cannot be reached from where one wants them."""

import ast
import builtins
import re
from collections.abc import Iterable, Iterator

from quire.check.model import Finding, Fix, Rule
from quire.check.view import View
from quire.names import is_private
from quire.notebook import Cell, explain_definitions
from quire.notebook.reuse import broken_definitions, reusable_kind

_OF_THE_PROMPT = frozenset({"copyright", "credits", "license", "exit", "quit"})
_BUILTINS = frozenset(name for name in dir(builtins) if not name.startswith("_")) - _OF_THE_PROMPT


def _self_import(view: View) -> Iterator[Finding]:
    if view.notebook.carrier == "markdown":
        return  # Python imports no such file
    stem = view.path.stem
    for cell, tree in view.trees(saying=re.compile(rf"\b{re.escape(stem)}\b")):
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                modules = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.level == 0:
                modules = [node.module or ""]
            else:
                continue
            if any(module.partition(".")[0] == stem for module in modules):
                message = f"the notebook is called `{view.path.name}`, so that `import {stem}` finds the notebook itself; rename the file"
                yield view.at_node("QR001", message, cell, node)


def _bound(view: View, cell: Cell, tree: ast.Module, wanted: Iterable[str]) -> Iterator[tuple[str, ast.AST]]:
    """Those of the names that the cell binds at its top level for others to see, other than by import, and where."""
    public = view.names(cell).defs.intersection(wanted)
    if not public:
        return
    seen: set[str] = set()
    for node in _own_nodes(tree):
        name = ""
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            name = node.id
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            name = node.name
        if name in public and name not in seen:
            seen.add(name)
            yield name, node


def _own_nodes(tree: ast.AST) -> Iterator[ast.AST]:
    """Nodes that belong to the module itself, not to functions and classes in it."""
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(
            node,
            ast.FunctionDef
            | ast.AsyncFunctionDef
            | ast.ClassDef
            | ast.Lambda
            | ast.ListComp
            | ast.SetComp
            | ast.DictComp
            | ast.GeneratorExp,
        ):
            yield from _own_nodes(node)


def _shadowed_builtin(view: View) -> Iterator[Finding]:
    for cell, tree in view.trees():
        for name, node in _bound(view, cell, tree, _BUILTINS):
            message = f"`{name}` is Python's own name for something else, in every cell; call it `{name}_` or `_{name}`"
            yield view.at_node("QR005", message, cell, node)


def _shadowed_module(view: View) -> Iterator[Finding]:
    for cell, tree in view.trees():
        for name, node in _bound(view, cell, tree, view.imports):
            importer = view.imports[name][0]
            if importer.id != cell.id:
                line = view.notebook.line_of(importer.id)
                message = f"`{name}` is a module that another cell imports (line {line}); choose another name"
                yield view.at_node("QR006", message, cell, node)


def _private_alias(view: View) -> Iterator[Finding]:
    for cell, tree in view.trees():
        for node in tree.body:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for alias in node.names:
                if alias.asname and is_private(alias.asname) and alias.asname != "_":
                    message = f"`{alias.asname}` stays in this cell, so that every cell has to import it anew; take the underscore away"
                    yield view.at_node("QR007", message, cell, alias)


def _broken_definition(view: View) -> Iterator[Finding]:
    notebook = view.notebook
    broken = broken_definitions(notebook)
    for cell, missing in broken:
        message = f"importing the file fails here, because `{missing}` is not there yet; move it to the setup cell"
        yield view.at_cell("QR008", message, cell)
    known = {cell.id for cell, _ in broken}
    for cell in notebook.cells:
        if cell.id in known or cell.type not in {"function", "class"}:
            continue
        kind, _, why = reusable_kind(notebook, cell, cell.code)
        if kind == "cell" and why:
            yield view.at_cell("QR008", f"`{cell.name}` can be imported, but would not work: {why}", cell)


def _not_importable(view: View) -> Iterator[Finding]:
    for cell, reasons in explain_definitions(view.notebook):
        for reason in reasons:
            fix = Fix(reason.fix, reason.edits, safe=False) if reason.edits else None
            yield view.at_cell("QR011", f"other programs cannot import this: {reason.message}", cell, fix)


RULES = (
    Rule("QR001", "self-import", _self_import),
    Rule("QR005", "shadowed-builtin", _shadowed_builtin),
    Rule("QR006", "shadowed-module", _shadowed_module),
    Rule("QR007", "private-import-alias", _private_alias),
    Rule("QR008", "broken-definition", _broken_definition),
    Rule("QR011", "not-importable", _not_importable, is_quiet=True),
)
