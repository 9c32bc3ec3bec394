"""`names_of` against CPython itself: against its symbol table, and against what happens when the cell runs."""

import ast
import symtable
import textwrap
import warnings

from hypothesis import given
from hypothesis import strategies as st

from quire.ids import CellId
from quire.names import Names, compile_code, is_private, mangle, mangled_name, names_of, unmangled
from quire.names.quick import quick_names
from quire.names.rename import bound_in

from .cells import cells
from .running import run_cell


class _WithScopes(ast.NodeTransformer):
    """Every comprehension as a generator: symbol tables know no scope of the others from Python 3.12 on (PEP 709)."""

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, ast.ListComp | ast.SetComp):
            return ast.GeneratorExp(node.elt, node.generators)
        if isinstance(node, ast.DictComp):
            return ast.GeneratorExp(ast.Tuple([node.key, node.value], ast.Load()), node.generators)
        return node


class _Symbols:
    """What CPython's compiler says of a module."""

    def __init__(self, code: str) -> None:
        self.bound: set[str] = set()
        self.used: set[str] = set()
        self.nested: set[str] = set()
        self.in_classes: set[str] = set()
        """Names that classes bind, and maybe load before."""
        tables = [symtable.symtable(ast.unparse(_WithScopes().visit(ast.parse(code))), "<cell>", "exec")]
        for table in tables:
            tables += table.get_children()
            at_top = table.get_type() == "module"
            for symbol in table.get_symbols():
                name = symbol.get_name()
                if symbol.is_local() if at_top else symbol.is_global() and symbol.is_assigned():
                    self.bound.add(name)
                if table.get_type() == "class" and symbol.is_local():
                    self.in_classes.add(name)
                if symbol.is_referenced() if at_top else symbol.is_global() and name != "__class__":
                    (self.used if at_top else self.nested).add(name)


def analysed(code: str) -> Names | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", SyntaxWarning)
            return names_of(code)
    except SyntaxError:
        return None


@given(cells())
def test_names_are_those_of_the_symbol_table(code: str):
    names = analysed(code)
    if names is None:
        return
    symbols = _Symbols(code)

    assert names.defs | names.private | names.deleted == symbols.bound
    assert all(is_private(name) for name in names.private) or "except" in code
    assert not any(is_private(name) for name in names.defs)
    assert names.nested == symbols.nested
    assert names.refs <= symbols.used | symbols.nested | symbols.in_classes | names.deleted
    assert (symbols.used | symbols.nested) - symbols.bound <= names.refs


@given(cells(), st.integers(0, 9))
def test_what_a_run_binds_and_wants_is_defined_and_read(code: str, seed: int):
    names = analysed(code)
    if names is None:
        return
    run = run_cell(compile_code(code), seed=seed)
    read = names.refs | names.early
    passed_over = _counted_as_bound(ast.parse(code))

    assert run.bound <= names.defs | names.private
    assert {name for name in run.wanted - read if _as_written(name) not in passed_over} == set()
    assert {name for name in run.wanted_later - read - names.nested if _as_written(name) not in passed_over} == set()
    if isinstance(run.error, NameError) and run.error.name and "free variable" not in str(run.error):
        known = read | names.nested | _Symbols(code).in_classes  # `del` in a class looks nowhere else
        assert run.error.name in known or _as_written(run.error.name) in passed_over


@given(cells(straight=True))
def test_where_nothing_branches_exactly_what_a_run_wants_is_read(code: str):
    """Of the names that the cell binds itself."""
    names = analysed(code)
    if names is None:
        return
    run = run_cell(compile_code(code))
    own = names.defs | names.private

    assert run.error is not None or run.wanted & own == (names.refs | names.early) & own


@given(cells(), st.integers(0, 9))
def test_a_cell_whose_names_live_elsewhere_runs_alike(code: str, seed: int):
    """With every name mangled that can be."""
    names = analysed(code)
    if names is None:
        return
    # A class that binds a name, and may read it before, looks for it under its real name.
    moved = (names.defs | names.private) - _Symbols(code).in_classes
    mangled = {name: mangled_name(CellId("k"), name) for name in moved}
    elsewhere = mangle(ast.parse(code), code, mangled)
    here = run_cell(compile_code(code), seed=seed)
    there = run_cell(compile(elsewhere, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT), seed=seed)

    assert {unmangled(name) for name in there.bound} == here.bound
    assert not there.bound & mangled.keys()
    assert {unmangled(name) for name in there.wanted} == here.wanted
    assert type(there.error) is type(here.error)


@given(cells())
def test_names_from_byte_code_are_the_same_or_none(code: str):
    """A script takes the names of plain cells from their byte code."""
    names = analysed(code)
    if names is None or names.is_async:
        return
    body = textwrap.indent(code, "    ")
    try:
        found = quick_names(body, compile("if 1:\n" + body, "<cell>", "exec", dont_inherit=True))
    except SyntaxError:
        return

    assert found is None or found == names


def _as_written(name: str) -> str:
    """`__q` for what a class makes of it."""
    return name[name.index("__") :] if "__" in name else name


def _counted_as_bound(tree: ast.Module) -> set[str]:
    """Names bound in what counts as run to its end, whether it was or not."""
    bodies: list[ast.AST] = []
    for node in ast.walk(tree):
        match node:
            case ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.AsyncWith():
                bodies.append(node)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                bodies.append(node)
            case ast.Try() | ast.TryStar() if node.finalbody:
                bodies += node.body
            case _:
                pass
    return bound_in(child for body in bodies for child in ast.walk(body))
