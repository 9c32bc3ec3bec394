"""Cells as they stand in a markdown file: prose as prose, anything else in a marked fence; and the front matter above them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quire.errors import EditRefused
from quire.notebook.fences import (
    MARKS,
    Fence,
    change_attributes,
    long_enough,
    without_indent,
    write_opening,
)
from quire.notebook.front_matter import change_front_matter, front_matter_end, read_front_matter
from quire.notebook.lines import is_blank, split_ending, split_lines
from quire.notebook.markdown import (
    PROSE_OPTIONS,
    VERSIONS,
    is_prose,
    opening_of,
    options_of_front_matter,
    read_fenced_cell,
)
from quire.notebook.model import Cell, Notebook
from quire.notebook.prose import is_one_block, prose_code, read_prose
from quire.notebook.write import same_lines
from quire.version import __version__


def write_markdown_cell(notebook: Notebook, cell: Cell, code: str) -> Cell:
    """`cell` with the code `code`: as prose where that says it all, else in its fence."""
    prose = _prose_of(cell, code)
    if prose is not None:
        rows = split_lines(cell.text) if is_prose(cell) else []
        text = _rewritten(rows, prose.split("\n"), None, notebook.newline)
        return replace(cell, code=code, text=text, lead=-1, damaged=False)
    return write_fenced_cell(notebook, cell, code)


def _prose_of(cell: Cell, code: str) -> str | None:
    """The text that the cell may be written as. What it is read as must be the same text."""
    if cell.type != "cell" or cell.name != "_" or not cell.options.keys() <= PROSE_OPTIONS.keys():
        return None
    prose = read_prose(code)
    if prose is None or not is_one_block(prose) or read_prose(prose_code(prose)) != prose:
        return None
    return prose


def write_fenced_cell(notebook: Notebook, cell: Cell, code: str) -> Cell:
    """The cell in a fence: its own where it has one, longer when the code would end it."""
    written, newline = _written(code), notebook.newline
    opening = opening_of(cell)
    frame = _new_frame(notebook, cell, written) if opening is None else _own_frame(cell, opening, written, newline)
    said = next((end for end in range(len(frame.rows), 0, -1) if not is_blank(frame.rows[end - 1])), 0)
    body = _rewritten(frame.rows[:said], written.split("\n") if code else [], frame.fence, newline)
    blank = "".join(frame.rows[said:])  # the file's own, as everywhere at the end of a cell
    text = frame.opening + with_ending(body, newline) + with_ending(blank, newline) + frame.closing
    return replace(cell, code=code, text=text, lead=1, damaged=False)


@dataclass(frozen=True, slots=True)
class _Frame:
    """A fence as it is to be written around code, with the lines that stood in it before."""

    fence: Fence
    opening: str
    rows: list[str]
    closing: str


def _new_frame(notebook: Notebook, cell: Cell, written: str) -> _Frame:
    named: dict[str, object] = {"name": cell.name} if cell.name != "_" else {}
    attributes = named | {key: value for key, value in cell.options.items() if _is_attribute(key, value)}
    mark = long_enough("```", written)
    opening = write_opening(mark, _usual_mark(notebook), attributes)
    return _Frame(Fence("", mark, ""), opening + notebook.newline, [], mark + notebook.newline)


def _is_attribute(key: str, value: object) -> bool:
    """False for what is not set, and for what would be the end of the fence's first line."""
    is_set = value is not None and value is not False
    return is_set and re.fullmatch(r"[\w-]+", key) is not None and not re.search(r"[`\r\n]", str(value))


def _own_frame(cell: Cell, fence: Fence, written: str, newline: str) -> _Frame:
    opening, *rows = split_lines(cell.text)
    closing = fence.indent + fence.mark + newline
    if rows and fence.closes_at(rows[-1]):
        closing = rows.pop()
    if any(fence.closes_at(line) for line in split_lines(written)):
        mark = long_enough(fence.mark, written)
        opening, closing = (line.replace(fence.mark, mark, 1) for line in (opening, closing))
        fence = replace(fence, mark=mark)
    return _Frame(fence, with_ending(opening, newline), rows, closing)


