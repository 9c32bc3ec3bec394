"""`stop` and `state`: what decides over runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from quire.context import host
from quire.errors import StopError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def stop(predicate: object, output: object = None) -> None:
    """End the cell here if `predicate` is true, and show `output` as its output.

    The cell has not failed: cells that read what it defines do not run, in scripts too, and all others go on. What it
    defined before stays to be looked at, as after a failure.

    Raises:
        StopError: to end the cell; it is a `BaseException`, so that `except Exception` does not hold it up.
    """
    if predicate:
        raise StopError(output)


class State(Generic[T]):
    """A value that is set while the notebook runs. Calling it gives the value; cells that read it by name run again."""

    __slots__ = ("__weakref__", "_allow_self_loops", "_value")
    _value: T

    def __init__(self, value: T, *, allow_self_loops: bool) -> None:
        self._value = value
        self._allow_self_loops = allow_self_loops

    def __call__(self) -> T:
        """The present value."""
        return self._value

    def __repr__(self) -> str:
        return f"<state {self._value!r}>"

    def _set(self, value: T | Callable[[T], T]) -> None:
        self._value = value(self._value) if callable(value) else value
        host().announce(self, to_itself=self._allow_self_loops)


def state(value: T, allow_self_loops: bool = False) -> tuple[State[T], Callable[[T | Callable[[T], T]], None]]:  # noqa: FBT001, FBT002 - the signature is kept
    """A value that cells share and change: `get_count, set_count = qr.state(0)`.

    `get_count()` is the present value. `set_count(5)`, or `set_count(lambda count: count + 1)`, gives it another one, also
    an equal one; every cell that reads the name `get_count` runs after the cell that set it has ended. The cell that set
    it does not run again, unless `allow_self_loops`. It may be set in a cell, in an `on_change`, in a thread or a task.
    When the cell that made the state runs again, it makes a new one with the initial value.

    Most notebooks need no state: a value that a slider decides, or another cell, is read from there.
    """
    getter = State(value, allow_self_loops=bool(allow_self_loops))
    return getter, getter._set
