"""Damaged files open, show what they are, and are not rewritten where they were not understood."""

import pytest

from quire.dataflow import Source, build_graph
from quire.errors import EditRefused, NotANotebook
from quire.notebook import MakeCell, Notebook, SetCode, apply_edit, parse_notebook, read_notebook, write_notebook

HEADER = 'import quire\n\napp = quire.App(app_title="T")\n'
GUARD = '\n\nif __name__ == "__main__":\n    app.run()\n'


def cell(body: str, name: str = "_") -> str:
    return f"\n\n@app.cell\ndef {name}():\n{body}"


def problems(notebook: Notebook) -> list[str]:
    graph = build_graph({c.id: Source(c.code, c.type, c.name) for c in notebook.cells})
    return [problem.kind for found in graph.problems.values() for problem in found]


def opened(text: str) -> Notebook:
    notebook = read_notebook(text)
    assert write_notebook(notebook) == text
    return notebook


def test_a_syntax_error_in_one_cell_costs_no_other():
    text = (
        HEADER
        + cell("    x = 1\n    return (x,)\n")
        + cell("    y = = 2\n    return (y,)\n", "bad")
        + cell("    z = 3\n")
        + GUARD
    )

    notebook = opened(text)

    assert [(c.type, c.name, c.code) for c in notebook.cells] == [
        ("cell", "_", "x = 1"),
        ("cell", "bad", "y = = 2"),
        ("cell", "_", "z = 3"),
    ]
    assert problems(notebook) == ["SyntaxProblem"]


@pytest.mark.parametrize(
    "decorator", ["@first\n", "@first(\n    1,\n)\n", "@first\n\n# why\n", "# why\n@first\n@second\n"]
)
def test_other_decorators_stay_with_their_cell_beside_a_broken_one(decorator: str):
    above, below = "@app.cell\ndef _():\n    x = 1\n", f"{decorator}@app.cell\ndef _():\n    y = 2\n"

    notebook = opened(f"{HEADER}{cell('    x = = 1')}\n\n\n{above}\n\n{below}")

    assert [one.text for one in notebook.cells[1:]] == [above, below]


def test_an_edit_beside_a_broken_cell_leaves_it_as_it_is():
    text = HEADER + cell("    x = 1\n    return (x,)\n") + cell("    y = = 2\n    return (y,)\n") + GUARD
    notebook = opened(text)

    edited = write_notebook(apply_edit(notebook, SetCode(notebook.cells[0].id, "x = 5")))

    assert edited == text.replace("x = 1", "x = 5")


def test_mending_a_broken_cell_writes_it_as_an_ordinary_one_again():
    text = HEADER + cell("    y = = 2\n    return (z,)\n", "bad") + GUARD
    notebook = opened(text)

    edited = write_notebook(apply_edit(notebook, SetCode(notebook.cells[0].id, "y = 2")))

    assert edited == HEADER + cell("    y = 2\n    return (y,)\n", "bad") + GUARD


def test_syntax_errors_in_all_cells():
    notebook = opened(HEADER + "".join(cell(f"    x{n} = = {n}\n    return\n") for n in range(50)) + GUARD)

    assert [c.code for c in notebook.cells] == [f"x{n} = = {n}" for n in range(50)]
    assert len(problems(notebook)) == 50


def test_a_syntax_error_in_the_header():
    notebook = opened("import quire\nx = = 3\n\napp = quire.App()\n" + cell("    x = 1\n    return (x,)\n") + GUARD)

    assert [c.code for c in notebook.cells] == ["x = 1"]


def test_a_syntax_error_in_the_line_of_the_app_itself():
    notebook = opened("import quire\n\napp = quire.App(width=)\n" + cell("    x = 1\n") + GUARD)

    assert [c.code for c in notebook.cells] == ["x = 1"]


def test_conflict_markers_inside_a_cell_are_its_code():
    body = "<<<<<<< HEAD\n    x = 1\n=======\n    x = 2\n>>>>>>> other\n    return (x,)\n"
    notebook = opened(HEADER + cell(body) + cell("    y = 3\n    return (y,)\n") + GUARD)

    assert [c.code for c in notebook.cells] == ["<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other", "y = 3"]


def test_conflict_markers_are_called_by_their_name():
    notebook = opened(HEADER + cell("<<<<<<< HEAD\n    x = 1\n=======\n    x = 2\n>>>>>>> other\n") + GUARD)
    graph = build_graph({c.id: Source(c.code, c.type, c.name) for c in notebook.cells})

    assert "conflict markers of a merge" in str(graph.problems[notebook.cells[0].id][0])


