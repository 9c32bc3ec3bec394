"""Edits: what they write, and what they leave alone."""

import pytest

from quire.errors import EditRefused, UnknownCell
from quire.notebook import (
    InsertCell,
    MakeCell,
    MoveCell,
    RemoveCell,
    RenameCell,
    SetCode,
    SetOptions,
    SetTitle,
    apply_edit,
    new_notebook,
    read_notebook,
    write_notebook,
)

from .editing import GUARD, cell, edited, text_of


def test_a_new_notebook_grows_cell_by_cell():
    notebook = new_notebook()
    notebook = apply_edit(notebook, InsertCell("a", None, "x = 1"))
    notebook = apply_edit(notebook, InsertCell("s", None, "import math", type="setup"))
    notebook = apply_edit(notebook, InsertCell("b", "a", "y = x + math.pi", name="second"))
    notebook = apply_edit(notebook, InsertCell("f", "b", "def double(n):\n    return 2 * n"))

    assert write_notebook(notebook).partition("app = quire.App()\n")[2] == (
        "\n\nwith app.setup:\n    import math\n"
        "\n\n@app.cell\ndef _():\n    x = 1\n    return (x,)\n"
        "\n\n@app.cell\ndef second(x):\n    y = x + math.pi\n    return (y,)\n"
        "\n\n@app.function\ndef double(n):\n    return 2 * n\n" + GUARD
    )


def test_code_that_no_function_can_hold_becomes_a_string_and_comes_back():
    text = text_of(cell("x = 1", name="mine", decorator="@app.cell(hide_code=True)", returns="return (x,)"))

    broken = edited(text, (0, "from math import *"))

    assert (
        'app._unparsable_cell(\n    r"""\nfrom math import *\n""",\n    name="mine",\n    hide_code=True,\n)\n'
        in broken
    )
    assert edited(broken, (0, "x = 1")) == text


@pytest.mark.parametrize("code", ['x = """a\nb"""(', "x = '\\\\'(", 'print("""(\\""")(', "(\r\0\ud800"])
def test_any_broken_code_has_its_value_in_the_file(code: str):
    written = edited(text_of(cell("pass")), (0, code))

    assert read_notebook(written).cells[0].code == code.replace("\r", "\n")


def test_multi_line_strings_are_never_re_indented():
    code = 'text = """\nno indent\n    four\n"""\nother = f"""\n{x}\n  two"""'

    written = edited(text_of(cell("pass")), (0, code))

    assert (
        '    text = """\nno indent\n    four\n"""\n    other = f"""\n{x}\n  two"""\n    return (other, text)\n'
        in written
    )


def test_unchanged_lines_keep_their_own_indentation():
    text = text_of("@app.cell\ndef _():\n  a = [\n 1,\n        2,\n  ]\n\n  # odd\n  b = 2\n  return (a, b)\n")

    code = read_notebook(text).cells[0].code

    assert edited(text, (0, code.replace("b = 2", "b = 3"))) == text.replace("b = 2", "b = 3")


def test_options_are_set_in_our_decorator_and_no_other():
    text = text_of(cell("x = 1", decorator="@app.cel\n@app.cell"))
    notebook = read_notebook(text)

    hidden = apply_edit(notebook, SetOptions(notebook.cells[0].id, {"hide_code": True}))

    assert write_notebook(hidden) == text_of(cell("x = 1", decorator="@app.cel\n@app.cell(hide_code=True)"))


def test_options_are_added_changed_and_taken_away_with_unknown_ones_kept():
    text = text_of(cell("x = 1", decorator="@app.cell(column=2, other=thing())"))
    notebook = read_notebook(text)

    hidden = apply_edit(notebook, SetOptions(notebook.cells[0].id, {"hide_code": True}))
    shown = apply_edit(hidden, SetOptions(hidden.cells[0].id, {"hide_code": False}))

    assert "@app.cell(column=2, other=thing(), hide_code=True)\n" in write_notebook(hidden)
    assert write_notebook(shown) == text


def test_the_title_stands_in_the_app():
    written = write_notebook(apply_edit(read_notebook(text_of()), SetTitle("A title")))

    assert 'app = quire.App(app_title="A title")\n' in written
    assert read_notebook(written).title == "A title"


