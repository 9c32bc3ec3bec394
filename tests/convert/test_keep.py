"""What becomes of names that several cells give, one example for each rule."""

import pytest

from quire.convert.keep import Block, keep_meaning


def kept(*codes: str) -> list[str]:
    blocks, _ = keep_meaning([Block(code, (number,)) for number, code in enumerate(codes, 1)])
    return [block.code for block in blocks]


def notes(*codes: str) -> list[str]:
    _, said = keep_meaning([Block(code, (number,)) for number, code in enumerate(codes, 1)])
    return [str(note) for note in said]


def test_every_reader_gets_the_version_that_was_current_when_it_ran():
    assert kept("df = 1", "print(df)", "df = df + 1", "print(df)") == [
        "df = 1",
        "print(df)",
        "df_1 = df + 1",
        "print(df_1)",
    ]


def test_what_was_renamed_is_told_by_cell():
    assert notes("df = 1", "df = df + 1", "df += 1", "print(df)") == [
        "`df` is called `df_1` in cell 2 and `df_2` in cell 3, and wherever that value is read"
    ]


def test_an_object_that_is_changed_in_place_stays_the_same_object():
    """`+=` on a list changes the list that others hold; writing `xs_1 = xs + [3]` would not."""
    assert kept("xs = [1]\nys = xs", "xs += [3]", "print(xs, ys)")[1] == "xs_1 = xs\nxs_1 += [3]"


def test_a_name_that_no_other_cell_reads_stays_in_every_cell():
    cells = ["for i in range(3):\n    print(i)", "for i in range(2):\n    print(i)", "fig = 1", "fig = 2"]

    assert kept(*cells) == cells


def test_a_binding_that_may_not_happen_begins_with_the_value_before():
    assert kept("x = 1", "if flag:\n    x = 2", "print(x)")[1] == "x_1 = x\nif flag:\n    x_1 = 2"


def test_an_import_that_is_there_already_goes():
    cells = ["import numpy as np", "np.ones(1)", "import numpy as np\nimport os", "np.zeros(1)"]

    assert kept(*cells) == ["import numpy as np", "np.ones(1)", "import os", "np.zeros(1)"]


def test_a_builtin_keeps_its_meaning_above_the_cell_that_hides_it():
    assert kept("print(max(1, 2))", "max = 3", "print(max)") == ["print(max(1, 2))", "max_1 = 3", "print(max_1)"]


def test_an_underscore_hides_nothing_in_jupyter():
    assert kept("_total = 1", "print(_total)") == ["total = 1", "print(total)"]


def test_a_function_reads_what_is_current_when_it_is_called():
    cells = ["rate = 1", "def pay():\n    return rate", "rate = 2", "print(pay())"]

    assert kept(*cells)[1:3] == ["def pay():\n    return rate_1", "rate_1 = 2"]


def test_a_function_that_is_called_before_and_after_a_change_keeps_its_cells_together():
    cells = ["rate = 1", "def pay():\n    return rate", "print(pay())", "rate = 2", "print(pay())"]

    after = kept(*cells)

    assert len(after) == 3
    assert after[1].startswith("rate_1 = rate\ndef pay():\n    return rate_1")
    assert any("cells 2, 3, 4 are one cell now" in note for note in notes(*cells))


def test_a_name_that_functions_write_stays_in_one_cell_with_them():
    assert len(kept("count = 0", "def inc():\n    global count\n    count += 1", "inc()\nprint(count)")) == 2


def test_a_change_in_place_from_another_cell_stays_where_it_is_and_is_told():
    cells = ["d = {}", 'd["a"] = 1', "print(d)"]

    assert kept(*cells) == cells
    assert notes(*cells)[0].startswith("cell 2: changes `d` of cell 1 in place")


def test_a_cell_that_reads_what_stands_below_is_told():
    assert notes("print(x)", "x = 1") == ["cell 1: `x` comes from cell 2 below, which now runs first"]


def test_a_function_that_needs_what_stands_below_leaves_its_cell_alone():
    """As one cell, the import would wait for `df` too, and what the cell prints would come later."""
    cells = [
        "import math\nprint(1)\n\n\n# shows it\ndef show():\n    print(df)\n\n\nprint(2)",
        "df = math.pi",
        "show()",
    ]

    assert kept(*cells) == [
        "import math\nprint(1)",
        "# shows it\ndef show():\n    print(df)",
        "print(2)",
        "df = math.pi",
        "show()",
    ]


def test_cells_that_wait_for_each_other_become_one():
    assert len(kept("def f():\n    return g_value", "g_value = f", "print(g_value)")) == 2


def test_a_cell_that_python_cannot_read_stays_as_it_is():
    assert kept("x = 1", "print 'old'", "x = 2", "print(x)")[1] == "print 'old'"


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("x, y = y, x", "x_1, y_1 = y, x"),
        ("x: int = x + 1", "x_1: int = x + 1"),
        ("x = (\n    x\n    + 1\n)  # one", "x_1 = (\n    x\n    + 1\n)  # one"),
        ("z = x\nx = [x for x in (x,)]\nprint(x)", "z = x\nx_1 = [x for x in (x,)]\nprint(x_1)"),
        ("print(x); x = 2", "print(x); x_1 = 2"),
    ],
)
def test_an_assignment_reads_the_old_and_binds_the_new(cell, expected):
    assert kept("x = 1\ny = 2", cell, "print(x, y)")[1] == expected
