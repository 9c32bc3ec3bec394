"""Options of the notebook and of its cells: read, kept as written, changed one at a time."""

import pytest

from quire.app import App
from quire.notebook import Notebook, SetAppOptions, SetCode, SetOptions, apply_edit, read_notebook, write_notebook
from tests.notebook.editing import cell, text_of

APP = {
    "width": "medium",
    "app_title": "A title",
    "layout_file": "layouts/a.grid.json",
    "css_file": "own.css",
    "html_head_file": "head.html",
    "auto_download": ["html", "ipynb"],
    "sql_output": "polars",
}
CELL = {"column": 2, "disabled": True, "hide_code": True, "expand_output": True}


def with_app(call: str) -> Notebook:
    return read_notebook(text_of(cell("x = 1")).replace("quire.App()", call))


def with_decorator(call: str) -> Notebook:
    return read_notebook(text_of(cell("x = 1", decorator=call)))


@pytest.mark.parametrize("name", APP)
def test_every_option_of_the_app_is_read_set_and_taken_away(name: str):
    notebook = with_app("quire.App()")

    given = apply_edit(notebook, SetAppOptions({name: APP[name]}))
    again = read_notebook(write_notebook(given))

    assert again.options == {name: APP[name]}
    assert write_notebook(apply_edit(again, SetAppOptions({name: None}))) == write_notebook(notebook)
    assert App(**APP).options == APP


@pytest.mark.parametrize("name", CELL)
def test_every_option_of_a_cell_is_read_set_and_taken_away(name: str):
    notebook = with_decorator("@app.cell")
    one = notebook.cells[0].id

    given = apply_edit(notebook, SetOptions(one, {name: CELL[name]}))
    again = read_notebook(write_notebook(given))

    assert again.cells[0].options == {name: CELL[name]}
    assert write_notebook(apply_edit(again, SetOptions(again.cells[0].id, {name: None}))) == write_notebook(notebook)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("quire.App(mine=f( x ), **more, b='q')", "quire.App(mine=f( x ), **more, b='q', width=\"full\")"),
        ("quire.App(positional, a = 1)", 'quire.App(positional, a = 1, width="full")'),
        ("quire.App(width='medium', a=0x10)", 'quire.App(width="full", a=0x10)'),
        ("quire.App(\n    a=1,\n)", 'quire.App(\n    a=1,\n    width="full",\n)'),
        ("quire.App(\n    a=1,  # why\n)", 'quire.App(\n    a=1,  # why\n    width="full",\n)'),
    ],
)
def test_other_options_of_the_app_stay_as_they_were_written(before: str, after: str):
    notebook = apply_edit(with_app(before), SetAppOptions({"width": "full"}))

    assert write_notebook(notebook) == write_notebook(with_app(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("@app.cell(column=1, mine={'a': f( x )}, **more)", "@app.cell(column=2, mine={'a': f( x )}, **more)"),
        ("@app.cell(disabled=False, column = 1)", "@app.cell(disabled=False, column=2)"),
        ("@app.cell()", "@app.cell(column=2)"),
    ],
)
def test_other_options_of_a_cell_stay_as_they_were_written(before: str, after: str):
    notebook = with_decorator(before)

    assert write_notebook(apply_edit(notebook, SetOptions(notebook.cells[0].id, {"column": 2}))) == write_notebook(
        with_decorator(after)
    )


def test_unknown_options_survive_a_syntax_error():
    notebook = with_decorator("@app.cell(mine=f(x), **more)")
    one = notebook.cells[0].id

    broken = apply_edit(notebook, SetCode(one, "x = ("))
    again = read_notebook(write_notebook(broken))

    assert "    mine=f(x),\n    **more,\n" in write_notebook(broken)
    assert "@app.cell(mine=f(x), **more)\n" in write_notebook(apply_edit(again, SetCode(again.cells[0].id, "x = 1")))


def test_an_app_keeps_options_that_nobody_knows():
    assert App(width="full", other=1).options == {"width": "full", "other": 1}
