"""Cells as they stand in a markdown file: prose as prose, anything else in a marked fence; and the lines between them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from quire.errors import EditRefused
from quire.notebook.fences import (
    MARKS,
    Fence,
    change_attributes,
    long_enough,
    scan_blocks,
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
from quire.notebook.prose import SEPARATOR, is_one_block, prose_code, read_prose
from quire.notebook.write import same_lines
from quire.version import __version__

_SEPARATOR_LINE = "<!---->"


def write_markdown_cell(notebook: Notebook, cell: Cell, code: str) -> Cell:
    """`cell` with the code `code`: as prose where that says it all, else in its fence."""
    prose = _prose_of(cell, code)
    if prose is not None:
        rows = split_lines(cell.text) if is_prose(cell) else []
        text = _rewritten(rows, prose.split("\n"), None, notebook.newline)
        return replace(cell, code=code, text=text, lead=-1, damaged=False)
    return _fenced_cell(notebook, cell, code)


def _prose_of(cell: Cell, code: str) -> str | None:
    """The text that the cell may be written as. What it is read as must be the same text."""
    if cell.type != "cell" or cell.name != "_" or not cell.options.keys() <= PROSE_OPTIONS.keys():
        return None
    prose = read_prose(code)
    if prose is None or not is_one_block(prose) or read_prose(prose_code(prose)) != prose:
        return None
    return prose


def _fenced_cell(notebook: Notebook, cell: Cell, code: str) -> Cell:
    """The cell in a fence: its own where it has one, longer when the code would end it."""
    fence = opening_of(cell)
    rows = split_lines(cell.text) if fence else []
    written = _written(code)
    if fence is None:
        named = {} if cell.name == "_" else {"name": cell.name}
        options = {key: value for key, value in cell.options.items() if value not in {None, False}}
        mark = long_enough("```", written)
        opening = write_opening(mark, _usual_mark(notebook), {**named, **options}) + notebook.newline
        fence, closing = Fence("", mark, ""), mark + notebook.newline
    else:
        opening, rest = rows[0], rows[1:]
        is_closed = bool(rest) and fence.closes_at(rest[-1])
        closing = rest.pop() if is_closed else fence.indent + fence.mark + notebook.newline
        rows = rest
        if not split_ending(opening)[1]:
            opening += notebook.newline
        if any(fence.closes_at(line) for line in split_lines(written)):
            mark = long_enough(fence.mark, written)
            opening, closing = (line.replace(fence.mark, mark, 1) for line in (opening, closing))
            fence = replace(fence, mark=mark)
    said = next((end for end in range(len(rows), 0, -1) if not is_blank(rows[end - 1])), 0)
    body = _rewritten(rows[:said], written.split("\n") if code else [], fence, notebook.newline)
    blank = _ended("".join(rows[said:]), notebook.newline)  # the file's own, as everywhere at the end of a cell
    text = opening + _ended(body, notebook.newline) + blank + closing
    return replace(cell, code=code, text=text, lead=1, damaged=False)


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
        _ended(rows[same[number]], newline) if number in same else (indent + text if text else text) + newline
        for number, text in enumerate(texts)
    )


def _ended(text: str, newline: str) -> str:
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


# -- between cells


def keep_blocks_apart(before: Notebook, after: Notebook) -> Notebook:
    """`after` with a blank line between neighbours that met through the edit, and a separator between prose and prose.

    A separator goes when it separates nothing any more. A fence at the end of the file that nothing closed is closed
    when something comes to stand below it.
    """
    newline = after.newline
    cells, gaps = list(after.cells), list(after.gaps)
    for index in range(len(cells)):
        above, cell = cells[index - 1] if index else None, cells[index]
        if _met_before(before, above, cell) and (index or (before.header == "") == (after.header == "")):
            continue
        if above is None:
            gaps[0] = _top_gap(after.header, gaps[0], newline)
            continue
        cells[index - 1] = above = _closed(after, above)
        gaps[index] = _gap(above, cell, gaps[index], newline, was_needed=_was_separated(before, cell))
    after = replace(after, cells=tuple(cells), gaps=tuple(gaps))
    if not after.header.removeprefix("\ufeff") and front_matter_end(split_lines("".join(_texts(after)))):
        gaps[0] = newline + gaps[0]  # a line of dashes at the top would begin front matter
    return replace(after, gaps=tuple(gaps))


def _texts(notebook: Notebook) -> Iterator[str]:
    for gap, cell in zip(notebook.gaps, notebook.cells, strict=True):
        yield gap
        yield cell.text


def _met_before(before: Notebook, above: Cell | None, cell: Cell) -> bool:
    """True when both stood like this, one below the other, in the notebook before."""
    index = before.positions.get(cell.id)
    if index is None:
        return False
    old = before.cells[index - 1] if index else None
    if above is None or old is None:
        return above is old and _looks_alike(before.cells[index], cell)
    return (
        old.id == above.id
        and _looks_alike(old, above)
        and _looks_alike(before.cells[index], cell)
        and split_ending(old.text)[1] == split_ending(above.text)[1]
    )


def _looks_alike(one: Cell, other: Cell) -> bool:
    return one is other or is_prose(one) == is_prose(other)


def _was_separated(before: Notebook, cell: Cell) -> bool:
    index = before.positions.get(cell.id, 0)
    return bool(index) and is_prose(before.cells[index]) and is_prose(before.cells[index - 1])


def _top_gap(header: str, gap: str, newline: str) -> str:
    if not header.removeprefix("\ufeff"):
        return ""
    gap = newline if _is_separated(gap) else gap
    return ("" if header.endswith(("\n", "\r")) else newline) + (gap or newline)


def _gap(above: Cell, cell: Cell, gap: str, newline: str, *, was_needed: bool) -> str:
    is_separated = _is_separated(gap)
    is_needed = is_prose(above) and is_prose(cell)
    if is_needed and not is_separated:
        gap = newline + _SEPARATOR_LINE + newline * 2
    elif is_separated and was_needed and not is_needed:
        gap = newline
    if not above.text.endswith(("\n", "\r")):
        return newline + (gap or newline)
    return gap or newline


def _is_separated(gap: str) -> bool:
    return any(SEPARATOR.fullmatch(line) for line in split_lines(gap))


def _closed(notebook: Notebook, cell: Cell) -> Cell:
    """The cell with an end that what follows cannot be drawn into; prose with an open fence goes into a fence itself."""
    *_, last = scan_blocks(split_lines(cell.text))
    if last.fence is None or last.is_closed:
        return cell
    if is_prose(cell):
        return _fenced_cell(notebook, cell, cell.code)
    newline = notebook.newline
    return replace(cell, text=_ended(cell.text, newline) + last.fence.indent + last.fence.mark + newline)
