"""Something in a cell's output that changes while the cell runs, and is drawn only when it is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from quire.context import host

if TYPE_CHECKING:
    from collections.abc import Callable

    from quire.context import Shown
    from quire.protocol.messages import Output


class Item:
    """One of the values that the running cell shows, from now on. `draw` may be called in any thread, at any time."""

    def __init__(self, draw: Callable[[], Output]) -> None:
        self._draw = draw
        self._host = host()
        self._host.show(lambda shown: shown.append(draw))

    def refresh(self) -> None:
        """It looks different now. Costs next to nothing, however often."""
        self._host.show(_as_they_are)

    def remove(self) -> None:
        """Show it no more."""

        def change(shown: list[Shown]) -> None:
            if self._draw in shown:
                shown.remove(self._draw)

        self._host.show(change)


def _as_they_are(shown: list[Shown]) -> None:
    del shown
