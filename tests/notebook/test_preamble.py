"""Script metadata of a markdown notebook: under `header` in its front matter, changed without touching another line."""

import pytest

from quire.errors import BadMetadata
from quire.notebook import parse_notebook, write_notebook
from quire.notebook.preamble import metadata_of, with_metadata

CELLS = "\n# Rain\n\n```python {.quire}\nx = 1\n```\n"
HEADED = """---
title: Rain  # mine
header: |
    # Of mine.
    # /// script
    # dependencies = ["quire"]  # all of it
    # ///
author: me
---
"""
DARK = {"tool": {"quire": {"display": {"theme": "dark"}}}}
BLOCK = '  # /// script\n  # [tool.quire.display]\n  # theme = "dark"\n  # ///\n'


def changed(text: str) -> str:
    notebook = with_metadata(parse_notebook(text, "markdown"), DARK)
    written = write_notebook(notebook)
    assert not parse_notebook(written, "markdown").foreign
    assert parse_notebook(written, "markdown").cells == parse_notebook(text, "markdown").cells
    return written


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_metadata_is_read_with_the_lines_of_the_file(newline):
    notebook = parse_notebook((HEADED + CELLS).replace("\n", newline), "markdown")

    assert metadata_of(notebook) == "\n" * 5 + 'dependencies = ["quire"]  # all of it\n'
    assert metadata_of(parse_notebook(CELLS, "markdown")) == ""
    assert metadata_of(parse_notebook("---\nheader: x\n---\n" + CELLS, "markdown")) == ""


def test_a_change_stays_within_its_entry():
    text = changed(HEADED + CELLS)

    assert text.startswith("---\ntitle: Rain  # mine\nheader: |-\n  # Of mine.\n")
    assert '  # dependencies = ["quire"]  # all of it\n  #\n  # [tool.quire.display]\n' in text
    assert text.endswith("  # ///\nauthor: me\n---\n" + CELLS)
    assert changed(text) == text


def test_front_matter_without_the_entry_gets_it_at_its_end():
    assert changed("---\ntitle: Rain\n---\n" + CELLS) == f"---\ntitle: Rain\nheader: |-\n{BLOCK}---\n{CELLS}"


def test_a_notebook_without_front_matter_gets_some():
    assert changed(CELLS) == f"---\nheader: |-\n{BLOCK}---\n{CELLS}"
    assert changed("\ufeff" + CELLS) == f"\ufeff---\nheader: |-\n{BLOCK}---\n{CELLS}"


def test_line_endings_are_those_of_the_file():
    assert changed(CELLS.replace("\n", "\r\n")).count("\r\n") == changed(CELLS).count("\n")


def test_a_python_file_has_it_in_its_head():
    notebook = parse_notebook("import quire\n\napp = quire.App()\n")

    assert metadata_of(with_metadata(notebook, DARK)) == '\n[tool.quire.display]\ntheme = "dark"\n'


def test_what_cannot_be_read_is_not_changed():
    text = "---\nheader: |\n  # /// script\n  # a =\n  # ///\n---\n" + CELLS
    with pytest.raises(BadMetadata, match="line 4"):
        with_metadata(parse_notebook(text, "markdown"), DARK)
