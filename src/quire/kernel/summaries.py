"""A value in a few words, made quickly and without its help where that is possible. Never reads its properties."""

import sys
from collections.abc import Callable, Iterable
from itertools import islice
from time import perf_counter
from types import BuiltinFunctionType, FrameType, FunctionType, ModuleType
from typing import Any, cast

LONGEST = 120
"""Characters of a summary."""

_WIDEST = 6  # items of a container
_DEEPEST = 2
_LARGEST = 1 << 256  # an integer beyond it is told by its length: its digits take long to make
_PATIENCE = 0.02  # seconds that a `__repr__` of somebody's own may take

_BRACKETS: dict[type, tuple[str, str]] = {
    list: ("[", "]"),
    tuple: ("(", ")"),
    set: ("{", "}"),
    frozenset: ("{", "}"),
}
_SHAPED = {"numpy", "pandas", "polars", "torch", "jax", "xarray"}


def type_name(value: object) -> str:
    """The name of the value's type, as a person would say it."""
    return type(value).__qualname__


def summarise(value: object, *, ask: bool = True) -> str:
    """The value in at most `LONGEST` characters. `ask=False`: without calling a `__repr__` that is not Python's own."""
    try:
        text = _summary(value, 0, ask=ask).replace("\n", " ")
    except RuntimeError:  # the cell that runs has changed it meanwhile
        return "…"
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _summary(value: object, depth: int, *, ask: bool) -> str:
    kind: type[Any] = type(value)
    if kind is int:
        number = cast("int", value)
        return repr(number) if -_LARGEST < number < _LARGEST else f"an integer of {number.bit_length():,} bits"
    if value is None or kind in {bool, float, complex, range}:
        return repr(value)
    if isinstance(value, str | bytes):
        return repr(value[:LONGEST])
    base = next((base for base in (dict, *_BRACKETS) if issubclass(kind, base)), None)
    if base is not None and not hasattr(kind, "_fields"):
        return _container(value, base, depth, ask=ask)
    return _other(value, kind, ask=ask)


def _container(value: Any, base: Any, depth: int, *, ask: bool) -> str:
    """Subclasses too: theirs may have a repr of their own, but it may take as long as they are."""
    name = "" if type(value) is base else type_name(value)
    size: int = base.__len__(value)
    if depth >= _DEEPEST:
        return f"{name}{{…}}" if base is dict else f"{name}{_BRACKETS[base][0]}…{_BRACKETS[base][1]}"
    if base is dict:
        pairs = cast("Iterable[tuple[object, object]]", islice(cast("Any", base).items(value), _WIDEST))
        shown = [f"{_summary(key, depth + 1, ask=ask)}: {_summary(item, depth + 1, ask=ask)}" for key, item in pairs]
        opening, closing = "{", "}"
    else:
        shown = [_summary(item, depth + 1, ask=ask) for item in islice(base.__iter__(value), _WIDEST)]
        opening, closing = _BRACKETS[base]
    inside = ", ".join(shown)
    if base is tuple and size == 1:
        inside += ","
    more = f", … ({size:,} in all)" if size > _WIDEST else ""
    plain = f"{opening}{inside}{more}{closing}" if size or base not in {set, frozenset} else f"{base.__name__}()"
    return f"{name}({plain})" if name else plain


def _other(value: object, kind: type[Any], *, ask: bool) -> str:
    if isinstance(value, ModuleType):
        return str(vars(value).get("__version__", ""))
    if isinstance(value, type):
        return f"{value.__module__}.{value.__qualname__}"
    if isinstance(value, FunctionType | BuiltinFunctionType):
        return parameters_of(value)
    if kind.__module__.partition(".")[0] in _SHAPED and (shaped := _shape(value, kind)):
        return shaped
    if kind.__repr__ is object.__repr__:
        return ""
    return _own_repr(value) if ask else "…"


def parameters_of(function: FunctionType | BuiltinFunctionType) -> str:
    """`(a, b=…)`, from the code: nothing of the function's is evaluated."""
    if isinstance(function, BuiltinFunctionType):
        return "(…)"
    code = function.__code__
    count = code.co_argcount + code.co_kwonlyargcount
    return f"({', '.join(code.co_varnames[:count])})"


def _shape(value: Any, kind: type[Any]) -> str:
    """Arrays and frames by their measures: their content takes long to write, and says little in a line."""
    shape = getattr(value, "shape", None)
    if not isinstance(shape, tuple):
        return ""
    lengths = [f"{length:,}" for length in cast("tuple[Any, ...]", shape) if isinstance(length, int)]
    if kind.__name__ == "DataFrame":
        columns = [str(name) for name in islice(cast("Iterable[object]", value.columns), _WIDEST)]
        more = ", …" if len(value.columns) > _WIDEST else ""
        return f"{' × '.join(lengths)}: {', '.join(columns)}{more}"
    dtype = str(getattr(value, "dtype", ""))
    return f"{' × '.join(lengths) or 'scalar'} {dtype}".rstrip()


class _TooSlow(BaseException):
    """Not an `Exception`: code that catches those must not keep it."""


def _own_repr(value: object) -> str:
    try:
        return within(_PATIENCE, lambda: repr(value))
    except _TooSlow:
        return "(its `__repr__` takes too long)"
    except Exception as error:  # noqa: BLE001 - code of the user's own
        return f"(its `__repr__` raised {type(error).__name__})"


def within(seconds: float, call: Callable[[], str]) -> str:
    """Call it, but not for longer: Python code that takes more time is ended by `_TooSlow` at its next line."""
    until = perf_counter() + seconds

    def trace(frame: FrameType, event: str, argument: object) -> Any:
        del frame, event, argument
        if perf_counter() > until:
            raise _TooSlow
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        return call()
    finally:
        sys.settrace(before)
