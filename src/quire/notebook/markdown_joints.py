"""Where cells of a markdown file meet: blank lines between them, a separator between prose and prose, no fence left open."""

from collections.abc import Iterator
from dataclasses import replace

from quire.notebook.fences import scan_blocks
from quire.notebook.front_matter import front_matter_end
from quire.notebook.lines import split_ending, split_lines
from quire.notebook.markdown import is_prose
from quire.notebook.markdown_cells import with_ending, write_fenced_cell
from quire.notebook.model import Cell, Notebook
from quire.notebook.prose import SEPARATOR

_SEPARATOR_LINE = "<!---->"


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
        return write_fenced_cell(notebook, cell, cell.code)
    newline = notebook.newline
    return replace(cell, text=with_ending(cell.text, newline) + last.fence.indent + last.fence.mark + newline)
