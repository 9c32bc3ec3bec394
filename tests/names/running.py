"""Runs a cell among values that allow everything, and says which names it bound and which it wanted from outside."""

import builtins
import sys
from collections.abc import Iterator, Mapping
from random import Random
from types import CodeType, FrameType
from typing import Any

_CO_OPTIMIZED = 0x1
_AT_ONCE = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>", "<generic parameters")
_CALLS = 300
_MACHINERY = {"__build_class__", "__import__", "__name__", "AssertionError"}


class Run:
    """What became of one cell."""

    def __init__(self) -> None:
        self.globals: dict[str, object] = {}
        self.bound: set[str] = set()
        """Names among the globals at the end that were not there before."""
        self.removed: set[str] = set()
        """Names that were there before, and are gone."""
        self.wanted: set[str] = set()
        """Looked up, and not among the globals: by statements of the module or of a class in it, or by comprehensions."""
        self.wanted_later: set[str] = set()
        """The same, by functions."""
        self.error: BaseException | None = None


def run_cell(code: CodeType, given: Mapping[str, object] | None = None, *, seed: int | None = None) -> Run:
    """Run module-level code. With a seed every value is arbitrary: true or false, empty or not, and calls may raise."""
    run = Run()
    random = None if seed is None else Random(seed)
    value = Anything(random)
    given = {"__name__": "__main__", **(given or {})}
    run.globals.update(given)
    run.globals["__builtins__"] = _Outside(run, value)
    fuel = iter(range(_CALLS))

    def count(frame: FrameType, *_: object) -> None:
        if frame.f_code.co_filename == code.co_filename and next(fuel, None) is None:
            raise _TooLongError

    tracer = sys.gettrace()
    sys.settrace(count)
    try:
        result = eval(code, run.globals)
        if code.co_flags & 0x80:
            result.send(None)
    except StopIteration:
        pass
    except (Exception, _TooLongError) as error:  # noqa: BLE001 - whatever it raises
        run.error = error
    finally:
        sys.settrace(tracer)
        del run.globals["__builtins__"]
    run.bound = run.globals.keys() - given.keys() - {"__annotations__"}
    run.removed = given.keys() - run.globals.keys()
    return run


class _TooLongError(BaseException):
    """Functions call each other without end."""


class _Outside(dict[str, object]):
    """Builtins that hold every name: CPython asks here for what the globals do not have, and nowhere else."""

    def __init__(self, run: Run, value: object) -> None:
        super().__init__(__import__=lambda *_: value)  # read by the interpreter itself
        self._run = run
        self._value = value

    def __getitem__(self, name: str) -> object:
        if name not in _MACHINERY:
            (self._run.wanted if _is_at_once(sys._getframe(1)) else self._run.wanted_later).add(name)
        if name == "__import__":  # asked by a generic class, for `typing`
            return __import__
        return getattr(builtins, name) if hasattr(builtins, name) else self._value


def _is_at_once(frame: FrameType | None) -> bool:
    """True when no function stands between the module and what is running."""
    while frame is not None and frame.f_code.co_name != "<module>":
        code = frame.f_code
        if code.co_flags & _CO_OPTIMIZED and not code.co_name.startswith(_AT_ONCE):
            return False
        frame = frame.f_back
    return True


def _arithmetic(self: "Anything", *_: object) -> "Anything":
    return self


class Anything:
    """Can be called, iterated, awaited, entered, unpacked, subclassed, …"""

    def __init__(self, random: Random | None) -> None:
        self.__dict__["random"] = random

    def one_in(self, count: int) -> bool:
        random = self.__dict__["random"]
        return random is not None and random.randrange(count) == 0

    def __call__(self, *given: object, **_: object) -> object:
        if self.one_in(8):
            raise ValueError
        if len(given) == 1 and callable(given[0]) and not isinstance(given[0], Anything):
            return given[0]  # as a decorator
        return self

    def __getattr__(self, name: str) -> "Anything":
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __setattr__(self, name: str, value: object) -> None: ...

    def __delattr__(self, name: str) -> None: ...

    def __iter__(self) -> Iterator["Anything"]:
        yield self
        if not self.one_in(3):
            yield self

    def __bool__(self) -> bool:
        return not self.one_in(2)

    def __exit__(self, *_: object) -> bool:
        return False

    async def __aexit__(self, *_: object) -> bool:
        return False

    async def __aenter__(self) -> "Anything":
        return self

    def __await__(self) -> Any:
        return self
        yield

    async def __aiter__(self) -> Any:
        yield self

    def __mro_entries__(self, _: object) -> tuple[type, ...]:
        return ()

    def __hash__(self) -> int:
        return 1

    def keys(self) -> list[str]:
        return []

    def __format__(self, _: str) -> str:
        return ""

    __getitem__ = __enter__ = __add__ = __radd__ = __setitem__ = __delitem__ = _arithmetic
    __lt__ = __gt__ = __eq__ = _arithmetic
