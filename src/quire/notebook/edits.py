"""Edits and what they do to the file: each rewrites its own cell's lines, and no others'."""

import keyword
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never
from unicodedata import normalize

from quire.errors import EditRefused, NotANotebook
from quire.ids import CellId
from quire.notebook.calls import edit_app_options, edit_cell_options, rename_cell_text
from quire.notebook.cells import is_only_code, normal_code, text_of_cell
from quire.notebook.joints import keep_lines_apart
from quire.notebook.lines import count_blank, is_blank
from quire.notebook.markdown import is_prose
from quire.notebook.markdown_cells import (
    configure_markdown_cell,
    edit_front_matter,
    keep_recognisable,
    rename_markdown_cell,
    write_markdown_cell,
)
from quire.notebook.markdown_joints import keep_blocks_apart
from quire.notebook.model import NO_OPTIONS, SETUP, Cell, Notebook
from quire.notebook.parse import read_cell
from quire.notebook.reuse import broken_definitions, reusable_kind
from quire.protocol.messages import Carrier, CellKind


@dataclass(frozen=True, slots=True)
class SetCode:
    """Replace the code of a cell."""

    cell: CellId
    code: str


@dataclass(frozen=True, slots=True)
class InsertCell:
    """A new cell below `after`; at the top (but below setup) when that is None. `type` is `cell` or `setup`."""

    cell: CellId
    after: CellId | None
    code: str = ""
    name: str = "_"
    type: CellKind = "cell"
    options: Mapping[str, object] = field(default_factory=lambda: NO_OPTIONS)


@dataclass(frozen=True, slots=True)
class RemoveCell:
    cell: CellId


@dataclass(frozen=True, slots=True)
class MoveCell:
    """Put the cell below `after`; at the top (but below setup) when that is None."""

    cell: CellId
    after: CellId | None


@dataclass(frozen=True, slots=True)
class RenameCell:
    """`_` takes the name away."""

    cell: CellId
    name: str


@dataclass(frozen=True, slots=True)
class SetOptions:
    """Change options of the cell's decorator; False and None take an option away."""

    cell: CellId
    options: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class MakeCell:
    """Turn a statement between cells into a cell."""

    cell: CellId


@dataclass(frozen=True, slots=True)
class MakeImportable:
    """Write a cell that holds one function or class so that other programs can import it."""

    cell: CellId


@dataclass(frozen=True, slots=True)
class SetTitle:
    title: str


@dataclass(frozen=True, slots=True)
class SetAppOptions:
    """Change options of `quire.App(…)`; None takes an option away."""

    options: Mapping[str, object]


Edit = (
    SetCode
    | InsertCell
    | RemoveCell
    | MoveCell
    | RenameCell
    | SetOptions
    | MakeCell
    | MakeImportable
    | SetTitle
    | SetAppOptions
)


def apply_edit(notebook: Notebook, edit: Edit) -> Notebook:
    """The notebook after the edit; `reports` of the result says what else had to change.

    Raises:
        NotANotebook: the text was not a Quire notebook.
        EditRefused: the edit would break the file; the message says how.
        UnknownCell: the notebook has no such cell.
    """
    if notebook.foreign:
        raise NotANotebook(notebook.foreign)
    before = notebook
    notebook = replace(notebook, reports=())
    match edit:
        case SetCode():
            notebook = _set_code(notebook, notebook.cell(edit.cell), edit.code)
        case InsertCell():
            notebook = _insert(notebook, edit)
        case RemoveCell():
            notebook = _find_setup(_remove(notebook, notebook.index(edit.cell)))
        case MoveCell():
            notebook = _find_setup(_move(notebook, edit))
        case RenameCell():
            notebook = _rename(notebook, notebook.cell(edit.cell), edit.name)
        case SetOptions():
            notebook = _configure(notebook, notebook.cell(edit.cell), edit.options)
        case MakeCell():
            notebook = _make_cell(notebook, notebook.cell(edit.cell))
        case MakeImportable():
            notebook = _make_importable(notebook, notebook.cell(edit.cell))
        case SetTitle():
            notebook = _form(notebook).configure_app(notebook, {"app_title": edit.title or None})
        case SetAppOptions():
            notebook = _form(notebook).configure_app(notebook, edit.options)
        case _:
            assert_never(edit)
    return keep_lines_apart(before, _form(notebook).finish(before, notebook))


