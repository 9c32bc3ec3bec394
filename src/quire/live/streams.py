"""Where a cell's `print` goes: into its output, or into a string. What C code and other processes print stays in the console."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING

from quire.context import host
from quire.live.items import Item

if TYPE_CHECKING:
    from collections.abc import Generator

    from quire.protocol.messages import Output

__all__ = ["capture_stderr", "capture_stdout", "redirect_stderr", "redirect_stdout"]

_MOST = 100_000
"""Characters that stand in an output; what was printed first goes first."""


@contextlib.contextmanager
def redirect_stdout() -> Generator[None]:
    """What is printed in this block becomes part of the cell's output. In a script it is printed as ever."""
    with contextlib.redirect_stdout(_InOutput()) if host().defs is not None else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def redirect_stderr() -> Generator[None]:
    """What is written to standard error in this block becomes part of the cell's output. In a script it goes there."""
    with contextlib.redirect_stderr(_InOutput()) if host().defs is not None else contextlib.nullcontext():
        yield


@contextlib.contextmanager
def capture_stdout() -> Generator[io.StringIO]:
    """Collect what is printed in this block: `with qr.capture_stdout() as printed: …`, then `printed.getvalue()`."""
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        yield printed


@contextlib.contextmanager
def capture_stderr() -> Generator[io.StringIO]:
    """Collect what is written to standard error in this block."""
    with contextlib.redirect_stderr(io.StringIO()) as printed:
        yield printed


class _InOutput(io.TextIOBase):
    """A stream whose text is shown in the running cell's output."""

    def __init__(self) -> None:
        self._text = ""
        self._item: Item | None = None

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._text = (self._text + text)[-_MOST:]
        if self._item is None:
            self._item = Item(self._draw)
        self._item.refresh()
        return len(text)

    def _draw(self) -> Output:
        from quire.outputs.html import escape  # noqa: PLC0415 - a script draws nothing
        from quire.protocol.messages import Output  # noqa: PLC0415 - the same

        return Output(mime="text/html", text=f'<pre class="quire-text">{escape(self._text)}</pre>')
