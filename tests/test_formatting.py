"""Formatting keeps the laws of the file, whatever the file is."""

from pathlib import Path

from hypothesis import given

from quire.errors import EditRefused
from quire.formatting import format_notebook
from quire.notebook import parse_notebook, write_notebook
from tests.examples import examples

from .notebook.strategies import mutated_texts

HERE = Path("notebook.py").absolute()


@examples(0.3)
@given(mutated_texts())
def test_what_stands_around_cells_and_what_python_cannot_read_stays(text):
    before = parse_notebook(text)
    if before.foreign:
        return
    try:
        after, left = format_notebook(before, HERE)
    except EditRefused:
        return  # the formatter may refuse a file; then nothing is changed
    assert (after.header, after.gaps, after.footer) == (before.header, before.gaps, before.footer)
    for old, new in zip(before.cells, after.cells, strict=True):
        if old in left or old.type == "stray" or old.code == new.code:
            assert new.text == old.text
    assert write_notebook(parse_notebook(write_notebook(after))) == write_notebook(after)
