"""`names_of`: CPython's own symbol table says what is global, an ordered walk says what is read before it is bound."""

import ast
import re
import symtable
import sys
import warnings
from functools import cache, lru_cache, partial
from types import CodeType

from quire.names.annotations import quoted_names
from quire.names.fixtures import asked_names
from quire.names.model import Names, is_private
from quire.names.order import Order, has_future_annotations, read_order
from quire.names.rename import bound_in, class_private, global_sites

_CO_ASYNC = 0x80 | 0x100 | 0x200  # coroutine, iterable coroutine, asynchronous generator
_NEEDS_ORDER = re.compile(r"\b(?:del|except|import|class)\b|[-+*/%&|^@]=|<<=|>>=")
"""Source that binds and reads one name, deletes, imports or catches is walked in order; the rest needs no tree."""
_INLINES = sys.version_info >= (3, 12)
_COMPREHENSION = re.compile(r"[\[{].*\bfor\b", re.DOTALL)
"""From 3.12 on, symbol tables know no scope of these: their targets look like names of the module (PEP 709)."""

_QUOTED = re.compile(r"[\w\])]\s*:[^=\n\"']*(?:[\[(,|]\s*\n[^=\n\"']*)*[\"']|->[^\n]*[\"']|\b__future__\b")
"""Source in which an annotation may be a text."""
_ASKS = re.compile(r"\bdef\s+test|fixture")
"""Source in which there may be a test or a fixture."""


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
    tree = cache(partial(ast.parse, code))
    with warnings.catch_warnings() if "\\" in code else _NOTHING:
        if "\\" in code:
            warnings.simplefilter("ignore")
        table = symtable.symtable(code, "<cell>", "exec")
        found = _Found(table)
        if _INLINES and _COMPREHENSION.search(code) is not None:
            found.take_out_comprehensions(tree())
        if found.written and "del" in code:
            found.tell_written_from_removed(tree())
        bound = found.bound | found.written
        ordered = not (bound.isdisjoint(found.used) and bound.isdisjoint(found.nested)) or _NEEDS_ORDER.search(code)
        order = read_order(tree()) if ordered else None
        if _QUOTED.search(code) is not None:
            found.mentioned |= quoted_names(tree(), future=has_future_annotations(tree()))
        if _ASKS.search(code) is not None:
            found.mentioned |= asked_names(tree())
    return _names(found, order, is_async=bool(compiled.co_flags & _CO_ASYNC))


class _Nothing:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


_NOTHING = _Nothing()


class _Found:
    """What the symbol tables of a cell say."""

    def __init__(self, table: symtable.SymbolTable) -> None:
        self.bound: set[str] = set()
        """Names bound, or deleted, by statements of the module itself."""
        self.used: set[str] = set()
        """Names loaded by them."""
        self.nested: set[str] = set()
        """Names that scopes inside use as globals."""
        self.written: set[str] = set()
        """Those of them that they bind."""
        self.removed: set[str] = set()
        """Those of them that they only delete."""
        self.mentioned: set[str] = set()
        """Names that Python does not look up, but others may."""
        for symbol in table.get_symbols():
            name = symbol.get_name()
            if symbol.is_local():
                self.bound.add(name)
            if symbol.is_referenced():
                self.used.add(name)
        scopes = list(table.get_children())
        while scopes:
            scope = scopes.pop()
            scopes.extend(scope.get_children())
            for symbol in scope.get_symbols():
                if symbol.is_global():
                    name = symbol.get_name()
                    self.nested.add(name)
                    if symbol.is_assigned():
                        self.written.add(name)
        self.nested.discard("__class__")  # `super` anywhere in a function counts as a use of it

    def take_out_comprehensions(self, tree: ast.Module) -> None:
        """Say of inlined comprehensions what the symbol table said of them when they had scopes."""
        targets = self.bound - bound_in(tree.body)
        self.bound -= targets
        self.used -= targets
        classes = [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
        inside = {
            real
            for node in ast.walk(tree)
            if isinstance(node, ast.ListComp | ast.SetComp | ast.DictComp)
            for name in ast.walk(node)
            if isinstance(name, ast.Name)
            for real in (name.id, *(class_private(name.id, owner) for owner in classes))
        }
        for site in global_sites(tree, inside):
            if site.scope:
                self.nested.add(site.real)
                if site.binds:
                    self.written.add(site.real)

    def tell_written_from_removed(self, tree: ast.Module) -> None:
        """The symbol table says of `global x; del x` that it binds `x`."""
        binds = {site.real for site in global_sites(tree, self.written) if site.scope and site.binds}
        self.removed = self.written - binds
        self.written = binds


def _names(found: _Found, order: Order | None, *, is_async: bool) -> Names:
    bound = found.bound | found.written
    deleted = found.removed - found.bound
    if order is not None:
        deleted |= order.deleted - found.written | found.removed & order.deleted
    own = bound - deleted
    refs = deleted | ((found.used | found.nested) - own)
    private = {name for name in own if is_private(name)}
    if order is not None:
        refs |= order.read
        private |= (order.caught - found.written) & own
    return Names(
        defs=frozenset(own - private),
        refs=frozenset(refs),
        private=frozenset(private),
        deleted=frozenset(deleted),
        early=frozenset(order.early & own) if order else frozenset(),
        nested=frozenset(found.nested),
        hints=frozenset(found.mentioned - own - refs),
        imports=tuple(sorted(item for item in order.imports.items() if item[0] not in found.written)) if order else (),
        star=order is not None and order.star,
        is_async=is_async,
    )
