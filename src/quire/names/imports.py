"""What a text imports: the modules, and the names of cells that do nothing else. Pure: nothing is imported to find out."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

_FIRST = re.compile(r"(?:\s|#.*)*(?:import|from)\b")
_CACHED = 20_000


class Import:
    """What one imported name is bound to. Equal values mean the same object, as long as no module is loaded again."""

    __slots__ = ("modules", "text")

    def __init__(self, text: str, modules: frozenset[str]) -> None:
        self.text = text
        self.modules = modules
        """The modules that may have made it: `a.b` may be a module, or a name in `a`."""

    @property
    def is_plain(self) -> bool:
        """True for `import a.b`, which binds `a`, and adds to what another such import has bound."""
        return self.text.startswith("import ") and not self.text.endswith(" as")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Import) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    def __or__(self, other: "Import") -> "Import":
        """`import a.b` beside `import a.c`: both are reached by the name `a`."""
        texts = sorted({*self.text.split("; "), *other.text.split("; ")})
        return Import("; ".join(texts), self.modules | other.modules)


@lru_cache(maxsize=_CACHED)
def imports_of(code: str) -> Mapping[str, Import] | None:
    """The names that the cell imports; None for a cell that does anything else."""
    if not _FIRST.match(code):
        return None
    found: dict[str, Import] = {}
    for statement in _body(code):
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            return None
        for name, what in _bindings(statement):
            if name == "*":
                return None
            known = found.get(name)
            found[name] = known | what if known is not None and known.is_plain and what.is_plain else what
    return MappingProxyType(found) if found else None


@lru_cache(maxsize=_CACHED)
def modules_of(code: str, package: str = "") -> frozenset[str]:
    """Every module that the text imports anywhere, functions included; `package` is the one that relative names start from.

    Of `from a import b`, both `a` and `a.b`: only the import knows which of them is a module.
    """
    if "import" not in code:
        return frozenset()
    return frozenset(
        module
        for statement in _body(code)
        for node in ast.walk(statement)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for _, what in _bindings(node, package)
        for module in what.modules
    )


def _body(code: str) -> list[ast.stmt]:
    try:
        return ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def _bindings(statement: ast.Import | ast.ImportFrom, package: str = "") -> Iterator[tuple[str, Import]]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            name = alias.asname or alias.name.partition(".")[0]
            text = f"import {alias.name}" if alias.asname is None else f"import {alias.name} as"
            yield name, Import(text, frozenset(_with_parents(alias.name)))
        return
    base = statement.module or ""
    if statement.level:
        above = package.split(".")[: len(package.split(".")) - (statement.level - 1)]
        base = ".".join(part for part in (*above, base) if part)
    for alias in statement.names:
        text = f"from {'.' * statement.level}{statement.module or ''} import {alias.name}"
        yield alias.asname or alias.name, Import(text, frozenset({*_with_parents(base), f"{base}.{alias.name}"}))


def _with_parents(module: str) -> Iterator[str]:
    """`a.b` runs `a` first."""
    while module:
        yield module
        module = module.rpartition(".")[0]
