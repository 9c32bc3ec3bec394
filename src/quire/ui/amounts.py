"""Numbers that users give as arguments, checked: what elements with bounds have in common."""

import math
from collections.abc import Callable
from typing import Any

Number = int | float


def as_number(value: object, element: str, argument: str) -> Number:
    """A finite `int` or `float`; numbers of numpy, decimals and fractions are converted.

    Raises:
        TypeError: it is no number.
        ValueError: it is infinite, or not a number in the sense of floating point.
    """
    item: Callable[[], object] | None = getattr(value, "item", None)
    plain: Any = item() if callable(item) else value
    if isinstance(plain, bool) or not isinstance(plain, int | float):
        try:
            plain = None if isinstance(plain, bool | str | bytes) else float(plain)
        except (TypeError, ValueError):
            plain = None
        if plain is None:
            raise TypeError(f"`{argument}` of `{element}` is {value!r:.100}; it must be a number")
    if not math.isfinite(plain):
        raise ValueError(f"`{argument}` of `{element}` is {plain}; it must be finite")
    return plain


def check_bounds(start: Number | None, stop: Number | None, step: Number | None, element: str) -> None:
    """Raises `ValueError` when no value lies between the bounds."""
    if start is not None and stop is not None and stop < start:
        raise ValueError(f"`stop` of `{element}` is {stop}, below `start`, which is {start}; exchange them")
    if step is not None and step <= 0:
        raise ValueError(f"`step` of `{element}` is {step}; it must be greater than 0")


def check_within(value: Number, start: Number | None, stop: Number | None, element: str) -> None:
    """Raises `ValueError` when `value` is out of bounds."""
    if (start is not None and value < start) or (stop is not None and value > stop):
        low = "" if start is None else f"from {start} "
        high = "" if stop is None else f"up to {stop}"
        raise ValueError(f"`value` of `{element}` is {value}; it must be a number {f'{low}{high}'.strip()}")


def read_number(wire: object, start: Number | None, stop: Number | None, *, whole: bool) -> Number | None:
    """The number that a page sent, as `int` where all are; None when it is none of these."""
    if isinstance(wire, bool) or not isinstance(wire, int | float) or not math.isfinite(wire):
        return None
    # The page steps in floating point: it may be past a bound by its last digits.
    slack = 1e-9 * max(abs(start or 0), abs(stop or 0), 1)
    if (start is not None and wire < start - slack) or (stop is not None and wire > stop + slack):
        return None
    if whole:
        return int(wire) if float(wire).is_integer() else None
    if start is not None and wire < start:
        return float(start)
    return float(stop) if stop is not None and wire > stop else float(wire)


def are_whole(*numbers: Number | None) -> bool:
    """True when none of the numbers given is a `float`."""
    return all(number is None or isinstance(number, int) for number in numbers)


def check_debounce(debounce: object, element: str) -> None:
    """True, False, or milliseconds."""
    if isinstance(debounce, bool):
        return
    if not isinstance(debounce, int) or debounce < 0:
        raise ValueError(f"`debounce` of `{element}` is {debounce!r}; it must be True, False or milliseconds")


def bounds_of_series(series: Any, element: str) -> tuple[Number, Number]:
    """Least and greatest value of a series of pandas or polars.

    Raises:
        ValueError: the series has none.
    """
    low, high = series.min(), series.max()
    if low is None or high is None:
        raise ValueError(f"`{element}.from_series` got a series without values; give `start` and `stop` instead")
    return as_number(low, element, "start"), as_number(high, element, "stop")
