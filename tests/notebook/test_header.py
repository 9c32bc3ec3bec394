"""Script metadata in the head of a notebook: what it says, and what a change of it leaves alone."""

import pytest

from quire.errors import BadMetadata
from quire.notebook import parse_notebook
from quire.notebook.header import read_metadata, tool_settings, write_metadata

HEAD = """#!/usr/bin/env -S uv run
# /// script
# requires-python = ">=3.11"  # because
# dependencies = [
#     "quire",
#     "polars>=1",  # frames
# ]
#
# [tool.quire.display]
# theme = "dark"
#
# [tool.other]
# mine = 1
# ///
# A comment of mine.
\"\"\"A docstring.\"\"\"

import quire

app = quire.App()
"""


def test_metadata_is_read():
    found = read_metadata(HEAD)

    assert found["dependencies"] == ["quire", "polars>=1"]
    assert found["requires-python"] == ">=3.11"
    assert tool_settings(HEAD) == {"display": {"theme": "dark"}}


@pytest.mark.parametrize("header", ["", "import quire\n", "# /// script\n# a = 1\n", "# /// other\n# a = 1\n# ///\n"])
def test_a_header_without_metadata_says_nothing(header: str):
    assert read_metadata(header) == {}
    assert tool_settings(header) == {}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_dependency_is_one_line_and_comments_stay(newline: str):
    head = HEAD.replace("\n", newline)

    changed = write_metadata(head, {"dependencies": ["quire", "polars>=1", "altair"]})

    there = changed.split(newline)
    assert [line for line in there if line not in head.split(newline)] == ['#     "altair",']
    assert [line for line in head.split(newline) if line not in there] == []
    removed = write_metadata(changed, {"dependencies": ["quire", "polars>=1"]})
    assert read_metadata(removed) == read_metadata(head)
    assert "# frames" in removed


def test_a_setting_changes_its_own_line():
    changed = write_metadata(HEAD, {"tool": {"quire": {"display": {"theme": "light"}}}})

    assert changed == HEAD.replace('"dark"', '"light"')
    assert write_metadata(HEAD, {"tool": {"quire": {"display": {"theme": "dark"}}}}) == HEAD


def test_a_key_can_be_taken_away():
    assert write_metadata(HEAD, {"requires-python": None}) == HEAD.replace(
        '# requires-python = ">=3.11"  # because\n', ""
    )


def test_a_block_is_made_below_the_lines_that_come_first():
    head = "\ufeff#!/usr/bin/env python\n# -*- coding: utf-8 -*-\nimport quire\n\napp = quire.App()\n"

    changed = write_metadata(head, {"dependencies": ["quire"]})

    assert changed == head.replace("import", '# /// script\n# dependencies = ["quire"]\n# ///\n\nimport', 1)
    assert not parse_notebook(changed).foreign


@pytest.mark.parametrize(
    ("header", "message"),
    [
        ("#!x\n# /// script\n# a = \n# ///\n", "line 3"),
        ("# /// script\n# a = 1\n# ///\n\n# /// script\n# a = 1\n# ///\n", "lines 1 and 5"),
    ],
)
def test_metadata_that_cannot_be_read_is_told_with_its_line_and_never_changed(header: str, message: str):
    with pytest.raises(BadMetadata, match=message):
        read_metadata(header)
    with pytest.raises(BadMetadata, match=message):
        write_metadata(header, {"a": 2})
