"""Renaming of a cell's module-level names: in its tree, to run it (`mangle`), or in its text, for the user (`rename_names`).

Both follow Python's scoping: parameters, keywords, attributes, class attributes and locals of the same name are left alone.
"""

import ast
import re
from collections.abc import Callable, Collection, Generator, Iterable, Iterator, Mapping
from typing import cast


class Site:
    """One place in a tree that names a global: `field` of `node`, at `index` when the field is a list."""

    __slots__ = ("field", "index", "node", "real", "scope")

    def __init__(self, node: ast.AST, field: str, index: int | None, real: str, *, scope: bool) -> None:
        self.node = node
        self.field = field
        self.index = index
        self.real = real
        """The global's name: what stands here, or `_A__x` for an `__x` inside of `class A`."""
        self.scope = scope
        """True inside a function or class."""

    @property
    def name(self) -> str:
        """The name as it stands here."""
        value = getattr(self.node, self.field)
        return value if self.index is None else value[self.index]

    @name.setter
    def name(self, name: str) -> None:
        if self.index is None:
            setattr(self.node, self.field, name)
        else:
            getattr(self.node, self.field)[self.index] = name

    @property
    def binds(self) -> bool:
        """True where the global gets a value."""
        node = self.node
        return isinstance(node.ctx, ast.Store) if isinstance(node, ast.Name) else not isinstance(node, ast.Global)


def class_private(name: str, owner: str) -> str:
    """What Python makes of a name inside of `class owner`: `__x` is `_owner__x`."""
    if not name.startswith("__") or name.endswith("__") or not (owner := owner.lstrip("_")):
        return name
    return f"_{owner}{name}"


_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
_NO_NAMES: frozenset[str] = frozenset()


class _View:
    """Which globals can be meant by their names at one place."""

    __slots__ = ("names", "owner", "scope", "visible", "wanted")

    def __init__(
        self,
        wanted: frozenset[str],
        names: frozenset[str],
        hidden: Collection[str] = (),
        *,
        owner: str = "",
        scope: bool = True,
    ) -> None:
        self.wanted = wanted
        """All that are looked for: `global` brings them back anywhere."""
        self.names = names
        """Those that functions here can mean."""
        self.visible = names.difference(hidden) if hidden else names
        """Those that statements here can mean: not what the body of a class binds."""
        self.owner = owner
        """The class around, for its private names."""
        self.scope = scope
        """True inside a function or class."""

    def inside(self, local: Collection[str], declared: Collection[str] = ()) -> "_View":
        """The view from a function that binds these names, and declares those `global`."""
        names = self.names.difference(map(self.real, local)) | self.wanted.intersection(map(self.real, declared))
        return _View(self.wanted, names, owner=self.owner)

    def real(self, name: str) -> str:
        return class_private(name, self.owner) if self.owner else name


def global_sites(tree: ast.Module, names: Collection[str]) -> Iterator[Site]:
    """Every place where one of `names` means the global of that name."""
    wanted = frozenset(names)
    return _sites(tree, _View(wanted, wanted, scope=False))


def _sites(node: ast.AST, view: _View) -> Iterator[Site]:
    if not view.wanted:
        return
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            yield from _function_sites(node, view)
        case ast.ClassDef():
            yield from _class_sites(node, view)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _comprehension_sites(node, view)
        case ast.AnnAssign(simple=0, value=None, target=ast.Name()):  # `(x): int` binds nothing
            yield from _sites(node.annotation, view)
        case _:
            if type(node).__name__ == "TypeAlias":
                yield from _sites(getattr(node, "name"), view)  # noqa: B009 - unknown to the checker of 3.11
                inner = yield from _type_parameter_sites(node, view)
                yield from _sites(getattr(node, "value"), inner.inside(()))  # noqa: B009
                return
            yield from _plain_sites(node, view)
            for child in ast.iter_child_nodes(node):
                yield from _sites(child, view)


