"""Renaming of a cell's module-level names: in its tree, to run it (`mangle`), or in its text, for the user (`rename_names`).

Both follow Python's scoping: parameters, keywords, attributes, class attributes and locals of the same name are left alone.
"""

import ast
import re
from collections.abc import Callable, Collection, Generator, Iterator, Mapping


class Site:
    """One place in a tree that names a global: `field` of `node`, at `index` when the field is a list."""

    __slots__ = ("field", "index", "node", "scope")

    def __init__(self, node: ast.AST, field: str, index: int | None, *, scope: bool) -> None:
        self.node = node
        self.field = field
        self.index = index
        self.scope = scope
        """True inside a function or class."""

    @property
    def name(self) -> str:
        value = getattr(self.node, self.field)
        return value if self.index is None else value[self.index]

    @name.setter
    def name(self, name: str) -> None:
        if self.index is None:
            setattr(self.node, self.field, name)
        else:
            getattr(self.node, self.field)[self.index] = name


_Function = ast.FunctionDef | ast.AsyncFunctionDef
_Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp


def global_sites(tree: ast.Module, names: Collection[str]) -> Iterator[Site]:
    """Every place where one of `names` means the global of that name."""
    wanted = frozenset(names)
    return _sites(tree, wanted, wanted, scope=False)


def _sites(node: ast.AST, names: frozenset[str], visible: frozenset[str], *, scope: bool) -> Iterator[Site]:
    """`visible`: those of `names` that the class body around does not bind; functions in it do not see what it binds."""
    if not names:
        return
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            yield from _function_sites(node, names, visible, scope=scope)
        case ast.ClassDef():
            if node.name in visible:
                yield Site(node, "name", None, scope=scope)
            for outer in node.decorator_list:
                yield from _sites(outer, names, visible, scope=scope)
            names, visible, scope = yield from _type_parameter_sites(node, names, visible, scope=scope)
            for outer in (*node.bases, *node.keywords):
                yield from _sites(outer, names, visible, scope=scope)
            hidden = bound_in(node.body) - _declared(node.body, ast.Global)
            for statement in node.body:
                yield from _sites(statement, names, names - hidden, scope=True)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _comprehension_sites(node, names, visible, scope=scope)
        case _:
            if type(node).__name__ == "TypeAlias":
                name: ast.AST = getattr(node, "name")  # noqa: B009 - unknown to the checker of 3.11
                yield from _plain_sites(name, visible, scope=scope)
                names, visible, _ = yield from _type_parameter_sites(node, names, visible, scope=scope)
                yield from _sites(getattr(node, "value"), names, visible, scope=True)  # noqa: B009
                return
            yield from _plain_sites(node, visible, scope=scope)
            for child in ast.iter_child_nodes(node):
                yield from _sites(child, names, visible, scope=scope)


def _type_parameter_sites(
    node: ast.AST, names: frozenset[str], visible: frozenset[str], *, scope: bool
) -> Generator[Site, None, tuple[frozenset[str], frozenset[str], bool]]:
    """Sites in the bounds of `[T: bound]`; returns what is left of the names where the parameters hold (Python 3.12)."""
    parameters: list[ast.AST] = getattr(node, "type_params", [])
    if not parameters:
        return names, visible, scope
    own = {getattr(parameter, "name") for parameter in parameters}  # noqa: B009 - as above
    for parameter in parameters:
        for child in ast.iter_child_nodes(parameter):
            yield from _sites(child, names - own, visible - own, scope=True)
    return names - own, visible - own, True


def _comprehension_sites(
    node: _Comprehension, names: frozenset[str], visible: frozenset[str], *, scope: bool
) -> Iterator[Site]:
    yield from _sites(node.generators[0].iter, names, visible, scope=scope)
    inner = names - target_names(node.generators)
    for index, generator in enumerate(node.generators):
        for part in (*([generator.iter] if index else []), *generator.ifs, generator.target):
            yield from _sites(part, inner, inner, scope=True)
    for field in ("key", "value", "elt"):
        if (part := getattr(node, field, None)) is not None:
            yield from _sites(part, inner, inner, scope=True)


def _plain_sites(node: ast.AST, names: frozenset[str], *, scope: bool) -> Iterator[Site]:
    match node:
        case ast.Name(id=name) if name in names:
            yield Site(node, "id", None, scope=scope)
        case ast.ExceptHandler(name=name) | ast.MatchAs(name=name) | ast.MatchStar(name=name) if name in names:
            yield Site(node, "name", None, scope=scope)
        case ast.MatchMapping(rest=name) if name in names:
            yield Site(node, "rest", None, scope=scope)
        case ast.Global():
            for index, name in enumerate(node.names):
                if name in names:
                    yield Site(node, "names", index, scope=scope)
        case ast.Import() | ast.ImportFrom():
            for alias in node.names:
                if (alias.asname or alias.name.partition(".")[0]) in names:
                    yield Site(alias, "asname", None, scope=scope)
        case _:
            pass


