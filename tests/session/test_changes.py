"""Change sets do in Python exactly what they do in the browser."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.errors import EditRefused
from quire.session.changes import KEPT, ChangeSet, Part, count_units, replace_text
from quire.session.transform import compose_changes, map_changes

VECTORS = json.loads(Path(__file__).with_name("codemirror_vectors.json").read_text(encoding="utf-8"))

texts = st.text(alphabet="ab\né😀 ", max_size=12)


@st.composite
def changes_of(draw: st.DrawFn, text: str) -> ChangeSet:
    """Any change of `text`, divided as a client might divide it."""
    parts: list[Part] = []
    for taken, insert in draw(st.lists(st.tuples(st.integers(0, 5), st.none() | texts), max_size=6)):
        parts.append(Part(count_units(text[:taken]), insert))
        text = text[taken:]
    parts.append(Part(count_units(text), KEPT))
    return ChangeSet(tuple(part for part in parts if part.length or part.insert))


@st.composite
def concurrent(draw: st.DrawFn) -> tuple[str, ChangeSet, ChangeSet]:
    text = draw(texts)
    return text, draw(changes_of(text)), draw(changes_of(text))


@st.composite
def successive(draw: st.DrawFn) -> tuple[str, ChangeSet, ChangeSet]:
    text = draw(texts)
    first = draw(changes_of(text))
    return text, first, draw(changes_of(first.apply(text)))


@pytest.mark.parametrize("vector", VECTORS, ids=range(len(VECTORS)))
def test_every_operation_gives_what_codemirror_gives(vector):
    """The vectors were made by `@codemirror/state`: a, b on one text, c after a."""
    a, b, c = (ChangeSet.from_json(vector[name]) for name in "abc")

    assert a.apply(vector["text"]) == vector["after"]
    assert a.to_json() == vector["a"]
    assert map_changes(a, b).to_json() == vector["mapped"]
    assert map_changes(a, b, before=True).to_json() == vector["mappedBefore"]
    assert compose_changes(a, c).to_json() == vector["composed"]


@given(concurrent())
def test_both_orders_of_concurrent_changes_give_one_text(case):
    text, a, b = case
    one = map_changes(b, a).apply(a.apply(text))
    other = map_changes(a, b, before=True).apply(b.apply(text))

    assert one == other


@given(successive())
def test_a_composed_change_gives_what_its_halves_give(case):
    text, first, later = case

    assert compose_changes(first, later).apply(text) == later.apply(first.apply(text))


@given(texts, texts)
def test_replacing_a_text_gives_the_other(before, after):
    assert replace_text(before, after).apply(before) == after


@given(st.data())
def test_a_change_survives_its_json_form(data):
    change = data.draw(changes_of(data.draw(texts)))

    assert ChangeSet.from_json(change.to_json()).apply("x" * change.length) == change.apply("x" * change.length)


def test_offsets_count_what_a_browser_counts():
    assert ChangeSet.from_json([2, [0, "!"], 1]).apply("😀b") == "😀!b"


def test_an_inserted_list_of_lines_becomes_lines():
    assert ChangeSet.from_json([1, [1, "", "x", ""]]).apply("ab") == "a\nx\n"


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ([1, [0, "x"], 1], "😀"),  # inside a surrogate pair
        ([[1], 1], "😀"),  # half of one
        ([1, [0, "\ud83d"], 1], "ab"),  # inserts half of one
        ([3], "ab"),  # too long
        ([1], "ab"),  # too short
        ([-1, 3], "ab"),
        ([[-1, "x"], 3], "ab"),
        ([[]], ""),
        ([["x"]], ""),
        ([[0, 1]], ""),
        ([[0, "a\nb"]], ""),
        ([[0, "a\rb"]], ""),
        ([2**60], "ab"),
    ],
)
def test_a_change_that_does_not_fit_is_refused(changes, text):
    with pytest.raises(EditRefused):
        ChangeSet.from_json(changes).apply(text)


def test_changes_for_texts_of_different_lengths_are_not_combined():
    short, long = ChangeSet.from_json([[1, "x"]]), ChangeSet.from_json([2, [0, "y"]])

    for combine in (map_changes, compose_changes):
        with pytest.raises(EditRefused):
            combine(short, long)
