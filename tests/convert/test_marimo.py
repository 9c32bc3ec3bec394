"""marimo notebooks: the same file under other names, with the values that its strings had."""

from pathlib import Path

import pytest

from quire.convert import convert_text
from quire.errors import ConversionRefused
from quire.notebook import parse_notebook
from tests.convert.running import printed_by_script

NOTEBOOK = '''# /// script
# dependencies = [
#     "marimo>=0.20",
#     "numpy",
# ]
# ///

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", css_file="my.css")

with app.setup:
    import marimo as mo


@app.cell(hide_code=True)
def _():
    mo.md(r"""
    # Title
    """)
    return


# between
@app.cell
def load():
    text = """
    four
      six
    """
    _x = 1
    print(repr(text))
    return (text,)


@app.cell
def _():
    ragged = """
zero
    four
"""
    print(repr(ragged))
    return


@app.function
def area(r):
    """Of a circle.

    More.
    """
    return r * r


app._unparsable_cell(
    r"""
    broken(
    """,
    name="_"
)


if __name__ == "__main__":
    app.run()
'''


def quire(text: str) -> str:
    return convert_text(text, source="marimo").text


def test_a_notebook_is_marimos_by_its_import_and_its_app():
    assert not parse_notebook(convert_text(NOTEBOOK).text).foreign


def test_only_names_and_strings_change():
    before, after = NOTEBOOK.split("\n"), quire(NOTEBOOK).split("\n")

    assert len(before) == len(after)
    assert [pair for pair in zip(before, after, strict=True) if pair[0] != pair[1]] == [
        ('#     "marimo>=0.20",', '#     "quire",'),
        ("import marimo", "import quire"),
        ('__generated_with = "0.25.2"', '__generated_with = "0.1.0"'),
        ('app = marimo.App(width="medium", css_file="my.css")', 'app = quire.App(width="medium", css_file="my.css")'),
        ("    import marimo as mo", "    import quire as mo"),
        ("    four", "four"),
        ("      six", "  six"),
        ('    """', '"""'),
    ]


def test_strings_have_the_value_that_they_had():
    """marimo 0.25.2 prints this for the same cells."""
    cells = (
        NOTEBOOK.replace("app._unparsable_cell(", "print(").replace(',\n    name="_"', "").replace("    broken(", "")
    )

    assert printed_by_script(quire(cells)).strip().endswith("'\\nfour\\n  six\\n'\n'\\nzero\\n    four\\n'")


def test_what_quire_has_not_is_told():
    text = "import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _(mo):\n    mo.ui.matrix([1]); mo.no_such(1); mo.md('x')\n    return\n"

    assert [str(note) for note in convert_text(text).notes] == [
        "cell 1: `mo.ui.matrix` is not there in Quire 0.1.0",
        "cell 1: `mo.no_such` is not there in Quire 0.1.0",
    ]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("import marimo", "import quire as marimo"),
        ("import os, marimo as m, sys", "import os, quire as m, sys"),
        ("from marimo import ui, md", "from quire import ui, md"),
        ("from marimo.ui import slider", "from marimo.ui import slider"),
        ("x = 'import marimo'", "x = 'import marimo'"),
    ],
)
def test_imports_keep_the_name_that_the_user_gave(line, expected):
    text = f"import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n    {line}\n    return\n"

    assert parse_notebook(quire(text)).cells[0].code == expected


def test_a_statement_between_cells_is_kept():
    text = "import marimo\n\napp = marimo.App()\n\nx = 5\n\n\n@app.cell\ndef _():\n    return\n"

    assert "\nx = 5\n" in quire(text)


@pytest.mark.parametrize("text", ["import marimo", "x = 1", ""])
def test_what_has_no_app_is_refused(text):
    with pytest.raises(ConversionRefused):
        quire(text)


def test_there_and_back_again_is_the_same_file():
    back = convert_text(quire(NOTEBOOK), target="marimo").text

    assert back.replace('"marimo",', '"marimo>=0.20",').replace('"0.1.0"', '"0.25.2"') == NOTEBOOK.replace(
        'zero\n    four\n"""', '    zero\n        four\n    """'
    )


def test_names_of_several_cells_become_private_for_marimo():
    cell = "@app.cell\ndef _():\n    for i in range(3):\n        print(i)\n    return (i,)\n"
    text = f"import quire\n\napp = quire.App()\n\n\n{cell}\n\n{cell}"
    done = convert_text(text, target="marimo")

    assert done.text.count("    for _i in range(3):\n        print(_i)\n") == 2
    assert [note.cell for note in done.notes] == [1, 2]


def test_every_example_goes_to_marimo_and_back():
    for path in sorted(Path("examples").glob("*.py")):
        text = path.read_text(encoding="utf-8")
        if not parse_notebook(text).foreign:
            there = convert_text(text, target="marimo").text
            assert "import quire" not in there
            assert convert_text(there).text.count("@app.") == text.count("@app.")
