"""`hstack` and `vstack`: values beside and above each other."""

from collections.abc import Iterable, Sequence
from typing import Literal

from quire.outputs.html import Html, type_name

Justify = Literal["start", "center", "end", "space-between", "space-around"]
Align = Literal["start", "end", "center", "stretch"]

_JUSTIFY = {"start": "flex-start", "center": "center", "end": "flex-end"} | {
    name: name for name in ("space-between", "space-around")
}
_NO_LISTS: tuple[type, ...] = (str, bytes, dict)
_ALIGN = {"start": "flex-start", "end": "flex-end", "center": "center", "stretch": "stretch"}


def hstack(
    items: Iterable[object],
    *,
    justify: Justify = "space-between",
    align: Align | None = None,
    wrap: bool = False,
    gap: float = 0.5,
    widths: Literal["equal"] | Sequence[float] | None = None,
) -> Html:
    """Values in a row. `gap` in rem; `widths`: "equal", or how the items share the room (0: as wide as needed)."""
    return Stack("hstack", items, justify=justify, align=align, wrap=wrap, gap=gap, shares=widths)


def vstack(
    items: Iterable[object],
    *,
    align: Align | None = None,
    justify: Justify = "start",
    gap: float = 0.5,
    heights: Literal["equal"] | Sequence[float] | None = None,
) -> Html:
    """Values in a column. `gap` in rem; `heights`: "equal", or how the items share the room (0: as high as needed)."""
    return Stack("vstack", items, justify=justify, align=align, wrap=False, gap=gap, shares=heights)


class Stack(Html):
    """What `hstack` and `vstack` return; its items are rendered when it is shown."""

    def __init__(
        self,
        name: Literal["hstack", "vstack"],
        items: Iterable[object],
        *,
        justify: str,
        align: str | None,
        wrap: bool,
        gap: float,
        shares: Literal["equal"] | Sequence[float] | None,
    ) -> None:
        if isinstance(items, _NO_LISTS) or not hasattr(items, "__iter__"):
            raise TypeError(f"`{name}` takes a list of values, not `{type_name(items)}`")
        self.name = name
        self.items = list(items)
        self.wrap = wrap
        self.justify = _checked(name, "justify", justify, _JUSTIFY)
        self.align = None if align is None else _checked(name, "align", align, _ALIGN)
        if isinstance(gap, bool) or not isinstance(gap, int | float) or gap < 0:  # pyright: ignore[reportUnnecessaryIsInstance]
            raise ValueError(f"`gap` of `{name}` is {gap!r}; it must be a number of rem, 0 or more")
        self.gap = gap
        self.shares = self._shares(shares)
        self._text = None

    @property
    def is_live(self) -> bool:
        return any(isinstance(item, Html) and item.is_live for item in self.items)

    def _shares(self, shares: Literal["equal"] | Sequence[float] | None) -> list[float] | None:
        if shares is None:
            return None
        if shares == "equal":
            return [1.0] * len(self.items)
        argument = "widths" if self.name == "hstack" else "heights"
        if isinstance(shares, str):
            raise ValueError(  # noqa: TRY004 - a text may be right here, this one is not
                f'`{argument}` of `{self.name}` is {shares!r}; it must be "equal" or a list of numbers'
            )
        if len(shares) != len(self.items):
            raise ValueError(f"`{argument}` of `{self.name}` has {len(shares)} numbers for {len(self.items)} items")
        return [float(share) for share in shares]

    def _markup(self) -> str:
        from quire.outputs.markup import markup_of  # noqa: PLC0415 - brings every renderer; a script shows nothing

        style = f"justify-content: {self.justify}; gap: {self.gap:g}rem"
        if self.align is not None:
            style += f"; align-items: {self.align}"
        if self.wrap:
            style += "; flex-wrap: wrap"
        inner = "".join(
            f"<div{self._item_style(index)}>{markup_of(item)}</div>" for index, item in enumerate(self.items)
        )
        return f'<div class="quire-{self.name}" style="{style}">{inner}</div>'

    def _item_style(self, index: int) -> str:
        if self.shares is None:
            return ""
        share = self.shares[index]
        return f' style="flex: {share:g} 1 0; min-width: 0"' if share > 0 else ' style="flex: 0 0 auto"'


def _checked(name: str, argument: str, given: str, known: dict[str, str]) -> str:
    if given not in known:
        choices = ", ".join(f'"{choice}"' for choice in known)
        raise ValueError(f"`{argument}` of `{name}` is {given!r}; it must be one of {choices}")
    return known[given]
