"""What pytest calls as tests: functions that run a cell's code, functions and classes that fail with what went wrong before."""

import inspect
from collections.abc import Callable, Mapping
from types import CodeType, FunctionType
from typing import Any

import pytest

from quire.errors import StopError
from quire.kernel.compile import Compiled
from quire.kernel.tests import Methods

_COROUTINE = 0x80
_STOPPED = "the cell was ended by `qr.stop`"


class _Failing:
    """Marks classes."""


def cell_function(
    name: str,
    compiled: Compiled,
    fixtures: tuple[str, ...],
    names: Callable[[], dict[str, object]],
    marks: Mapping[str, object],
) -> Any:
    """A test whose body is a cell. It runs among a copy of `names`, with the values of its fixtures beside them.

    Its attribute `late` may have more of those, by what gives their values. pytest finds its place in the file, and the beginning of its traceback, by the code.
    """
    codes = [
        code.replace(co_name=name, co_qualname=name) for code in (compiled.body, compiled.last) if code is not None
    ]

    def run(**values: object) -> None:
        __tracebackhide__ = True
        seen = {**names(), **late(), **values}
        try:
            for code in codes:
                exec(code, seen)  # noqa: S102 - running the notebook's code is what we are for
        except StopError:
            raise skipped(_STOPPED) from None

    async def run_async(**values: object) -> None:
        __tracebackhide__ = True
        seen = {**names(), **late(), **values}
        try:
            for code in codes:
                result = eval(code, seen)  # noqa: S307 - the same
                if code.co_flags & _COROUTINE:
                    await result
        except StopError:
            raise skipped(_STOPPED) from None

    def late() -> dict[str, object]:
        return {name: give() for name, give in test.late.items()}

    test: Any = run_async if compiled.is_async else run
    test.__name__ = test.__qualname__ = name
    test.__wrapped__ = FunctionType(codes[0], {}, name)
    parameters = [inspect.Parameter(fixture, inspect.Parameter.KEYWORD_ONLY) for fixture in fixtures]
    test.__signature__ = inspect.Signature(parameters)
    test.__dict__.update(marks)
    test.late = {}
    return test


def failing_function(name: str, filename: str, line: int, error: BaseException) -> Any:
    """A test at `line` of the file, 1-based, that raises `error` with the traceback it has."""
    traceback = error.__traceback__

    def fail() -> None:
        __tracebackhide__ = traceback is not None
        raise error.with_traceback(traceback)

    code: CodeType = fail.__code__
    fail.__code__ = code.replace(co_name=name, co_qualname=name, co_filename=filename, co_firstlineno=line)
    fail.__name__ = fail.__qualname__ = name
    vars(fail)["is_failing"] = True
    return fail


def failing_class(name: str, filename: str, line: int, error: BaseException, methods: Methods) -> Any:
    """A class of tests that all raise `error`, as `failing_function` does. The cell's text begins at `line` of the file."""
    members: dict[str, Any] = {}
    for method, place in methods.items():
        if isinstance(place, int):
            members[method] = staticmethod(failing_function(method, filename, line + place - 1, error))
        else:
            members[method] = failing_class(method, filename, line, error, place)
    return type(name, (_Failing,), members)


def is_failing(value: object) -> bool:
    """True for what stands in the place of a test that could not be made."""
    return issubclass(value, _Failing) if isinstance(value, type) else "is_failing" in getattr(value, "__dict__", {})


def skipped(why: str) -> BaseException:
    """What skips a test, and is told of at the place of the test."""
    return pytest.skip.Exception(why, _use_item_location=True)
