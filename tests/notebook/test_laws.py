"""The laws of the file, as properties over generated notebooks and mutations of them."""

import ast
import difflib
import sys
import types

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import quire
from quire.errors import EditRefused
from quire.notebook import (
    InsertCell,
    MoveCell,
    Notebook,
    RemoveCell,
    RenameCell,
    SetCode,
    SetOptions,
    SetTitle,
    apply_edit,
    new_notebook,
    parse_notebook,
    write_notebook,
)
from quire.notebook.cells import layout_of, normal_code
from quire.notebook.lines import split_lines
from tests.notebook.strategies import codes, mutated_texts, notebook_texts


@given(notebook_texts())
def test_a_parsed_notebook_is_written_as_it_was(text: str):
    assert write_notebook(parse_notebook(text)) == text


@given(mutated_texts())
def test_a_damaged_notebook_is_written_as_it_was(text: str):
    assert write_notebook(parse_notebook(text)) == text


@given(st.text(max_size=200))
def test_any_text_is_written_as_it_was(text: str):
    assert write_notebook(parse_notebook(text)) == text


@given(mutated_texts())
def test_ids_are_a_function_of_the_text_and_unique(text: str):
    ids = [cell.id for cell in parse_notebook(text).cells]

    assert ids == [cell.id for cell in parse_notebook(text).cells]
    assert len(ids) == len(set(ids))


def _editable(notebook: Notebook, choice: int):
    cells = [cell for cell in notebook.cells if cell.type != "stray"]
    assume(cells)
    return cells[choice % len(cells)]


@given(mutated_texts() | notebook_texts(), codes, st.integers(0, 9))
def test_a_cell_keeps_the_code_it_was_given(text: str, code: str, choice: int):
    notebook = parse_notebook(text)
    assume(not notebook.foreign)
    cell = _editable(notebook, choice)

    edited = apply_edit(notebook, SetCode(cell.id, code))
    written = write_notebook(edited)
    again = parse_notebook(written)

    wanted = "" if cell.type == "setup" and code.strip() == "pass" else normal_code(code)
    assert edited.cell(cell.id).code == wanted
    assert write_notebook(again) == written
    if not any(other.damaged for other in notebook.cells):
        assert [c.code for c in again.cells] == [c.code for c in edited.cells]
        assert [c.name for c in again.cells] == [c.name for c in edited.cells]


@given(mutated_texts() | notebook_texts(), codes, st.integers(0, 9))
def test_an_edit_changes_only_the_lines_of_its_cell(text: str, code: str, choice: int):
    notebook = parse_notebook(text)
    assume(not notebook.foreign)
    cell = _editable(notebook, choice)

    edited = apply_edit(notebook, SetCode(cell.id, code))

    if edited.reports:
        return
    assert [c.text for c in edited.cells if c.id != cell.id] == [c.text for c in notebook.cells if c.id != cell.id]
    assert (edited.header, edited.gaps, edited.footer) == (notebook.header, notebook.gaps, notebook.footer)


def _plain_rows(notebook: Notebook):
    """(cell, row) of every line of code outside strings in cells that end in our return."""
    for cell in notebook.cells:
        layout = layout_of(cell)
        if layout is None or not layout.returned or layout.inline or cell.type != "cell" or cell.damaged:
            continue
        if '"' not in cell.code and "'" not in cell.code:
            for row, line in enumerate(cell.code.split("\n")):
                if line.strip():
                    yield cell, row


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(notebook_texts(), st.integers(0, 99))
def test_a_change_of_one_line_changes_one_line_of_the_file(text: str, choice: int):
    """As long as the names of the cell stay what they are."""
    notebook = parse_notebook(text)
    rows = list(_plain_rows(notebook))
    assume(rows)
    cell, row = rows[choice % len(rows)]
    code = cell.code.split("\n")
    code[row] += "  # edited"

    edited = apply_edit(notebook, SetCode(cell.id, "\n".join(code)))

    before, after = split_lines(text), split_lines(write_notebook(edited))
    added = [line for line in difflib.ndiff(before, after) if line.startswith("+ ")]
    assert len(added) == 1 or edited.cell(cell.id).type != "cell"


@given(notebook_texts(), codes, st.integers(0, 9))
def test_any_saved_file_imports_without_running_a_cell(text: str, code: str, choice: int):
    """Whatever is wrong inside a cell: the module compiles, and importing it runs no cell."""
    try:
        ast.parse(text.removeprefix("\ufeff"))
    except SyntaxError:
        assume(False)
    notebook = parse_notebook(text)
    assume(not notebook.foreign)
    cell = _editable(notebook, choice)

    edited = write_notebook(apply_edit(notebook, SetCode(cell.id, code)))

    compile(edited.removeprefix("\ufeff"), "notebook.py", "exec", dont_inherit=True)


@given(st.lists(codes, min_size=1, max_size=4))
def test_a_notebook_written_from_nothing_imports_and_reads_back(sources: list[str]):
    notebook = new_notebook()
    for number, code in enumerate(sources):
        notebook = apply_edit(notebook, InsertCell(f"c{number}", f"c{number - 1}" if number else None, code))
    text = write_notebook(notebook)

    module = types.ModuleType("generated_notebook")
    sys.modules[module.__name__] = module
    exec(compile(text, "generated_notebook.py", "exec", dont_inherit=True), module.__dict__)

    assert [cell.code for cell in parse_notebook(text).cells] == [normal_code(code) for code in sources]
    assert isinstance(module.__dict__["app"], quire.App)


@given(notebook_texts())
def test_strings_in_the_file_have_the_value_that_python_gives_them(text: str):
    """Continuation lines of strings are cut out of the file as they stand."""
    notebook = parse_notebook(text)
    for cell in notebook.cells:
        if cell.type != "cell" or cell.damaged:
            continue
        in_file = [
            n.value for n in ast.walk(ast.parse(cell.text)) if isinstance(n, ast.Constant) and isinstance(n.value, str)
        ]
        try:
            in_code = [
                n.value
                for n in ast.walk(ast.parse(cell.code))
                if isinstance(n, ast.Constant) and isinstance(n.value, str)
            ]
        except SyntaxError:
            continue
        assert set(in_code) <= set(in_file)


@given(mutated_texts() | notebook_texts(), st.data())
def test_structural_edits_keep_every_line_of_other_cells(text: str, data: st.DataObject):
    notebook = parse_notebook(text)
    assume(not notebook.foreign and len(notebook.cells) > 0)
    cell = data.draw(st.sampled_from(notebook.cells))
    after = data.draw(st.sampled_from([None, *(c.id for c in notebook.cells)]))
    edit = data.draw(
        st.sampled_from(
            [
                MoveCell(cell.id, after),
                RemoveCell(cell.id),
                InsertCell("new", after, "new = 1"),
                RenameCell(cell.id, "fresh_name"),
                SetOptions(cell.id, {"disabled": True}),
                SetOptions(cell.id, {"hide_code": False}),
                SetTitle("A title"),
            ]
        )
    )
    try:
        edited = apply_edit(notebook, edit)
    except EditRefused:
        return
    if edited.reports:
        return
    written = write_notebook(edited)
    for other in notebook.cells:
        if other.id != cell.id:
            assert other.text in written
    assert write_notebook(parse_notebook(written)) == written
    if not any(c.damaged for c in notebook.cells):
        assert sorted(c.code for c in parse_notebook(written).cells) == sorted(c.code for c in edited.cells)


def test_an_edit_of_something_that_is_no_notebook_is_refused():
    with pytest.raises(quire.errors.NotANotebook):
        apply_edit(parse_notebook("x = 1\n"), SetTitle("t"))
