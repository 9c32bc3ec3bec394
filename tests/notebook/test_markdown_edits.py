"""What stands in a markdown notebook after single edits, to the letter; and which markdown is one."""

import pytest

from quire.errors import EditRefused
from quire.ids import CellId
from quire.notebook import (
    Edit,
    InsertCell,
    MakeCell,
    MakeImportable,
    MoveCell,
    RemoveCell,
    RenameCell,
    SetAppOptions,
    SetCode,
    SetOptions,
    SetTitle,
    apply_edit,
    carrier_of,
    new_notebook,
    parse_notebook,
    write_notebook,
)
from quire.notebook.fences import read_fence

NEW = CellId("new")

RAIN = """---
quire-version: 0.1.0
---

# Rain

```python {.quire}
days = [3, 0, 7]
```

The sum:

```python {.quire name="total" column="2"}
sum(days)
```
"""


def read(text: str):
    return parse_notebook(text, "markdown")


def cell(text: str, words: str) -> CellId:
    """The cell whose code holds the words."""
    return next(found.id for found in read(text).cells if words in found.code)


def edited(text: str, *edits: Edit) -> str:
    notebook = read(text)
    for edit in edits:
        notebook = apply_edit(notebook, edit)
    return write_notebook(notebook)


TITLE, DAYS, WORDS, TOTAL = (cell(RAIN, words) for words in ("# Rain", "days =", "The sum", "sum(days)"))


# -- what is read


def test_prose_is_a_cell_and_so_is_a_marked_fence():
    notebook = read(RAIN)

    assert [found.code for found in notebook.cells] == [
        'qr.md(r"""\n# Rain\n""")',
        "days = [3, 0, 7]",
        'qr.md(r"""\nThe sum:\n""")',
        "sum(days)",
    ]
    assert [found.name for found in notebook.cells] == ["_", "_", "_", "total"]
    assert notebook.cells[3].options == {"column": 2}
    assert [found.hide_code for found in notebook.cells] == [True, False, True, False]


def test_lines_of_code_are_lines_of_the_file():
    notebook, rows = read(RAIN), RAIN.split("\n")

    assert rows[notebook.line_of(TOTAL) - 1] == "sum(days)"
    assert rows[notebook.line_of(WORDS)] == "The sum:"  # the first line of its code is the call


@pytest.mark.parametrize(
    ("line", "mark", "language"),
    [
        ("```python {.quire}", "quire", "python"),
        ('```python {.marimo name="a {b}"}', "marimo", "python"),
        ("```python {marimo}", "marimo", "python"),
        ("```{.python.marimo}", "marimo", "python"),
        ("```{marimo .python}", "marimo", "python"),
        ("```{.marimo .python}", "marimo", "python"),
        ("```{marimo} python", "marimo", "python"),
        ("~~~~ Python {.quire}", "quire", "python"),
        ('```sql {.quire query="t"}', "quire", "sql"),
        ("```python", "", "python"),
        ('```python {title="about quire"}', "", "python"),
        ("```python quire", "", "python"),
        ("```bash {.quire}", "", "bash"),
    ],
)
def test_a_fence_is_a_cell_when_its_braces_say_so(line, mark, language):
    fence = read_fence(line)

    assert fence is not None
    assert (fence.cell_mark, fence.language) == (mark, language)


@pytest.mark.parametrize("line", ["    ```python {.quire}", "``` `x` {.quire}", "``python {.quire}", "text ```"])
def test_what_begins_no_fence(line):
    assert read_fence(line) is None


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("# A README\n\n```python\nx = 1\n```\n", "quire convert"),
        ("```bash {.quire}\nls\n```\n", "quire convert"),
        ("> ```python {.quire}\n> x = 1\n> ```\n", "quire convert"),
        ("---\ntitle: quire-version\n---\n", "quire convert"),
    ],
)
def test_markdown_without_a_cell_is_no_notebook_and_says_what_to_do(text, why):
    assert why in read(text).foreign
    assert write_notebook(read(text)) == text


def test_the_name_of_a_file_says_how_it_is_read():
    assert [carrier_of(name) for name in ("a.md", "b.MD", "c.qmd", "d.markdown", "e.py", "md")] == [
        *["markdown"] * 4,
        *["python"] * 2,
    ]


