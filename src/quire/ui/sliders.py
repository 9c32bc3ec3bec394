"""A number chosen by dragging."""

from collections.abc import Callable, Sequence
from typing import Any, Literal

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


class slider(Element[Number]):  # noqa: N801 - called like a function
    """A slider from `start` to `stop`, or over the numbers of `steps`.

    `debounce`: set the value when the handle is released, instead of while it is dragged.
    """

    kind = "slider"

    def __init__(
        self,
        start: Number | None = None,
        stop: Number | None = None,
        step: Number | None = None,
        value: Number | None = None,
        debounce: bool = False,  # noqa: FBT001, FBT002 - the signature is kept
        disabled: bool = False,  # noqa: FBT001, FBT002
        orientation: Literal["horizontal", "vertical"] = "horizontal",
        show_value: bool = True,  # noqa: FBT001, FBT002
        include_input: bool = False,  # noqa: FBT001, FBT002
        steps: Sequence[Number] | None = None,
        *,
        label: str = "",
        on_change: Callable[[Number], object] | None = None,
        full_width: bool = False,
    ) -> None:
        check_debounce(debounce, "slider")
        if orientation not in {"horizontal", "vertical"}:
            raise ValueError(f'`orientation` of `slider` is {orientation!r}; it must be "horizontal" or "vertical"')
        self._steps: list[Number] | None = None
        if steps is None:
            initial = self._set_range(start, stop, step, value)
            options: dict[str, object] = {"start": self._start, "stop": self._stop, "step": self._step}
        else:
            if start is not None or stop is not None or step is not None:
                raise ValueError("`slider` takes `steps`, or `start`, `stop` and `step`, not both")
            initial = self._set_steps(steps, value)
            options = {"start": 0, "stop": len(steps) - 1, "step": 1, "steps": self._steps}
        super().__init__(
            initial=initial,
            options=options,
            looks={
                "showValue": bool(show_value),
                "includeInput": bool(include_input),
                "debounce": debounce,
                "disabled": bool(disabled),
                "fullWidth": bool(full_width),
                "orientation": orientation,
            },
            label=label,
            on_change=on_change,
        )

    @classmethod
    def from_series(cls, series: Any, **options: Any) -> "slider":
        """A slider over the range of a series of pandas or polars."""
        start, stop = bounds_of_series(series, "slider")
        given: dict[str, Any] = {"start": start, "stop": stop} | options
        return cls(**given)

    @property
    def start(self) -> Number:
        """The least value."""
        return self._start

    @property
    def stop(self) -> Number:
        """The greatest value."""
        return self._stop

    @property
    def step(self) -> Number:
        """The distance between two values."""
        return self._step

    @property
    def steps(self) -> list[Number] | None:
        """The values, when they were given one by one."""
        return None if self._steps is None else list(self._steps)

    def wire_of(self, value: object) -> object:
        if self._steps is None:
            return value
        if not isinstance(value, int | float) or isinstance(value, bool) or value not in self._steps:
            self._refuse(value, f"one of its steps: {', '.join(map(str, self._steps[:20]))}")
        return self._steps.index(value)

    def _set_range(self, start: object, stop: object, step: object, value: object) -> Number:
        if start is None or stop is None:
            raise ValueError("`slider` needs `start` and `stop`, or `steps`")
        self._start = as_number(start, "slider", "start")
        self._stop = as_number(stop, "slider", "stop")
        given = None if step is None else as_number(step, "slider", "step")
        check_bounds(self._start, self._stop, given, "slider")
        initial = self._start if value is None else as_number(value, "slider", "value")
        check_within(initial, self._start, self._stop, "slider")
        self._whole = are_whole(self._start, self._stop, given, initial)
        self._step = given if given is not None else self._natural_step()
        return initial

    def _natural_step(self) -> Number:
        """1; a hundredth of the range where steps of 1 would leave next to nothing to choose."""
        span = self._stop - self._start
        return 1 if self._whole or span > 1 else (span / 100 or 1)

    def _set_steps(self, steps: Sequence[Number], value: object) -> int:
        self._steps = [as_number(each, "slider", "steps") for each in steps]
        if not self._steps:
            raise ValueError("`steps` of `slider` is empty; give at least one number")
        self._start, self._stop, self._step = self._steps[0], self._steps[-1], 1
        if value is None:
            return 0
        if value not in self._steps:
            raise ValueError(f"`value` of `slider` is {value!r}, which is not among its `steps`")
        return self._steps.index(as_number(value, "slider", "value"))

    def _read(self, wire: object) -> Number:
        if self._steps is not None:
            index = read_number(wire, 0, len(self._steps) - 1, whole=True)
            if index is None:
                self._refuse(wire, f"the place of one of its {len(self._steps)} steps, counted from 0")
            return self._steps[int(index)]
        number = read_number(wire, self._start, self._stop, whole=self._whole)
        if number is None:
            self._refuse(wire, f"{'whole ' if self._whole else ''}numbers from {self._start} to {self._stop}")
        return number
