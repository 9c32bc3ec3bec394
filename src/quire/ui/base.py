"""The element: a value that people set in the page, with an identity that survives a re-run of its cell.

What travels to and from the page is the *wire value* (JSON); each element turns it into the value that code reads.
"""

import json
from collections.abc import Callable, Mapping
from typing import Generic, NoReturn, TypeVar, cast

from quire.context import host
from quire.ids import ElementId
from quire.outputs.html import Html, escape

T = TypeVar("T")

Wire = bool | int | float | str | None


class Element(Html, Generic[T]):
    """Base of all elements.

    An element keeps the value that people set when its cell runs again, as long as it is the same: made at the same
    place in the cell's run, of the same type, with the same options and the same initial value. How it looks (label,
    `disabled`, …) may change.
    """

    kind: str
    """The `type` in the markup, and the name by which messages call the element."""
    asks_for_runs = False
    """True when setting it is a wish that its readers run, in lazy mode too; see `release`."""
    outlives_kernel = True
    """Whether its value is given to the element that takes its place in a new kernel."""

    def __init__(
        self,
        *,
        initial: Wire,
        options: Mapping[str, object],
        looks: Mapping[str, object],
        label: str,
        on_change: Callable[[T], object] | None,
    ) -> None:
        if not isinstance(label, str):  # pyright: ignore[reportUnnecessaryIsInstance] - users call this
            raise TypeError(f"`label` of `{self.kind}` is a `{type(label).__name__}`; it must be text")
        if on_change is not None and not callable(on_change):
            raise TypeError(f"`on_change` of `{self.kind}` is a `{type(on_change).__name__}`; it must be a function")
        self._initial = initial
        self._options = dict(options)
        self._looks = dict(looks)
        self._label = label
        self._on_change = on_change
        self._wire = initial
        self._value: T = self._read(initial)
        self._id, found = host().adopt(self)
        if isinstance(found, Element):
            before = cast("Element[object]", found)
            if self._is_same_as(before):
                self._take_over(before)

    # -- for code that uses the element

    @property
    def value(self) -> T:
        """What is set now. Cells that read it run again when somebody sets another."""
        return self._value

    @value.setter
    def value(self, value: object) -> NoReturn:
        raise RuntimeError(
            f"the value of a `{self.kind}` is set in the page, not by code; "
            f"to begin with another one, make it anew: `qr.ui.{self.kind}(…, value={value!r})`"
        )

    @property
    def text(self) -> str:
        """The markup."""
        spec = {"type": self.kind, "label": self._label_markup(), "value": self._wire, **self._options, **self._looks}
        return (
            f'<quire-element element-id="{escape(self._id)}" '
            f'spec="{escape(json.dumps(spec, ensure_ascii=False))}"></quire-element>'
        )

    def __repr__(self) -> str:
        return f"<ui.{self.kind} value={self._value!r}>"

    def _label_markup(self) -> str:
        if self._label.replace(" ", "").isalnum() or not self._label:
            return self._label  # nothing that markdown would change
        from quire.outputs.markdown import render_markdown  # noqa: PLC0415 - 40 ms that few labels need
        from quire.outputs.sanitise import sanitise  # noqa: PLC0415 - the same

        return sanitise(render_markdown(self._label, inline=True))

    # -- for the host

    @property
    def id(self) -> ElementId:
        """Empty when no host takes care of the element."""
        return self._id

    @property
    def wire(self) -> Wire:
        """The present value as the page knows it."""
        return self._wire

    def receive(self, wire: object) -> bool:
        """Somebody set a value; True when it is another than before.

        Raises:
            ValueError: it is none that the element can have; nothing has changed.
        """
        if wire == self._wire and isinstance(wire, bool) == isinstance(self._wire, bool):
            return False
        value = self._read(wire)
        assert wire is None or isinstance(wire, bool | int | float | str)
        self._wire, self._value = wire, value
        return True

    def wire_of(self, value: object) -> object:
        """What stands on the wire for a value that a person writes. `receive` refuses what is none."""
        return value

    def announce(self) -> None:
        """Call `on_change`, after the value has changed."""
        if self._on_change is not None:
            self._on_change(self._value)

    def release(self) -> None:
        """The runs that the element asked for are over."""

    # -- for the elements

    def _read(self, wire: object) -> T:
        """The value that `wire` stands for; must raise `ValueError` for everything else."""
        raise NotImplementedError

    def _refuse(self, wire: object, expected: str) -> NoReturn:
        raise ValueError(f"a `{self.kind}` cannot be set to {wire!r:.200}; it takes {expected}")

    def _is_same_as(self, before: "Element[object]") -> bool:
        mine, theirs = (self._initial, self._options), (before._initial, before._options)
        return type(before) is type(self) and json.dumps(mine) == json.dumps(theirs)

    def _take_over(self, before: "Element[object]") -> None:
        self._value = self._read(before._wire)
        self._wire = before._wire