def _class_sites(node: ast.ClassDef, view: _View) -> Iterator[Site]:
    yield from _site(node, "name", None, view)
    for outer in node.decorator_list:
        yield from _sites(outer, view)
    view = yield from _type_parameter_sites(node, view)
    for outer in (*node.bases, *node.keywords):
        yield from _sites(outer, view)
    own = _View(view.wanted, view.names, owner=node.name)
    declared = view.wanted.intersection(map(own.real, declared_in(node.body)))
    hidden: set[str] = set()
    for statement in node.body:
        # `x = x` reads the global while the class has none. Where a branch may have bound it, it is taken for the class's.
        value, others = _divide(statement)
        for part, binds in ((value, []), (others, [statement])):
            hidden |= set(map(own.real, bound_in(binds))) - declared
            inner = _View(view.wanted, view.names | declared, hidden, owner=node.name)
            for child in part:
                yield from _sites(child, inner)


def _divide(statement: ast.stmt) -> tuple[list[ast.AST], list[ast.AST]]:
    """What a plain assignment evaluates before it binds, and the rest; any other statement is all rest."""
    match statement:
        case ast.Assign() if not bound_in([statement.value]):
            return [statement.value], [*statement.targets]
        case ast.AnnAssign(value=ast.expr() as value) if not bound_in([value]):
            return [value], [statement.target, statement.annotation]
        case _:
            return [], [statement]


def _type_parameter_sites(node: ast.AST, view: _View) -> Generator[Site, None, _View]:
    """Sites in the bounds of `[T: bound]`; returns the view from where the parameters hold (Python 3.12)."""
    parameters: list[ast.AST] = getattr(node, "type_params", [])
    if not parameters:
        return view
    own = {view.real(getattr(parameter, "name")) for parameter in parameters}  # noqa: B009 - as above
    view = _View(view.wanted, view.names - own, view.names - view.visible, owner=view.owner)
    for parameter in parameters:
        for child in ast.iter_child_nodes(parameter):
            yield from _sites(child, view)
    return view


def _comprehension_sites(node: _Comprehension, view: _View) -> Iterator[Site]:
    yield from _sites(node.generators[0].iter, view)
    inner = view.inside(target_names(node.generators))
    for index, generator in enumerate(node.generators):
        for part in (*([generator.iter] if index else []), *generator.ifs, generator.target):
            yield from _sites(part, inner)
    for field in ("key", "value", "elt"):
        if (part := getattr(node, field, None)) is not None:
            yield from _sites(part, inner)


def _site(node: ast.AST, field: str, index: int | None, view: _View) -> Iterator[Site]:
    site = Site(node, field, index, "", scope=view.scope)
    site.real = view.real(site.name)
    if site.real in view.visible:
        yield site


def _plain_sites(node: ast.AST, view: _View) -> Iterator[Site]:
    match node:
        case ast.Name():
            yield from _site(node, "id", None, view)
        case ast.ExceptHandler(name=str()) | ast.MatchAs(name=str()) | ast.MatchStar(name=str()):
            yield from _site(node, "name", None, view)
        case ast.MatchMapping(rest=str()):
            yield from _site(node, "rest", None, view)
        case ast.Global():
            for index in range(len(node.names)):
                yield from _site(node, "names", index, view)
        case ast.Import() | ast.ImportFrom():
            for alias in node.names:
                real = view.real(alias.asname or alias.name.partition(".")[0])
                if real in view.visible:
                    yield Site(alias, "asname", None, real, scope=view.scope)
        case _:
            pass


def _function_sites(node: _Function | ast.Lambda, view: _View) -> Iterator[Site]:
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    arguments += [argument for argument in (node.args.vararg, node.args.kwarg) if argument]
    for outer in _defaults(node):
        yield from _sites(outer, view)
    if not isinstance(node, ast.Lambda):
        yield from _site(node, "name", None, view)
        for outer in node.decorator_list:
            yield from _sites(outer, view)
        view = yield from _type_parameter_sites(node, view)
        annotations = (*(argument.annotation for argument in arguments), node.returns)
        for outer in (annotation for annotation in annotations if annotation):
            yield from _sites(outer, view)
    body = node.body if isinstance(node.body, list) else [node.body]
    declared = declared_in(body)
    inner = view.inside({argument.arg for argument in arguments} | (bound_in(body) - declared), declared)
    for statement in body:
        yield from _sites(statement, inner)


