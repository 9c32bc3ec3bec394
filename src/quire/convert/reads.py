"""What one cell does to names, as far as the order of running matters: what it surely binds, what its functions read later."""

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from quire.names import Names, is_private, names_of
from quire.names.rename import bound_in, global_sites

_LAZY = re.compile(r"\b(?:def|lambda|for)\b")
_KEEPERS = frozenset({"map", "filter", "partial", "iter", "zip", "enumerate", "defaultdict", "vectorize", "Lambda"})
"""Callables whose result calls later what it is given now; any other is taken to be done with it when it returns."""

Lazy = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.GeneratorExp


@dataclass(frozen=True)
class CodeNames:
    """The names of one cell of a notebook that runs from top to bottom in one namespace."""

    code: str
    names: Names
    tree: ast.Module = field(compare=False)

    @cached_property
    def binds(self) -> frozenset[str]:
        """Names that the cell leaves bound; IPython knows no private names."""
        return self.names.defs | frozenset(name for name in self.names.private if is_private(name))

    @cached_property
    def reads(self) -> frozenset[str]:
        """Names that it may take from the cells before it."""
        return self.names.refs | self.names.early

    @cached_property
    def sure(self) -> frozenset[str]:
        """Names bound on every way through the cell."""
        return frozenset(_surely_bound(self.tree.body))

    @cached_property
    def written(self) -> frozenset[str]:
        """Names that functions of the cell bind by `global`."""
        if "global" not in self.code:
            return frozenset()
        return frozenset(
            name
            for function in ast.walk(self.tree)
            if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Global)
            for name in node.names
        )

    @cached_property
    def imports(self) -> dict[str, tuple[str, ...]]:
        """Names bound by nothing but one import at the top level, and what that import says."""
        found: dict[str, tuple[str, ...]] = {}
        otherwise: set[str] = set()
        for statement in self.tree.body:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                for alias in statement.names:
                    name = alias.asname or alias.name.partition(".")[0]
                    said = import_said(statement, alias)
                    otherwise |= {name} if found.setdefault(name, said) != said else set()
            else:
                otherwise |= bound_in([statement])
        return {name: said for name, said in found.items() if name not in otherwise}

    @cached_property
    def bearers(self) -> tuple["Bearer", ...]:
        """Functions that the cell leaves behind or hands on, with what they read when they are called."""
        if not _LAZY.search(self.code):
            return ()
        return tuple(_bearers(self.tree.body))

    def reads_late(self, name: str) -> bool:
        """True when a function of the cell reads the name at the time of its call."""
        return any(name in bearer.reads for bearer in self.bearers)

    def carriers(self, name: str) -> frozenset[str]:
        """Names under which other cells can reach functions that read `name` when they are called."""
        return frozenset(carrier for bearer in self.bearers if name in bearer.reads for carrier in bearer.names)

    def calls_before_binding(self, name: str) -> bool:
        """True when a function of the cell that reads `name` may be called before the cell has bound it."""
        carriers = self.carriers(name)
        for statement in self.tree.body:
            if any(isinstance(node, ast.Name) and node.id in carriers for node in ast.walk(statement)):
                return True
            if name in _surely_bound([statement]):
                return False
        return bool(carriers)

    def handed_on(self, name: str) -> frozenset[str]:
        """Names that may hold what `name` holds, or something made from it that still calls it."""
        found: set[str] = set()
        for statement in _simple_statements(self.tree.body):
            mentions = [node for node in ast.walk(statement) if isinstance(node, ast.Name) and node.id == name]
            called = {id(node.func) for node in ast.walk(statement) if isinstance(node, ast.Call)}
            if any(id(node) not in called and isinstance(node.ctx, ast.Load) for node in mentions):
                found |= bound_in([statement]) - {name}
        return frozenset(found)

    def makes(self, name: str) -> frozenset[str]:
        """Names bound by statements that mention `name` at all: objects of a class."""
        return frozenset(
            bound
            for statement in _simple_statements(self.tree.body)
            if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(statement))
            for bound in bound_in([statement]) - {name}
        )

    @cached_property
    def loads(self) -> frozenset[str]:
        """Names that the cell reads while it runs, not only in functions that it leaves behind."""
        kept = {
            id(function) for statement in _simple_statements(self.tree.body) for function in _kept_functions(statement)
        }
        pending: list[ast.AST] = [self.tree]
        found: set[str] = set()
        while pending:
            node = pending.pop()
            if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store):
                found.add(node.id)
            if id(node) not in kept:
                pending += ast.iter_child_nodes(node)
            elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                pending += [*node.decorator_list, *node.args.defaults, *filter(None, node.args.kw_defaults)]
        return frozenset(found)

    @cached_property
    def classes(self) -> frozenset[str]:
        return frozenset(node.name for node in self.tree.body if isinstance(node, ast.ClassDef))


