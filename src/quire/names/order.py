"""In which order a cell's top level binds and reads names. Never looks into functions: they run later.

The walk follows Python's order of evaluation. Two sets grow on the way: names that some path has bound (`may`) and names
that every path has bound (`must`). The body of a loop counts as run: an empty loop in front of a reader fails with an
honest `NameError`, while asking for a rename in every second cell would not help anybody.
"""

import ast
from collections.abc import Iterable

from quire.names.rename import target_names


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
    walk = _Walk()
    walk.block(tree.body)
    order = walk.order
    order.deleted = walk.removed - walk.bound - order.caught
    order.caught -= walk.bound
    for name in walk.otherwise:
        order.imports.pop(name, None)
    return order


def _type_parameters(node: ast.AST) -> list[set[str]]:
    """A scope that holds `T` of `def f[T]()`, from Python 3.12 on; none when there are no such parameters."""
    parameters: list[ast.AST] = getattr(node, "type_params", [])
    return [{getattr(parameter, "name") for parameter in parameters}] if parameters else []  # noqa: B009 - unknown in 3.11


class _Walk:
    """The walk through one scope whose statements run at once: the module's, or the body of a class in it."""

    def __init__(self, order: Order | None = None) -> None:
        self.order = order or Order()
        self.may: set[str] = set()
        self.must: set[str] = set()
        self.bound: set[str] = set()
        self.removed: set[str] = set()
        self.otherwise: set[str] = set()  # bound, and not by `import package`
        self.hidden: list[set[str]] = []  # targets of the comprehensions and names of the classes around

    # -- names

    def load(self, name: str) -> None:
        if any(name in names for names in self.hidden):
            return
        if name not in self.may:
            self.order.read.add(name)
        if name not in self.must:
            self.order.early.add(name)

    def bind(self, name: str) -> None:
        self.otherwise.add(name)
        self._bind(name)

    def _bind(self, name: str) -> None:
        if self.hidden and self._in_class:
            self.hidden[-1].add(name)
            return
        self.bound.add(name)
        self.may.add(name)
        self.must.add(name)

    _in_class = False

    # -- statements

    def block(self, statements: Iterable[ast.stmt]) -> bool:
        """Walk the statements; True when control cannot pass their end."""
        for statement in statements:
            getattr(self, type(statement).__name__, self.other)(statement)
            if isinstance(statement, ast.Raise | ast.Break | ast.Continue):
                return True
        return False

    def branches(self, blocks: Iterable[tuple[list[ast.pattern | ast.expr], list[ast.stmt]]]) -> None:
        """Alternatives: afterwards a name is surely bound when every alternative that goes on has bound it."""
        before = self.must
        after: set[str] | None = None
        for heads, body in blocks:
            self.must = set(before)
            for head in heads:
                self.visit(head)
            if not self.block(body):
                after = set(self.must) if after is None else after & self.must
        self.must = before if after is None else after

    def other(self, node: ast.AST) -> None:
        """Fields stand in the order of evaluation in most nodes."""
        for child in ast.iter_child_nodes(node):
            self.visit(child)

    def visit(self, node: ast.AST) -> None:
        getattr(self, type(node).__name__, self.other)(node)

    def Name(self, node: ast.Name) -> None:  # noqa: N802 - methods are named after the nodes
        if isinstance(node.ctx, ast.Load):
            self.load(node.id)
        elif isinstance(node.ctx, ast.Store):
            self.bind(node.id)
        else:
            self.load_early(node.id)
            self.removed.add(node.id)
            self.must.discard(node.id)

    def load_early(self, name: str) -> None:
        if name not in self.must and not any(name in names for names in self.hidden):
            self.order.early.add(name)

    def Assign(self, node: ast.Assign) -> None:  # noqa: N802
        self.visit(node.value)
        for target in node.targets:
            self.visit(target)

    def AugAssign(self, node: ast.AugAssign) -> None:  # noqa: N802
        if isinstance(node.target, ast.Name):
            self.load_early(node.target.id)
        self.visit(node.value)
        self.visit(node.target)

    def AnnAssign(self, node: ast.AnnAssign) -> None:  # noqa: N802
        self.visit(node.annotation)
        if node.value is not None:
            self.visit(node.value)
            self.visit(node.target)
        elif isinstance(node.target, ast.Name):
            self.may.add(node.target.id)
            self.otherwise.add(node.target.id)
            self.bound.add(node.target.id)
        else:
            self.visit(node.target)

    def NamedExpr(self, node: ast.NamedExpr) -> None:  # noqa: N802
        self.visit(node.value)
        self.bind(node.target.id)

    def If(self, node: ast.If) -> None:  # noqa: N802
        self.visit(node.test)
        self.branches([([], node.body), ([], node.orelse)])

    def For(self, node: ast.For | ast.AsyncFor) -> None:  # noqa: N802
        self.visit(node.iter)
        self.visit(node.target)
        before = set(self.must)
        if self.block(node.body):
            self.must |= before
        self.block(node.orelse)

    AsyncFor = For

    def While(self, node: ast.While) -> None:  # noqa: N802
        self.visit(node.test)
        self.block(node.body)
        self.block(node.orelse)

    def Try(self, node: ast.Try) -> None:  # noqa: N802
        before = set(self.must)
        ended = self.block(node.body) or self.block(node.orelse)
        after = None if ended else self.must
        for handler in node.handlers:
            self.must = set(before)
            ended = self.handler(handler)
            if not ended:
                after = self.must if after is None else after & self.must
        self.must = before if after is None else after
        self.block(node.finalbody)

    TryStar = Try

    def handler(self, node: ast.ExceptHandler) -> bool:
        if node.type is not None:
            self.visit(node.type)
        if node.name is None:
            return self.block(node.body)
        known = node.name in self.bound
        self.may.add(node.name)
        self.must.add(node.name)
        self.order.caught.add(node.name)
        ended = self.block(node.body)
        self.must.discard(node.name)
        if not known and node.name not in self.bound:
            self.may.discard(node.name)
        return ended

    def Match(self, node: ast.Match) -> None:  # noqa: N802
        self.visit(node.subject)
        self.branches([([case.pattern, *([case.guard] if case.guard else [])], case.body) for case in node.cases])

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

    def Import(self, node: ast.Import) -> None:  # noqa: N802
        for alias in node.names:
            package = alias.name.partition(".")[0]
            if alias.asname is None or alias.asname == alias.name:
                self._bind(package)
                self.order.imports.setdefault(package, package)
            else:
                self.bind(alias.asname)

    def ImportFrom(self, node: ast.ImportFrom) -> None:  # noqa: N802
        for alias in node.names:
            if alias.name == "*":
                self.order.star = True
            else:
                self.bind(alias.asname or alias.name)

    def FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:  # noqa: N802
        for decorator in node.decorator_list:
            self.visit(decorator)
        around = len(self.hidden)
        self.hidden += _type_parameters(node)
        self.visit(node.args)
        if node.returns is not None:
            self.visit(node.returns)
        del self.hidden[around:]
        self.bind(node.name)

    AsyncFunctionDef = FunctionDef

    def Lambda(self, node: ast.Lambda) -> None:  # noqa: N802
        for default in (*node.args.defaults, *node.args.kw_defaults):
            if default is not None:
                self.visit(default)

    def ClassDef(self, node: ast.ClassDef) -> None:  # noqa: N802
        for decorator in node.decorator_list:
            self.visit(decorator)
        around = len(self.hidden)
        self.hidden += _type_parameters(node)
        for base in (*node.bases, *node.keywords):
            self.visit(base)
        in_class, self._in_class = self._in_class, True
        self.hidden.append({"__module__", "__qualname__", "__class__"})
        self.block(node.body)
        del self.hidden[around:]
        self._in_class = in_class
        self.bind(node.name)

    def TypeAlias(self, node: ast.AST) -> None:  # noqa: N802 - from 3.12 on; its value is evaluated lazily
        self.visit(getattr(node, "name"))  # noqa: B009 - unknown to the checker of 3.11

    def comprehension(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp) -> None:
        targets: set[str] = set()
        in_class, self._in_class = self._in_class, False
        for index, generator in enumerate(node.generators):
            if index == 0:
                self.visit(generator.iter)
                self.hidden.append(targets)
            else:
                self.visit(generator.iter)
            targets |= target_names([generator])
            for name in ast.walk(generator.target):
                if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Load):
                    self.load(name.id)
            for condition in generator.ifs:
                self.visit(condition)
        for part in ("key", "value", "elt"):
            child = getattr(node, part, None)
            if child is not None:
                self.visit(child)
        self.hidden.pop()
        self._in_class = in_class

    ListComp = SetComp = GeneratorExp = DictComp = comprehension
