"""Renaming of a cell's module-level names: in its tree, to run it (`mangle`), or in its text, for the user (`rename_names`).

Both follow Python's scoping: parameters, keywords, attributes, class attributes and locals of the same name are left alone.
"""

import ast
import re
from collections.abc import Callable, Collection, Iterator, Mapping


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
    return _sites(tree, frozenset(names), scope=False)


def _sites(node: ast.AST, names: frozenset[str], *, scope: bool) -> Iterator[Site]:
    if not names:
        return
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            yield from _function_sites(node, names, scope=scope)
        case ast.ClassDef():
            if node.name in names:
                yield Site(node, "name", None, scope=scope)
            for outer in (*node.decorator_list, *node.bases, *node.keywords):
                yield from _sites(outer, names, scope=scope)
            hidden = _bound_in(node.body) - _declared(node.body, ast.Global)
            for statement in node.body:
                # methods do not see the names of the class body; its own statements do
                yield from _class_sites(statement, names, names - hidden)
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
            yield from _sites(node.generators[0].iter, names, scope=scope)
            targets = {n.id for g in node.generators for n in ast.walk(g.target) if isinstance(n, ast.Name)}
            inner = names - targets
            for index, generator in enumerate(node.generators):
                for part in (*([generator.iter] if index else []), *generator.ifs, generator.target):
                    yield from _sites(part, inner, scope=True)
            for field in ("key", "value", "elt"):
                if (part := getattr(node, field, None)) is not None:
                    yield from _sites(part, inner, scope=True)
        case _:
            yield from _plain_sites(node, names, scope=scope)
            for child in ast.iter_child_nodes(node):
                yield from _sites(child, names, scope=scope)


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


def _function_sites(node: _Function | ast.Lambda, names: frozenset[str], *, scope: bool) -> Iterator[Site]:
    if not isinstance(node, ast.Lambda):
        if node.name in names:
            yield Site(node, "name", None, scope=scope)
        for outer in (*node.decorator_list, *([node.returns] if node.returns else [])):
            yield from _sites(outer, names, scope=scope)
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    arguments += [argument for argument in (node.args.vararg, node.args.kwarg) if argument]
    defaults = [default for default in (*node.args.defaults, *node.args.kw_defaults) if default]
    for outer in (*(a.annotation for a in arguments if a.annotation), *defaults):
        yield from _sites(outer, names, scope=scope)
    body = node.body if isinstance(node.body, list) else [node.body]
    local = {argument.arg for argument in arguments} | (_bound_in(body) - _declared(body, ast.Global))
    inner = names - local
    for statement in body:
        yield from _sites(statement, inner, scope=True)


def _class_sites(node: ast.AST, names: frozenset[str], visible: frozenset[str]) -> Iterator[Site]:
    """`visible`: those of `names` that the class body does not bind itself."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        for site in _function_sites(node, names, scope=True):
            if site.node is not node or site.name in visible:
                yield site
    elif isinstance(node, ast.ClassDef | _Comprehension):
        yield from _sites(node, visible if isinstance(node, ast.ClassDef) else names, scope=True)
    else:
        yield from _plain_sites(node, visible, scope=True)
        for child in ast.iter_child_nodes(node):
            yield from _class_sites(child, names, visible)


def _bound_in(body: Collection[ast.AST]) -> set[str]:
    """Names that the statements bind in their own scope."""
    bound: set[str] = set()
    pending: list[ast.AST] = list(body)
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                bound.add(node.name)
                pending += [*node.decorator_list, *getattr(node, "bases", ())]
                continue
            case ast.Lambda():
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
