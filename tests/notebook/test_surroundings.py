"""What stands around the code of a cell: comments, blank lines, line ends, neighbours. An edit leaves it where it is."""

import subprocess
from pathlib import Path

import pytest

from quire.ids import CellId
from quire.notebook import (
    InsertCell,
    MoveCell,
    Notebook,
    RemoveCell,
    SetCode,
    apply_edit,
    read_notebook,
    write_notebook,
)

from .editing import cell, edited, text_of


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


def test_a_loose_comment_above_the_last_cell_never_swallows_what_stands_below_it():
    guard = 'if __name__ == "__main__":\n    app.run()\n'
    text = "import quire\napp = quire.App()\n\n# loose\n\n" + cell("a = 1").rstrip("\n") + "\n" + guard
    notebook = read_notebook(text)

    removed = write_notebook(apply_edit(notebook, RemoveCell(notebook.cells[0].id)))

    assert removed.endswith("# loose\n\n" + guard)


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


def test_comments_around_the_code_come_back_when_a_syntax_error_is_mended():
    text = text_of("# above\n@app.cell\ndef _(a: int):  # head\n    print(a)\n    return  # done\n    # below\n")
    notebook = read_notebook(text)
    one = notebook.cells[0].id

    broken = apply_edit(notebook, SetCode(one, "print(a"))
    mended = apply_edit(broken, SetCode(one, "print(a)"))

    assert "# above\napp._unparsable_cell(" in write_notebook(broken)
    assert ")\n    # below\n" in write_notebook(broken)
    assert write_notebook(mended) == text


def test_line_ends_of_two_pieces_do_not_become_one():
    text = text_of(cell("x = 1")).replace("    return\n\n\n", "    return\r\r\r")
    notebook = read_notebook(text)

    written = write_notebook(apply_edit(notebook, InsertCell("new", notebook.cells[0].id, "y = 1")))

    assert [one.code for one in read_notebook(written).cells] == ["x = 1", "y = 1"]
    assert "    return\r\r\n@app.cell" in written


def test_comments_above_a_cell_keep_their_line_ends():
    text = text_of("# touching\n@app.cell\ndef _():\n    x = (\n").replace("\n", "\r\n")

    assert "# touching\r\n@app.cell\r\n" in edited(text, (0, "x = 1"))
