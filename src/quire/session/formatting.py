"""Well-formed code for cells, made from the whole file as a formatter sees it: what is formatted here stays as it is when
another tool formats the file. Pure.
"""

from quire.notebook import parse_notebook, write_notebook
from quire.protocol.commands import FormatCells
from quire.protocol.notices import CellsFormatted, CommandAnswered
from quire.session.events import Answer, Effect, Format, FormatFailed, Formatted, PageId
from quire.session.settling import settle
from quire.session.state import SessionState, Step


def ask_format(state: SessionState, page: PageId, command: FormatCells) -> Step:
    """Cells that are not Python stand in the file as strings, and cost the others nothing."""
    for cell in command.cells:
        state.notebook.index(cell)
    state, effects = settle(state)
    text = write_notebook(state.notebook)
    asked = Format(page=page, request=command.request, cells=command.cells, order=state.order(), text=text)
    return state, [*effects, asked]


def answer_format(state: SessionState, event: Formatted | FormatFailed) -> Step:
    """Tell the page that asked."""
    asked = event.asked
    if isinstance(event, FormatFailed):
        return state, [Answer(asked.page, CommandAnswered(request=asked.request, refused=event.message))]
    cells = parse_notebook(event.text).cells
    if len(cells) != len(asked.order):
        message = "the formatter has made other cells out of the file; nothing was changed"
        return state, [Answer(asked.page, CommandAnswered(request=asked.request, refused=message))]
    codes = {
        cell: formatted.code
        for cell, formatted in zip(asked.order, cells, strict=True)
        if formatted.type not in {"unparsable", "stray"}
    }
    wanted = {cell: codes[cell] for cell in asked.cells if cell in codes}
    effects: list[Effect] = [Answer(asked.page, CellsFormatted(codes=wanted))]
    if asked.request:
        effects.append(Answer(asked.page, CommandAnswered(request=asked.request)))
    return state, effects
