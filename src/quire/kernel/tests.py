"""Which definitions of a cell are tests and fixtures, as its text says. Pure: never runs a cell and never imports pytest."""

import ast
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from quire.names.fixtures import Function, is_fixture, last_name

Definition = Function | ast.ClassDef
Methods = dict[str, "int | Methods"]
"""Tests of a class, each with its line in the cell's text, 1-based, and those of the classes in it."""

_MAY_HOLD = re.compile(r"\b(?:def|class)\s|\bfixture\(")
_LOOKS_LIKE_TEST = re.compile(r"^[ \t]*(?:async[ \t]+def|def|class)[ \t]+(\w+)", re.MULTILINE)


class CellTests(NamedTuple):
    """What pytest would be interested in."""

    tests: dict[str, int]
    """Functions and classes that are tests, each with its line in the cell's text, 1-based."""
    fixtures: dict[str, str]
    """Fixtures by the name that tests ask for, each with the name of its function."""
    is_autouse: bool
    """True when one of the fixtures is for every test."""
    asks: frozenset[str]
    """What may be names of fixtures that tests and fixtures of the cell ask for."""
    early: frozenset[str]
    """Names that the cell uses before any of its tests runs: in decorators, defaults, helpers, other statements."""


NO_TESTS = CellTests({}, {}, is_autouse=False, asks=frozenset(), early=frozenset())


def is_test_function(name: str) -> bool:
    """What pytest takes for a test, as long as nobody configures anything else."""
    return name.startswith("test")


def is_test_class(name: str) -> bool:
    """The same for classes."""
    return name.startswith("Test")


def find_tests(
    code: str,
    is_function: Callable[[str], bool] = is_test_function,
    is_class: Callable[[str], bool] = is_test_class,
) -> CellTests:
    """Look through the definitions at a cell's top level, also those inside of its `if`, `try` and `with`."""
    if _MAY_HOLD.search(code) is None:
        return NO_TESTS
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _guess(code, is_function, is_class)
    tests: dict[str, int] = {}
    fixtures: dict[str, str] = {}
    later: set[ast.AST] = set()
    is_autouse = False
    for name, autouse, function in _assigned_fixtures(tree):
        fixtures[name] = function
        is_autouse = is_autouse or autouse
    for definition in definitions(tree.body):
        if (fixture := _fixture_of(definition)) is not None:
            name, autouse = fixture
            fixtures[name] = definition.name
            is_autouse = is_autouse or autouse
            later.add(definition)
        elif isinstance(definition, ast.ClassDef):
            if is_class(definition.name) or _is_test_case(definition):
                tests[definition.name] = definition.lineno
                later.update(_methods(definition))
        elif is_function(definition.name):
            tests[definition.name] = definition.lineno
            later.add(definition)
    if not tests and not fixtures:
        return NO_TESTS
    return CellTests(tests, fixtures, is_autouse, _asked(tree), _used_early(tree, later))


def find_methods(code: str, name: str, is_function: Callable[[str], bool] = is_test_function) -> Methods:
    """The tests of the class `name` that stand in the text; those that it inherits do not."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return {}
    found: Methods = {}
    for definition in definitions(tree.body):
        if isinstance(definition, ast.ClassDef) and definition.name == name:
            found = _tests_in(definition, is_function)
    return found


def _tests_in(definition: ast.ClassDef, is_function: Callable[[str], bool]) -> Methods:
    is_case = _is_test_case(definition)
    found: Methods = {}
    for member in definitions(definition.body):
        if isinstance(member, ast.ClassDef):
            if inner := _tests_in(member, is_function):
                found[member.name] = inner
        elif (is_test_function if is_case else is_function)(member.name):
            found[member.name] = member.lineno
    return found


def _guess(code: str, is_function: Callable[[str], bool], is_class: Callable[[str], bool]) -> CellTests:
    """A cell that Python cannot read: its tests must fail, not disappear."""
    tests: dict[str, int] = {}
    for found in _LOOKS_LIKE_TEST.finditer(code):
        if (is_class if found[0].lstrip().startswith("class") else is_function)(found[1]):
            tests[found[1]] = code.count("\n", 0, found.start()) + 1
    return NO_TESTS._replace(tests=tests)


def definitions(statements: list[ast.stmt]) -> Iterator[Definition]:
    """Functions and classes among the statements, also inside of an `if`, `try` or `with`."""
    for statement in statements:
        if isinstance(statement, Definition):
            yield statement
            continue
        for part in ast.iter_child_nodes(statement):
            if isinstance(part, ast.stmt):
                yield from definitions([part])
            elif isinstance(part, ast.ExceptHandler | ast.match_case):
                yield from definitions(part.body)


def _fixture_of(definition: Definition) -> tuple[str, bool] | None:
    """The fixture's name and whether every test gets it, for what stands below `@pytest.fixture` or the like."""
    for decorator in definition.decorator_list:
        if not is_fixture(decorator):
            continue
        return _options(decorator, definition.name)
    return None


def _assigned_fixtures(tree: ast.Module) -> Iterator[tuple[str, bool, str]]:
    """Those of `database = pytest.fixture(connect)`, as `_fixture_of` has them, with the name that is bound."""
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=function) as call):
                maker = function if isinstance(function, ast.Call) else call
                if last_name(maker.func) == "fixture":
                    yield (*_options(maker, name), name)
            case _:
                pass


def _options(made: ast.expr, name: str) -> tuple[str, bool]:
    """The name that tests ask for, and whether all get it, for a fixture that is bound to `name`."""
    words = made.keywords if isinstance(made, ast.Call) else []
    options = {word.arg: word.value.value for word in words if isinstance(word.value, ast.Constant)}
    return str(options.get("name") or name), options.get("autouse") is True


def _is_test_case(definition: ast.ClassDef) -> bool:
    return any(last_name(base).endswith("TestCase") for base in definition.bases)


def _methods(definition: ast.ClassDef) -> Iterator[Function]:
    for member in definitions(definition.body):
        if isinstance(member, ast.ClassDef):
            yield from _methods(member)
        else:
            yield member


def _asked(tree: ast.AST) -> frozenset[str]:
    """Arguments, and texts as in `usefixtures("database")`: too many rather than too few."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            found.add(node.value)
    return frozenset(found)


def _used_early(tree: ast.AST, later: set[ast.AST]) -> frozenset[str]:
    """Names in everything but the bodies of the functions that only pytest calls."""
    found: set[str] = set()
    pending: list[ast.AST] = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif node in later and isinstance(node, Function):
            pending += [*node.decorator_list, node.args, *([node.returns] if node.returns else [])]
        else:
            pending += ast.iter_child_nodes(node)
    return frozenset(found)