def _function_sites(
    node: _Function | ast.Lambda, names: frozenset[str], visible: frozenset[str], *, scope: bool
) -> Iterator[Site]:
    defaults = [default for default in (*node.args.defaults, *node.args.kw_defaults) if default]
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    arguments += [argument for argument in (node.args.vararg, node.args.kwarg) if argument]
    for outer in defaults:
        yield from _sites(outer, names, visible, scope=scope)
    if not isinstance(node, ast.Lambda):
        if node.name in visible:
            yield Site(node, "name", None, scope=scope)
        for outer in node.decorator_list:
            yield from _sites(outer, names, visible, scope=scope)
        names, visible, scope = yield from _type_parameter_sites(node, names, visible, scope=scope)
        annotations = (*(argument.annotation for argument in arguments), node.returns)
        for outer in (annotation for annotation in annotations if annotation):
            yield from _sites(outer, names, visible, scope=scope)
    body = node.body if isinstance(node.body, list) else [node.body]
    local = {argument.arg for argument in arguments} | (bound_in(body) - _declared(body, ast.Global))
    inner = names - local
    for statement in body:
        yield from _sites(statement, inner, inner, scope=True)


def target_names(generators: Collection[ast.comprehension]) -> set[str]:
    """What the comprehension binds in itself."""
    return {
        name.id
        for generator in generators
        for name in ast.walk(generator.target)
        if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)
    }


def bound_in(body: Collection[ast.AST]) -> set[str]:
    """Names that the statements bind in their own scope."""
    bound: set[str] = set()
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.add(node.name)
                pending += node.decorator_list
                if not getattr(node, "type_params", None):  # else the rest stands in a scope of its own
                    pending += [*node.bases, *node.keywords] if isinstance(node, ast.ClassDef) else _signature(node)
                continue
            case ast.Lambda():
                pending += [default for default in (*node.args.defaults, *node.args.kw_defaults) if default]
                continue
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                bound |= {n.target.id for n in ast.walk(node) if isinstance(n, ast.NamedExpr)}
                continue
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
        pending += ast.iter_child_nodes(node)
    return bound


def _signature(node: _Function) -> list[ast.AST]:
    """Expressions of a `def` that are evaluated around it."""
    return [node.args, *([node.returns] if node.returns else [])]


def _declared(body: Collection[ast.AST], kind: type[ast.Global]) -> set[str]:
    return {name for statement in body for node in ast.walk(statement) if isinstance(node, kind) for name in node.names}


# -- to run it


def mangle(tree: ast.Module, code: str, names: Mapping[str, str]) -> ast.Module:
    """Let the globals `names` (real → mangled) of a cell live under their mangled names; changes and returns `tree`.

    Functions and classes are defined under their real name first, so that `__name__` and `__qualname__` stay real.
    `code` is the source of `tree`; a tree without any of the names is returned as it is.
    """
    if not any(name in code for name in names):
        return tree
    kept: dict[ast.AST, str] = {}
    for site in list(global_sites(tree, names)):
        node = site.node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and not site.scope:
            kept[node] = node.name
        elif isinstance(node, ast.alias):
            name = node.asname or node.name.partition(".")[0]
            if node.asname is None and "." in node.name:
                kept[node] = name
            else:
                node.asname = names[name]
        else:
            site.name = names[site.name]
    return ast.fix_missing_locations(_Rebind(kept, names).visit(tree)) if kept else tree


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
        yield line, column, node.id.encode(), names[node.id].encode()
        return
    if isinstance(node, ast.alias):
        old = node.asname or node.name.partition(".")[0]
        if node.asname is None:
            if "." in node.name:
                raise ValueError(f"`import {node.name}` binds `{old}`; rename it by hand")
            yield line, column, old.encode(), f"{old} as {names[old]}".encode()
            return
        end = (node.end_col_offset or 0) - len(old.encode())
        yield (node.end_lineno or node.lineno) - 1, end, old.encode(), names[old].encode()
        return
    old = site.name
    last = (node.end_lineno or node.lineno) - 1
    found = _find_word(lines, line, column, last, old.encode(), _after(node))
    if found is None:
        raise ValueError(f"`{old}` in line {line + 1} cannot be renamed here; rename it by hand")
    yield *found, old.encode(), names[old].encode()


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
