"""Nothing that two people type at once is lost, and all see one text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.errors import EditRefused, StaleVersion, UnknownCell
from quire.ids import CellId
from quire.protocol.messages import Update
from quire.session.changes import ChangeSet, replace_text
from quire.session.document import HISTORY, CellText, Document, Step, rebase_steps
from quire.session.transform import map_changes

A = CellId("a")


def document(text: str = "") -> Document:
    return Document({A: CellText(text)})


def update(client: str, before: str, after: str) -> Update:
    return Update(client_id=client, changes=replace_text(before, after).to_json())


def test_an_update_on_the_present_version_is_taken_as_it_is():
    after, steps = document("x = 1").push(A, 0, [update("me", "x = 1", "x = 12")])

    assert after.text_of(A).text == "x = 12"
    assert after.text_of(A).version == 1
    assert [step.client for step in steps] == ["me"]


def test_a_late_update_is_moved_over_what_came_before_it():
    first, _ = document("x = 1").push(A, 0, [update("one", "x = 1", "import y\nx = 1")])
    second, _ = first.push(A, 0, [update("two", "x = 1", "x = 12")])

    assert second.text_of(A).text == "import y\nx = 12"


def test_an_update_sent_twice_counts_once():
    sent = [update("me", "", "a")]
    once, _ = document().push(A, 0, sent)
    twice, steps = once.push(A, 0, [*sent, update("me", "a", "ab")])

    assert twice.text_of(A).text == "ab"
    assert len(steps) == 1


def test_an_update_that_does_not_fit_changes_nothing():
    before = document("ab")
    with pytest.raises(EditRefused):
        before.push(A, 0, [update("me", "ab", "abc"), Update(client_id="me", changes=[7])])


def test_versions_from_elsewhere_are_refused():
    for version in (1, -1):
        with pytest.raises(StaleVersion):
            document("x").push(A, version, [])


def test_history_is_bounded():
    now = document("")
    for count in range(HISTORY + 5):
        now, _ = now.push(A, count, [Update(client_id="me", changes=[count, [0, "x"]] if count else [[0, "x"]])])

    assert len(now.text_of(A).history) == HISTORY
    with pytest.raises(StaleVersion):
        now.push(A, 0, [])


def test_a_cell_nobody_knows_is_refused():
    with pytest.raises(UnknownCell):
        document().push(CellId("b"), 0, [])


class Page:
    """What `@codemirror/collab` does in a page that takes up updates one by one."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text, self.version = name, text, 0
        self.unconfirmed: list[ChangeSet] = []

    def type(self, at: float, delete: int, insert: str) -> None:
        start = int(at * len(self.text))
        after = self.text[:start] + insert + self.text[start + delete :]
        change = replace_text(self.text, after)
        self.text = after
        self.unconfirmed.append(change)

    def take_up(self, step: Step) -> None:
        self.version += 1
        if self.unconfirmed and step.client == self.name:
            self.unconfirmed.pop(0)
            return
        passing = step.changes
        for index, mine in enumerate(self.unconfirmed):
            self.unconfirmed[index] = map_changes(mine, passing)
            passing = map_changes(passing, mine, before=True)
        self.text = passing.apply(self.text)


acts = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.sampled_from(["type", "type", "push", "pull"]),
        st.floats(0, 1),
        st.integers(0, 4),
        st.text("xy😀\n", max_size=3),
    ),
    max_size=40,
)


@given(st.text("ab\n😀", max_size=8), acts)
def test_all_pages_come_to_the_text_of_the_server(text, acts):
    """Whatever is typed, sent (once or again) and received, in whatever order."""
    server, pages = document(text), [Page(name, text) for name in "abc"]

    def push(page: Page) -> None:
        nonlocal server
        updates = [Update(client_id=page.name, changes=change.to_json()) for change in page.unconfirmed]
        server, _ = server.push(A, page.version, updates)

    def pull(page: Page, limit: int = HISTORY) -> None:
        for step in server.text_of(A).since(page.version)[:limit]:
            page.take_up(step)

    for number, act, at, delete, insert in acts:
        page = pages[number]
        if act == "type":
            page.type(at, delete, insert)
        elif act == "push":
            push(page)
        else:
            pull(page, limit=delete)
    for page in pages:
        push(page)
    for page in pages:
        pull(page)

    assert {page.text for page in pages} == {server.text_of(A).text}


def test_ones_own_steps_among_those_accepted_are_left_out():
    mine = Step("me", replace_text("", "a"))

    assert rebase_steps([mine], [mine]) == []
