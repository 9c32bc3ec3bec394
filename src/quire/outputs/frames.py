"""Markup that acts (scripts, event handlers, frames) does not go into the page: it is wrapped for a sandboxed frame."""

import base64
import re
from collections.abc import Callable

from quire.outputs.html import Html

TAG = "quire-frame"
"""Carries the markup in `source` until the session takes it out, keeps it, and gives it a name (`session/frames.py`)."""

_ACTS = re.compile(
    r"<(?:script|iframe|object|embed)\b|<[a-z][^<>]*[\s\"'/]on[a-z]+\s*=|(?:href|src|action)\s*=\s*[\"']?\s*javascript:",
    re.IGNORECASE,
)
_FRAME = re.compile(rf'<{TAG} source="([A-Za-z0-9+/=]*)"([^<>]*)></{TAG}>')
_LENGTH = re.compile(r"\d{1,5}(?:\.\d+)?(?:px|%|em|rem|vh|vw)")


def acts(markup: str) -> bool:
    """True for markup that only works where scripts run, or that brings another page along."""
    return _ACTS.search(markup) is not None


def frame_markup(markup: str, *, width: str = "", height: str = "") -> str:
    """The element that stands for the frame, inside any other markup."""
    source = base64.b64encode(markup.encode("utf-8", "replace")).decode("ascii")
    size = "".join(f' {name}="{length}"' for name, length in (("width", width), ("height", height)) if length)
    return f'<{TAG} source="{source}"{size}></{TAG}>'


def without_frames(markup: str) -> str:
    """The markup with what frames were to show in their places."""
    return replace_frames(markup, lambda source, _: source)


def replace_frames(markup: str, replace: Callable[[str, str], str]) -> str:
    """The markup with other markup for each frame: `replace` gets what it was to show, and its size as attributes."""
    return _FRAME.sub(lambda found: replace(base64.b64decode(found[1]).decode("utf-8", "replace"), found[2]), markup)


def iframe(html: str, *, width: str = "100%", height: str | None = None) -> Html:
    """Markup in a frame of its own, where scripts run and the page is out of reach: `qr.iframe("<script>…</script>")`.

    Args:
        html: a whole document, or a part of one.
        width: a CSS length; `100%` is all the room there is.
        height: a CSS length; without one, the frame is as high as what it shows.

    Raises:
        TypeError: `html` is no text.
        ValueError: `width` or `height` is no length.
    """
    if not isinstance(html, str):  # pyright: ignore[reportUnnecessaryIsInstance] - users call this
        raise TypeError(f"`iframe` takes text, not `{type(html).__name__}`; use `as_html` to show another value")
    for name, length in (("width", width), ("height", height)):
        if length is not None and not _LENGTH.fullmatch(length):
            raise ValueError(f"`{name}={length!r}` is no length; say `400px` or `50%`")
    return Html(frame_markup(html, width="" if width == "100%" else width, height=height or ""))
