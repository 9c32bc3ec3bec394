"""Cells of nothing but imports: what each of their names is bound to, as far as the text says it. Pure."""

import ast
import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

_FIRST = re.compile(r"(?:\s|#.*)*(?:import|from)\b")


@lru_cache(maxsize=20_000)
def imports_of(code: str) -> Mapping[str, str] | None:
    """The names that the cell imports, each with what it is in the text; None for a cell that does anything else.

    Equal values mean the same object, as long as no module is loaded again.
    """
    if not _FIRST.match(code):
        return None
    try:
        statements = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    found: dict[str, set[str]] = {}
    for statement in statements:
        match statement:
            case ast.Import(names=names):
                for alias in names:
                    if alias.asname is None:
                        found.setdefault(alias.name.partition(".")[0], set()).add(f"import {alias.name}")
                    else:
                        found[alias.asname] = {f"import {alias.name} as"}
            case ast.ImportFrom(names=names, module=module, level=level):
                for alias in names:
                    if alias.name == "*":
                        return None
                    found[alias.asname or alias.name] = {f"from {'.' * level}{module or ''} import {alias.name}"}
            case _:
                return None
    return MappingProxyType({name: "; ".join(sorted(ways)) for name, ways in found.items()})
