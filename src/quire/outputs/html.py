"""`Html`: a value that is markup, and can stand inside other markup or markdown. Imports nothing: scripts use it."""

OPENING, CLOSING = "<quire-html>", "</quire-html>"
"""Around markup in an f-string, so that `md` takes it out before it reads the rest. Means nothing elsewhere."""


class Html:
    """Markup. It is sanitised when it is shown: no scripts, no event handlers, no styles that load something. Markup that
    acts is shown in a frame of its own instead, out of which it does not reach (see `iframe`).

    In an f-string, it stands for its markup: `qr.md(f"Choose: {slider}")`, `qr.Html(f"<b>{slider}</b>")`.
    """

    def __init__(self, text: str) -> None:
        self._text: str | None = text

    @property
    def is_live(self) -> bool:
        """True when it is another markup at another time, so that what it is part of must be drawn anew."""
        return False

    @property
    def text(self) -> str:
        """The markup."""
        if self._text is None or self.is_live:
            self._text = self._markup()
        return self._text

    def _markup(self) -> str:
        """Make the markup, when it is needed for the first time."""
        raise NotImplementedError

    def _mime_(self) -> tuple[str, str]:
        return "text/html", self.text

    def __format__(self, specification: str) -> str:
        return f"{OPENING}{self.text}{CLOSING}"

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


def type_name(value: object) -> str:
    """What the value is, for a message."""
    return type(value).__name__


def escape(text: str) -> str:
    """Text as it must stand in markup, also within a quoted attribute."""
    return (
        text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace('"', "&quot;")
        .replace("'", "&#x27;")
    )
