"""Cells are formatted as the file is, the text of each comes back to the page that asked, and nothing else changes."""

from pathlib import Path

import pytest

from quire.errors import EditRefused
from quire.formatting import format_text
from quire.notebook import write_notebook
from quire.protocol import notices as n
from quire.protocol.commands import FormatCells
from quire.session.apply import apply
from quire.session.events import Format, FormatFailed, Formatted
from quire.session.settling import settle

from .model import ask, codes, ids, of_kind, opened, told, typed

HERE = Path("notebook.py").absolute()


def formatted(state, cells, path: Path = HERE) -> tuple:
    state, effects = ask(state, FormatCells(cells=cells, request=7))
    (asked,) = of_kind(effects, Format)
    return apply(state, Formatted(asked, format_text(asked.text, path)))


def test_the_cells_asked_for_are_formatted_and_the_others_not():
    state = opened("x=1", "y  =  2", "def f( a ):\n  return a\n\n\nz=f( 1 )")
    first, _, third = ids(state)

    after, effects = formatted(state, [first, third])

    (answer,) = told(effects, n.CellsFormatted)
    assert answer.codes == {first: "x = 1", third: "def f(a):\n    return a\n\nz = f(1)"}
    assert codes(after) == codes(state)
    assert told(effects, n.CommandAnswered) == [n.CommandAnswered(request=7)]


def test_a_cell_that_is_not_python_costs_the_others_nothing():
    state = opened("", "y=2")
    broken, whole = ids(state)
    state, _ = ask(state, typed(state, broken, "x = = 1"))

    _, effects = formatted(state, [broken, whole])

    assert told(effects, n.CellsFormatted)[0].codes == {whole: "y = 2"}


def test_strings_keep_their_lines():
    state = opened("")
    (cell,) = ids(state)
    state, _ = ask(state, typed(state, cell, 's="""\n  one\ntwo"""'))

    _, effects = formatted(state, ids(state))

    assert list(told(effects, n.CellsFormatted)[0].codes.values()) == ['s = """\n  one\ntwo"""']


def test_the_settings_of_the_project_hold(tmp_path):
    (tmp_path / "pyproject.toml").write_text("[tool.ruff.format]\nquote-style = 'single'\n")
    state = opened('x="a"')

    _, effects = formatted(state, ids(state), tmp_path / "notebook.py")

    assert list(told(effects, n.CellsFormatted)[0].codes.values()) == ["x = 'a'"]


def test_a_file_of_formatted_cells_is_a_formatted_file(tmp_path):
    path = tmp_path / "notebook.py"
    state = opened("import os,sys", "def  f(x):\n  return x\n\n\n\ny=1", "f( os.sep ),sys")

    _, effects = formatted(state, ids(state), path)
    for cell, code in told(effects, n.CellsFormatted)[0].codes.items():
        state, _ = ask(state, typed(state, cell, code))
    text = write_notebook(settle(state)[0].notebook)

    assert format_text(text, path) == text


def test_without_ruff_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)

    with pytest.raises(EditRefused, match=r"quire\[lsp\]"):
        format_text("x", HERE)


def test_a_failure_is_the_answer():
    state = opened("x=1")
    state, effects = ask(state, FormatCells(cells=ids(state), request=7))
    (asked,) = of_kind(effects, Format)

    _, effects = apply(state, FormatFailed(asked, "why"))

    assert told(effects, n.CommandAnswered) == [n.CommandAnswered(request=7, refused="why")]
