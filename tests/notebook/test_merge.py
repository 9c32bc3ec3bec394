"""Two people's changes become one notebook: cell by cell, line by line, and never at the cost of a line."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from quire.ids import CellId
from quire.notebook import (
    InsertCell,
    MoveCell,
    Notebook,
    RemoveCell,
    RenameCell,
    SetCode,
    SetOptions,
    SetTitle,
    apply_edit,
    new_notebook,
    parse_notebook,
    write_notebook,
)
from quire.notebook.diff3 import Disputed, diff3, merged_lines
from quire.notebook.merge import Labels, merge_notebooks

from .strategies import mutated_texts, notebook_texts


def notebook(*codes: str) -> Notebook:
    made, last = new_notebook(), None
    for number, code in enumerate(codes):
        made = apply_edit(made, InsertCell(cell := CellId(f"new{number}"), last, code))
        last = cell
    return parse_notebook(write_notebook(made))


def edited(base: Notebook, *edits) -> Notebook:
    """Edits name cells by their number in `base`."""
    made = base
    for edit in edits:
        made = apply_edit(made, edit)
    return parse_notebook(write_notebook(made))


def cell(base: Notebook, number: int) -> CellId:
    return base.cells[number].id


def merged(base: Notebook, ours: Notebook, theirs: Notebook) -> Notebook:
    """What comes of it when nothing is disputed."""
    found = merge_notebooks(base, ours, theirs)
    assert found.conflicts == ()
    return parse_notebook(found.text)


def codes(made: Notebook) -> list[str]:
    return [cell.code for cell in made.cells]


BASE = notebook("import os", "x = 1\ny = 2\nz = 3", "a = x + 1", "print(a)")


# -- what fits


def test_changes_of_different_cells_are_both_there():
    ours = edited(BASE, SetCode(cell(BASE, 1), "x = 10"))
    theirs = edited(BASE, SetCode(cell(BASE, 3), "print(a, a)"))

    assert codes(merged(BASE, ours, theirs)) == ["import os", "x = 10", "a = x + 1", "print(a, a)"]


def test_changes_of_different_lines_of_one_cell_are_both_there_and_its_function_fits():
    ours = edited(BASE, SetCode(cell(BASE, 1), "x = os.name\ny = 2\nz = 3"))
    theirs = edited(BASE, SetCode(cell(BASE, 1), "x = 1\ny = 2\nz = 3\nw = len(b'1')"))

    made = merged(BASE, ours, theirs)

    assert made.cells[1].text == (
        "@app.cell\ndef _(os):\n    x = os.name\n    y = 2\n    z = 3\n    w = len(b'1')\n    return (w, x, y, z)\n"
    )


def test_cells_added_by_both_are_both_there():
    ours = edited(BASE, InsertCell(CellId("n"), cell(BASE, 2), "b = 1"))
    theirs = edited(BASE, InsertCell(CellId("n"), cell(BASE, 2), "c = 1"))

    assert codes(merged(BASE, ours, theirs)) == [*codes(BASE)[:3], "b = 1", "c = 1", "print(a)"]


def test_one_cell_added_by_both_is_there_once():
    ours = edited(BASE, InsertCell(CellId("n"), cell(BASE, 2), "b = 1"))
    theirs = edited(BASE, InsertCell(CellId("n"), cell(BASE, 0), "b = 1"))

    assert codes(merged(BASE, ours, theirs)).count("b = 1") == 1


def test_imports_added_by_both_are_both_there():
    ours = edited(BASE, SetCode(cell(BASE, 0), "import os\nimport sys"))
    theirs = edited(BASE, SetCode(cell(BASE, 0), "import os\nimport re"))

    assert codes(merged(BASE, ours, theirs))[0] == "import os\nimport sys\nimport re"


def test_a_setup_block_made_by_both_holds_the_imports_of_both():
    ours = edited(BASE, InsertCell(CellId("setup"), None, "import sys", type="setup"))
    theirs = edited(BASE, InsertCell(CellId("setup"), None, "import re", type="setup"))

    assert codes(merged(BASE, ours, theirs))[0] == "import sys\nimport re"


@pytest.mark.parametrize("swapped", [False, True])
def test_a_cell_moved_by_one_and_changed_by_the_other_is_both(swapped):
    one = edited(BASE, MoveCell(cell(BASE, 3), cell(BASE, 0)))
    other = edited(BASE, SetCode(cell(BASE, 3), "print(a)\nprint(x)"))

    made = merged(BASE, other, one) if swapped else merged(BASE, one, other)

    assert codes(made) == ["import os", "print(a)\nprint(x)", "x = 1\ny = 2\nz = 3", "a = x + 1"]


def test_a_cell_removed_by_one_and_left_alone_by_the_other_is_gone():
    ours = edited(BASE, RemoveCell(cell(BASE, 2)))
    theirs = edited(BASE, SetCode(cell(BASE, 1), "x = 5"))

    assert codes(merged(BASE, ours, theirs)) == ["import os", "x = 5", "print(a)"]


def test_names_and_options_are_merged_each_for_itself():
    ours = edited(BASE, SetOptions(cell(BASE, 1), {"hide_code": True}), SetCode(cell(BASE, 1), "x = 1"))
    theirs = edited(BASE, RenameCell(cell(BASE, 1), "load"), SetOptions(cell(BASE, 1), {"disabled": True}))

    found = merged(BASE, ours, theirs).cells[1]

    assert (found.name, dict(found.options), found.code) == ("load", {"hide_code": True, "disabled": True}, "x = 1")


def test_options_of_the_app_are_merged_each_for_itself():
    base = parse_notebook(write_notebook(BASE).replace("App()", 'App(width="full")'))
    ours = edited(base, SetTitle("Mine"))
    theirs = parse_notebook(write_notebook(base).replace('"full"', '"medium"'))

    assert dict(merged(base, ours, theirs).options) == {"width": "medium", "app_title": "Mine"}


def test_requirements_added_by_both_are_both_there_and_the_version_is_that_of_ours():
    block = '# /// script\n# dependencies = [\n#     "numpy",\n{}# ]\n# ///\n'
    text = write_notebook(BASE)
    base = parse_notebook(block.format("") + text)
    ours = parse_notebook(block.format('#     "pandas",\n') + text)
    theirs = parse_notebook(block.format('#     "polars",\n') + text.replace('_with = "', '_with = "9'))
    ours = parse_notebook(write_notebook(ours).replace('_with = "', '_with = "8'))

    header = merged(base, ours, theirs).header

    assert '#     "pandas",\n#     "polars",\n' in header
    assert header.count("__generated_with") == 1
    assert '_with = "8' in header


def test_comments_between_cells_survive_the_cell_below_them():
    text = write_notebook(BASE)
    ours = edited(BASE, RemoveCell(cell(BASE, 2)))
    theirs = parse_notebook(text.replace("\n\n\n@app.cell\ndef _(x)", "\n\n\n# kept\n\n\n@app.cell\ndef _(x)"))

    assert "# kept\n" in merge_notebooks(BASE, ours, theirs).text


# -- what does not


def test_a_disputed_line_stands_between_markers_in_its_cell_and_every_other_cell_is_whole():
    ours = edited(BASE, SetCode(cell(BASE, 1), "x = 10\ny = 2\nz = 3"), SetCode(cell(BASE, 0), "import sys"))
    theirs = edited(BASE, SetCode(cell(BASE, 1), "x = 11\ny = 2\nz = 3"), SetCode(cell(BASE, 3), "print(x)"))

    found = merge_notebooks(BASE, ours, theirs, Labels("HEAD", "feature"))
    read = parse_notebook(found.text)

    assert found.conflicts == ("both changed the cell `x = 10`",)
    assert "<<<<<<< HEAD\n    x = 10\n=======\n    x = 11\n>>>>>>> feature\n    y = 2\n" in found.text
    assert [cell.damaged for cell in read.cells] == [False, True, False, False]
    assert [read.cells[at].code for at in (0, 2, 3)] == ["import sys", "a = x + 1", "print(x)"]


def test_a_cell_removed_by_one_and_changed_by_the_other_stays():
    ours = edited(BASE, RemoveCell(cell(BASE, 2)))
    theirs = edited(BASE, SetCode(cell(BASE, 2), "a = x + 2"))

    found = merge_notebooks(BASE, ours, theirs)

    assert found.conflicts == ("the cell `a = x + 2` was removed in ours and changed in theirs",)
    assert "<<<<<<< ours\n=======\n    a = x + 2\n>>>>>>> theirs\n" in found.text


def test_two_names_for_one_cell_are_told():
    ours = edited(BASE, RenameCell(cell(BASE, 1), "load"))
    theirs = edited(BASE, RenameCell(cell(BASE, 1), "read"))

    found = merge_notebooks(BASE, ours, theirs)

    assert found.conflicts == ("cell `load` is called `read` in theirs; the name of ours is kept",)
    assert parse_notebook(found.text).cells[1].name == "load"


def test_markers_are_as_long_as_git_asks():
    ours = edited(BASE, SetCode(cell(BASE, 0), "import sys as a"))
    theirs = edited(BASE, SetCode(cell(BASE, 0), "x = 1"))

    assert "\n" + "<" * 12 + " ours\n" in merge_notebooks(BASE, ours, theirs, Labels(size=12)).text


def test_a_merged_file_can_be_imported():
    """One takes a constant out of the setup block, the other makes it the default of a function."""
    base = edited(notebook("x = 1"), InsertCell(CellId("setup"), None, "import os\nscale = 2", type="setup"))
    ours = edited(base, SetCode(CellId("setup"), "import os"))
    theirs = edited(base, InsertCell(CellId("n"), cell(base, 1), "def area(r, by=scale):\n    return r * by"))
    assert theirs.cells[2].type == "function"

    found = merge_notebooks(base, ours, theirs)

    assert "`area` cannot be imported any more, because `scale` is not there" in found.reports[0]
    assert parse_notebook(found.text).cells[2].type == "cell"
    exec(compile(found.text, "merged.py", "exec"), {"__name__": "merged"})


# -- laws

texts = st.one_of(notebook_texts(), mutated_texts()).map(parse_notebook).filter(lambda made: not made.foreign)


@given(texts, texts)
def test_the_side_that_changed_alone_is_the_result_byte_for_byte(base, changed):
    text = write_notebook(changed)
    assume("<<<<<<<" not in text)

    assert merge_notebooks(base, changed, base).text == text
    assert merge_notebooks(base, base, changed).text == text
    assert merge_notebooks(base, changed, changed).text == text


snippets = st.sampled_from(
    ["x = 1", "y = x", "import os", "def f(a):\n    return a", "print(1)\nprint(2)", "(", "# c", ""]
)


@st.composite
def versions(draw, base: Notebook) -> Notebook:
    """The notebook after some edits."""
    made = base
    for number in range(draw(st.integers(0, 4))):
        places = [cell.id for cell in made.cells]
        at = draw(st.sampled_from([*places, None]))
        choices = [InsertCell(CellId(f"new{number}{draw(st.integers(0, 9))}"), at, draw(snippets))]
        if at is not None:
            code = made.cell(at).code
            choices += [SetCode(at, draw(snippets)), SetCode(at, f"{code}\nz{draw(st.integers(0, 9))} = 1")]
            choices += [RemoveCell(at), MoveCell(at, draw(st.sampled_from([*places, None])))]
        edit = draw(st.sampled_from(choices))
        if not (isinstance(edit, InsertCell) and edit.cell in made.positions):
            made = apply_edit(made, edit)
    return parse_notebook(write_notebook(made))


bases = st.lists(snippets, min_size=1, max_size=5).map(lambda found: notebook(*found))
threes = bases.flatmap(lambda base: st.tuples(st.just(base), versions(base), versions(base)))


def lines(made: Notebook) -> set[str]:
    return {line.strip() for cell in made.cells for line in cell.code.split("\n") if line.strip()}


@given(threes)
def test_a_merge_opens_and_no_line_that_one_side_added_is_lost(three):
    base, ours, theirs = three
    found = merge_notebooks(base, ours, theirs)
    read = parse_notebook(found.text)

    assert not read.foreign
    assert write_notebook(read) == found.text
    assert lines(ours) - lines(base) | (lines(theirs) - lines(base)) <= lines(read)


@given(threes)
def test_a_merge_says_the_same_from_both_sides(three):
    base, ours, theirs = three
    one, other = merge_notebooks(base, ours, theirs), merge_notebooks(base, theirs, ours)

    assert len(one.conflicts) == len(other.conflicts)
    if not one.conflicts:
        assert sorted(codes(parse_notebook(one.text))) == sorted(codes(parse_notebook(other.text)))


rows = st.lists(st.sampled_from("abcdef"), max_size=8)


@given(rows, rows, rows)
def test_lines_are_merged_as_diff3_does(base, ours, theirs):
    assert merged_lines(diff3(base, ours, base)) == ours
    assert merged_lines(diff3(base, base, theirs)) == theirs
    assert merged_lines(diff3(base, ours, ours)) == ours
    mirrored = [
        Disputed(chunk.base, chunk.theirs, chunk.ours) if isinstance(chunk, Disputed) else chunk
        for chunk in diff3(base, theirs, ours)
    ]
    assert diff3(base, ours, theirs) == mirrored
