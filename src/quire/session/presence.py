"""Who else is here: which pages show the notebook, and where they type. Pure. Nothing of it outlives a connection."""

from msgspec.structs import replace

from quire.protocol.commands import MoveCaret
from quire.protocol.notices import PageLeft, PageMoved
from quire.session.events import PageId, Tell
from quire.session.state import SessionState, Step, view_page


def welcome_page(state: SessionState, page: PageId) -> Step:
    """The page is about to get the whole state. The others hear of a newcomer, once."""
    is_new = page not in state.pages
    versions = {cell.id: state.document.text_of(cell.id).version for cell in state.notebook.cells}
    state = replace(state, pages={**state.pages, page: versions})
    return state, [Tell(PageMoved(page=view_page(state, page)), beside=page)] if is_new else []


def dismiss_page(state: SessionState, page: PageId) -> Step:
    """The page is gone."""
    pages = {other: seen for other, seen in state.pages.items() if other != page}
    carets = {other: caret for other, caret in state.carets.items() if other != page}
    state = replace(
        state,
        pages=pages,
        carets=carets,
        link_pages=state.link_pages - {page},
        finding_pages=state.finding_pages - {page},
    )
    return state, [Tell(PageLeft(client_id=page))]


def move_caret(state: SessionState, page: PageId, command: MoveCaret) -> Step:
    """The page types elsewhere. A cell that is not there counts as nowhere: it was deleted just now."""
    caret = command.caret
    carets = {other: known for other, known in state.carets.items() if other != page}
    if caret is not None and state.has(caret.cell):
        carets[page] = caret
    state = replace(state, carets=carets)
    return state, [Tell(PageMoved(page=view_page(state, page)), beside=page)]
