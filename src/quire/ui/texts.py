"""A line of text."""

from collections.abc import Callable
from typing import Literal

from quire.ui.amounts import check_debounce
from quire.ui.base import Element


class text(Element[str]):  # noqa: N801 - called like a function
    """A box for a line of text. `debounce`: set the value on Enter or when the box is left, else with each key."""

    kind = "text"

    def __init__(
        self,
        value: str = "",
        placeholder: str = "",
        kind: Literal["text", "password", "email", "url"] = "text",
        max_length: int | None = None,
        disabled: bool = False,  # noqa: FBT001, FBT002 - the signature is kept
        debounce: bool | int = True,  # noqa: FBT001, FBT002
        *,
        label: str = "",
        on_change: Callable[[str], object] | None = None,
        full_width: bool = False,
    ) -> None:
        check_debounce(debounce, "text")
        for argument, given in (("value", value), ("placeholder", placeholder)):
            if not isinstance(given, str):  # pyright: ignore[reportUnnecessaryIsInstance] - users call this
                raise TypeError(f"`{argument}` of `text` is a `{type(given).__name__}`; it must be text")
        if kind not in {"text", "password", "email", "url"}:
            raise ValueError(f'`kind` of `text` is {kind!r}; it must be "text", "password", "email" or "url"')
        if max_length is not None and (type(max_length) is not int or max_length < 0):
            raise ValueError(f"`max_length` of `text` is {max_length!r}; it must be a whole number, 0 or more")
        if max_length is not None and len(value) > max_length:
            raise ValueError(f"`value` of `text` has {len(value)} characters; `max_length` allows {max_length}")
        self._max_length = max_length
        super().__init__(
            initial=value,
            options={"maxLength": max_length, "inputKind": kind},
            looks={
                "placeholder": placeholder,
                "debounce": debounce,
                "disabled": bool(disabled),
                "fullWidth": bool(full_width),
            },
            label=label,
            on_change=on_change,
        )

    def _read(self, wire: object) -> str:
        if not isinstance(wire, str):
            self._refuse(wire, "text")
        if self._max_length is not None and len(wire) > self._max_length:
            self._refuse(wire, f"at most {self._max_length} characters")
        return wire
