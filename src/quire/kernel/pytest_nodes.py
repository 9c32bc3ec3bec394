"""What the pytest plugin and the kernel's own sessions both ask of pytest: assertions, fixtures, nodes, asynchronous tests."""

import ast
from collections.abc import Callable, Coroutine
from inspect import iscoroutinefunction
from typing import Any, cast

import pytest
from _pytest.assertion.rewrite import rewrite_asserts

Finish = Callable[[Coroutine[Any, Any, object]], object]
"""Runs something to its end, in the event loop of the cells."""


def rewrite_assertions(tree: Any) -> None:
    """Let assertions of a module explain themselves."""
    rewrite_asserts(tree, b"")
    _NoLocals().visit(tree)


class _NoLocals(ast.NodeTransformer):
    """At top level all names are local ones to pytest, which would show `<function inc at 0x…>(3)` in place of `inc(3)`."""

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        return node

    visit_AsyncFunctionDef = visit_Lambda = visit_FunctionDef  # pyright: ignore[reportAssignmentType]  # noqa: N815

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        is_asked = ast.unparse(node.comparators[0]) == "@py_builtins.locals()"
        return ast.copy_location(ast.Constant(value=False), node) if is_asked else node


def run_asynchronous(test: pytest.Function, finish: Finish) -> bool | None:
    """Run a test that is a coroutine function: True when it was one. For tests that no other plugin has taken."""
    if not iscoroutinefunction(test.obj):
        return None
    asked = {name: test.funcargs[name] for name in test._fixtureinfo.argnames}
    finish(_leaving_no_task(test.obj(**asked)))
    return True


async def _leaving_no_task(work: Coroutine[Any, Any, object]) -> None:
    """The event loop lives on, and what cells have begun in it; what the test has begun ends with it."""
    import asyncio  # noqa: PLC0415 - 30 ms that only such tests need

    before = asyncio.all_tasks()
    try:
        await work
    finally:
        left = asyncio.all_tasks() - before
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)


def nodes_of(collector: pytest.Module | pytest.Class, name: str, value: Any) -> list[pytest.Item | pytest.Collector]:
    """What pytest, and its other plugins, make of a definition."""
    made: Any = collector.ihook.pytest_pycollect_makeitem(collector=collector, name=name, obj=value)
    if made is None:
        return []
    return cast("list[pytest.Item | pytest.Collector]", made) if isinstance(made, list) else [made]


def collect_fixtures(module: pytest.Module) -> None:
    """Let pytest know the fixtures and the `setup_module` of a module."""
    module._register_setup_module_fixture()
    module._register_setup_function_fixture()
    manager: Any = module.session._fixturemanager
    getattr(manager, "_holderobjseen", set[object]()).discard(module.obj)  # pytest 8 looks once, and cells bind more
    manager.parsefactories(module)