def test_sql_is_kept_and_shown_and_nothing_else():
    text = RAIN + '\n```sql {.quire query="t"}\nselect 1\n```\n'
    sql = cell(text, "select")

    assert read(text).cell(sql).type == "stray"
    with pytest.raises(EditRefused, match="read-only"):
        edited(text, SetCode(sql, "select 2"))
    with pytest.raises(EditRefused, match="not Python"):
        edited(text, MakeCell(sql))


# -- code and prose


def test_code_is_written_into_its_fence():
    assert edited(RAIN, SetCode(DAYS, "days = [1]\n\ndays")) == RAIN.replace("days = [3, 0, 7]", "days = [1]\n\ndays")


def test_prose_is_written_as_prose():
    changed = edited(RAIN, SetCode(WORDS, 'qr.md(r"""\nThe sum:\n\n- of \\all\n""")'))

    assert changed == RAIN.replace("The sum:\n", "The sum:\n\n- of \\all\n")


@pytest.mark.parametrize(
    "code",
    [
        'qr.md(f"""\nThe sum: {1}\n""")',
        'qr.md(r"""\n\n""")',
        'qr.md(r"""\n~~~\nopen\n""")',
        'qr.md(r"""\n~~~python {.quire}\nx = 1\n~~~\n""")',
        'qr.md(r"""\none\n\n<!---->\n\ntwo\n""")',
        'qr.md("words", 2)',
        "# why\nqr.md('words')",
        "words",
    ],
)
def test_what_prose_cannot_say_is_a_fence(code):
    written = f'```python {{.quire hide_code="true"}}\n{code}\n```\n'

    assert edited(RAIN, SetCode(WORDS, code)) == RAIN.replace("The sum:\n", written)
    assert edited(RAIN, SetCode(WORDS, code), SetCode(WORDS, 'qr.md(r"""\nThe sum:\n""")')) == RAIN


def test_a_fence_in_the_code_gets_a_longer_one_around_it():
    code = "text = '''\n````\n'''"

    assert f"\n`````python {{.quire}}\n{code}\n`````\n" in edited(RAIN, SetCode(DAYS, code))


def test_a_text_with_quotes_of_both_kinds_comes_back_as_it_is():
    text = RAIN.replace("The sum:", "\"\"\" and ''' and \\n:")
    words = cell(text, "and")
    code = read(text).cell(words).code

    assert edited(text, SetCode(words, code.replace("and", "or", 1))) == text.replace("and", "or", 1)


# -- the structure


def test_a_new_cell_has_a_fence_and_blank_lines_around_it():
    assert edited(RAIN, InsertCell(NEW, DAYS, "x = 1", name="first", options={"hide_code": True})) == RAIN.replace(
        "```\n\nThe sum", '```\n\n```python {.quire name="first" hide_code="true"}\nx = 1\n```\n\nThe sum'
    )


def test_prose_beside_prose_is_separated_and_the_separator_goes_with_it():
    added = edited(RAIN, InsertCell(NEW, TITLE, 'qr.md("More.")'))

    assert added == RAIN.replace("# Rain\n", "# Rain\n\n<!---->\n\nMore.\n")
    assert edited(added, RemoveCell(cell(added, "More."))) == RAIN
    assert edited(added, InsertCell(NEW, TITLE, "x = 1")) == RAIN.replace(
        "# Rain\n", "# Rain\n\n```python {.quire}\nx = 1\n```\n\nMore.\n"
    )
    assert edited(RAIN, RemoveCell(DAYS)) == RAIN.replace("```python {.quire}\ndays = [3, 0, 7]\n```", "<!---->")


def test_moving_there_and_back_changes_nothing():
    notebook = read(RAIN)

    there = apply_edit(notebook, MoveCell(TITLE, TOTAL))
    assert write_notebook(there).endswith("sum(days)\n```\n\n# Rain\n")
    assert write_notebook(apply_edit(there, MoveCell(TITLE, None))) == RAIN


def test_an_open_fence_is_closed_when_something_follows():
    text = RAIN.removesuffix("```\n")

    assert (
        edited(text, InsertCell(NEW, cell(text, "sum(days)"), "x = 1")) == RAIN + "\n```python {.quire}\nx = 1\n```\n"
    )


