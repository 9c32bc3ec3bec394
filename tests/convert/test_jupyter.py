"""Jupyter notebooks of versions 3 and 4, as tools write them and as they should not be written."""

import base64
import json

import pytest

from quire.convert import convert_text
from quire.errors import ConversionRefused
from quire.notebook import parse_notebook
from tests.convert.running import converted, jupyter


def codes(text: str) -> list[str]:
    return [cell.code for cell in parse_notebook(text).cells]


def notes(*cells) -> list[str]:
    return [str(note) for note in converted(*cells).notes]


def notebook(cells: list[object], **metadata: object) -> str:
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def test_markdown_and_code_keep_their_order():
    text = converted(("markdown", "# Title\n\n$x^2$ `a\\b`"), "x = 1").text

    assert codes(text) == ["import quire as qr", 'qr.md(r"""\n    # Title\n\n    $x^2$ `a\\b`\n    """)', "x = 1"]
    assert parse_notebook(text).cells[1].hide_code


@pytest.mark.parametrize("prose", ['a """ b', "ends with \\", 'ends with "', "{x} \\n", ""])
def test_any_markdown_keeps_its_words(prose):
    text = converted(("markdown", prose), "x = 1").text
    back = json.loads(convert_text(text, target="ipynb").text)["cells"]

    assert [("".join(cell["source"])) for cell in back if cell["cell_type"] == "markdown"] in (
        [prose],
        [prose.lstrip()],
        [],
    )


def test_version_3_is_read():
    cells = [
        {"cell_type": "heading", "level": 2, "source": ["Part"]},
        {"cell_type": "code", "input": ["x = 1\n", "x"], "language": "python", "outputs": []},
    ]
    text = json.dumps({"metadata": {"name": "old"}, "nbformat": 3, "worksheets": [{"cells": cells}]})

    assert codes(convert_text(text).text)[1:] == ['qr.md(r"""\n    ## Part\n    """)', "x = 1\nx"]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + jupyter("x = 1"),
        json.dumps({"cells": [{"cell_type": "code", "source": ["x = 1"], "metadata": None, "outputs": None}]}),
        json.dumps({"cells": [{"source": "x = 1\r\n"}], "nbformat": "four", "metadata": None}),
        json.dumps({"cells": ["nonsense", {"cell_type": "code", "source": "x = 1"}], "nbformat": 99}),
    ],
)
def test_what_tools_get_wrong_is_forgiven(text):
    assert codes(convert_text(text).text) == ["x = 1"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (notebook([], kernelspec={"language": "julia", "name": "julia-1.9"}), "julia"),
        (notebook([], language_info={"name": "R"}), "are R"),
        (notebook([], kernelspec={"name": "ir"}), "are ir"),
    ],
)
def test_another_language_is_refused_by_its_name(text, says):
    with pytest.raises(ConversionRefused, match=says):
        convert_text(text)


@pytest.mark.parametrize("text", ['{"cells": 1}', '{"cells": [', '{"a": 1, "b": "\\"cells\\""}'])
def test_json_that_is_no_notebook_is_refused(text):
    with pytest.raises(ConversionRefused):
        convert_text(text, source="ipynb")


def test_attachments_become_files_beside_the_notebook():
    png = b"\x89PNG"
    cell = {
        "cell_type": "markdown",
        "source": "![x](attachment:my%20pic.png) and ![y](attachment:other.png)",
        "attachments": {"my pic.png": {"image/png": base64.b64encode(png).decode()}},
    }
    done = convert_text(notebook([cell]))

    assert dict(done.files) == {"notebook_files/my pic.png": png}
    assert "![x](notebook_files/my%20pic.png) and ![y](attachment:other.png)" in done.text


def test_an_attachment_cannot_leave_its_folder():
    cell = {
        "cell_type": "markdown",
        "source": "![x](attachment:../../evil.png)",
        "attachments": {"../../evil.png": {"image/png": "AAAA"}, "..": {"image/png": "AAAA"}},
    }

    assert all(name.startswith("notebook_files/") and ".." not in name for name in convert_text(notebook([cell])).files)


def test_tags_and_hidden_sources_hide_code():
    cells = [
        {"cell_type": "code", "source": "a = 1", "metadata": {"tags": ["hide-input"]}},
        {"cell_type": "code", "source": "b = 1", "metadata": {"jupyter": {"source_hidden": True}}},
        {"cell_type": "code", "source": "c = 1", "metadata": {"tags": ["parameters"]}},
    ]
    done = convert_text(notebook(cells))

    assert [cell.hide_code for cell in parse_notebook(done.text).cells] == [True, True, False]
    assert [note.cell for note in done.notes] == [3]


def test_empty_cells_go_and_raw_cells_are_comments():
    assert codes(converted("", ("raw", "---\ntitle: x"), "  \n", "x = 1").text) == ["# ---\n# title: x", "x = 1"]


def test_what_is_installed_stands_in_the_head():
    done = converted("%pip install -q 'pandas>=2' numpy\n!pip install rich -r more.txt", "import pandas")

    assert done.text.startswith(
        '# /// script\n# dependencies = [\n#     "pandas>=2",\n#     "numpy",\n#     "rich",\n# ]\n# ///\n'
    )
    assert codes(done.text)[0] == "# %pip install -q 'pandas>=2' numpy\n# !pip install rich -r more.txt"
    assert any("`-r more.txt` has to be installed by hand" in str(note) for note in done.notes)


