"""`as_html`: a value to stand inside other markup. Rendered when it is shown, so that a script never pays for it."""

from quire.outputs.html import Html


def as_html(value: object) -> Html:
    """The value as it would be shown, as markup: `qr.md(f"The table: {qr.as_html(frame)}")`."""
    return value if isinstance(value, Html) else Shown(value)


class Shown(Html):
    """What `as_html` returns."""

    def __init__(self, value: object) -> None:
        self.value = value
        self._text = None

    def _markup(self) -> str:
        from quire.outputs.markup import markup_of  # noqa: PLC0415 - brings every renderer; a script shows nothing

        return markup_of(self.value)
