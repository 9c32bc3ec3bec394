"""Script metadata in the head of a notebook: what it says, and what a change of it leaves alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.errors import BadMetadata
from quire.notebook import parse_notebook
from quire.notebook.header import metadata_text, read_metadata, write_metadata

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
    assert found["tool"] == {"quire": {"display": {"theme": "dark"}}, "other": {"mine": 1}}


@pytest.mark.parametrize("header", ["", "import quire\n", "# /// script\n# a = 1\n", "# /// other\n# a = 1\n# ///\n"])
def test_a_header_without_metadata_says_nothing(header: str):
    assert read_metadata(header) == {}


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


COMMENTS = st.from_regex(r"# [a-zA-Z /]{0,12}", fullmatch=True).filter(lambda line: not line.startswith("# ///"))
AROUND = st.lists(
    st.one_of(COMMENTS, st.sampled_from(["", "#", '"""A docstring."""', "import sys", "# \u2028"])), max_size=4
)
BODIES = st.permutations(
    [
        ["# a comment of mine"],
        ["dependencies = [", '    "quire",', '    "polars>=1",  # frames', "]"],
        ['requires-python = ">=3.11"  # because', "", "# more"],
    ]
).map(lambda parts: [line for part in parts for line in part])
TABLES = st.sampled_from(
    [
        [],
        ["[tool.quire.display]", 'theme = "dark"  # at night', "# width some day"],
        ["[tool.quire]", 'display.theme = "dark"', "", "[tool.uv]", "x = 1"],
        ["[tool.uv]", "x = 1", "", "[tool.quire]", 'display = { theme = "dark" }'],
    ]
)
VALUES = st.one_of(st.booleans(), st.integers(0, 99), st.text(max_size=5), st.lists(st.text(max_size=3), max_size=3))


@given(
    above=AROUND,
    body=BODIES,
    tables=TABLES,
    below=AROUND,
    key=st.sampled_from(["theme", "default_width", "mine"]),
    value=VALUES,
    newline=st.sampled_from(["\n", "\r\n"]),
)
def test_a_change_stays_within_the_block_and_says_what_was_wanted(above, body, tables, below, key, value, newline):
    block = [f"# {line}".rstrip() for line in (*body, *tables)]
    lines = [*above, "# /// script", *block, "# ///", *below, "import quire", "app = quire.App()", ""]
    header = newline.join(lines)
    before = read_metadata(header)

    changed = write_metadata(header, {"tool": {"quire": {"display": {key: value}}}})

    there = changed.split(newline)
    first, last = len(above) + 1, len(below) + 4
    assert there[:first] == lines[:first]
    assert there[-last:] == lines[-last:]
    tool = before.get("tool", {})
    quire = tool.get("quire", {})
    display = {**quire.get("display", {}), key: value}
    assert read_metadata(changed) == {**before, "tool": {**tool, "quire": {**quire, "display": display}}}
    # Of the block, one line at most is another one; the rest stands in its order.
    kept = iter(there[first:-last])
    assert sum(line not in kept for line in [one for one in block if one in there]) == 0
    assert sum(line not in there for line in block) <= 1
    assert parse_notebook(changed).header == changed
    assert write_metadata(changed, {"tool": {"quire": {"display": {key: value}}}}) == changed


@given(AROUND, st.sampled_from(["\n", "\r\n", "\r"]))
def test_lines_of_metadata_have_the_numbers_of_the_file(above, newline):
    lines = [*above, "# /// script", "# [tool.quire]", "# mine = 1", "# ///", "import quire", ""]
    text = metadata_text(newline.join(lines))

    assert text.split("\n")[len(above) + 1 :] == ["[tool.quire]", "mine = 1", ""]
    assert not text[: len(above) + 1].strip()


def test_an_unfinished_block_is_comments():
    header = "# /// script\n# dependencies = []\n\n# ///\nimport quire\n"

    assert read_metadata(header) == {}
    assert write_metadata(header, {"a": 1}).endswith(header)


def test_lines_like_the_opening_one_are_comments_within_a_block():
    header = "# /// script\n# a = 1\n# /// script\n# # ///\n# ///\nimport quire\n"

    with pytest.raises(BadMetadata, match="at line 3"):
        read_metadata(header)
    assert read_metadata("# /// script\n" * 20_000) == {}


def test_metadata_that_is_nested_without_end_is_told():
    with pytest.raises(BadMetadata, match="nested too deeply"):
        read_metadata(f"# /// script\n# a = {'[' * 50_000}\n# ///\n")


@pytest.mark.parametrize("header", ["import quire\n", HEAD])
def test_taking_away_what_is_not_there_changes_nothing(header: str):
    assert write_metadata(header, {"mine": None, "tool": {"quire": {"save": {"format_on_save": None}}}}) == header
