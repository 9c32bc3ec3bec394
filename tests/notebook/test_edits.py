"""Edits: what they write, and what they leave alone."""

import subprocess
from pathlib import Path

import pytest

from quire.errors import EditRefused, UnknownCell
from quire.ids import CellId
from quire.notebook import (
    InsertCell,
    MakeCell,
    MoveCell,
    Notebook,
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

HEADER = "import quire\n\napp = quire.App()\n"
GUARD = '\n\nif __name__ == "__main__":\n    app.run()\n'


def text_of(*cells: str) -> str:
    return HEADER + "".join(f"\n\n{cell}" for cell in cells) + GUARD


def edited(text: str, *changes: tuple[int, str]) -> str:
    """The text after setting the code of some cells, by position."""
    notebook = read_notebook(text)
    for position, code in changes:
        notebook = apply_edit(notebook, SetCode(notebook.cells[position].id, code))
    return write_notebook(notebook)


def cell(
    *lines: str, parameters: str = "", decorator: str = "@app.cell", name: str = "_", returns: str = "return"
) -> str:
    body = "".join(f"    {line}\n" if line else "\n" for line in lines)
    return f"{decorator}\ndef {name}({parameters}):\n{body}    {returns}\n"


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


def test_the_signature_follows_the_names_of_its_own_cell_only():
    text = text_of(cell("x = 1", returns="return (x,)"), cell("y = x", parameters="x", returns="return (y,)"))

    assert edited(text, (0, "z = 1")) == text.replace("x = 1\n    return (x,)", "z = 1\n    return (z,)")


def test_stale_signatures_and_returns_stay_until_the_cell_changes_its_names():
    text = text_of(cell("print(x)", parameters="a, b", returns="return (gone,)"))

    assert edited(text, (0, "print(x, 1)")) == text.replace("print(x)", "print(x, 1)")
    assert edited(text, (0, "print(y)")) == text_of("@app.cell\ndef _(y):\n    print(y)\n")


def test_annotations_and_comments_of_a_signature_survive_new_parameters():
    text = text_of("@app.cell\ndef _(a: int, b) -> None:  # note\n    print(a, b)\n    return  # done\n")

    assert edited(text, (0, "print(a, c)")) == text_of(
        "@app.cell\ndef _(a: int, c) -> None:  # note\n    print(a, c)\n    return  # done\n"
    )


def test_a_long_signature_and_return_are_wrapped_as_formatters_do():
    names = [f"a_rather_long_name_{n}" for n in range(6)]

    written = edited(
        text_of(cell("pass")), (0, f"x = {' + '.join(names)}\n" + "\n".join(f"{name}_2 = 1" for name in names))
    )

    parameters = "".join(f"    {name},\n" for name in names)
    returned = "".join(f"        {name}_2,\n" for name in names)
    assert f"def _(\n{parameters}):\n" in written
    assert f"    return (\n{returned}        x,\n    )\n" in written


@pytest.mark.parametrize("code", ["print(1)", "# only this\nx", "if 1:\n    print(1)\n    # end", "'text'"])
def test_a_cell_that_defines_nothing_returns_nothing(code: str):
    body = "".join(f"    {line}\n" for line in code.split("\n"))

    assert f"@app.cell\ndef _({'x' if 'x' in code.split() else ''}):\n{body}\n\nif" in edited(
        text_of(cell("y = 1", returns="return (y,)")), (0, code)
    )


@pytest.mark.parametrize("code", ["", "# only a comment", "return 5", "return x,"])
def test_a_return_of_ours_ends_a_body_that_would_be_read_as_another(code: str):
    written = edited(text_of("@app.cell\ndef _():\n    print(1)\n"), (0, code))

    assert "    return\n\n\nif" in written
    assert read_notebook(written).cells[0].code == code


def test_a_return_that_stands_there_stays_when_the_signature_changes():
    text = text_of(cell("print(x)", parameters="x"))

    assert edited(text, (0, "print(y)")) == text_of(cell("print(y)", parameters="y"))


def test_a_return_of_several_names_is_in_the_manner_of_the_file():
    assert "return (x, y)\n" in edited(text_of(cell("pass")), (0, "y = 1\nx = 2"))


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


def test_an_await_makes_the_function_async_and_goes_with_it():
    text = text_of(cell("x = 1", returns="return (x,)"))

    awaited = edited(text, (0, "x = await f()"))

    assert "async def _(f):\n    x = await f()\n" in awaited
    assert edited(awaited, (0, "x = 1")) == text


def test_a_blank_line_stands_before_the_return_where_formatters_want_one():
    assert "    import os\n\n    return (os,)\n" in edited(text_of(cell("pass")), (0, "import os"))


def test_comments_between_cells_stay_and_touching_ones_move_along():
    text = text_of(
        "# of a\n" + cell("a = 1", returns="return (a,)"), "# loose\n\n" + cell("b = 2", returns="return (b,)")
    )
    notebook = read_notebook(text)

    moved = apply_edit(notebook, MoveCell(notebook.cells[0].id, notebook.cells[1].id))

    b, a = cell("b = 2", returns="return (b,)"), "# of a\n" + cell("a = 1", returns="return (a,)")
    assert write_notebook(moved) == text_of(b, "# loose\n\n" + a)


def test_a_comment_on_a_statement_between_cells_is_no_comment_on_a_cell():
    """It came to stand on whatever was put above the statement, or moved there."""
    text = text_of(cell("a = 1"), "# about the print\nprint(1)\n", cell("b = 2"))
    notebook = read_notebook(text)
    a, _, b = (one.id for one in notebook.cells)

    moved = write_notebook(apply_edit(notebook, MoveCell(b, a)))
    added = write_notebook(apply_edit(notebook, InsertCell(CellId("c"), a, "c = 3")))

    assert moved == text_of(cell("a = 1"), cell("b = 2"), "# about the print\nprint(1)\n")
    assert added == text_of(
        cell("a = 1"), cell("c = 3", returns="return (c,)"), "# about the print\nprint(1)\n", cell("b = 2")
    )


def test_a_cell_above_statements_in_a_row_has_lines_between():
    text = "import quire\napp = quire.App()\n# first\nprint(1)\nprint(2)\n"

    added = write_notebook(apply_edit(read_notebook(text), InsertCell(CellId("c"), None, "c = 3")))

    assert added.endswith("    return (c,)\n\n\n# first\nprint(1)\nprint(2)\n")


def test_removing_a_cell_keeps_loose_comments():
    text = text_of("# loose\n\n" + cell("a = 1"), cell("b = 2"))
    notebook = read_notebook(text)

    assert "# loose" in write_notebook(apply_edit(notebook, RemoveCell(notebook.cells[0].id)))


def test_options_are_set_in_our_decorator_and_no_other():
    text = text_of(cell("x = 1", decorator="@app.cel\n@app.cell"))
    notebook = read_notebook(text)

    hidden = apply_edit(notebook, SetOptions(notebook.cells[0].id, {"hide_code": True}))

    assert write_notebook(hidden) == text_of(cell("x = 1", decorator="@app.cel\n@app.cell(hide_code=True)"))


def test_a_loose_comment_above_the_last_cell_never_swallows_what_stands_below_it():
    guard = 'if __name__ == "__main__":\n    app.run()\n'
    text = "import quire\napp = quire.App()\n\n# loose\n\n" + cell("a = 1").rstrip("\n") + "\n" + guard
    notebook = read_notebook(text)

    removed = write_notebook(apply_edit(notebook, RemoveCell(notebook.cells[0].id)))

    assert removed.endswith("# loose\n\n" + guard)


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


# -- definitions that other programs import


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


# -- diffs, as git counts them


def numstat(tmp_path: Path, before: str, after: str) -> tuple[int, int]:
    (tmp_path / "a.py").write_text(before, encoding="utf-8")
    (tmp_path / "b.py").write_text(after, encoding="utf-8")
    found = subprocess.run(
        ["git", "diff", "--no-index", "--numstat", "a.py", "b.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    added, removed, *_ = (found.stdout or "0\t0\t").split("\t")
    return int(added), int(removed)


@pytest.mark.parametrize(
    ("position", "code", "lines"),
    [
        (0, "x = 2", 1),  # a change that touches no name
        (1, "z = x + y", 2),  # another cell's name is used: this cell's signature, and its line
        (0, "x: int = 1", 1),  # an annotation
        (2, "print = 3", 2),  # a builtin is shadowed: the line, and this cell's return
    ],
)
def test_a_change_stays_in_its_cell(tmp_path: Path, position: int, code: str, lines: int):
    text = text_of(
        cell("x = 1", returns="return (x,)"),
        cell("z = x", parameters="x", returns="return (z,)"),
        cell("q = 3", returns="return (q,)"),
        cell("print(x, q)", parameters="q, x"),
        cell("y = 0", returns="return (y,)"),
    )

    assert numstat(tmp_path, text, edited(text, (position, code))) == (lines, lines)


def test_every_example_stays_as_it_is_when_a_cell_is_changed_and_changed_back():
    """What the editor writes is what stands there."""
    for path in [*Path("examples").glob("*.py"), *Path("src/quire/tutorials").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        notebook: Notebook = read_notebook(text)
        for one in notebook.cells:
            there = apply_edit(notebook, SetCode(one.id, f"{one.code}\nzz_ = 1"))
            back = apply_edit(there, SetCode(one.id, one.code))
            assert write_notebook(back) == text, (path, one.code)


# -- annotations


@pytest.mark.parametrize(
    ("annotation", "written"),
    [
        ("int", "int"),
        ("list[int] | None", "list[int] | None"),
        ("dict[str, tuple[int, ...]]", '"dict[str, tuple[int, ...]]"'),
        ("Path", "Path"),
        ("np.ndarray", '"np.ndarray"'),
        ("Later", '"Later"'),
        ("'Later'", '"Later"'),
        ('Literal["a"]', "\"Literal['a']\""),
        ("int[str]", '"int[str]"'),
        ("None | None", '"None | None"'),
    ],
)
def test_a_new_parameter_carries_the_annotation_of_its_definition(annotation: str, written: str):
    setup = "with app.setup:\n    from pathlib import Path\n"
    text = text_of(setup, cell(f"x: {annotation} = 1", returns="return (x,)"), cell("pass"))

    after = edited(text, (2, "print(x)"))

    assert f"def _(x: {written}):\n    print(x)\n" in after
    exec(compile(after, "nb.py", "exec", dont_inherit=True), {"__name__": "nb"})


@pytest.mark.parametrize("definers", [("x: int = 1", "x: str = 2"), ("x = 1",), ("x: int = 1\nx: str = 2",)])
def test_a_name_that_is_defined_more_than_once_or_plainly_has_no_annotation(definers: tuple[str, ...]):
    text = text_of(*(cell(*code.split("\n"), returns="return (x,)") for code in definers), cell("pass"))

    assert "def _(x):\n" in edited(text, (len(definers), "print(x)"))


def test_a_parameter_that_was_there_stays_as_it_was_written():
    text = text_of(cell("x: int = 1", "y: str = 2", returns="return (x, y)"), cell("print(x)", parameters="x: 'mine'"))

    assert "def _(x: 'mine', y: str):\n" in edited(text, (1, "print(x, y)"))


# -- what stands around the code


def test_comments_around_the_code_come_back_when_a_syntax_error_is_mended():
    text = text_of("# above\n@app.cell\ndef _(a: int):  # head\n    print(a)\n    return  # done\n    # below\n")
    notebook = read_notebook(text)
    one = notebook.cells[0].id

    broken = apply_edit(notebook, SetCode(one, "print(a"))
    mended = apply_edit(broken, SetCode(one, "print(a)"))

    assert "# above\napp._unparsable_cell(" in write_notebook(broken)
    assert ")\n    # below\n" in write_notebook(broken)
    assert write_notebook(mended) == text


def test_names_are_those_that_python_reads():
    notebook = read_notebook(text_of(cell("x = 1")))

    renamed = apply_edit(notebook, RenameCell(notebook.cells[0].id, "ﬁt"))

    assert renamed.cells[0].name == "fit"
    assert "def fit():" in write_notebook(renamed)


def test_a_setup_cell_with_a_syntax_error_is_still_the_setup_cell_after_the_file_is_read_again():
    text = text_of("with app.setup:\n    import math\n")

    broken = edited(text, (0, "import math +"))

    assert edited(broken, (0, "import math")) == text


def test_line_ends_of_two_pieces_do_not_become_one():
    text = text_of(cell("x = 1")).replace("    return\n\n\n", "    return\r\r\r")
    notebook = read_notebook(text)

    written = write_notebook(apply_edit(notebook, InsertCell("new", notebook.cells[0].id, "y = 1")))

    assert [one.code for one in read_notebook(written).cells] == ["x = 1", "y = 1"]
    assert "    return\r\r\n@app.cell" in written


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


def test_comments_above_a_cell_keep_their_line_ends():
    text = text_of("# touching\n@app.cell\ndef _():\n    x = (\n").replace("\n", "\r\n")

    assert "# touching\r\n@app.cell\r\n" in edited(text, (0, "x = 1"))
