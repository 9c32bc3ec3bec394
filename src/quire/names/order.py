"""In which order a cell's top level binds and reads names. Never looks into functions: they run later.

The walk follows Python's order of evaluation. Two sets grow on the way: names that some path has bound (`may`) and names
that every path to here has bound (`must`). The body of a loop or of a `with` counts as run to its end, and so does that of
a `try` before its `finally`: where it did not run, a reader fails with an honest `NameError`, while asking for a rename in
every second cell would not help anybody.
"""

import ast
import sys
from collections.abc import Iterable, Sequence

from quire.names.rename import bound_in, class_private, declared_in, target_names

_DEFERS_ANNOTATIONS = sys.version_info >= (3, 14)
"""Annotations are functions of their own there (PEP 649)."""

_IN_CLASSES = {"__module__", "__qualname__", "__class__"}


class Order:
    """What the walk found."""

    __slots__ = ("caught", "deleted", "early", "imports", "read", "star")

    def __init__(self) -> None:
        self.read: set[str] = set()
        """Loaded before any path has bound them."""
        self.early: set[str] = set()
        """Loaded, augmented or deleted before every path has bound them."""
        self.deleted: set[str] = set()
        """Deleted, and bound nowhere in the cell."""
        self.caught: set[str] = set()
        """Bound by `except … as` only."""
        self.imports: dict[str, str] = {}
        """Bound by `import package.…` only: name → package."""
        self.star = False


def read_order(tree: ast.Module) -> Order:
    """Walk the top level of a cell."""
    walk = _Walk(defers_annotations=_DEFERS_ANNOTATIONS or has_future_annotations(tree))
    walk.block(tree.body)
    order = walk.order
    order.deleted = walk.removed - walk.bound - order.caught
    order.caught -= walk.bound
    for name in walk.otherwise:
        order.imports.pop(name, None)
    return order


def has_future_annotations(tree: ast.Module) -> bool:
    """True when the cell keeps its annotations as text: `from __future__ import annotations`."""
    return any(
        isinstance(node, ast.ImportFrom)
        and node.module == "__future__"
        and any(alias.name == "annotations" for alias in node.names)
        for node in tree.body
    )


class _Scope:
    """A scope around the place of the walk, inside the module."""

    __slots__ = ("key", "names", "sees_class")

    def __init__(self, names: set[str], key: str = "", *, sees_class: bool = True) -> None:
        self.names = names
        """What it binds. Where a class has not yet done so, Python asks the module, and no scope between."""
        self.key = key
        """For a class, the mark of its names in `must`."""
        self.sees_class = sees_class
        """False where names of a class around are out of sight: in comprehensions and in classes."""


