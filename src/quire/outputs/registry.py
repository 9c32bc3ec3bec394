"""Value → output. A renderer that fails never breaks the cell: what it raised is shown, and something simpler."""

import base64
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, cast

from quire.context import host
from quire.outputs import figures
from quire.outputs.frames import TAG, acts, frame_markup, without_frames
from quire.outputs.html import Html
from quire.outputs.limit import LIMIT, cut, limited, message, too_large
from quire.outputs.markdown import md
from quire.outputs.sanitise import sanitise
from quire.outputs.tree import is_container, render_tree
from quire.protocol.messages import Output

Renderer = Callable[[Any], Output | None]

_PLAIN = (int, float, complex, bool, bytes, bytearray, range, type(Ellipsis), type(NotImplemented))
_LONGEST_NOTE = 500
_DEEPEST = 10


def render(value: object, *, tree: bool = True) -> Output | None:
    """What to show of a value; None for nothing. `tree=False`: containers as text, for standing inside markup."""
    if value is None:
        return None
    if isinstance(value, str | bytes | bytearray) and len(value) > LIMIT:
        return too_large(len(value), f"This `{type(value).__name__}`")  # not even its repr is made
    failures: list[str] = []
    output = None if type(value) in _PLAIN or type(value) is str else _rich(value, failures)
    if output is None and tree and is_container(value):
        output = _attempt("the tree of it", lambda: render_tree(value, leaf_markup, text_of), failures)
    if output is None:
        text = text_of(value)
        if failures:
            text += "".join(f"\n\n{failure}" for failure in failures)
        output = Output(mime="text/plain", text=text)
    return limited(_sendable(output))


def leaf_markup(value: object) -> str | None:
    """A value inside a container: sanitised markup where it has any, None where text will do."""
    if isinstance(value, Html):
        return sanitise(value.text)
    output = _rich(value, [])
    if output is None or output.mime == "text/plain":
        return None
    if output.mime == "text/html":
        # A tree has no room for frames; what acts is removed there.
        return sanitise(without_frames(output.text)) if TAG in output.text else output.text
    data = output.blob or output.text.encode("utf-8", "replace")
    return sanitise(f'<img alt="" src="data:{output.mime};base64,{base64.b64encode(data).decode()}">')


def text_of(value: object) -> str:
    """The repr, or what it raised."""
    try:
        return repr(value)
    except Exception as error:  # noqa: BLE001 - code of the user's own
        return f"<{type(value).__name__} object; {_raised('its `__repr__`', error)}>"


def _raised(what: str, error: Exception) -> str:
    if not host().shows_errors():
        return f"{what} failed"
    try:
        said = str(error)
    except Exception:  # noqa: BLE001 - code of the user's own
        said = ""
    return f"{what} raised {type(error).__name__}: {cut(said, _LONGEST_NOTE)}".rstrip(" :")


def _attempt(what: str, make: Callable[[], Output | None], failures: list[str]) -> Output | None:
    try:
        return make()
    except Exception as error:  # noqa: BLE001 - an edge: renderers call code of users and libraries
        failures.append(_raised(what, error))
        return None


def _rich(value: object, failures: list[str], depth: int = 0) -> Output | None:
    """The best the value offers beyond text."""
    if isinstance(value, type):
        return None
    if isinstance(value, Html):
        # Text with markup in between stays text: what acts in it is removed.
        show = html if type(value) is Html else _sanitised
        return _attempt("its markup", lambda: show(value.text), failures)
    kind = type(value)
    # On the type: an object that answers to every name (a mock, a proxy, a query builder) offers nothing.
    display = getattr(kind, "_display_", None)
    if display is not None and depth < _DEEPEST:
        return _attempt("its `_display_`", lambda: _displayed(display(value), failures, depth), failures)
    for ancestor in kind.__mro__:
        renderer = _BY_NAME.get(f"{ancestor.__module__}.{ancestor.__qualname__}")
        if (
            renderer is not None
            and (output := _attempt("showing it", lambda r=renderer: r(value), failures)) is not None
        ):
            return output
    if figures.are_artists(value):
        return _attempt("drawing it", lambda: figures.render_artist(value), failures)
    for method_name, renderer in _METHODS:
        method = getattr(kind, method_name, None)
        if method is not None:
            output = _attempt(f"its `{method_name}`", lambda m=method, r=renderer: r(m(value)), failures)
            if output is not None:
                return output
    return None


def _displayed(shown: object, failures: list[str], depth: int) -> Output | None:
    if shown is None:
        return None
    output = _rich(shown, failures, depth + 1)
    if output is not None:
        return output
    return Output(mime="text/plain", text=shown if isinstance(shown, str) else text_of(shown))


