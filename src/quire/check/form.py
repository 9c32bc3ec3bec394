"""Rules about the file's own form: what Quire would write, and what other tools expect."""

import ast
from collections import Counter
from collections.abc import Iterator

from quire.check.model import AddGuard, AddVersion, Finding, Fix, Rewrite, Rule
from quire.check.view import View, tree_of
from quire.names import Names
from quire.notebook import Cell, MakeCell
from quire.notebook.reuse import shared_names
from quire.notebook.write import parameters_of, returns_of, write_return, write_signature


def _missing_guard(view: View) -> Iterator[Finding]:
    tree = tree_of(view.notebook.footer) if view.notebook.carrier == "python" else None
    if tree is not None and not any(isinstance(node, ast.If) for node in tree.body):
        message = '`python` runs nothing of this file, because it does not end with `app.run()` behind `if __name__ == "__main__":`'
        yield view.at_file("QF001", message, max(view.footer_line - 1, 1), Fix("append it", (AddGuard(),)))


def _missing_version(view: View) -> Iterator[Finding]:
    tree = tree_of(view.notebook.header.removeprefix("\ufeff")) if view.notebook.carrier == "python" else None
    names = [
        target.id
        for node in (tree.body if tree else [])
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    if tree is not None and "__generated_with" not in names:
        line = view.notebook.header.rstrip().count("\n") + 1
        message = "the file does not say which version of Quire it was made with (`__generated_with`)"
        yield view.at_file("QF002", message, line, Fix("add this version", (AddVersion(),)))


def _duplicate_name(view: View) -> Iterator[Finding]:
    counts = Counter(cell.name for cell in view.notebook.cells if cell.type != "stray" and cell.name != "_")
    seen: set[str] = set()
    for cell in view.notebook.cells:
        if counts[cell.name] > 1 and cell.type != "stray":
            if cell.name in seen:
                message = f"another cell is called `{cell.name}` already, and hides this one or is hidden when the file is imported"
                yield view.at_cell("QF005", message, cell)
            seen.add(cell.name)


def _stale_signature(view: View) -> Iterator[Finding]:
    if view.notebook.carrier == "markdown":
        return
    known = shared_names(view.notebook)
    for cell, tree in view.trees():
        if cell.type != "cell" or cell.damaged or not view.is_sound(cell):
            continue
        if _is_as_written(view, cell, known):
            continue
        node = _function_of(cell)
        if node is None or (what := _stale_part(node, view.names(cell), known, tree)) == "":
            continue
        message = f"the {what} of this cell's function are not what its code says; the notebook runs, but type checkers and readers are misled"
        yield view.at_cell("QF006", message, cell, Fix("write them anew", (Rewrite(cell.id),)))


def _is_as_written(view: View, cell: Cell, known: set[str]) -> bool:
    """True when the function is, to the letter, what we would write: most are, and need no parsing."""
    names = view.names(cell)
    start = write_signature(f"def {cell.name}(", parameters_of(names, known)) + "\n"
    end = f"{write_return(returned)}\n" if (returned := returns_of(names)) else ""
    return f"\n{start}" in cell.text and cell.text.endswith(end) and (bool(end) or "return" not in cell.text)


def _function_of(cell: Cell) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
    tree = tree_of(cell.text)
    node = tree.body[0] if tree and tree.body else None
    return node if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else None


def _stale_part(node: ast.FunctionDef | ast.AsyncFunctionDef, names: Names, known: set[str], tree: ast.Module) -> str:
    """Which part of the function misleads; empty when none does. Names given in vain mislead nobody."""
    arguments = node.args
    given = {argument.arg for argument in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)}
    if set(parameters_of(names, known)) - given:
        return "parameters"
    last = node.body[-1]
    own = tree.body[-1] if tree.body else None
    if isinstance(own, ast.Return):  # the cell ends with a return of the user's
        return ""
    returned: set[str] = set()
    if isinstance(last, ast.Return):
        returned = {name.id for name in ast.walk(last) if isinstance(name, ast.Name)}
    return "" if returned == set(returns_of(names)) else "returned names"


def _needless_text(view: View) -> Iterator[Finding]:
    for cell, _ in view.trees():
        if (
            cell.type == "unparsable"
            and cell.code.strip()
            and view.graph.problems.get(cell.id) is None
            and _compiles(cell)
        ):
            message = "this cell is kept as text, but Python can read it"
            yield view.at_cell("QF007", message, cell, Fix("write it as a cell", (Rewrite(cell.id),)))


def _compiles(cell: Cell) -> bool:
    body = "\n".join(f"    {row}" for row in cell.code.split("\n"))
    try:
        compile(f"async def _():\n{body}\n", "<cell>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


def _stray(view: View) -> Iterator[Finding]:
    for cell in view.notebook.cells:
        if cell.type == "stray" and not cell.damaged:
            message = "this statement stands between cells, where the notebook does not run it; make it a cell"
            yield view.at_cell("QF008", message, cell, Fix("make it a cell", (MakeCell(cell.id),), safe=False))


RULES = (
    Rule("QF001", "missing-guard", _missing_guard),
    Rule("QF002", "missing-version", _missing_version),
    Rule("QF005", "duplicate-cell-name", _duplicate_name),
    Rule("QF006", "stale-signature", _stale_signature),
    Rule("QF007", "needless-text", _needless_text),
    Rule("QF008", "statement-between-cells", _stray),
)
