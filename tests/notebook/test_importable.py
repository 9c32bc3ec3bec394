"""What keeps a function from being imported, in words, and what the offered way out makes of the notebook."""

import pytest

from quire.errors import EditRefused
from quire.notebook import (
    MakeImportable,
    Notebook,
    Reason,
    apply_edit,
    read_notebook,
    why_not_importable,
    write_notebook,
)
from tests.notebook.editing import cell, text_of

PRICE = cell("def price(n):", "    return n * RATE", returns="return (price,)", parameters="RATE")


def asked(*cells: str, position: int = -1) -> tuple[Notebook, tuple[Reason, ...] | None]:
    notebook = read_notebook(text_of(*cells))
    return notebook, why_not_importable(notebook, notebook.cells[position])


def mended(notebook: Notebook, reason: Reason) -> Notebook:
    for edit in reason.edits:
        notebook = apply_edit(notebook, edit)
    return notebook


def test_a_constant_of_another_cell_moves_to_the_setup_cell():
    notebook, reasons = asked(cell("RATE = 2", "other = 3", returns="return (RATE, other)"), PRICE)

    assert reasons is not None
    (reason,) = reasons
    assert reason.message.startswith("`price` reads `RATE`, which an ordinary cell defines")
    assert (reason.names, reason.fix) == (("RATE",), "Move `RATE` to the setup cell")
    assert write_notebook(mended(notebook, reason)) == text_of(
        "with app.setup:\n    RATE = 2\n",
        cell("other = 3", returns="return (other,)"),
        "@app.function\ndef price(n):\n    return n * RATE\n",
    )


def test_an_import_moves_into_the_setup_cell_that_is_there_and_leaves_no_empty_cell():
    use = cell("def area(r):", "    return math.pi * r", returns="return (area,)", parameters="math")
    notebook, reasons = asked("with app.setup:\n    import os\n", cell("import math", returns="return (math,)"), use)

    assert reasons is not None
    assert write_notebook(mended(notebook, reasons[0])) == text_of(
        "with app.setup:\n    import os\n    import math\n", "@app.function\ndef area(r):\n    return math.pi * r\n"
    )


def test_a_value_that_is_computed_from_other_cells_is_not_moved():
    _, reasons = asked(cell("RATE = base * 2", parameters="base", returns="return (RATE,)"), PRICE)

    assert reasons is not None
    assert [(reason.names, reason.fix, reason.edits) for reason in reasons] == [(("RATE",), "", ())]


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        (("def _f(): ...",), "`_f` is private to its cell"),
        (("def app(): ...",), "`app` has a meaning of its own"),
        (("def f():\n    return nowhere",), "`f` reads `nowhere`, which no cell defines"),
        (("k = 1", "k = 2", "def f():\n    return k"), "`f` reads `k`, which 2 cells define"),
        (("k = 1", "def f(a=k): ..."), "`f` needs `k` to be defined, which an ordinary cell defines"),
    ],
)
def test_the_reason_names_what_it_is_about(cells: tuple[str, ...], message: str):
    _, reasons = asked(*(cell(*code.split("\n")) for code in cells))

    assert reasons is not None
    assert [reason.message.startswith(message) for reason in reasons] == [True]


def test_a_definition_that_comes_too_late_is_told_to_move():
    late = "@app.class_definition\nclass Late:\n    x = 1\n"
    _, reasons = asked(cell("def f(a=Late): ..."), late, position=0)

    assert reasons is not None
    assert "further down" in reasons[0].message


def test_what_can_be_imported_or_is_no_definition_has_no_reasons():
    assert asked("@app.function\ndef f(): ...\n")[1] == ()
    assert asked(cell("x = 1"))[1] is None
    assert asked(cell("def f(): ...", "x = 1"))[1] is None


def test_an_ordinary_cell_that_could_be_imported_becomes_so_when_asked():
    notebook, reasons = asked(cell("def f():", "    return 1", returns="return (f,)"))

    assert reasons is not None
    assert write_notebook(mended(notebook, reasons[0])) == text_of("@app.function\ndef f():\n    return 1\n")


def test_making_something_else_importable_is_refused_with_the_reason():
    notebook = read_notebook(text_of(cell("RATE = 2"), PRICE))

    with pytest.raises(EditRefused, match="`RATE`"):
        apply_edit(notebook, MakeImportable(notebook.cells[1].id))
    with pytest.raises(EditRefused, match="one function or class"):
        apply_edit(notebook, MakeImportable(notebook.cells[0].id))
