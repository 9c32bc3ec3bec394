"""`qr.output`: what a cell shows while it runs. In a script, and where nobody looks, nothing of this does anything.

The value of a cell's last line takes the place of what stands here, when there is one.
"""

from __future__ import annotations

from quire.context import host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.context import Shown
    from quire.protocol.messages import Output

__all__ = ["append", "clear", "replace", "replace_at_index"]


def append(value: object) -> None:
    """Show the value below what the cell shows already."""

    def change(shown: list[Shown]) -> None:
        shown.extend(_rendered(value))

    host().show(change)


def replace(value: object) -> None:
    """Show the value instead of all that the cell shows; None: nothing."""

    def change(shown: list[Shown]) -> None:
        shown[:] = _rendered(value, alone=True)

    host().show(change)


def replace_at_index(value: object, idx: int) -> None:
    """Show the value instead of number `idx` of those that the cell shows, counted from 0; the next number adds one.

    Raises:
        IndexError: the cell shows fewer.
    """

    def change(shown: list[Shown]) -> None:
        if not 0 <= idx <= len(shown):
            raise IndexError(f"the cell shows {len(shown)} values, there is no number {idx} to replace")
        shown[idx : idx + 1] = _rendered(value)

    host().show(change)


def clear() -> None:
    """Show nothing."""
    replace(None)


def _rendered(value: object, *, alone: bool = False) -> list[Output]:
    from quire.outputs.registry import render  # noqa: PLC0415 - a script shows nothing

    output = render(value, tree=alone)
    return [] if output is None else [output]
