"""Markdown notebooks: the laws of the file as properties, and what single edits leave in it."""

from hypothesis import assume, given
from hypothesis import strategies as st

from quire.errors import EditRefused
from quire.ids import CellId
from quire.notebook import (
    InsertCell,
    MoveCell,
    Notebook,
    RemoveCell,
    RenameCell,
    SetAppOptions,
    SetCode,
    SetOptions,
    SetTitle,
    apply_edit,
    parse_notebook,
    write_notebook,
)
from quire.notebook.cells import normal_code
from quire.notebook.lines import split_lines
from quire.notebook.prose import prose_code, read_prose
from tests.notebook.strategies import codes

_FRONT = (
    "",
    "---\ntitle: A title  # of mine\nquire-version: 0.1.0\n---\n\n",
    "---\n# a comment\nmarimo-version: 0.25.2\nauthors:\n- one\n- two\nheader: |-\n  # /// script\n  # ///\n---\n",
    "---\nnot closed\n\n",
)
_PROSE = (
    "# Title\n\nwords\n",
    "words\nmore words\n",
    "- a\n\n    - b\n\n\n- c\n",
    "```text\nshown only\n```\n",
    "\"\"\"quotes\"\"\" and '''more'''\n",
    "back\\slash \\\n",
    "    indented\n",
    "<!---->\n",
    "---\n",
    "größe ü\n",
    "~~~~python\nx = 1\n```\n~~~~\n",
    "> quoted\n",
    "\x0c\n",
)
_FENCES = (
    "```python {.quire}\nx = 1\n```\n",
    '```python {.quire name="setup"}\nimport math\n```\n',
    '```python {.quire name="total" hide_code="true" column="1"}\ny = x\n\n\nz = y\n```\n',
    "```python {.quire}\n```\n",
    "````python {.quire}\ntext = '''\n```\n'''\n````\n",
    "~~~python {.quire}\nx = 2\n~~~~\n",
    "  ```python {.quire}\n  def f():\n      return 1\n    \n  ```\n",
    "```python {.marimo}\nimport marimo as mo\n```\n",
    "```{.python.marimo disabled='true'}\n1 / 0\n```\n",
    "```{marimo .python}\na = 1\n```\n",
    '```sql {.quire query="t" engine="db"}\nselect 1\n```\n',
    '```python {.quire unknown="a \\" b" }\nbroken(\n```\n',
    '```python {.quire}\nqr.md(r"""\nwords\n""")\n```\n',
    "```python {.quire}\nnever = 'closed'\n",
)

texts = st.builds(
    lambda front, parts, newline, end: (front + "".join(parts)).replace("\n", newline) + end,
    st.sampled_from(_FRONT),
    st.lists(st.sampled_from((*_PROSE, *_FENCES, "\n", "\n", " \n")), max_size=7),
    st.sampled_from(("\n", "\n", "\r\n", "\r")),
    st.sampled_from(("", "", "\n\n", "last line")),
) | st.builds(lambda text: "\ufeff" + text, st.sampled_from([front + _FENCES[0] for front in _FRONT]))

damaged_texts = st.builds(
    lambda text, at, length, more: text[: at % (len(text) + 1)] + more + text[at % (len(text) + 1) + length :],
    texts,
    st.integers(0, 10_000),
    st.integers(0, 12),
    st.sampled_from(("", "\n", "```", "~~~", "---\n", "\r", "\0", "{.quire}", '"', "<!---->\n")),
)

prose_texts = st.lists(st.sampled_from(_PROSE), min_size=1, max_size=3).map("".join) | st.text(
    alphabet="ab`~#-<!>\\'\" \n\té{}", max_size=30
)
new_codes = codes | prose_texts.map(lambda text: f'qr.md(r"""\n{text}\n""")') | prose_texts.map(prose_code)


def read(text: str) -> Notebook:
    return parse_notebook(text, "markdown")


def editable(notebook: Notebook, choice: int):
    cells = [cell for cell in notebook.cells if cell.type != "stray"]
    assume(cells)
    return cells[choice % len(cells)]


def meaning(code: str) -> str:
    """Code, or where it is prose, the prose."""
    prose = read_prose(code)
    return code if prose is None else f"prose: {prose}"


def assert_reads_back(edited: Notebook) -> None:
    written = write_notebook(edited)
    again = read(written)
    assert write_notebook(again) == written
    assert not again.foreign
    assert [meaning(cell.code) for cell in again.cells] == [meaning(cell.code) for cell in edited.cells]
    assert [(cell.name, cell.type == "stray") for cell in again.cells] == [
        (cell.name, cell.type == "stray") for cell in edited.cells
    ]
    assert again.title == edited.title