def test_conflict_markers_between_cells_are_shown_in_place():
    text = (
        HEADER
        + cell("    x = 1\n    return (x,)\n")
        + "\n\n<<<<<<< HEAD"
        + cell("    y = 1\n    return (y,)\n")
        + "======="
        + cell("    y = 2\n    return (y,)\n")
        + ">>>>>>> other\n"
        + GUARD
    )

    notebook = opened(text)

    assert [(c.type, c.code) for c in notebook.cells] == [
        ("cell", "x = 1"),
        ("stray", "<<<<<<< HEAD"),
        ("cell", "y = 1"),
        ("stray", "======="),
        ("cell", "y = 2"),
        ("stray", ">>>>>>> other"),
    ]


def test_nul_bytes():
    notebook = opened(HEADER + cell("    x = '\0'\n    return (x,)\n") + cell("    y = 1\n") + GUARD)

    assert [c.code for c in notebook.cells] == ["x = '\0'", "y = 1"]
    assert problems(notebook) == ["SyntaxProblem"]


def test_a_string_that_looks_like_cells_is_a_string():
    """Also when another cell is broken, so that the file has to be scanned."""
    inner = '    text = """\n@app.cell\ndef fake():\n    return\n"""\n    return (text,)\n'
    notebook = opened(HEADER + cell(inner) + cell("    y = = 1\n") + GUARD)

    assert [c.code for c in notebook.cells] == ['text = """\n@app.cell\ndef fake():\n    return\n"""', "y = = 1"]


def test_an_unclosed_string_costs_no_other_cell():
    notebook = opened(HEADER + cell("    x = '''open\n    return\n") + cell("    y = 1\n    return (y,)\n") + GUARD)

    assert notebook.cells[-1].code == "y = 1"
    assert "open" in notebook.cells[0].code


@pytest.mark.parametrize("texts", ['t = """\n    kept\n"""', "t = f'''\n    {kept}\n'''"])
def test_texts_in_a_cell_with_an_unclosed_quote_keep_their_spaces(texts: str):
    body = "".join(f"    {line}\n" if number % 3 == 0 else f"{line}\n" for number, line in enumerate(texts.split("\n")))
    notebook = opened(HEADER + cell(f"{body}    x = 'open\n    u{body[5:]}    return\n") + GUARD)

    assert notebook.cells[0].code == f"{texts}\nx = 'open\nu{texts[1:]}"


def test_statements_between_cells_stay_where_they_are():
    text = HEADER + cell("    x = k\n    return (x,)\n") + "\n\nk = 5\nprint(k)\n" + cell("    y = 1\n") + GUARD
    notebook = opened(text)

    assert [c.type for c in notebook.cells] == ["cell", "stray", "stray", "cell"]
    assert problems(notebook) == ["OutsideCell"]
    with pytest.raises(EditRefused, match="read-only"):
        apply_edit(notebook, SetCode(notebook.cells[1].id, "k = 6"))


def test_a_statement_between_cells_becomes_a_cell():
    notebook = opened(HEADER + "\n\nk = 5\n" + GUARD)

    made = apply_edit(notebook, MakeCell(notebook.cells[0].id))

    assert write_notebook(made) == HEADER + cell("    k = 5\n    return (k,)\n") + GUARD


def test_code_after_the_guard_stays_and_is_no_cell():
    notebook = opened(
        HEADER + cell("    x = 1\n") + GUARD + "\nprint('after')\n\n\n@app.cell\ndef late():\n    return\n"
    )
    assert len(notebook.cells) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ('{"cells": [], "nbformat": 4}', "Jupyter"),
        ("import marimo\n\napp = marimo.App()\n", "marimo notebook"),
        ("# %%\nx = 1\n", "# %%"),
        ("import os\nprint(os.sep)\n", "Python without"),
        ("<html>", "not Python"),
        ("app = quire.App()\n", "Python without"),
    ],
)
def test_a_file_that_is_no_notebook_says_what_it_is(text: str, words: str):
    assert write_notebook(parse_notebook(text)) == text
    with pytest.raises(NotANotebook, match=words):
        read_notebook(text)


def test_five_thousand_cells():
    notebook = opened(HEADER + "".join(cell(f"    x{n} = {n}\n    return (x{n},)\n") for n in range(5000)) + GUARD)

    assert len(notebook.cells) == 5000
    assert notebook.line_of(notebook.cells[-1].id) == HEADER.count("\n") + 4999 * 6 + 5


def test_a_line_of_a_million_characters():
    notebook = opened(HEADER + cell(f"    x = '{'a' * 1_000_000}'\n    return (x,)\n") + GUARD)

    assert len(notebook.cells[0].code) == 1_000_006


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_endings_are_kept_through_edits(ending: str):
    text = (HEADER + cell("    x = 1\n    y = 2\n    return (x, y)\n") + GUARD).replace("\n", ending)
    notebook = opened(text)

    edited = apply_edit(notebook, SetCode(notebook.cells[0].id, "x = 1\nz = 3\ny = 2"))

    expected = (HEADER + cell("    x = 1\n    z = 3\n    y = 2\n    return (x, y, z)\n") + GUARD).replace("\n", ending)
    assert write_notebook(edited) == expected
