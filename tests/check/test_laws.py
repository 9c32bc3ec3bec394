"""Whatever the file is, checks say where, and fixes keep the laws."""

from pathlib import Path

from hypothesis import given

from quire.check import RULES, apply_fixes, check_notebook
from quire.notebook import parse_notebook, write_notebook
from quire.notebook.lines import split_ending, split_lines
from tests.notebook.strategies import mutated_texts

PATH = Path("notebook.py")


@given(mutated_texts())
def test_every_finding_is_somewhere_in_the_file(text):
    notebook = parse_notebook(text)
    rows = [split_ending(row)[0] for row in split_lines(text)] or [""]
    for finding in check_notebook(notebook, PATH, RULES):
        place = finding.in_file
        assert 1 <= place.line <= place.end_line <= len(rows)
        assert (place.line, place.column) <= (place.end_line, place.end_column)
        assert place.column >= 1
        if finding.cell is not None and notebook.cell(finding.cell).type == "cell":
            assert place.column <= len(rows[place.line - 1]) + 2, finding


@given(mutated_texts())
def test_fixes_come_to_an_end_and_lose_no_cell_that_holds_code(text):
    notebook = parse_notebook(text)
    safe, _ = apply_fixes(notebook, PATH)
    again = parse_notebook(write_notebook(safe))

    assert not again.foreign or notebook.foreign
    assert apply_fixes(safe, PATH)[1] == 0
    assert len(safe.cells) == len(notebook.cells)
    for before, after in zip(notebook.cells, safe.cells, strict=True):
        assert before.code == after.code
