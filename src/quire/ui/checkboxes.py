"""Yes or no."""

from collections.abc import Callable

from quire.ui.base import Element


class checkbox(Element[bool]):  # noqa: N801 - called like a function
    """A box to check."""

    kind = "checkbox"

    def __init__(
        self,
        value: bool = False,  # noqa: FBT001, FBT002 - the signature is kept
        *,
        label: str = "",
        disabled: bool = False,
        on_change: Callable[[bool], object] | None = None,
    ) -> None:
        super().__init__(
            initial=bool(value), options={}, looks={"disabled": bool(disabled)}, label=label, on_change=on_change
        )

    def _read(self, wire: object) -> bool:
        if not isinstance(wire, bool):
            self._refuse(wire, "true or false")
        return wire