@pytest.mark.parametrize(
    "arguments",
    ["w  # wide", "(w)  # wide", "w,  # wide", "# nothing yet", "width='full'  # wide", "w  # wide, we hope\n    # so"],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_title_comes_after_arguments_with_comments(arguments: str, end: str):
    head = f"import quire\n\napp = quire.App(\n    {arguments}\n)\n"
    text = f"{head}\n\n@app.cell\ndef _():\n    x = 1\n    return (x,)\n".replace("\n", end)

    written = read_notebook(write_notebook(apply_edit(read_notebook(text), SetTitle("A title"))))

    assert written.options["app_title"] == "A title"
    assert [one.code for one in written.cells] == ["x = 1"]
    assert all(line in written.header for line in arguments.split("\n") if line.strip().startswith("#"))


def test_renaming_changes_one_line():
    text = text_of(cell("x = 1", decorator="@app.cell\n# note", name="old"))
    notebook = read_notebook(text)

    assert write_notebook(apply_edit(notebook, RenameCell(notebook.cells[0].id, "new"))) == text.replace(
        "def old", "def new"
    )


@pytest.mark.parametrize("name", ["2x", "class", "app", "setup", "quire", "a b", "taken"])
def test_names_that_would_break_the_file_are_refused(name: str):
    notebook = read_notebook(text_of(cell("x = 1"), cell("y = 1", name="taken")))

    with pytest.raises(EditRefused, match=f"`{name}`"):
        apply_edit(notebook, RenameCell(notebook.cells[0].id, name))


def test_a_cell_that_is_gone_is_named():
    with pytest.raises(UnknownCell, match="`nope`"):
        apply_edit(read_notebook(text_of()), SetCode("nope", "x"))


def test_the_setup_cell_stays_on_top():
    notebook = read_notebook(text_of("with app.setup:\n    import os\n", cell("x = 1")))

    with pytest.raises(EditRefused, match="top"):
        apply_edit(notebook, MoveCell("setup", notebook.cells[1].id))
    inserted = apply_edit(notebook, InsertCell("new", None, "y = 1"))
    assert [c.id for c in inserted.cells][:2] == ["setup", "new"]


def test_an_empty_setup_cell_can_be_written():
    notebook = apply_edit(new_notebook(), InsertCell("setup", None, "", type="setup"))

    assert "with app.setup:\n    pass\n" in write_notebook(notebook)
    assert read_notebook(write_notebook(notebook)).cells[0].code == ""


@pytest.mark.parametrize("definition", ["def f():\n    return 1", "class A:\n    x = 1\n\n    y = 2"])
def test_a_definition_with_a_comment_below_it_stays_a_cell_so_that_the_comment_stays_with_it(definition: str):
    code = f"{definition}\n\n# what was meant"
    notebook = apply_edit(new_notebook(), InsertCell("a", None, code))
    (cell,) = read_notebook(write_notebook(notebook)).cells
    assert (cell.type, cell.code) == ("cell", code)


def test_a_cell_with_one_function_that_needs_only_setup_is_importable():
    text = text_of("with app.setup:\n    import math\n", cell("pass"))

    assert "@app.function\ndef area(r):\n    return math.pi * r\n" in edited(
        text, (1, "def area(r):\n    return math.pi * r")
    )
    assert "@app.class_definition\nclass A:\n    x = 1\n" in edited(text, (1, "class A:\n    x = 1"))


@pytest.mark.parametrize(
    "code", ["def f():\n    return k", "def f(a=k): ...", "def _f(): ...", "def f(): ...\nx = 1", "def app(): ..."]
)
def test_other_functions_stay_in_their_cell(code: str):
    assert "@app.function" not in edited(text_of(cell("k = 1"), cell("pass")), (1, code))


def test_a_definition_that_import_would_miss_becomes_a_cell_and_comes_back():
    text = text_of(
        "@app.class_definition\nclass A:\n    x = 1\n", "@app.function\n# kept\ndef make() -> A:\n    return A()\n"
    )
    notebook = read_notebook(text)

    broken = apply_edit(notebook, SetCode(notebook.cells[0].id, "class A(:\n    x = 1"))
    mended = apply_edit(broken, SetCode(notebook.cells[0].id, "class A:\n    x = 1"))

    assert [c.type for c in broken.cells] == ["unparsable", "cell"]
    assert broken.reports[0].startswith("`make` cannot be imported any more, because `A`")
    assert write_notebook(mended) == text


def test_a_setup_cell_with_a_syntax_error_is_still_the_setup_cell_after_the_file_is_read_again():
    text = text_of("with app.setup:\n    import math\n")

    broken = edited(text, (0, "import math +"))

    assert edited(broken, (0, "import math")) == text


def test_a_setup_block_that_stood_too_low_is_the_setup_cell_once_nothing_is_above_it():
    text = text_of(cell("x = 1"), "with app.setup:\n    import math\n", cell("y = 1"))
    notebook = read_notebook(text)

    removed = apply_edit(notebook, RemoveCell(notebook.cells[0].id))

    assert [one.type for one in notebook.cells] == ["cell", "stray", "cell"]
    assert [one.type for one in removed.cells] == ["setup", "cell"]


def test_nothing_is_put_above_the_setup_block():
    notebook = read_notebook(text_of("x = 1\n", "with app.setup:\n    import math\n"))

    inserted = apply_edit(notebook, InsertCell("new", None, "y = 1"))

    assert [one.type for one in read_notebook(write_notebook(inserted)).cells] == ["stray", "setup", "cell"]
    with pytest.raises(EditRefused, match="setup"):
        apply_edit(notebook, MakeCell(notebook.cells[0].id))
