"""What stands in the notebook's page before any script runs: cells to read, and the same as data for the script. Pure.

The markup has the boxes that the script will draw (`frontend/src/cells/`), so that nothing moves when it takes over.
"""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

import msgspec
from msgspec.structs import replace

from quire.outputs.sanitise import sanitise
from quire.protocol.messages import CellView, Message, Output
from quire.protocol.notices import NotebookOpened
from quire.server.tint import tint

TINTED = 30
"""Cells whose code is coloured here; the script does the rest while nobody looks there."""
SHOWN_OUTPUTS = 60
"""Cells whose outputs are in the markup."""
LARGEST_OUTPUT = 20_000
"""Characters of an output that is in the markup."""
LARGEST_DATA = 1_000_000
"""Characters and bytes of outputs that travel as data. What does not fit comes over the socket."""

STRETCH = 10
"""Cells in one stretch, as the script divides them."""
LINE, AROUND_CODE = 20, 46
"""Pixels: what a stretch that nobody has seen is guessed to be high."""

_BETWEEN = '<div class="between"></div>'
_MARKDOWN = re.compile(r"\s*(?:qr|quire)\s*\.\s*md\(.*\)\s*", re.DOTALL)


class Served(msgspec.Struct, frozen=True):
    """`data` is a list of notices as JSON, for a script element. `whole`: it leaves nothing out."""

    markup: str
    data: str
    whole: bool


def serve_notices(notices: Iterable[Message]) -> Served:
    """The page of a notebook from what would have been its first frame."""
    told: list[Message] = []
    whole, markup = True, ""
    for notice in notices:
        if isinstance(notice, NotebookOpened):
            markup = cells_markup(notice)
            kept, whole = _within_limit(notice)
            told.append(kept)
        else:
            told.append(notice)
    return Served(markup, script_json(told), whole)


def script_json(value: Any) -> str:
    """JSON that can stand in a script element; bytes are base64."""
    text = msgspec.json.encode(value).decode()
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def cells_markup(notebook: NotebookOpened) -> str:
    """The column of cells, in stretches: the browser lays out those that are seen."""
    cells = notebook.cells
    first = [] if cells and cells[0].type == "setup" else [_BETWEEN]
    return "\n".join([*first, *(_stretch_markup(cells, start) for start in range(0, len(cells), STRETCH))])


def _stretch_markup(cells: list[CellView], start: int) -> str:
    inner = list(enumerate(cells[start : start + STRETCH], start))
    height = sum((cell.code.count("\n") + 1) * LINE + AROUND_CODE for _, cell in inner)
    places = [f"<div>{_cell_markup(cell, number)}{_BETWEEN}</div>" for number, cell in inner]
    return f'<div class="stretch" style="contain-intrinsic-block-size: auto {height}px">' + "".join(places) + "</div>"


def _cell_markup(cell: CellView, number: int) -> str:
    results = _results_markup(cell) if number < SHOWN_OUTPUTS else ""
    view = _view(cell)
    if view == "code":
        code = tint(cell.code) if number < TINTED else escape(cell.code, quote=False)
        # The parser drops a line break that comes first in `pre`.
        sheet = f'<div class="cell-code"><pre class="code code-static">\n{code}</pre></div>'
    else:
        sheet = "" if view == "rendered" else '<span class="cell-hidden">code hidden</span>'
    return (
        f'<section class="cell" data-type="{cell.type}" data-look="blank" data-view="{view}">'
        f'<div class="cell-sheet">{sheet}</div>{results}</section>'
    )


def _view(cell: CellView) -> str:
    if cell.type == "stray":
        return "code"
    if cell.hide_code:
        return "hidden" if cell.output is None else "rendered"
    html = cell.output is not None and cell.output.mime == "text/html"
    rendered = html and cell.outcome == "succeeded" and not cell.edited and _MARKDOWN.fullmatch(cell.code)
    return "rendered" if rendered else "code"


def _results_markup(cell: CellView) -> str:
    shown = _output_markup(cell.output) if cell.output is not None else ""
    if not shown:
        return ""
    return f'<div class="cell-results"><div class="cell-output">{shown}</div></div>'


def _output_markup(output: Output) -> str:
    """Prose and text: what can be read without a script."""
    if len(output.text) > LARGEST_OUTPUT:
        return ""
    if output.mime == "text/html":
        return f'<div class="output-html">{sanitise(output.text)}</div>'
    if output.mime == "text/plain" and "\x1b" not in output.text:
        return f'<pre class="output-text">\n{escape(output.text, quote=False)}</pre>'
    return ""


def _within_limit(notebook: NotebookOpened) -> tuple[NotebookOpened, bool]:
    left, whole = LARGEST_DATA, True
    cells: list[CellView] = []
    for cell in notebook.cells:
        output = cell.output
        size = 0 if output is None else len(output.text) + len(output.blob)
        size += sum(len(piece.text) for piece in cell.console)
        if size > left:
            whole = False
            cells.append(replace(cell, output=None, console=[]))
        else:
            left -= size
            cells.append(cell)
    return (notebook if whole else replace(notebook, cells=cells)), whole
