"""Figures of matplotlib and what is drawn in them → PNG. Never imports matplotlib: a figure brings it along."""

import io
import json
import struct
import sys
from collections.abc import Callable, Sequence
from typing import Any, cast

from quire.outputs.layout import vstack
from quire.protocol.messages import Output

_SHARPNESS = 2
"""Pixels of the picture per logical pixel: sharp on the screens of today."""


def render_artist(artist: Any) -> Output | None:
    """The figure of an artist, a container of artists or a grid. Its `text` is the logical size as JSON."""
    figure = _figure_of(artist)
    if figure is None:
        return None
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=figure.dpi * _SHARPNESS, bbox_inches="tight")
    close_figure(figure)
    picture = buffer.getvalue()
    width, height = struct.unpack(">II", picture[16:24])
    size = {"width": round(width / _SHARPNESS), "height": round(height / _SHARPNESS)}
    return Output(mime="image/png", text=json.dumps(size), blob=picture)


def are_artists(value: object) -> bool:
    """True for what plotting functions return beside a figure: lists of lines, arrays of axes, tuples with bars."""
    return "matplotlib.figure" in sys.modules and _first_artist(value) is not None


def _figure_of(artist: Any) -> Any:
    """The outermost figure, or None when the artist is in none."""
    found = _first_artist(artist)
    if found is None:
        return getattr(artist, "figure", None)  # a grid of seaborn
    try:
        return found.get_figure(root=True)
    except TypeError:  # before matplotlib 3.10
        return found.get_figure()


def _first_artist(value: Any, depth: int = 3) -> Any:
    if _is_artist(value):
        return value
    if depth and isinstance(value, list | tuple):
        items = cast("Sequence[Any]", value)[:20]
    elif type(value).__module__ == "numpy" and str(getattr(value, "dtype", "")) == "object":
        items = cast("Sequence[Any]", value.ravel()[:1])
    else:
        return None
    for item in items:
        found = _first_artist(item, depth - 1)
        if found is not None:
            return found
    return None


def _is_artist(value: object) -> bool:
    return any(kind.__module__ == "matplotlib.artist" and kind.__name__ == "Artist" for kind in type(value).__mro__)


def close_figure(figure: Any) -> None:
    """Take a figure that has been shown from pyplot's list; the figure itself stays usable."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        pyplot.close(figure)


def open_figures() -> frozenset[int]:
    """Numbers of the figures that pyplot keeps."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    get_fignums: Callable[[], list[int]] | None = getattr(pyplot, "get_fignums", None)
    return frozenset(get_fignums()) if get_fignums is not None else frozenset()


def close_figures(numbers: frozenset[int]) -> None:
    """Take figures from pyplot's list by number."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is not None:
        for number in numbers & open_figures():
            pyplot.close(number)


def figures_asked_for(numbers: frozenset[int], code: str) -> object:
    """What `pyplot.show()` would open a window for: the figures of a cell that calls it."""
    pyplot: Any = sys.modules.get("matplotlib.pyplot")
    if pyplot is None or ".show(" not in code:
        return None
    figures: list[Any] = [pyplot.figure(number) for number in sorted(numbers & open_figures())]
    return vstack(figures) if len(figures) > 1 else next(iter(figures), None)