def _set_code(notebook: Notebook, cell: Cell, code: str) -> Notebook:
    code = normal_code(code)
    if code == cell.code:
        return notebook
    if cell.type == "stray":
        raise EditRefused("a statement between cells is read-only here; make it a cell first, or edit the file")
    was = notebook.sound.get(cell.id)
    if was is not None and cell.type == "unparsable" and (was.name, was.options) == (cell.name, cell.options):
        mended = _form(notebook).write_cell(notebook, was, code)
        if mended.type != "unparsable":
            left = {name: other for name, other in notebook.sound.items() if name != cell.id}
            return replace(notebook.with_cell(mended), sound=left)
    made = _form(notebook).write_cell(notebook, cell, code)
    if made.type == "unparsable" != cell.type:
        notebook = replace(notebook, sound={**notebook.sound, cell.id: cell})
    return notebook.with_cell(made)


def _insert(notebook: Notebook, edit: InsertCell) -> Notebook:
    if edit.cell in notebook.positions:
        raise EditRefused(f"there is a cell `{edit.cell}` already")
    setup = edit.type == "setup"
    if setup and (SETUP in notebook.positions or any(cell.type == "setup" for cell in notebook.cells)):
        raise EditRefused("the notebook has a setup cell already")
    name = _python_name(edit.name)
    if name != "_" and not setup:
        _check_name(notebook, name)
    at = _setup_index(notebook) if setup else _index_after(notebook, edit.after)
    blank = Cell(edit.cell, "setup" if setup else "cell", "", "", "setup" if setup else name, edit.options)
    cell = _form(notebook).write_cell(notebook, blank, normal_code(edit.code))
    newline = notebook.newline
    if notebook.carrier == "markdown":
        gaps = (*notebook.gaps[:at], newline, *notebook.gaps[at:])
        return replace(notebook, cells=(*notebook.cells[:at], cell, *notebook.cells[at:]), gaps=gaps)
    gap = newline * 2
    above = notebook.cells[at - 1].text if at else notebook.header
    if above and not above.endswith(("\n", "\r")):
        gap = newline * 3
    gaps = list(notebook.gaps)
    if at < len(gaps) and not is_blank(gaps[at]):
        gaps.insert(at + 1, newline * 2)  # a comment that stands here stays above
    else:
        gaps.insert(at, gap)
        if at + 1 < len(gaps) and not gaps[at + 1]:  # statements in a row
            gaps[at + 1] = newline * 2
    return replace(notebook, cells=(*notebook.cells[:at], cell, *notebook.cells[at:]), gaps=tuple(gaps))


def _index_after(notebook: Notebook, after: CellId | None) -> int:
    at = 0 if after is None else notebook.index(after) + 1
    if notebook.carrier == "markdown":
        return at  # a title may stand above the setup cell
    return max(at, next((index + 1 for index, cell in enumerate(notebook.cells) if _is_setup(cell)), 0))


def _setup_index(notebook: Notebook) -> int:
    """Where a setup cell goes: to the top, in markdown below the words that the text begins with."""
    cells = notebook.cells if notebook.carrier == "markdown" else ()
    return next((index for index, cell in enumerate(cells) if not is_prose(cell)), len(cells))


def _is_setup(cell: Cell) -> bool:
    return cell.type == "setup" or cell.id == SETUP


