"""The laws under fire: files of every style, whole and damaged, through edits of every kind."""

import ast
from collections.abc import Sequence

from hypothesis import assume, given
from hypothesis import strategies as st

from quire.errors import EditRefused
from quire.ids import CellId
from quire.notebook import (
    Cell,
    Edit,
    InsertCell,
    MakeCell,
    MakeImportable,
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
from quire.notebook.pieces import parse_tree
from tests.notebook.styles import accidents, new_codes, styled_texts

_OPTIONS = (
    {"hide_code": True},
    {"hide_code": False},
    {"disabled": True},
    {"column": 3},
    {"column": None},
    {"expand_output": True, "unknown": "value"},
)


@st.composite
def edits(draw: st.DrawFn, notebook: Notebook, number: int) -> Edit:
    """Any edit of this notebook that a page could ask for."""
    ids = [cell.id for cell in notebook.cells]
    new = CellId(f"new{number}")
    after = draw(st.sampled_from([None, *ids]))
    code = draw(new_codes)
    if not ids or draw(st.integers(0, 7)) == 0:
        kind = draw(st.sampled_from(["cell", "cell", "setup"]))
        options = draw(st.sampled_from([{}, {"hide_code": True}]))
        name = draw(st.sampled_from(["_", "fresh"]))
        return InsertCell(new, after, code, name=name, type="setup" if kind == "setup" else "cell", options=options)
    cell = draw(st.sampled_from(ids))
    there = notebook.cell(cell).code
    at = draw(st.integers(0, len(there)))
    typed = there[:at] + draw(st.sampled_from(["x", "\n", "'", "(", "#", ":", " "])) + there[at:]
    erased = there[:at] + there[at + 1 :]
    return draw(
        st.sampled_from(
            [
                SetCode(cell, code),
                SetCode(cell, typed),
                SetCode(cell, erased),
                SetCode(cell, f"{there}\n{code}"),
                RemoveCell(cell),
                MoveCell(cell, after),
                RenameCell(cell, draw(st.sampled_from(["_", "fresh", "größe", "ﬁn"]))),
                SetOptions(cell, draw(st.sampled_from(_OPTIONS))),
                MakeCell(cell),
                MakeImportable(cell),
                SetAppOptions({"width": draw(st.sampled_from([None, "full"])), "mine": [1]}),
                SetTitle(draw(st.sampled_from(["", "A 'title'", 'ü "quoted" \\']))),
            ]
        )
    )


def _strings(code: str) -> list[object] | None:
    tree = parse_tree(code)
    if tree is None:
        return None
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def hold_the_laws(text: str, data: st.DataObject) -> None:
    """Edit the notebook a few times; every law must hold after every edit."""
    notebook = parse_notebook(text)
    assert write_notebook(notebook) == text
    assume(not notebook.foreign)
    for number in range(data.draw(st.integers(1, 3))):
        edit = data.draw(edits(notebook, number))
        try:
            edited = apply_edit(notebook, edit)
        except EditRefused:
            continue
        _check_edit(notebook, edit, edited)
        notebook = edited


def _check_edit(before: Notebook, edit: Edit, after: Notebook) -> None:
    touched = None if isinstance(edit, SetTitle | SetAppOptions) else edit.cell
    there = {cell.id: cell for cell in after.cells}
    changed = {cell.id for cell in before.cells if cell.id in there and not _is_same(cell, there[cell.id], edit)} - {
        touched
    }
    assert len(changed) <= len(after.reports) + len(before.demoted), "an edit changes its own cell"
    if isinstance(edit, SetCode | RenameCell | SetOptions):
        assert (after.header, after.gaps, after.footer) == (before.header, before.gaps, before.footer)
    if isinstance(edit, SetCode | InsertCell):
        cell = after.cell(edit.cell)
        assert cell.code == ("" if cell.type == "setup" and edit.code.strip() == "pass" else normal_code(edit.code))
        _check_strings(cell.type, cell.text, cell.code)
    written = write_notebook(after)
    if _compiles(write_notebook(before)):
        assert _compiles(written), "a saved file can be imported"
    again = parse_notebook(written)
    assert write_notebook(again) == written
    if not any(cell.damaged for cell in before.cells) and _compiles(written):
        assert _meaning(again) == _meaning(after), "what is written is what is read"


def _is_same(before: Cell, after: Cell, edit: Edit) -> bool:
    """The same text; the last line of the file may have been ended when it became another than the last."""
    ended = before.text.endswith(("\n", "\r")) or not isinstance(edit, MoveCell)
    return before.text == (after.text if ended else after.text.rstrip("\r\n"))


def _meaning(notebook: Notebook) -> Sequence[object]:
    """Whether the line ending of a file's last line is the cell's or the gap's below it, when one came there, is no matter."""
    return [
        (cell.type, cell.name, cell.code, str(dict(cell.options)), cell.text.rstrip("\r\n")) for cell in notebook.cells
    ]


def _check_strings(kind: str, text: str, code: str) -> None:
    in_code, in_file = _strings(code), _strings(text)
    if kind != "unparsable" and in_code is not None and in_file is not None:
        assert set(in_code) <= set(in_file), "a string in the file has the value that Python gives it"


def _compiles(text: str) -> bool:
    try:
        compile(text.removeprefix("\ufeff"), "notebook.py", "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    return True


@given(styled_texts(), st.data())
def test_files_of_every_style_keep_the_laws(text: str, data: st.DataObject):
    hold_the_laws(text, data)


@given(accidents(styled_texts()), st.data())
def test_files_after_accidents_keep_the_laws(text: str, data: st.DataObject):
    hold_the_laws(text, data)


@given(accidents(styled_texts()))
def test_parsing_any_accident_loses_nothing(text: str):
    assert write_notebook(parse_notebook(text)) == text