def _written(code: str) -> str:
    """Code as it can stand in a file of UTF-8: half of a surrogate pair cannot."""
    return code.encode("utf-8", "surrogatepass").decode("utf-8", "replace") if not code.isascii() else code


def _usual_mark(notebook: Notebook) -> str:
    """What marks the notebook's cells: whoever opens it elsewhere sees the new ones too."""
    openings = [opening_of(cell) for cell in notebook.cells]
    return next((opening.cell_mark for opening in openings if opening is not None), MARKS[0])


def _rewritten(rows: Sequence[str], texts: Sequence[str], fence: Fence | None, newline: str) -> str:
    """Lines with these texts; those that were there before stay as they are, with white space and ending."""
    before = [split_ending(without_indent(row, fence) if fence else row) for row in rows]
    same = same_lines([text for text, _ in before], list(texts))
    indent = fence.indent if fence else ""
    return "".join(
        with_ending(rows[same[number]], newline) if number in same else (indent + text if text else text) + newline
        for number, text in enumerate(texts)
    )


def with_ending(text: str, newline: str) -> str:
    """The text with its last line ended, when it has one."""
    return text if not text or text.endswith(("\n", "\r")) else text + newline


# -- names and options


def rename_markdown_cell(notebook: Notebook, cell: Cell, name: str) -> Cell:
    """The cell under another name; prose that gets one moves into a fence, and back when it loses it."""
    renamed = replace(cell, name=name)
    if opening_of(cell) is None:
        return write_markdown_cell(notebook, renamed, cell.code)
    return _bare(notebook, _with_attributes(renamed, {"name": None if name == "_" else name}))


def configure_markdown_cell(notebook: Notebook, cell: Cell, options: Mapping[str, object]) -> Cell:
    """The cell with these options and no others."""
    configured = replace(cell, options=options)
    if opening_of(cell) is None:
        return write_markdown_cell(notebook, configured, cell.code)
    changes = {
        key: options.get(key) for key in {**cell.options, **options} if options.get(key) != cell.options.get(key)
    }
    return _bare(notebook, _with_attributes(configured, changes))


def _with_attributes(cell: Cell, changes: Mapping[str, object]) -> Cell:
    rows = split_lines(cell.text)
    opening, ending = split_ending(rows[0])
    opening = change_attributes(opening, changes) + ending
    text = opening + "".join(rows[1:])
    again = read_fenced_cell(text)
    if again.name != cell.name or dict(again.options) != dict(cell.options):
        raise EditRefused("the first line of a fence cannot say this; change it in a text editor")
    return replace(cell, text=text)


def _bare(notebook: Notebook, cell: Cell) -> Cell:
    """As prose, when it is in a fence for the sake of a name or an option that is gone."""
    if _prose_of(cell, cell.code) is None or cell.code != prose_code(read_prose(cell.code) or ""):
        return cell
    return write_markdown_cell(notebook, cell, cell.code)


# -- front matter


def edit_front_matter(notebook: Notebook, changes: Mapping[str, object]) -> Notebook:
    """The notebook with options of the front matter changed; None takes one away."""
    bom = "\ufeff" if notebook.header.startswith("\ufeff") else ""
    lines = split_lines(notebook.header[len(bom) :])
    if not lines and all(value is None for value in changes.values()):
        return notebook
    named = {"title" if key == "app_title" else key: value for key, value in changes.items()}
    rows = change_front_matter(lines, named, notebook.newline)
    options = options_of_front_matter(read_front_matter(rows))
    return replace(notebook, header=bom + "".join(rows), options=options)


def keep_recognisable(notebook: Notebook) -> Notebook:
    """A notebook whose last fence is gone says in its front matter that it is one."""
    lines = split_lines(notebook.header.removeprefix("\ufeff"))
    if not VERSIONS.isdisjoint(read_front_matter(lines[: front_matter_end(lines)])):
        return notebook
    if any(opening_of(cell) is not None for cell in notebook.cells):
        return notebook
    return edit_front_matter(notebook, {"quire-version": __version__})
