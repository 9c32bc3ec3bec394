"""Cells split, merged, moved, deleted and brought back several at a time: no text is lost, no other line is touched."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quire.ids import CellId
from quire.notebook import write_notebook
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.messages import Update
from quire.session.changes import ChangeSet, Part, map_position
from quire.session.settling import settle

from .model import ask, codes, ids, notebook_text, opened, told, typed

lines = st.lists(st.sampled_from(["a = 1", "b = 2", "", "    ", "# 😀", "def f():", "    return 1"]), max_size=6)
texts = lines.map("\n".join)


def text_of(state) -> str:
    return write_notebook(settle(state)[0].notebook)


def refusal(effects) -> str:
    return "".join(answer.refused for answer in told(effects, n.CommandAnswered))


def split(state, cell, *places, version=None):
    version = state.document.text_of(cell).version if version is None else version
    cuts = [c.Cut(at=at, cell=CellId(f"new{number}")) for number, at in enumerate(places)]
    return ask(state, c.SplitCell(cell=cell, version=version, cuts=cuts))


@given(texts, st.lists(st.integers(0, 60), min_size=1, max_size=3))
def test_split_then_merge_leaves_the_text_as_it_was(text, places):
    state = opened(text)
    (cell,) = ids(state)
    state, _ = ask(state, typed(state, cell, text))  # to the letter: a file keeps no blank lines at its cells' ends
    state, _ = split(state, cell, *places)
    assume(len(ids(state)) > 1)

    assert "\n".join(codes(state)) == text
    state, _ = ask(state, c.MergeCells(cells=ids(state)))
    assert codes(state) == [text]


@given(texts, texts, texts)
def test_merge_then_undo_brings_the_cells_back(one, two, three):
    state = opened("one", "two", "three")
    cells = ids(state)
    for cell, text in zip(cells, (one, two, three), strict=True):
        state, _ = ask(state, typed(state, cell, text))
    state, _ = ask(state, c.MergeCells(cells=cells))
    assert codes(state) == [f"{one}\n{two}\n{three}"]
    state, _ = ask(state, c.RestoreCells(cells=cells[1:]))

    assert ids(state) == cells
    assert codes(state) == [one, two, three]


words = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 20)), min_size=1, max_size=6)


@given(words, words)
def test_no_text_is_lost_when_somebody_types_into_cells_that_are_merged(early, late):
    """Two pages: one types with the versions it knew before the merge, the other one after it."""
    state = opened("one", "two", "three")
    cells = ids(state)
    known = {cell: state.document.text_of(cell) for cell in cells}
    for number, (index, at) in enumerate(early):
        state, _ = _insert(state, known[cells[index]], cells[index], at, f"<e{number}>", f"e{number}")
    state, _ = ask(state, c.MergeCells(cells=cells))
    for number, (index, at) in enumerate(late):
        state, _ = _insert(state, known[cells[index]], cells[index], at, f"<l{number}>", f"l{number}")

    everything = "".join(codes(state))
    assert [f"<e{number}>" for number in range(len(early)) if f"<e{number}>" not in everything] == []
    assert [f"<l{number}>" for number in range(len(late)) if f"<l{number}>" not in everything] == []
    state, _ = ask(state, c.RestoreCells(cells=cells[1:]))
    assert sorted("".join(codes(state))) == sorted(everything.replace("\n", "", 2))


@given(texts, st.integers(0, 60), st.lists(st.integers(0, 60), min_size=1, max_size=4))
def test_no_text_is_lost_when_somebody_types_into_a_cell_that_is_split(text, place, typing):
    state = opened("x")
    (cell,) = ids(state)
    state, _ = ask(state, typed(state, cell, text))
    known = state.document.text_of(cell)
    for number, at in enumerate(typing):
        state, _ = _insert(state, known, cell, at, f"<e{number}>", f"e{number}")
    state, _ = split(state, cell, place, version=known.version)
    for number, at in enumerate(typing):
        state, _ = _insert(state, known, cell, at, f"<l{number}>", f"l{number}")

    everything = "".join(codes(state))
    assert all(f"<e{number}>" in everything and f"<l{number}>" in everything for number in range(len(typing)))


def _insert(state, known, cell, at, word, client):
    """A page that knows the cell as `known` types `word` there."""
    units = len(known.text.encode("utf-16-le")) // 2
    at = min(at, units)
    assume(not 0xDC <= known.text.encode("utf-16-le")[2 * at + 1 : 2 * at + 2].ljust(1, b"\0")[0] <= 0xDF)
    changes = [part for part in (at, [0, word], units - at) if part]
    update = Update(client_id=client, changes=changes)
    return ask(state, c.PushUpdates(cell=cell, version=known.version, updates=[update]))


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        (0, None),
        (1, ["a = 1", "b = 2\nc"]),
        (5, ["a = 1", "b = 2\nc"]),
        (6, ["a = 1", "b = 2\nc"]),
        (13, ["a = 1\nb = 2", "c"]),
    ],
)
def test_a_cell_is_divided_between_lines(place, expected):
    state = opened("a = 1\nb = 2\nc")
    state, effects = split(state, ids(state)[0], place)

    assert codes(state) == (expected or ["a = 1\nb = 2\nc"])
    assert ("between two of its lines" in refusal(effects)) if expected is None else not refusal(effects)


def test_a_split_moves_with_what_was_typed_above_it():
    state = opened("a = 1\nb = 2")
    (cell,) = ids(state)
    state, _ = ask(state, typed(state, cell, "# new\na = 1\nb = 2"))
    state, _ = split(state, cell, 6, version=0)

    assert codes(state) == ["# new\na = 1", "b = 2"]


def test_several_cuts_make_several_cells_in_one_step():
    state = opened("a = 1\nb = 2\nc = 3", "d = 4")
    state, effects = split(state, ids(state)[0], 6, 12)

    assert codes(state) == ["a = 1", "b = 2", "c = 3", "d = 4"]
    assert [notice.cell.id for notice in told(effects, n.CellAdded)] == ["new0", "new1"]


def test_splitting_and_merging_touch_no_other_line():
    text = notebook_text("x = 1\ny = 2", "z  =  3 # odd", "w = 4").replace("@app.cell", "# mine\n@app.cell")
    text = text.replace("y = 2\n    return", "y = 2\n    return (x, y)")
    state = opened(text=text)
    first, middle, last = ids(state)
    untouched = text[text.index("# mine", text.index("y = 2")) :]
    state, _ = split(state, first, 6)
    assert text_of(state).endswith(untouched)
    state, _ = ask(state, c.MergeCells(cells=[first, CellId("new0")]))
    assert text_of(state) == text
    state, _ = ask(state, c.MergeCells(cells=[middle, last]))
    assert text_of(state).startswith(text[: text.index("# mine", text.index("y = 2"))])
    state, _ = ask(state, c.RestoreCells(cells=[last]))
    assert text_of(state) == text


def test_what_is_edited_after_a_merge_goes_back_to_where_it_came_from():
    state = opened("a = 1", "b = 2", "c = 3")
    a, b, c_ = ids(state)
    state, _ = ask(state, c.MergeCells(cells=[a, b, c_]))
    state, _ = ask(state, typed(state, a, "a = 10\nb = 2\nc = 3"))
    state, _ = ask(state, typed(state, a, "a = 10\nb = 2  # two\nc = 3"))
    state, _ = ask(state, c.RestoreCells(cells=[b, c_]))

    assert codes(state) == ["a = 10", "b = 2  # two", "c = 3"]


def test_what_is_typed_into_a_merged_cell_appears_in_the_other():
    """In the page that has not heard of the merge, the text arrives in its place."""
    state = opened("a = 1", "b = 2")
    a, b = ids(state)
    first, second = (Update(client_id="me", changes=changes) for changes in ([5, [0, "0"]], [6, [0, "0"]]))
    state, _ = ask(state, c.MergeCells(cells=[a, b]))
    state, _ = ask(state, typed(state, a, "# top\na = 1\nb = 2"))
    state, effects = ask(state, c.PushUpdates(cell=b, version=0, updates=[first]))
    state, _ = ask(state, c.PushUpdates(cell=b, version=1, updates=[second]))

    assert codes(state) == ["# top\na = 1\nb = 200"]
    assert [notice.cell for notice in told(effects, n.UpdatesAccepted)] == [b, a]


def test_deleting_several_is_one_step_and_bringing_them_back_too():
    text = notebook_text("a = 1", "b = 2", "c = 3").replace("@app.cell", "# mine\n@app.cell")
    state = opened(text=text)
    a, b, last = ids(state)
    state, _ = ask(state, c.DeleteCells(cells=[last, a]))
    assert ids(state) == [b]
    state, _ = ask(state, c.RestoreCells(cells=[last, a]))

    assert text_of(state) == text


def test_cells_move_together_and_back():
    state = opened(*"abcdef")
    a, b, x, d, e, f = ids(state)
    moves = [c.Placement(cell=b, after=f), c.Placement(cell=d, after=b)]
    state, _ = ask(state, c.MoveCells(moves=moves))
    assert codes(state) == list("acefbd")
    state, _ = ask(state, c.MoveCells(moves=[c.Placement(cell=b, after=a), c.Placement(cell=d, after=x)]))

    assert ids(state) == [a, b, x, d, e, f]


def test_pasted_cells_keep_names_and_options_as_far_as_they_are_free():
    state = opened("x = 1")
    (cell,) = ids(state)
    new = [
        c.NewCell(cell=CellId("one"), code="a = 1", name="load", hide_code=True),
        c.NewCell(cell=CellId("two"), code="b = 1", name="load", disabled=True),
    ]
    state, effects = ask(state, c.AddCells(cells=new, after=cell))

    added = [(v.cell.id, v.cell.name, v.cell.hide_code, v.cell.disabled) for v in told(effects, n.CellAdded)]
    assert added == [("one", "load", True, False), ("two", "_", False, True)]


def test_one_bad_id_refuses_all():
    state = opened("x = 1")
    for bad in ("a b", ids(state)[0], "fine"):
        new = [c.NewCell(cell=CellId("fine")), c.NewCell(cell=CellId(bad))]
        after, effects = ask(state, c.AddCells(cells=new, after=None))
        assert after is state
        assert refusal(effects)


def test_one_cell_cannot_be_merged():
    state = opened("x = 1")
    _, effects = ask(state, c.MergeCells(cells=ids(state)))

    assert "two cells" in refusal(effects)


@pytest.mark.parametrize(
    ("parts", "at", "before", "expected"),
    [
        ([Part(4, None)], 2, True, 2),
        ([Part(2, None), Part(0, "xy"), Part(2, None)], 2, True, 2),
        ([Part(2, None), Part(0, "xy"), Part(2, None)], 2, False, 4),
        ([Part(1, None), Part(2, "xyz"), Part(1, None)], 2, True, 1),
        ([Part(1, None), Part(2, "xyz"), Part(1, None)], 2, False, 4),
        ([Part(1, None), Part(2, "xyz"), Part(1, None)], 3, True, 4),
        ([Part(1, None), Part(2, ""), Part(1, None)], 4, True, 2),
    ],
)
def test_a_place_moves_with_the_text(parts, at, before, expected):
    assert map_position(ChangeSet(tuple(parts)), at, before=before) == expected