def target_names(generators: Iterable[ast.comprehension]) -> set[str]:
    """What the comprehension binds in itself."""
    return {
        name.id
        for generator in generators
        for name in ast.walk(generator.target)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }


def bound_in(body: Iterable[ast.AST]) -> set[str]:
    """Names that the statements bind in their own scope."""
    bound: set[str] = set()
    for node in _own_nodes(body):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.add(node.name)
            case ast.NamedExpr():  # it may stand in a comprehension, and binds around it
                bound.add(node.target.id)
            case ast.Name(ctx=ast.Store() | ast.Del()):
                bound.add(node.id)
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                bound.add(name)
            case ast.MatchMapping(rest=str(name)):
                bound.add(name)
            case ast.Import() | ast.ImportFrom():
                bound |= {alias.asname or alias.name.partition(".")[0] for alias in node.names}
            case ast.Nonlocal():
                bound.update(node.names)
            case _:
                pass
    return bound


def declared_in(body: Iterable[ast.AST]) -> set[str]:
    """Names that the statements declare `global` in their own scope."""
    return {name for node in _own_nodes(body) if isinstance(node, ast.Global) for name in node.names}


def _own_nodes(body: Iterable[ast.AST]) -> Iterator[ast.AST]:
    """The nodes that stand in the scope of the statements; of a comprehension, only what its `:=` bind around it."""
    pending = list(body)
    while pending:
        node = pending.pop()
        yield node
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                pending += node.decorator_list
                is_generic = bool(getattr(node, "type_params", None))  # then the rest stands in a scope of its own
                if isinstance(node, ast.ClassDef):
                    pending += [] if is_generic else [*node.bases, *node.keywords]
                else:
                    pending += _defaults(node) if is_generic else [node.args, *([node.returns] if node.returns else [])]
            case ast.Lambda():
                pending += _defaults(node)
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                pending += (
                    child for child in _own_nodes(ast.iter_child_nodes(node)) if isinstance(child, ast.NamedExpr)
                )
            case ast.NamedExpr():
                pending.append(node.value)
            case ast.AnnAssign(simple=0, value=None, target=ast.Name()):  # `(x): int` binds nothing
                pending.append(node.annotation)
            case _:
                pending += ast.iter_child_nodes(node)


def _defaults(node: _Function | ast.Lambda) -> list[ast.expr]:
    return [default for default in (*node.args.defaults, *node.args.kw_defaults) if default is not None]


# -- to run it


def mangle(tree: ast.Module, code: str, names: Mapping[str, str]) -> ast.Module:
    """Let the globals `names` (real → mangled) of a cell live under their mangled names; changes and returns `tree`.

    Functions and classes are defined under their real name first, so that `__name__` and `__qualname__` stay real; a
    function that declares them `global` needs that only for a class with private names, which are made of its name.
    `code` is the source of `tree`; a tree without any of the names is returned as it is.
    """
    if not any(name in code or "__" in name for name in names):
        return tree
    kept: dict[ast.AST, str] = {}
    for site in list(global_sites(tree, names)):
        node = site.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and (
            not site.scope or (isinstance(node, ast.ClassDef) and _has_private_names(node))
        ):
            kept[node] = node.name
        elif isinstance(node, ast.alias):
            name = node.asname or node.name.partition(".")[0]
            if node.asname is None and "." in node.name:
                kept[node] = name
            else:
                node.asname = names[name]
        else:
            site.name = names[site.real]
    return ast.fix_missing_locations(_Rebind(kept, names).visit(tree)) if kept else tree


def _has_private_names(node: ast.ClassDef) -> bool:
    """True when it has names such as `__x`, wherever they stand."""
    names = (
        name
        for child in ast.walk(node)
        for _, value in ast.iter_fields(child)
        for name in (cast("list[object]", value) if isinstance(value, list) else (value,))
    )
    return any(isinstance(name, str) and class_private(name, "c") != name for name in names)