def _remove(notebook: Notebook, index: int) -> Notebook:
    cells, gaps, footer = list(notebook.cells), list(notebook.gaps), notebook.footer
    del cells[index]
    gap = gaps.pop(index)
    if not is_blank(gap) and notebook.carrier == "python":  # lines that belong to no cell stay
        if index < len(gaps):
            gaps[index] = gap if is_blank(gaps[index]) else gap + gaps[index]
        else:
            keeps_apart = not footer or footer.startswith(("\n", "\r"))
            footer = gap.rstrip("\r\n") + (footer or notebook.newline) if keeps_apart else gap + footer
    return replace(notebook, cells=tuple(cells), gaps=tuple(gaps), footer=footer)


def _move(notebook: Notebook, edit: MoveCell) -> Notebook:
    index = notebook.index(edit.cell)
    cell = notebook.cells[index]
    if _is_setup(cell):
        raise EditRefused("the setup cell stays at the top of the file")
    if edit.after == edit.cell:
        return notebook
    at = _index_after(notebook, edit.after)
    cells = list(notebook.cells)
    cells.insert(at, cell)
    del cells[index if index < at else index + 1]
    if tuple(cells) == notebook.cells:
        return notebook
    if notebook.carrier == "markdown":  # what separates two cells goes with the lower one
        to = cells.index(cell)
        gaps = [*notebook.gaps[:index], *notebook.gaps[index + 1 :]]
        return replace(notebook, cells=tuple(cells), gaps=(*gaps[:to], notebook.newline, *gaps[to:]))
    for place, moved in enumerate(cells[:-1]):
        if not moved.text.endswith(("\n", "\r")):  # it was the last line of a file that did not end it
            cells[place] = replace(moved, text=moved.text + notebook.newline)
    return replace(notebook, cells=tuple(cells))


def _python_name(name: str) -> str:
    """The name as Python knows it: `ﬁt` written with a ligature and `fit` are one identifier (PEP 3131)."""
    return name if name.isascii() else normalize("NFKC", name)


def _find_setup(notebook: Notebook) -> Notebook:
    """A setup block counts when no cell stands above it: one that stood too low may be the first now."""
    for cell in notebook.cells:
        if cell.type != "stray":
            break
        found = read_cell(cell.text, first=True)
        if found.type == "setup":
            return notebook.with_cell(replace(found, id=cell.id))
    return notebook


def _check_name(notebook: Notebook, name: str) -> None:
    if not name.isidentifier() or keyword.iskeyword(name):
        raise EditRefused(f"`{name}` is not a Python name; use letters, digits and underscores")
    if name in {"app", "quire", "setup"}:
        raise EditRefused(f"`{name}` has a meaning of its own in the file; choose another name")
    if any(cell.name == name for cell in notebook.cells):
        raise EditRefused(f"another cell is called `{name}` already; choose another name")


def _rename(notebook: Notebook, cell: Cell, name: str) -> Notebook:
    name = _python_name(name) or "_"
    if name == cell.name:
        return notebook
    if cell.type in {"function", "class"}:
        raise EditRefused(f"this cell is called after `{cell.name}`, which it defines; rename that in the code")
    if cell.type == "stray":
        raise EditRefused("a statement between cells has no name; make it a cell first")
    if _is_setup(cell):
        raise EditRefused("the setup cell has no other name")
    if name != "_":
        _check_name(notebook, name)
    return notebook.with_cell(_form(notebook).rename_cell(notebook, cell, name))


def _configure(notebook: Notebook, cell: Cell, options: Mapping[str, object]) -> Notebook:
    if cell.type == "stray":
        raise EditRefused("a statement between cells has no options; make it a cell first")
    if _is_setup(cell) and options.get("disabled"):
        raise EditRefused("the setup cell cannot be disabled: Python runs it whenever the file is imported")
    changes = {key: None if value is False else value for key, value in options.items()}
    after = {**cell.options, **changes}
    after = {key: value for key, value in after.items() if value is not None}
    if after == dict(cell.options):
        return notebook
    return notebook.with_cell(_form(notebook).configure_cell(notebook, cell, after))


