"""`from module import *`, which no cell may say: the names that the notebook takes from it, one by one."""

import ast
import builtins
import importlib
import sys
from collections.abc import Sequence

from quire.convert.reads import code_names
from quire.names import is_private


def replace_stars(codes: Sequence[str]) -> list[tuple[str, str]]:
    """(code, what became of it) of every cell; the text is empty where nothing changed.

    Modules of the standard library are asked what they hold. Where only one star is left, every name that nobody
    defines must come from it.
    """
    starred = [place for place, code in enumerate(codes) if (cell := code_names(code)) is not None and cell.names.star]
    if not starred:
        return [(code, "") for code in codes]
    cells = [cell for code in codes if (cell := code_names(code)) is not None]
    defined = frozenset(name for cell in cells for name in cell.binds)
    wanted = {name for cell in cells for name in cell.names.refs} - defined
    result = [(code, "") for code in codes]
    for place in starred:
        cell = code_names(codes[place])
        assert cell is not None
        stars = [node for node in cell.tree.body if isinstance(node, ast.ImportFrom) and node.names[0].name == "*"]
        unknown = [node for node in stars if _public_names(node) is None]
        if len(unknown) > 1 or (unknown and len(starred) > 1) or not stars:
            result[place] = (
                codes[place],
                "`import *` hides which names it brings; the cell cannot run before it names them",
            )
            continue
        lines = codes[place].split("\n")
        said: list[str] = []
        known = {name for node in stars if (names := _public_names(node)) is not None for name in names}
        for node in reversed(stars):
            names = _public_names(node)
            taken = sorted(wanted & names if names is not None else wanted - known - set(dir(builtins)))
            module = "." * node.level + (node.module or "")
            line = f"from {module} import {', '.join(taken)}" if taken else f"import {module}" if not node.level else ""
            lines[node.lineno - 1 : node.end_lineno] = [line]
            guess = "" if names is not None else " (all names that nothing else defines)"
            said.append(
                f"`from {module} import *` names what the notebook uses{guess}: {', '.join(taken) or 'nothing'}"
            )
        result[place] = ("\n".join(lines), "; ".join(reversed(said)))
    return result


def _public_names(node: ast.ImportFrom) -> frozenset[str] | None:
    """What the star brings; None when only running the module would tell."""
    module = node.module or ""
    if node.level or module.partition(".")[0] not in sys.stdlib_module_names or module in {"this", "antigravity"}:
        return None
    try:
        found = importlib.import_module(module)
    except ImportError:
        return None
    names = getattr(found, "__all__", None)
    return frozenset(names if names is not None else (name for name in vars(found) if not is_private(name)))
