"""A number that is typed."""

from collections.abc import Callable
from typing import Any

from quire.ui.amounts import (
    Number,
    are_whole,
    as_number,
    bounds_of_series,
    check_bounds,
    check_debounce,
    check_within,
    read_number,
)
from quire.ui.base import Element


class number(Element[Number]):  # noqa: N801 - called like a function
    """A box for a number, within `start` and `stop` where they are given.

    It begins with `value`, else with `start`, else with 0 or the number closest to it. An emptied box keeps the last number.
    """

    kind = "number"

    def __init__(
        self,
        start: Number | None = None,
        stop: Number | None = None,
        step: Number | None = None,
        value: Number | None = None,
        debounce: bool = False,  # noqa: FBT001, FBT002 - the signature is kept
        *,
        label: str = "",
        on_change: Callable[[Number], object] | None = None,
        full_width: bool = False,
        disabled: bool = False,
    ) -> None:
        check_debounce(debounce, "number")
        self._start = None if start is None else as_number(start, "number", "start")
        self._stop = None if stop is None else as_number(stop, "number", "stop")
        self._step = None if step is None else as_number(step, "number", "step")
        check_bounds(self._start, self._stop, self._step, "number")
        initial = self._first() if value is None else as_number(value, "number", "value")
        check_within(initial, self._start, self._stop, "number")
        # A box without bounds takes any number; one with whole bounds, whole steps and a whole value only such.
        bounded = self._start is not None or self._stop is not None or self._step is not None
        self._float = not are_whole(self._start, self._stop, self._step, initial)
        self._whole = bounded and not self._float
        super().__init__(
            initial=initial,
            options={"start": self._start, "stop": self._stop, "step": self._step},
            looks={"debounce": debounce, "disabled": bool(disabled), "fullWidth": bool(full_width)},
            label=label,
            on_change=on_change,
        )

    @classmethod
    def from_series(cls, series: Any, **options: Any) -> "number":
        """A box for a number within the range of a series of pandas or polars."""
        start, stop = bounds_of_series(series, "number")
        given: dict[str, Any] = {"start": start, "stop": stop} | options
        return cls(**given)

    @property
    def start(self) -> Number | None:
        """The least value."""
        return self._start

    @property
    def stop(self) -> Number | None:
        """The greatest value."""
        return self._stop

    @property
    def step(self) -> Number | None:
        """The distance between two values."""
        return self._step

    def receive(self, wire: object) -> bool:
        # The box is empty: somebody is about to type another number.
        return wire is not None and super().receive(wire)

    def _first(self) -> Number:
        if self._start is not None:
            return self._start
        return 0 if self._stop is None else min(0, self._stop)

    def _read(self, wire: object) -> Number:
        found = read_number(wire, self._start, self._stop, whole=self._whole)
        if found is None:
            low = "" if self._start is None else f" from {self._start}"
            high = "" if self._stop is None else f" up to {self._stop}"
            self._refuse(wire, f"{'whole ' if self._whole else ''}numbers{low}{high}")
        return int(found) if not self._float and float(found).is_integer() else found