def test_the_setup_cell_goes_below_the_title():
    with_setup = edited(RAIN, InsertCell(NEW, None, "import math", type="setup"))

    assert with_setup == RAIN.replace("# Rain\n", '# Rain\n\n```python {.quire name="setup"}\nimport math\n```\n')
    assert read(with_setup).cell(CellId("setup")).type == "setup"


def test_new_cells_take_the_mark_that_the_file_uses():
    text = RAIN.replace(".quire", ".marimo").replace("quire-version", "marimo-version")

    assert "\n```python {.marimo}\nx = 1\n```\n" in edited(text, InsertCell(NEW, None, "x = 1"))


def test_a_notebook_that_loses_its_last_fence_stays_one():
    text = "words\n\n```python {.quire}\nx = 1\n```\n"

    left = edited(text, RemoveCell(cell(text, "x = 1")))

    assert left == "---\nquire-version: 0.1.0\n---\n\nwords\n"


def test_a_new_notebook_takes_prose_first():
    notebook = apply_edit(new_notebook("markdown"), InsertCell(NEW, None, 'qr.md(r"""\n# New\n""")'))

    assert write_notebook(notebook) == "---\nquire-version: 0.1.0\n---\n\n# New\n"


# -- names and options


def test_a_name_and_options_are_changed_where_they_stand():
    assert edited(RAIN, RenameCell(TOTAL, "whole")) == RAIN.replace('name="total"', 'name="whole"')
    assert edited(RAIN, RenameCell(TOTAL, "_")) == RAIN.replace(' name="total"', "")
    assert edited(RAIN, SetOptions(TOTAL, {"disabled": True})) == RAIN.replace(
        'column="2"', 'column="2" disabled="true"'
    )
    assert edited(RAIN, SetOptions(TOTAL, {"column": None})) == RAIN.replace(' column="2"', "")


def test_prose_with_a_name_moves_into_a_fence_and_out_again():
    named = edited(RAIN, RenameCell(WORDS, "words"))

    assert 'name="words" hide_code="true"}\nqr.md(r"""\nThe sum:\n""")\n```\n' in named
    assert edited(named, RenameCell(cell(named, "The sum"), "_")) == RAIN


def test_whether_the_code_of_prose_is_hidden_is_not_in_the_file():
    shown = apply_edit(read(RAIN), SetOptions(WORDS, {"hide_code": False}))

    assert not shown.cell(WORDS).hide_code
    assert write_notebook(shown) == RAIN


def test_nothing_can_be_imported_from_markdown():
    with pytest.raises(EditRefused, match="quire convert"):
        edited(RAIN, MakeImportable(DAYS))


# -- front matter

FRONT = """---
# a comment
author: {name: me}   # kept
title: "A \\"title\\""  # of mine
keywords:
- one

- two
header: |-
  # /// script
  # dependencies = []
  # ///
quire-version: 0.1.0
---
"""


def test_a_title_is_changed_in_its_line():
    assert read(FRONT).title == 'A "title"'
    assert edited(FRONT, SetTitle("It's: new")) == FRONT.replace('"A \\"title\\""', "'It''s: new'")
    assert edited(FRONT, SetTitle("")) == FRONT.replace('title: "A \\"title\\""  # of mine\n', "")
    assert read(edited(FRONT, SetTitle("It's: new"))).title == "It's: new"


def test_new_entries_come_last_and_a_title_first():
    assert edited(RAIN, SetTitle("Rain"), SetAppOptions({"width": "full"})) == RAIN.replace(
        "---\nquire-version: 0.1.0\n", "---\ntitle: Rain\nquire-version: 0.1.0\nwidth: full\n"
    )


def test_a_file_without_front_matter_gets_one():
    text = "```python {.quire}\nx = 1\n```\n"

    assert edited(text, SetTitle("Rain")) == "---\ntitle: Rain\n---\n\n" + text
    assert edited(text, SetTitle("")) == text


def test_options_that_no_first_line_can_say_are_left_out_of_it():
    options = {"column": 0, "note": "a\nb", "**more": True, "expand": [1], "disabled": False}

    assert '\n```python {.quire column="0" expand="[1]"}\nx = 1\n```\n' in edited(
        RAIN, InsertCell(NEW, None, "x = 1", options=options)
    )