class _Rebind(ast.NodeTransformer):
    """After a statement that must bind the real name: `mangled = real; del real`."""

    def __init__(self, kept: Mapping[ast.AST, str], names: Mapping[str, str]) -> None:
        self.kept = kept
        self.names = names

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        real = {self.kept[child] for child in (node, *getattr(node, "names", ())) if child in self.kept}
        if not real or not isinstance(node, ast.stmt):
            return node
        follow: list[ast.stmt] = [node]
        for name in sorted(real):
            load, remove = ast.Name(name, ast.Load()), ast.Name(name, ast.Del())
            follow += [ast.Assign([ast.Name(self.names[name], ast.Store())], load), ast.Delete([remove])]
        for extra in follow[1:]:
            ast.copy_location(extra, node)
        return follow  # pyright: ignore[reportReturnType] - a transformer may return statements


# -- in the text


def rename_names(code: str, names: Mapping[str, str]) -> str:
    """The cell's text with the globals `names` (old → new) renamed, comments and spacing kept.

    Raises:
        SyntaxError: the cell does not parse.
        ValueError: a place could not be renamed safely (inside some f-strings before Python 3.12).
    """
    lines = _byte_lines(code)
    edits: set[tuple[int, int, bytes, bytes]] = set()
    for site in global_sites(ast.parse(code), names):
        node = site.node
        assert isinstance(node, ast.stmt | ast.expr | ast.alias | ast.ExceptHandler | ast.pattern)
        edits.update(_text_edits(site, node, lines, names))
    for line, column, old, new in sorted(edits, reverse=True):
        text = lines[line]
        if text[column : column + len(old)] != old:
            raise ValueError(f"`{old.decode()}` in line {line + 1} cannot be renamed here; rename it by hand")
        lines[line] = text[:column] + new + text[column + len(old) :]
    return b"".join(lines).decode()


_Located = ast.stmt | ast.expr | ast.alias | ast.ExceptHandler | ast.pattern


def _byte_lines(code: str) -> list[bytes]:
    return re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$", code.encode())


def _text_edits(
    site: Site, node: _Located, lines: list[bytes], names: Mapping[str, str]
) -> Iterator[tuple[int, int, bytes, bytes]]:
    line, column = node.lineno - 1, node.col_offset
    if isinstance(node, ast.Name):
        yield line, column, node.id.encode(), names[site.real].encode()
        return
    if isinstance(node, ast.alias):
        old = node.asname or node.name.partition(".")[0]
        if node.asname is None:
            if "." in node.name:
                raise ValueError(f"`import {node.name}` binds `{old}`; rename it by hand")
            yield line, column, old.encode(), f"{old} as {names[site.real]}".encode()
            return
        end = (node.end_col_offset or 0) - len(old.encode())
        yield (node.end_lineno or node.lineno) - 1, end, old.encode(), names[site.real].encode()
        return
    old = site.name
    last = (node.end_lineno or node.lineno) - 1
    found = _find_word(lines, line, column, last, old.encode(), _after(node))
    if found is None:
        raise ValueError(f"`{old}` in line {line + 1} cannot be renamed here; rename it by hand")
    yield *found, old.encode(), names[site.real].encode()


def _after(node: _Located) -> bytes:
    """The keyword behind which the name stands."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return rb"\bdef\s+"
        case ast.ClassDef():
            return rb"\bclass\s+"
        case ast.ExceptHandler():
            return rb"\bas\s+"
        case ast.Global():
            return rb"(?:\bglobal\s+|,\s*)"
        case ast.MatchMapping():
            return rb"\*\*\s*"
        case ast.MatchStar():
            return rb"\*\s*"
        case _:
            return rb"(?:\bas\s+|)"


def _find_word(
    lines: list[bytes], first: int, column: int, last: int, word: bytes, after: bytes
) -> tuple[int, int] | None:
    pattern = re.compile(after + rb"(" + re.escape(word) + rb")\b")
    search: Callable[[bytes, int], re.Match[bytes] | None] = pattern.search
    for line in range(first, last + 1):
        if match := search(lines[line], column if line == first else 0):
            return line, match.start(1)
    return None