def _make_cell(notebook: Notebook, cell: Cell) -> Notebook:
    if cell.type != "stray":
        raise EditRefused("this is a cell already")
    if notebook.carrier == "markdown":
        raise EditRefused("this fence is not Python, and cannot become a cell of it; edit the file")
    index = notebook.index(cell.id)
    if any(_is_setup(other) for other in notebook.cells[index:]):
        raise EditRefused("this statement stands above the setup cell, and no cell may; move it below first")
    blank = Cell(cell.id, "cell", "", "")
    made = text_of_cell(notebook, blank, normal_code(cell.code))
    notebook = notebook.with_cell(made)
    gaps = list(notebook.gaps)
    for at in (index, index + 1):
        if at < len(gaps) and is_blank(gaps[at]) and count_blank(gaps[at]) < 2:
            gaps[at] = notebook.newline * 2
    return replace(notebook, gaps=tuple(gaps))


def _make_importable(notebook: Notebook, cell: Cell) -> Notebook:
    if notebook.carrier == "markdown":
        raise EditRefused("nothing can be imported from markdown; convert the file: quire convert FILE.md -o FILE.py")
    if cell.type in {"function", "class"}:
        raise EditRefused(f"`{cell.name}` can be imported already")
    made = text_of_cell(notebook, cell, cell.code)
    if made.type not in {"function", "class"}:
        reason = reusable_kind(notebook, cell, cell.code)[2]
        raise EditRefused(reason or "only a cell that holds one function or class and nothing else can be imported")
    return notebook.with_cell(made)


def _keep_importable(before: Notebook, after: Notebook) -> Notebook:
    """Top-level definitions that importing the file would now trip over become ordinary cells, until it no longer would."""
    if is_only_code(before, after):
        return after
    after = _restore_demoted(after)
    known = {cell.id for cell, _ in broken_definitions(before)}
    reports: list[str] = []
    demoted = dict(after.demoted)
    for cell, missing in broken_definitions(after):
        if cell.id in known:
            continue
        after = after.with_cell(text_of_cell(after, replace(cell, type="cell", name="_"), cell.code, reuse=False))
        demoted[cell.id] = cell
        reports.append(
            f"`{cell.name}` cannot be imported any more, because `{missing}` is not there when Python defines it; "
            "it is an ordinary cell now"
        )
    return replace(after, demoted=demoted, reports=tuple(reports)) if reports else after


def _restore_demoted(notebook: Notebook) -> Notebook:
    """While somebody types in one definition, others may miss it for a moment; afterwards they are what they were."""
    for cell in notebook.demoted.values():
        changed = cell.id not in notebook.positions or notebook.cell(cell.id).code != cell.code
        if not changed:
            restored = notebook.with_cell(cell)
            if any(broken.id == cell.id for broken, _ in broken_definitions(restored)):
                continue
            notebook = restored
        left = {name: other for name, other in notebook.demoted.items() if name != cell.id}
        notebook = replace(notebook, demoted=left)
    return notebook


# -- kinds of files


@dataclass(frozen=True, slots=True)
class _Form:
    """How a notebook stands in one kind of file."""

    write_cell: Callable[[Notebook, Cell, str], Cell]
    rename_cell: Callable[[Notebook, Cell, str], Cell]
    configure_cell: Callable[[Notebook, Cell, Mapping[str, object]], Cell]
    configure_app: Callable[[Notebook, Mapping[str, object]], Notebook]
    finish: Callable[[Notebook, Notebook], Notebook]
    """(before, after) → what follows from the edit elsewhere in the file."""


_FORMS: Mapping[Carrier, _Form] = {
    "python": _Form(text_of_cell, rename_cell_text, edit_cell_options, edit_app_options, _keep_importable),
    "markdown": _Form(
        write_markdown_cell,
        rename_markdown_cell,
        configure_markdown_cell,
        edit_front_matter,
        lambda before, after: keep_blocks_apart(before, keep_recognisable(after)),
    ),
}


def _form(notebook: Notebook) -> _Form:
    return _FORMS[notebook.carrier]