def _sendable(output: Output) -> Output:
    """Half of a surrogate pair cannot be sent; it is shown as its escape."""
    if output.text.isascii():
        return output
    try:
        output.text.encode()
    except UnicodeEncodeError:
        return Output(mime=output.mime, text=output.text.encode("utf-8", "backslashreplace").decode(), blob=output.blob)
    return output


def html(markup: object) -> Output | None:
    """Markup as an output: the one place where it is sanitised. What acts, and holds no element, gets a frame of its own."""
    if not isinstance(markup, str):
        return None
    if len(markup) > LIMIT:
        return too_large(len(markup))
    if "<quire-" not in markup and acts(markup):
        return Output(mime="text/html", text=frame_markup(markup))
    return Output(mime="text/html", text=sanitise(markup))


def _sanitised(markup: str) -> Output:
    return Output(mime="text/html", text=sanitise(markup)) if len(markup) <= LIMIT else too_large(len(markup))


def _markdown(source: object) -> Output | None:
    return _sanitised(md(source).text) if isinstance(source, str) else None


def _text(text: object) -> Output | None:
    return Output(mime="text/plain", text=text) if isinstance(text, str) else None


def _svg(markup: object) -> Output | None:
    return Output(mime="image/svg+xml", text=markup) if isinstance(markup, str) else None


def _json(data: object) -> Output | None:
    value: object = json.loads(data) if isinstance(data, str | bytes) else data
    return render_tree(value, leaf_markup, text_of) if is_container(value) else _text(text_of(value))


def _picture(mime: str) -> Renderer:
    def render_picture(data: object) -> Output | None:
        if isinstance(data, tuple):  # (data, metadata)
            data = cast("Sequence[object]", data)[0] if data else None
        if isinstance(data, str):
            data = base64.b64decode(data)
        return Output(mime=mime, blob=bytes(data)) if isinstance(data, bytes | bytearray) else None

    return render_picture


_BY_MIME: dict[str, Renderer] = {
    "text/html": html,
    "image/svg+xml": _svg,
    **{mime: _picture(mime) for mime in ("image/png", "image/jpeg", "image/gif", "image/webp")},
    "text/markdown": _markdown,
    "application/json": _json,
    "text/plain": _text,
}
"""In order of preference."""


def _bundle(bundle: object) -> Output | None:
    if isinstance(bundle, tuple):  # (data, metadata)
        bundle = cast("Sequence[object]", bundle)[0] if bundle else None
    if not isinstance(bundle, Mapping):
        return None
    forms = cast("Mapping[object, object]", bundle)
    for mime, renderer in _BY_MIME.items():
        data = forms.get(mime)
        if data is not None and (output := renderer(data)) is not None:
            return output
    return None


def _mime(pair: object) -> Output | None:
    """`_mime_()` gives (mime, data)."""
    if not isinstance(pair, tuple):
        return None
    mime, data = cast("tuple[str, object]", pair)
    renderer = _BY_MIME.get(mime)
    if renderer is not None:
        return renderer(data)
    return _text(data if isinstance(data, str) else f"({mime}: no way to show it)")


_METHODS: tuple[tuple[str, Renderer], ...] = (
    ("_mime_", _mime),
    ("_repr_html_", html),
    ("_repr_mimebundle_", _bundle),
    ("_repr_svg_", _svg),
    ("_repr_png_", _picture("image/png")),
    ("_repr_jpeg_", _picture("image/jpeg")),
    ("_repr_markdown_", _markdown),
    ("_repr_latex_", _text),
    ("_repr_json_", _json),
    ("_repr_text_", _text),
)


def _vega_chart(chart: object) -> Output:
    # Its own bundle would check and copy all its data (seconds), for a form that pages cannot show.
    return message(
        f"A {type(chart).__name__} of altair",
        "Pages do not draw these charts yet. `chart.save('chart.html')` writes one to look at; matplotlib figures are drawn.",
    )


_BY_NAME: dict[str, Renderer] = {
    "altair.vegalite.v5.api.TopLevelMixin": _vega_chart,
    "altair.vegalite.v6.api.TopLevelMixin": _vega_chart,
    "matplotlib.figure.FigureBase": figures.render_artist,
    "matplotlib.artist.Artist": figures.render_artist,
    "matplotlib.container.Container": figures.render_artist,
    "seaborn.axisgrid.Grid": figures.render_artist,
}
"""By the name of a class, so that nobody's library is imported to look at a value."""


def register(class_name: str, renderer: Renderer) -> None:
    """Show values of the class `module.Name`, and of its subclasses, with `renderer`."""
    _BY_NAME[class_name] = renderer