def test_a_pep_723_block_of_the_notebook_moves_to_the_head():
    block = '# /// script\n# dependencies = ["rich"]\n# ///'

    assert converted(block, "x = 1").text.startswith(block + "\n\nimport quire\n")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1"),
        ("%load_ext autoreload\n%autoreload 2", "# %load_ext autoreload\n# %autoreload 2"),
        ("%%time\nx = 1", "x = 1"),
        ("%%capture out\n%matplotlib inline\nx = 1", "# %matplotlib inline\nx = 1"),
        ("%timeit -n 10 -r 3 sum([1])", "sum([1])"),
        ("%time x = 1", "x = 1"),
        ("%%sql\nselect 1", "# %%sql\n# select 1"),
        ("%%javascript\nalert(1)", "# %%javascript\n# alert(1)"),
        ("get_ipython().run_line_magic('matplotlib', 'inline')\nx = 1", "# %matplotlib inline\nx = 1"),
        ("if True:\n    %pip install rich", "if True:\n    pass  # %pip install rich"),
        ("x = 1;", "x = 1;"),
    ],
)
def test_magics_are_python_or_comments(code, expected):
    assert codes(converted(code).text) == [expected]


def test_a_cell_that_is_no_python_is_kept_word_by_word():
    done = converted("x = 1", "print 'hello'")

    assert parse_notebook(done.text).cells[1].type == "unparsable"
    assert codes(done.text)[1] == "print 'hello'"
    assert str(done.notes[-1]) == "cell 2: Python cannot read this cell; it is kept as it is and cannot run"


def test_display_is_the_last_line_or_prints():
    cells = ["from IPython.display import display, HTML", "a = 1\ndisplay(a)\ndisplay(a + 1)"]

    assert codes(converted(*cells).text) == ["from IPython.display import HTML", "a = 1\nprint(a)\na + 1"]


def test_a_display_of_the_notebooks_own_is_left_alone():
    cells = ["def display(x):\n    print(x)", "display(1)"]

    assert codes(converted(*cells).text) == cells


def test_a_star_names_what_is_used():
    assert codes(converted("from math import *", "print(sqrt(pi))", "from os.path import *").text) == [
        "from math import pi, sqrt",
        "print(sqrt(pi))",
        "import os.path",
    ]


def test_one_unknown_star_brings_every_name_that_nobody_defines():
    done = converted("from somewhere import *", "print(thing, len([]))")

    assert codes(done.text)[0] == "from somewhere import thing"
    assert "all names that nothing else defines" in str(done.notes[0])


def test_what_ipython_remembers_is_told():
    assert notes("x = 1", "print(_)", "Out[3]", "get_ipython()") == [
        "cell 2: `_` is IPython's memory of earlier cells; give that value a name",
        "cell 3: `Out` is IPython's memory of earlier cells; give that value a name",
        "cell 4: `get_ipython()` is IPython's own; this cell fails outside Jupyter",
    ]


def test_a_notebook_with_a_name_qr_of_its_own_calls_quire_by_its_name():
    text = converted(("markdown", "hi"), "import qrcode as qr", "qr.make()").text

    assert codes(text)[0] == "import quire"
    assert codes(text)[1].startswith("quire.md(")


# -- the other way


def test_the_same_notebook_gives_the_same_bytes_with_ids():
    text = converted(("markdown", "# Title"), "x = 1", "x").text
    first, second = (convert_text(text, target="ipynb").text for _ in range(2))
    file = json.loads(first)

    assert first == second
    assert (file["nbformat"], file["nbformat_minor"]) == (4, 5)
    assert [cell["cell_type"] for cell in file["cells"]] == ["markdown", "code", "code"]
    assert len({cell["id"] for cell in file["cells"]}) == 3


def test_there_and_back_again_is_the_same_notebook():
    cells = [("markdown", "# Title\n\ntext"), "x = 1\nx", "def f(a):\n    return a", "print(f(x))"]
    text = converted(*cells).text
    again = convert_text(convert_text(text, target="ipynb").text).text

    assert again == text


def test_cells_leave_in_the_order_in_which_they_run():
    text = "import quire\napp = quire.App()\n@app.cell\ndef _(x):\n    print(x)\n    return\n@app.cell\ndef _():\n    x = 1\n    return (x,)\n"
    done = convert_text(text, target="ipynb")

    assert ["".join(cell["source"]) for cell in json.loads(done.text)["cells"]] == ["x = 1", "print(x)"]
    assert "in the order in which they run" in str(done.notes[0])


def test_names_options_and_head_survive_the_way_through_jupyter():
    text = '# /// script\n# dependencies = ["rich"]\n# ///\n\nimport quire\n\n__generated_with = "0.1.0"\napp = quire.App(width="full")\n\n\n@app.cell(hide_code=True)\ndef load():\n    x = 1\n    return (x,)\n\n\nif __name__ == "__main__":\n    app.run()\n'

    assert convert_text(convert_text(text, target="ipynb").text).text == text
