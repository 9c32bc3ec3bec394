"""The UI elements of a notebook: who made which, the values they keep over a re-run, and new values from the page."""

import contextlib
import sys
import traceback
from collections.abc import Callable, Mapping
from functools import partial
from typing import cast

import msgspec

from quire.ids import CellId, ElementId
from quire.kernel.failures import was_quit
from quire.ui.base import Element, Wire

AnyElement = Element[object]
Follower = Callable[[Callable[[], None]], None]
"""Is told that somebody has set an element, with what calls its `on_change`."""


class _Making(msgspec.Struct):
    """The elements that a running cell has made so far."""

    cell: CellId
    whole: bool
    """False when only some of the cell's elements are made anew, and the others stay."""
    made: dict[ElementId, AnyElement] = msgspec.field(default_factory=dict[ElementId, AnyElement])
    count: int = 0
    """Of those that have no place of their own."""
    followers: dict[ElementId, Follower] = msgspec.field(default_factory=dict[ElementId, Follower])


class Received(msgspec.Struct, frozen=True):
    """What new values did."""

    changed: tuple[tuple[CellId, AnyElement], ...]
    refused: Mapping[ElementId, Wire]
    """Elements that could not take their value, with the one they keep."""


class Elements:
    """The elements of all cells: the n-th that a cell makes in a run is `<cell>-<n>`, and one with a place `<cell>-<place>`."""

    def __init__(self) -> None:
        self._of_cell: dict[CellId, dict[ElementId, AnyElement]] = {}
        self._cell_of: dict[ElementId, CellId] = {}
        self._followers: dict[ElementId, Follower] = {}
        self._making: _Making | None = None
        self._pressed: set[ElementId] = set()
        self._kept: dict[ElementId, object] = {}
        self._refused: dict[ElementId, Wire] = {}

    def keep(self, values: Mapping[ElementId, object]) -> None:
        """What people had set in the kernel before this one: elements that can still have it begin with it."""
        self._kept = dict(values)

    def adopt(
        self, cell: CellId, element: object, place: str = "", follower: Follower | None = None
    ) -> tuple[ElementId, object | None]:
        """See `context.Host.adopt`. What a cell makes after its run (in a thread, while it is shown) belongs to nobody."""
        making = self._making
        if making is None or making.cell != cell or not isinstance(element, Element) or not (making.whole or place):
            return ElementId(""), None
        name = ElementId(f"{cell}-{place or making.count}")
        making.count += not place
        making.made[name] = element
        if follower is not None:
            making.followers[name] = follower
        if name in self._kept:
            self._give(name, cast("AnyElement", element), self._kept.pop(name))
        return name, self._of_cell.get(cell, {}).get(name)

    def _give(self, name: ElementId, element: AnyElement, wire: object) -> None:
        with contextlib.suppress(ValueError):  # it was made with other options this time
            if element.outlives_kernel:
                element.receive(wire)
        if element.wire != wire:
            self._refused[name] = element.wire

    def begin(self, cell: CellId, *, whole: bool = True) -> None:
        """A run of the cell begins; without `whole`, something that it has made runs on, and makes some elements anew."""
        self._making = _Making(cell, whole)

    def end(self, *, succeeded: bool) -> dict[ElementId, Wire]:
        """It ended; after a failure the elements from before stay. Returns values that pages must take back."""
        making, self._making = self._making, None
        refused, self._refused = self._refused, {}
        if making is None or not succeeded:
            return refused
        before = self._of_cell.get(making.cell, {})
        if making.whole:
            self.drop(making.cell)
        if making.made:
            self._of_cell[making.cell] = {**self._of_cell.get(making.cell, {}), **making.made}
            self._cell_of.update(dict.fromkeys(making.made, making.cell))
            self._followers.update(making.followers)
        return refused | {
            name: element.wire
            for name, element in making.made.items()
            if (old := before.get(name)) is not None and old.wire != element.wire
        }

    def drop(self, cell: CellId) -> None:
        """The cell is gone."""
        for name in self._of_cell.pop(cell, {}):
            del self._cell_of[name]
            self._followers.pop(name, None)

    def receive(self, values: Mapping[ElementId, object], call: Callable[[Callable[[], None]], object]) -> Received:
        """Set new values and call `on_change`, each through `call`, so that it can be interrupted.

        Elements that are not there any more are passed over: the page has not yet heard.
        """
        changed: list[tuple[CellId, AnyElement]] = []
        refused: dict[ElementId, Wire] = {}
        for name, wire in values.items():
            cell = self._cell_of.get(name)
            if cell is None:
                continue
            element = self._of_cell[cell][name]
            try:
                if not element.receive(wire):
                    continue
            except ValueError as error:
                print(error, file=sys.stderr)  # noqa: T201 - the console of the page is where its user looks
                refused[name] = element.wire
                continue
            changed.append((cell, element))
            if element.asks_for_runs:
                self._pressed.add(name)
            tell: Callable[[], None] = partial(_announce, element)
            follower = self._followers.get(name)
            call(tell if follower is None else partial(follower, tell))
        return Received(tuple(changed), refused)

    def release(self) -> None:
        """All that was asked for has run: what stays pressed for one run only is let go."""
        pressed, self._pressed = self._pressed, set()
        for name in pressed & self._cell_of.keys():
            self._of_cell[self._cell_of[name]][name].release()


def _announce(element: AnyElement) -> None:
    try:
        element.announce()
    except Exception as error:  # noqa: BLE001 - an edge: a function of the user's own
        if not was_quit(error):
            traceback.print_exc()