@given(texts | damaged_texts | st.text(max_size=200))
def test_a_parsed_notebook_is_written_as_it_was(text: str):
    assert write_notebook(read(text)) == text


@given(texts)
def test_ids_are_a_function_of_the_text_and_unique(text: str):
    ids = [cell.id for cell in read(text).cells]

    assert ids == [cell.id for cell in read(text).cells]
    assert len(ids) == len(set(ids))


@given(texts | damaged_texts, new_codes, st.integers(0, 9))
def test_a_cell_keeps_the_code_it_was_given(text: str, code: str, choice: int):
    notebook = read(text)
    assume(not notebook.foreign)
    cell = editable(notebook, choice)

    edited = apply_edit(notebook, SetCode(cell.id, code))

    assert edited.cell(cell.id).code == normal_code(code)
    assert_reads_back(edited)


@given(texts, new_codes, st.integers(0, 9))
def test_an_edit_changes_only_the_lines_of_its_cell(text: str, code: str, choice: int):
    """Beside the separator, which prose needs when it comes to stand beside prose."""
    notebook = read(text)
    assume(not notebook.foreign)
    cell = editable(notebook, choice)

    edited = apply_edit(notebook, SetCode(cell.id, code))

    below = notebook.cells[-1].id
    assert [c.text for c in edited.cells if c.id not in {cell.id, below}] == [
        c.text for c in notebook.cells if c.id not in {cell.id, below}
    ]
    assert edited.footer == notebook.footer
    if edited.cell(cell.id).lead == cell.lead and notebook.newline == "\n" and notebook.header.strip("\ufeff"):
        assert edited.gaps == notebook.gaps


@given(texts, st.integers(0, 99))
def test_a_change_of_one_line_changes_one_line_of_the_file(text: str, choice: int):
    notebook = read(text)
    cells = [cell for cell in notebook.cells if cell.lead == 1 and cell.type != "stray" and cell.code]
    assume(cells)
    cell = cells[choice % len(cells)]
    assume(cell.text.endswith(("```", "~~~", "\n", "\r")) and "never" not in cell.code)
    rows = cell.code.split("\n")
    rows[choice % len(rows)] += "  # edited"

    edited = apply_edit(notebook, SetCode(cell.id, "\n".join(rows)))

    before, after = split_lines(text), split_lines(write_notebook(edited))
    assume(read_prose(edited.cell(cell.id).code) is None)
    assert len(before) == len(after)
    assert sum(one != other for one, other in zip(before, after, strict=True)) == 1


_edits = st.one_of(
    st.builds(lambda code: lambda cell, other: SetCode(cell, code), new_codes),
    st.builds(lambda code: lambda cell, other: InsertCell(CellId("new"), other, code), new_codes),
    st.builds(lambda code: lambda cell, other: InsertCell(CellId("new"), None, code, type="setup"), codes),
    st.just(lambda cell, other: RemoveCell(cell)),
    st.just(lambda cell, other: MoveCell(cell, other)),
    st.just(lambda cell, other: MoveCell(cell, None)),
    st.sampled_from(["renamed", "_"]).map(lambda name: lambda cell, other: RenameCell(cell, name)),
    st.sampled_from([True, False]).map(lambda value: lambda cell, other: SetOptions(cell, {"disabled": value})),
    st.sampled_from([True, False]).map(lambda value: lambda cell, other: SetOptions(cell, {"hide_code": value})),
    st.sampled_from(["", "New", "it's: a # 'title'", "true", "2024", "ü\n\\"]).map(
        lambda title: lambda cell, other: SetTitle(title)
    ),
    st.sampled_from(["full", None]).map(lambda width: lambda cell, other: SetAppOptions({"width": width})),
)


@given(texts | damaged_texts, st.lists(st.tuples(_edits, st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4))
def test_after_any_edits_the_file_says_what_the_notebook_holds(text: str, steps):
    notebook = read(text)
    assume(not notebook.foreign and notebook.cells)
    for make, choice, other in steps:
        if not notebook.cells:
            break
        cell = notebook.cells[choice % len(notebook.cells)]
        below = notebook.cells[other % len(notebook.cells)]
        try:
            notebook = apply_edit(notebook, make(cell.id, below.id))
        except EditRefused:
            continue
        assert_reads_back(notebook)
