"""Well-formed code for cells, for the page that asked (see `quire.formatting`). Pure."""

from quire.errors import EditRefused
from quire.formatting import formatted_codes, text_to_format
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
    text = text_to_format(state.notebook)
    asked = Format(page=page, request=command.request, cells=command.cells, order=state.order(), text=text)
    return state, [*effects, asked]


def answer_format(state: SessionState, event: Formatted | FormatFailed) -> Step:
    """Tell the page that asked."""
    asked = event.asked
    if isinstance(event, FormatFailed):
        return state, [Answer(asked.page, CommandAnswered(request=asked.request, refused=event.message))]
    try:
        codes = formatted_codes(asked.order, event.text)
    except EditRefused as error:
        return state, [Answer(asked.page, CommandAnswered(request=asked.request, refused=str(error)))]
    wanted = {cell: codes[cell] for cell in asked.cells if cell in codes}
    effects: list[Effect] = [Answer(asked.page, CellsFormatted(codes=wanted))]
    if asked.request:
        effects.append(Answer(asked.page, CommandAnswered(request=asked.request)))
    return state, effects
