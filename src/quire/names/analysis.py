"""`names_of`: CPython's own symbol table says what is global, an ordered walk says what is read before it is bound."""

import ast
import re
import symtable
import sys
import warnings
from functools import lru_cache
from types import CodeType

from quire.names.model import Names, is_private
from quire.names.order import Order, read_order
from quire.names.rename import bound_in, global_sites

_CO_ASYNC = 0x80 | 0x100 | 0x200  # coroutine, iterable coroutine, asynchronous generator
_NEEDS_ORDER = re.compile(r"\b(?:del|except|import|class)\b|[-+*/%&|^@]=|<<=|>>=")
"""Source that binds and reads one name, deletes, imports or catches is walked in order; the rest needs no tree."""
_INLINES = sys.version_info >= (3, 12)
_COMPREHENSION = re.compile(r"[\[{].*\bfor\b", re.DOTALL)
"""From 3.12 on, symbol tables know no scope of these: their targets look like names of the module (PEP 709)."""


def compile_code(code: str, filename: str = "<cell>") -> CodeType:
    """Compile a cell as module-level code; top-level `await` is allowed.

    Raises:
        SyntaxError: the cell cannot run.
    """
    flags = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT
    try:
        if "\\" not in code:  # only an escape can make the compiler warn about text that is not ours to judge
            return compile(code, filename, "exec", flags, dont_inherit=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return compile(code, filename, "exec", flags, dont_inherit=True)
    except (ValueError, MemoryError, RecursionError) as error:
        raise SyntaxError(_WHY_NOT.get(type(error), str(error))) from None


_WHY_NOT: dict[type[Exception], str] = {
    ValueError: "source code cannot contain null bytes",
    MemoryError: "the cell nests too deeply for Python's parser",
    RecursionError: "the cell nests too deeply for Python's compiler",
}


@lru_cache(maxsize=20_000)
def names_of(code: str) -> Names:
    """What the cell `code` defines and reads.

    Raises:
        SyntaxError: the cell does not compile as a module.
    """
    compiled = compile_code(code)
    with warnings.catch_warnings() if "\\" in code else _NOTHING:
        if "\\" in code:
            warnings.simplefilter("ignore")
        table = symtable.symtable(code, "<cell>", "exec")
        bound, used = _module_names(table)
        nested, written = _nested_names(table)
        inlined = _INLINES and _COMPREHENSION.search(code) is not None
        if inlined:
            _take_out_comprehensions(ast.parse(code), bound, used, nested, written)
        ordered = not (bound.isdisjoint(used) and bound.isdisjoint(nested)) or _NEEDS_ORDER.search(code) is not None
        order = read_order(ast.parse(code)) if ordered else None
    return _names(bound | written, used, nested, order, is_async=bool(compiled.co_flags & _CO_ASYNC))


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


_NOTHING = _Nothing()


def _module_names(table: symtable.SymbolTable) -> tuple[set[str], set[str]]:
    """Names bound and names loaded by the statements of the module itself."""
    bound: set[str] = set()
    used: set[str] = set()
    for symbol in table.get_symbols():
        name = symbol.get_name()
        if symbol.is_local():
            bound.add(name)
        if symbol.is_referenced():
            used.add(name)
    return bound, used


def _nested_names(table: symtable.SymbolTable) -> tuple[set[str], set[str]]:
    """Names that scopes inside the module use as globals, and those of them that they bind."""
    nested: set[str] = set()
    written: set[str] = set()
    scopes = list(table.get_children())
    while scopes:
        scope = scopes.pop()
        scopes.extend(scope.get_children())
        for symbol in scope.get_symbols():
            if symbol.is_global():
                name = symbol.get_name()
                nested.add(name)
                if symbol.is_assigned():
                    written.add(name)
    nested.discard("__class__")  # `super` anywhere in a function counts as a use of it
    return nested, written


def _take_out_comprehensions(
    tree: ast.Module, bound: set[str], used: set[str], nested: set[str], written: set[str]
) -> None:
    """Say of inlined comprehensions what the symbol table said of them when they had scopes."""
    targets = bound - bound_in(tree.body)
    bound -= targets
    used -= targets
    inside = {
        name.id
        for node in ast.walk(tree)
        if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp)
        for name in ast.walk(node)
        if isinstance(name, ast.Name)
    }
    for site in global_sites(tree, inside):
        if site.scope:
            nested.add(site.name)
            if isinstance(site.node, ast.Name) and isinstance(site.node.ctx, ast.Store):
                written.add(site.name)


def _names(bound: set[str], used: set[str], nested: set[str], order: Order | None, *, is_async: bool) -> Names:
    if order is None:
        return Names(
            defs=frozenset(name for name in bound if not is_private(name)),
            refs=frozenset((used | nested) - bound),
            private=frozenset(name for name in bound if is_private(name)),
            nested=frozenset(nested),
            is_async=is_async,
        )
    own = bound - order.deleted
    private = {name for name in own if is_private(name)} | (order.caught & own)
    return Names(
        defs=frozenset(own - private),
        refs=frozenset(order.read | order.deleted | (nested - own)),
        private=frozenset(private),
        deleted=frozenset(order.deleted),
        early=frozenset(order.early & own),
        nested=frozenset(nested),
        imports=tuple(sorted(order.imports.items())),
        star=order.star,
        is_async=is_async,
    )
