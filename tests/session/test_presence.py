"""Who is here is told to the others, to a newcomer at once, and is forgotten with the connection."""

from quire.protocol import notices as n
from quire.protocol.commands import DeleteCells, MoveCaret
from quire.protocol.messages import Caret, PageView
from quire.session.apply import apply
from quire.session.events import PageClosed, PageId, PageOpened, Tell
from quire.session.state import SessionState, view_notebook

from .model import PAGE, ask, ids, of_kind, opened

OTHER = PageId("other")


def with_two() -> SessionState:
    return apply(opened("x = 1", "y = 2"), PageOpened(OTHER))[0]


def test_the_others_hear_of_a_newcomer_and_the_newcomer_of_them():
    state, effects = apply(opened("x = 1"), PageOpened(OTHER))

    assert of_kind(effects, Tell) == [Tell(n.PageMoved(page=PageView(client_id=OTHER)), beside=OTHER)]
    assert view_notebook(state, OTHER).pages == [PageView(client_id=PAGE)]


def test_a_page_that_needs_the_whole_state_again_is_no_newcomer():
    _, effects = apply(with_two(), PageOpened(OTHER))

    assert of_kind(effects, Tell) == []


def test_a_caret_is_told_to_the_others_and_to_those_who_come_later():
    state = with_two()
    caret = Caret(cell=ids(state)[1], anchor=0, head=3)

    state, effects = ask(state, MoveCaret(caret=caret), OTHER)

    there = PageView(client_id=OTHER, caret=caret)
    assert of_kind(effects, Tell) == [Tell(n.PageMoved(page=there), beside=OTHER)]
    assert there in view_notebook(state, PageId("third")).pages


def test_who_types_nowhere_has_no_caret():
    state = with_two()
    state, _ = ask(state, MoveCaret(caret=Caret(cell=ids(state)[0], anchor=0, head=0)), OTHER)

    state, _ = ask(state, MoveCaret(caret=None), OTHER)

    assert view_notebook(state, PAGE).pages == [PageView(client_id=OTHER)]


def test_a_caret_in_a_cell_that_was_just_deleted_is_nowhere():
    state = with_two()
    cell = ids(state)[0]
    state, _ = ask(state, DeleteCells(cells=[cell]))

    state, _ = ask(state, MoveCaret(caret=Caret(cell=cell, anchor=0, head=0)), OTHER)

    assert view_notebook(state, PAGE).pages == [PageView(client_id=OTHER)]


def test_who_leaves_is_forgotten():
    state = with_two()
    state, _ = ask(state, MoveCaret(caret=Caret(cell=ids(state)[0], anchor=0, head=0)), OTHER)

    state, effects = apply(state, PageClosed(OTHER))

    assert of_kind(effects, Tell) == [Tell(n.PageLeft(client_id=OTHER))]
    assert view_notebook(state, PAGE).pages == []
    assert state.carets == {}
