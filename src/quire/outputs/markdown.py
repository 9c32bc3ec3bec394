"""`md`: markdown with values and elements in it. Rendered when it is shown, so that a script never pays for it."""

from quire.dedent import dedent
from quire.outputs.html import CLOSING, OPENING, Html


def md(text: str) -> Html:
    """Markdown: CommonMark with tables, footnotes, task lists, strikethrough and highlighted code.

    The text is dedented, so that it can be indented like the code around it. Interpolated elements and `Html` stand for
    themselves: `qr.md(f"Choose a number: {slider}")`.
    """
    if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance] - users call this
        raise TypeError(f"`md` takes text, not `{type(text).__name__}`; use `as_html` to show another value")
    return Markdown(text)


class Markdown(Html):
    """What `md` returns; `source` is the markdown."""

    def __init__(self, source: str) -> None:
        self.source = source
        self._text = None

    def _markup(self) -> str:
        return f'<div class="quire-md">\n{render_markdown(self.source)}</div>'


def render_markdown(source: str, *, inline: bool = False) -> str:
    """Markdown → markup, not yet sanitised; `inline` for a label: one line, no paragraph around it."""
    from quire.outputs.commonmark import render  # noqa: PLC0415 - 40 ms that a script must not pay

    text, pieces = _take_out(source)
    rendered = render(text if inline else dedent(text), inline=inline)
    return _put_back(rendered, pieces) if pieces else rendered


# Markup that came with an f-string is taken out before the markdown is read, and put back afterwards: whatever lines,
# spaces or asterisks it holds, it stays as it is. In between it is a word of two characters that nobody types.
_LEFT, _RIGHT = "\ue6a1", "\ue6a2"


def _take_out(source: str) -> tuple[str, list[str]]:
    if OPENING not in source:
        return source, []
    pieces: list[str] = []
    kept: list[str] = []
    position = 0
    while (start := source.find(OPENING, position)) >= 0:
        end = _closing(source, start)
        if end < 0:
            break
        kept.append(source[position:start])
        kept.append(f"{_LEFT}{len(pieces)}{_RIGHT}")
        pieces.append(source[start + len(OPENING) : end])
        position = end + len(CLOSING)
    kept.append(source[position:])
    return "".join(kept), pieces


def _closing(source: str, start: int) -> int:
    """Where the markup that opens at `start` closes; markup may hold other markup."""
    depth = 1
    position = start + len(OPENING)
    while depth:
        closing = source.find(CLOSING, position)
        if closing < 0:
            return -1
        opening = source.find(OPENING, position, closing)
        if opening >= 0:
            depth += 1
            position = opening + len(OPENING)
        else:
            depth -= 1
            position = closing + len(CLOSING)
    return position - len(CLOSING)


def _put_back(rendered: str, pieces: list[str]) -> str:
    for number, piece in enumerate(pieces):
        word = f"{_LEFT}{number}{_RIGHT}"
        rendered = rendered.replace(f"<p>{word}</p>", f"<div>{piece}</div>").replace(word, piece)
    return rendered
