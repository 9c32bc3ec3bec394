"""Who gives which name to whom is told to those who ask, and to nobody else."""

from quire.protocol import notices as n
from quire.protocol.commands import FollowLinks
from quire.protocol.messages import CellLinks
from quire.session.apply import apply
from quire.session.events import Answer, Check, CheckDue, PageClosed, PageId, PageOpened

from .model import PAGE, ask, check, ids, of_kind, opened, typed

OTHER = PageId("other")


def checked(state):
    """After a look at the graph: the state, and what was told of links to whom."""
    state, effects = apply(state, CheckDue())
    for effect in of_kind(effects, Check):
        state, more = apply(state, check(effect))
        effects += more
    return state, links(effects)


def links(effects):
    return {e.page: e.notice.links for e in of_kind(effects, Answer) if isinstance(e.notice, n.LinksChanged)}


def test_a_page_that_asks_gets_all_links_and_then_those_that_change():
    state, told = checked(opened("x = 1", "y = x", "z = 0"))
    a, b, _ = ids(state)
    assert told == {}

    state, effects = ask(state, FollowLinks(follow=True))
    assert links(effects)[PAGE][b] == CellLinks(defs=["y"], refs=["x"], parents=[a])
    assert len(links(effects)[PAGE]) == 3

    state, _ = ask(state, typed(state, b, "y = 2"))
    state, told = checked(state)
    assert told == {PAGE: {b: CellLinks(defs=["y"], refs=[], parents=[])}}


def test_a_page_that_asks_before_the_first_look_is_told_after_it():
    state, effects = ask(opened("x = 1"), FollowLinks(follow=True))
    assert links(effects) == {}

    _, told = checked(state)
    assert list(told) == [PAGE]


def test_nobody_is_told_who_stopped_to_ask_or_left():
    state, _ = checked(opened("x = 1"))
    state, _ = apply(state, PageOpened(OTHER))
    state, _ = ask(state, FollowLinks(follow=True))
    state, effects = ask(state, FollowLinks(follow=True), OTHER)
    assert list(links(effects)) == [OTHER]
    state, _ = apply(state, PageClosed(OTHER))
    state, _ = ask(state, FollowLinks(follow=False))
    state, _ = ask(state, typed(state, ids(state)[0], "z = 2"))
    state, told = checked(state)

    assert told == {}
    assert state.links == {}