@dataclass(frozen=True, slots=True)
class Bearer:
    """A function, and the names that lead to it."""

    names: frozenset[str]
    reads: frozenset[str]


@lru_cache(maxsize=4096)
def code_names(code: str) -> CodeNames | None:
    """The names of a cell; None for one that Python cannot read."""
    try:
        return CodeNames(code, names_of(code), ast.parse(code))
    except (SyntaxError, ValueError):
        return None


def leaves_reader(statement: ast.stmt, name: str) -> bool:
    """True when the statement leaves a function behind that reads the name at the time of its call."""
    return any(name in bearer.reads for bearer in _bearers([statement]))


def import_said(statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> tuple[str, ...]:
    """What an import of one name means, however it is written."""
    if isinstance(statement, ast.ImportFrom):
        return ("from", "." * statement.level + (statement.module or ""), alias.name)
    return ("import", alias.name if alias.asname else alias.name.partition(".")[0], alias.name)


def _surely_bound(body: Sequence[ast.stmt]) -> set[str]:
    sure: set[str] = set()
    for statement in body:
        match statement:
            case ast.If():
                sure |= _surely_bound(statement.body) & _surely_bound(statement.orelse)
            case ast.With() | ast.AsyncWith():
                sure |= bound_in([item.optional_vars for item in statement.items if item.optional_vars])
                sure |= _surely_bound(statement.body)
            case ast.Try():
                bodies = [[*statement.body, *statement.orelse], *(handler.body for handler in statement.handlers)]
                sure |= set[str].intersection(*map(_surely_bound, bodies)) | _surely_bound(statement.finalbody)
            case ast.For() | ast.AsyncFor():  # the body counts as run, as everywhere in Quire (`names/order.py`)
                sure |= bound_in([statement.target, statement.iter]) | _surely_bound(statement.body)
            case ast.AnnAssign(value=None) | ast.While() | ast.Match() | ast.TryStar():
                pass
            case ast.Delete():
                sure -= bound_in([statement])
            case _:
                sure |= bound_in([statement])
    return sure


def _simple_statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements of the module's scope; the heads of blocks are passed over, what is in blocks is not."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield statement
            continue
        blocks = [getattr(statement, field, ()) for field in ("body", "orelse", "finalbody", "handlers", "cases")]
        if not any(blocks):
            yield statement
        for block in blocks:
            for child in block:
                inner = [child] if isinstance(child, ast.stmt) else child.body
                yield from _simple_statements(inner)


def _bearers(body: Iterable[ast.stmt]) -> Iterator[Bearer]:
    for statement in _simple_statements(body):
        is_definition = isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        names = frozenset({statement.name} if is_definition else bound_in([statement]))
        for function in _kept_functions(statement):
            yield Bearer(names, _late_reads(function))


def _kept_functions(node: ast.AST) -> Iterator[Lazy]:
    """Functions in the node, outermost only, without those given to a call that is done with them when it returns."""
    if isinstance(node, Lazy):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        if not (isinstance(node, ast.Call) and child is not node.func and not _keeps(node)):
            yield from _kept_functions(child)


def _keeps(call: ast.Call) -> bool:
    callee = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return callee in _KEEPERS


def _late_reads(function: Lazy) -> frozenset[str]:
    statement = function if isinstance(function, ast.stmt) else ast.Expr(function)
    module = ast.Module([statement], [])
    names = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
    return frozenset(site.name for site in global_sites(module, names) if site.scope)