class _Walk:
    """The walk through what runs at once: the module and the bodies of classes and comprehensions in it."""

    def __init__(self, *, defers_annotations: bool) -> None:
        self.order = Order()
        self.may: set[str] = set()
        self.must: set[str] | None = set()  # None where control never comes
        self.bound: set[str] = set()
        self.removed: set[str] = set()
        self.otherwise: set[str] = set()  # bound, and not by `import package`
        self._gone: set[str] = set()  # deleted since the innermost `try` or loop began
        self._left: list[set[str]] = []  # what was bound at each `break` and `continue` of the innermost loop
        self._scopes: list[_Scope] = []
        self._classes: list[str] = []
        self._defers_annotations = defers_annotations

    # -- names

    def load(self, name: str, *, reads: bool = True) -> None:
        """`reads` is False for `+=` and `del`: they want the cell's own binding."""
        name = self._written(name)
        if self.must is None or self._is_local(name):
            return
        if reads and name not in self.may:
            self.order.read.add(name)
        if name not in self.must:
            self.order.early.add(name)

    def _is_local(self, name: str) -> bool:
        sees_class = True
        for scope in reversed(self._scopes):
            if name in scope.names and (sees_class or not scope.key):
                return not scope.key or self.must is None or scope.key + name in self.must
            sees_class = sees_class and scope.sees_class
        return False

    def bind(self, name: str) -> None:
        self._bind(self._written(name), otherwise=True)

    def _bind(self, name: str, *, otherwise: bool) -> None:
        place = self._place(name)
        if self.must is not None:
            self.must.add(place)
        if place == name:
            self.bound.add(name)
            self.may.add(name)
            if otherwise:
                self.otherwise.add(name)

    def remove(self, name: str) -> None:
        name = self._written(name)
        place = self._place(name)
        if place == name:
            self.load(name, reads=False)
            self.removed.add(name)
        self._unbind(place)

    def _unbind(self, place: str) -> None:
        self._gone.add(place)
        if self.must is not None:
            self.must.discard(place)

    def _place(self, name: str) -> str:
        """The key of the name in `must`: its own for a name of the module."""
        for scope in reversed(self._scopes):
            if scope.key:
                return scope.key + name if name in scope.names else name
        return name

    def _written(self, name: str) -> str:
        return class_private(name, self._classes[-1]) if self._classes else name

    # -- flow

    def block(self, statements: Iterable[ast.AST]) -> None:
        for statement in statements:
            self.visit(statement)

    def branches(self, blocks: Iterable[Sequence[ast.AST]]) -> None:
        """Alternatives: afterwards a name is surely bound when every alternative that goes on has bound it."""
        before = self.must
        after: set[str] | None = None
        for block in blocks:
            self.must = _copy(before)
            self.block(block)
            after = _join(after, self.must)
        self.must = after

    def other(self, node: ast.AST) -> None:
        """Fields stand in the order of evaluation in most nodes."""
        self.block(ast.iter_child_nodes(node))

    def visit(self, node: ast.AST) -> None:
        getattr(self, type(node).__name__, self.other)(node)

    # -- statements

    def Assign(self, node: ast.Assign) -> None:  # noqa: N802 - methods are named after the nodes
        self.visit(node.value)
        self.block(node.targets)

    def AugAssign(self, node: ast.AugAssign) -> None:  # noqa: N802
        target = node.target
        if isinstance(target, ast.Name):
            self.load(target.id, reads=bool(self._classes))
            self.visit(node.value)
            self.visit(target)
        else:
            self.visit(target)
            self.visit(node.value)

    def AnnAssign(self, node: ast.AnnAssign) -> None:  # noqa: N802
        target = node.target
        if node.value is not None:
            self.visit(node.value)
            self.visit(target)
        elif not isinstance(target, ast.Name):
            self.visit(target)
        elif node.simple and self._place(name := self._written(target.id)) == name:
            self.may.add(name)
            self.otherwise.add(name)
            self.bound.add(name)
        self.annotation(node.annotation)

    def annotation(self, node: ast.expr | None) -> None:
        if node is not None and not self._defers_annotations:
            self.visit(node)

    def Delete(self, node: ast.Delete) -> None:  # noqa: N802
        self.block(node.targets)

    def Assert(self, node: ast.Assert) -> None:  # noqa: N802
        self.visit(node.test)
        if node.msg is not None:
            self.branches([[node.msg, ast.Raise()], []])

    def Raise(self, node: ast.Raise) -> None:  # noqa: N802
        self.other(node)
        self.must = None

    def Break(self, _: ast.AST) -> None:  # noqa: N802
        if self.must is not None:
            self._left.append(self.must)
        self.must = None

    Continue = Break

    def If(self, node: ast.If) -> None:  # noqa: N802
        self.visit(node.test)
        self.branches([node.body, node.orelse])

    def For(self, node: ast.For | ast.AsyncFor) -> None:  # noqa: N802
        self.visit(node.iter)
        self._loop([node.target, *node.body])
        self.block(node.orelse)

    AsyncFor = For

    def While(self, node: ast.While) -> None:  # noqa: N802
        self._loop([node.test, *node.body])
        self.block(node.orelse)

    def _loop(self, body: Sequence[ast.AST]) -> None:
        before, gone, left = _copy(self.must), self._gone, self._left
        self._gone, self._left = set(), []
        self.block(body)
        if before is not None and self.must is not None and not before <= self.must:
            self.must = before & self.must  # the next round misses what this one deleted
            self.block(body)
        after = self.must
        if after is None:
            for one in self._left:
                after = _join(after, one)
        self.must = before if after is None else after
        self._gone, self._left = gone | self._gone, left

    def Try(self, node: ast.Try) -> None:  # noqa: N802
        before, gone = _copy(self.must), self._gone
        self._gone = set()
        self.block(node.body)
        failed = None if before is None else before - self._gone
        self._gone |= gone
        self.block(node.orelse)
        after = self.must
        for handler in node.handlers:
            self.must = _copy(failed)
            self.visit(handler)
            after = _join(after, self.must)
            if type(node).__name__ == "TryStar":  # several may run
                failed = _join(failed, self.must)
        self.must = failed if after is None else after
        self.block(node.finalbody)
        if after is None:
            self.must = None

    TryStar = Try

    def ExceptHandler(self, node: ast.ExceptHandler) -> None:  # noqa: N802
        if node.type is not None:
            self.visit(node.type)
        if node.name is None:
            self.block(node.body)
            return
        name = self._written(node.name)
        place = self._place(name)
        known = name in self.may
        if self.must is not None:
            self.must.add(place)
        if place == name:
            self.may.add(name)
            self.order.caught.add(name)
        self.block(node.body)
        self._unbind(place)
        if place == name and not known and name not in self.bound:
            self.may.discard(name)

    def Match(self, node: ast.Match) -> None:  # noqa: N802
        self.visit(node.subject)
        cases = [[case.pattern, *([case.guard] if case.guard else []), *case.body] for case in node.cases]
        last = node.cases[-1]
        self.branches(cases if last.guard is None and _is_irrefutable(last.pattern) else [*cases, []])

    def Import(self, node: ast.Import) -> None:  # noqa: N802
        for alias in node.names:
            package = alias.name.partition(".")[0]
            if alias.asname is None or alias.asname == alias.name:
                name = self._written(package)
                self._bind(name, otherwise=name != package)
                if self._place(name) == package:
                    self.order.imports.setdefault(package, package)
            else:
                self.bind(alias.asname)

    def ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: N802
        for alias in node.names:
            if alias.name == "*":
                self.order.star = True
            else:
                self.bind(alias.asname or alias.name)

    # -- definitions

    def FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:  # noqa: N802
        self.block(node.decorator_list)
        self._defaults(node.args)
        around = len(self._scopes)
        self._type_parameters(node)
        arguments = node.args
        named = (*arguments.args, *arguments.posonlyargs, arguments.vararg, *arguments.kwonlyargs, arguments.kwarg)
        for argument in named:
            self.annotation(argument and argument.annotation)
        self.annotation(node.returns)
        del self._scopes[around:]
        self.bind(node.name)

    AsyncFunctionDef = FunctionDef

    def Lambda(self, node: ast.Lambda) -> None:  # noqa: N802
        self._defaults(node.args)

    def _defaults(self, arguments: ast.arguments) -> None:
        self.block(default for default in (*arguments.defaults, *arguments.kw_defaults) if default is not None)

    def ClassDef(self, node: ast.ClassDef) -> None:  # noqa: N802
        self.block(node.decorator_list)
        around, key = len(self._scopes), f"{len(self._classes)} "
        self._type_parameters(node)
        self.block((*node.bases, *node.keywords))
        self._classes.append(node.name)
        own = set(map(self._written, bound_in(node.body) - declared_in(node.body)))
        self._scopes.append(_Scope(own | _IN_CLASSES, key, sees_class=False))
        if self.must is not None:
            self.must.update(key + name for name in _IN_CLASSES)
        self.block(node.body)
        if self.must is not None:
            self.must = {name for name in self.must if not name.startswith(key)}
        self._classes.pop()
        del self._scopes[around:]
        self.bind(node.name)

    def _type_parameters(self, node: ast.AST) -> None:
        """The scope that holds `T` of `def f[T]()`, from Python 3.12 on."""
        parameters: list[ast.AST] = getattr(node, "type_params", [])
        if parameters:
            names: set[str] = {getattr(parameter, "name") for parameter in parameters}  # noqa: B009 - unknown in 3.11
            self._scopes.append(_Scope(set(map(self._written, names))))

    def TypeAlias(self, node: ast.AST) -> None:  # noqa: N802 - from 3.12 on; its value is evaluated lazily
        self.visit(getattr(node, "name"))  # noqa: B009 - unknown to the checker of 3.11

    # -- expressions

    def Name(self, node: ast.Name) -> None:  # noqa: N802
        if isinstance(node.ctx, ast.Load):
            self.load(node.id)
        elif isinstance(node.ctx, ast.Store):
            self.bind(node.id)
        else:
            self.remove(node.id)

    def NamedExpr(self, node: ast.NamedExpr) -> None:  # noqa: N802
        self.visit(node.value)
        self.bind(node.target.id)

    def BoolOp(self, node: ast.BoolOp) -> None:  # noqa: N802
        self._some_of(node.values, 1)

    def Compare(self, node: ast.Compare) -> None:  # noqa: N802
        self._some_of([node.left, *node.comparators], 2)

    def _some_of(self, parts: Sequence[ast.expr], sure: int) -> None:
        """Operands of which only the first `sure` are evaluated in any case."""
        self.block(parts[:sure])
        if len(parts) > sure:
            self.branches([parts[sure:], []])

    def IfExp(self, node: ast.IfExp) -> None:  # noqa: N802
        self.visit(node.test)
        self.branches([[node.body], [node.orelse]])

    def Dict(self, node: ast.Dict) -> None:  # noqa: N802
        for key, value in zip(node.keys, node.values, strict=True):
            self.block((key, value) if key is not None else (value,))

    def MatchAs(self, node: ast.MatchAs) -> None:  # noqa: N802
        self.other(node)
        if node.name is not None:
            self.bind(node.name)

    def MatchStar(self, node: ast.MatchStar) -> None:  # noqa: N802
        if node.name is not None:
            self.bind(node.name)

    def MatchMapping(self, node: ast.MatchMapping) -> None:  # noqa: N802
        self.other(node)
        if node.rest is not None:
            self.bind(node.rest)

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        self.visit(node.generators[0].iter)
        self._scopes.append(_Scope(set(map(self._written, target_names(node.generators))), sees_class=False))
        for index, generator in enumerate(node.generators):
            if index:
                self.visit(generator.iter)
            for name in ast.walk(generator.target):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load):
                    self.load(name.id)
            self.block(generator.ifs)
        for part in ("key", "value", "elt"):
            child = getattr(node, part, None)
            if child is not None:
                self.visit(child)
        self._scopes.pop()

    ListComp = SetComp = GeneratorExp = DictComp = comprehension


def _copy(names: set[str] | None) -> set[str] | None:
    return None if names is None else set(names)


def _join(one: set[str] | None, other: set[str] | None) -> set[str] | None:
    """What both paths have bound; a path on which control never comes has no say."""
    if one is None or other is None:
        return other if one is None else one
    return one & other


def _is_irrefutable(pattern: ast.pattern) -> bool:
    """True for `_`, for a name, and for alternatives that end in one."""
    if isinstance(pattern, ast.MatchOr):
        return _is_irrefutable(pattern.patterns[-1])
    return isinstance(pattern, ast.MatchAs) and (pattern.pattern is None or _is_irrefutable(pattern.pattern))
