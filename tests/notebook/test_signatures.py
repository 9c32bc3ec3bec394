"""The signature and the return of a cell: they follow the names of its code, and nothing else."""

import pytest

from quire.notebook import RenameCell, apply_edit, read_notebook, write_notebook

from .editing import cell, edited, text_of


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


def test_an_await_makes_the_function_async_and_goes_with_it():
    text = text_of(cell("x = 1", returns="return (x,)"))

    awaited = edited(text, (0, "x = await f()"))

    assert "async def _(f):\n    x = await f()\n" in awaited
    assert edited(awaited, (0, "x = 1")) == text


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


def test_names_are_those_that_python_reads():
    notebook = read_notebook(text_of(cell("x = 1")))

    renamed = apply_edit(notebook, RenameCell(notebook.cells[0].id, "ﬁt"))

    assert renamed.cells[0].name == "fit"
    assert "def fit():" in write_notebook(renamed)
