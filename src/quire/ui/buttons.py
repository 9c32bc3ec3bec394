"""Something to click."""

from collections.abc import Callable
from typing import Any, Literal, cast

from quire.ui.base import Element

_MOST_CLICKS = 1_000  # of one message: more is no person


class button(Element[Any]):  # noqa: N801 - called like a function
    """A button. Each click makes `.value` what `on_click` returns for it; cells that read the button run again.

    A counter: `button(on_click=lambda value: value + 1, value=0)`. Without `on_click`, `.value` stays what it was.
    """

    kind = "button"
    outlives_kernel = False  # clicks are events: what they have done is gone

    def __init__(
        self,
        on_click: Callable[[Any], Any] | None = None,
        value: Any = None,
        kind: Literal["neutral", "success", "warn", "danger"] = "neutral",
        disabled: bool = False,  # noqa: FBT001, FBT002 - the signature is kept
        tooltip: str | None = None,
        *,
        label: str = "click here",
        on_change: Callable[[Any], object] | None = None,
        full_width: bool = False,
        keyboard_shortcut: str | None = None,
    ) -> None:
        if on_click is not None and not callable(on_click):
            raise TypeError(f"`on_click` of `{self.kind}` is a `{type(on_click).__name__}`; it must be a function")
        if kind not in {"neutral", "success", "warn", "danger"}:
            raise ValueError(
                f'`kind` of `{self.kind}` is {kind!r}; it must be "neutral", "success", "warn" or "danger"'
            )
        self._on_click = on_click
        self._first = value
        self._clicked = 0
        super().__init__(
            initial=0,
            options={},
            looks={
                "kind": kind,
                "tooltip": tooltip or "",
                "disabled": bool(disabled),
                "fullWidth": bool(full_width),
                "keyboardShortcut": keyboard_shortcut or "",
            },
            label=label,
            on_change=on_change,
        )

    def _read(self, wire: object) -> Any:
        """`wire` counts the clicks; what they did to the value follows in `announce`."""
        if isinstance(wire, bool) or not isinstance(wire, int) or wire < 0:
            self._refuse(wire, "the number of clicks")
        return getattr(self, "_value", self._first)

    def wire_of(self, value: object) -> object:
        return int(value) if isinstance(value, bool) else value  # pressed, or not

    def announce(self) -> None:
        clicks = cast("int", self._wire)
        # Fewer clicks than before: a page that was opened before the kernel was restarted.
        new = clicks - self._clicked if clicks > self._clicked else 1
        self._clicked = clicks
        if self._on_click is not None:
            for _ in range(min(new, _MOST_CLICKS)):
                self._value = self._on_click(self._value)
        super().announce()

    def _is_same_as(self, before: "Element[object]") -> bool:
        return (
            isinstance(before, button)
            and type(before) is type(self)
            and type(self._first) is type(before._first)
            and _equal(self._first, before._first)
        )

    def _take_over(self, before: "Element[object]") -> None:
        assert isinstance(before, button)
        self._wire = before.wire
        self._clicked = before._clicked
        self._value = before._value


def _equal(one: object, other: object) -> bool:
    """Like `==`, also for values whose comparison fails or is no truth (arrays)."""
    try:
        return bool(one is other or one == other)
    except Exception:  # noqa: BLE001 - code of the user's own
        return False


class run_button(button):  # noqa: N801 - called like a function
    """A button whose `.value` is True during the runs that a click causes, and False otherwise.

    For what takes long: `qr.stop(not run.value)` at the top of a cell makes it wait for the click. In lazy mode, a click
    runs the cells that read the button.
    """

    kind = "run_button"
    asks_for_runs = True

    def __init__(
        self,
        kind: Literal["neutral", "success", "warn", "danger"] = "neutral",
        disabled: bool = False,  # noqa: FBT001, FBT002 - the signature is kept
        tooltip: str | None = None,
        *,
        label: str = "click to run",
        on_change: Callable[[Any], object] | None = None,
        full_width: bool = False,
        keyboard_shortcut: str | None = None,
    ) -> None:
        super().__init__(
            None,
            False,
            kind,
            disabled,
            tooltip,
            label=label,
            on_change=on_change,
            full_width=full_width,
            keyboard_shortcut=keyboard_shortcut,
        )

    def announce(self) -> None:
        self._value = True
        super().announce()

    def release(self) -> None:
        self._value = False
