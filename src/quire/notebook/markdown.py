"""A markdown file's text → `Notebook`: marked fences are cells, and so is the prose between them. Never raises."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quire.ids import CellId
from quire.notebook.fences import PYTHON, Block, Fence, read_fence, scan_blocks, without_indent
from quire.notebook.front_matter import Entry, front_matter_end, read_front_matter
from quire.notebook.lines import is_blank, newline_of, split_lines
from quire.notebook.model import NO_OPTIONS, SETUP, Cell, CellIds, Notebook
from quire.notebook.prose import SEPARATOR, prose_code

PROSE_OPTIONS: Mapping[str, object] = {"hide_code": True}
"""Prose is shown as it is read, not as it is written; the file does not say so."""
APP_OPTIONS = frozenset({"width", "layout_file", "css_file", "html_head_file", "sql_output", "auto_download"})
"""Entries of the front matter that are options of `App(…)`; `title` is its `app_title`."""
VERSIONS = frozenset({"quire_version", "marimo_version"})


def parse_markdown(text: str) -> Notebook:
    """The notebook that `text` is; see `parse_notebook`."""
    bom = "\ufeff" if text.startswith("\ufeff") else ""
    lines = split_lines(text[len(bom) :])
    start = front_matter_end(lines)
    front = read_front_matter(lines[:start])
    blocks = list(scan_blocks(lines, start))
    if not is_marked(front, blocks):
        return Notebook(header=text, newline=newline_of(text), carrier="markdown", foreign=_what_it_is(lines))
    cells: list[Cell] = []
    gaps: list[str] = []
    ids = CellIds()
    position, has_setup = start, False
    for piece in _pieces(lines, blocks):
        found = "".join(lines[piece.start : piece.end])
        cell = _prose_cell(found) if piece.fence is None else read_fenced_cell(found, is_first=not has_setup)
        has_setup = has_setup or cell.id == SETUP
        gaps.append("".join(lines[position : piece.start]))
        cells.append(ids.give(cell))
        position = piece.end
    return Notebook(
        header=bom + "".join(lines[:start]),
        cells=tuple(cells),
        gaps=tuple(gaps),
        footer="".join(lines[position:]),
        newline=newline_of(text),
        options=options_of_front_matter(front),
        carrier="markdown",
    )


def is_marked(front: Mapping[str, Entry], blocks: list[Block]) -> bool:
    """True for a markdown file that is a notebook: its front matter says so, or one of its fences."""
    return not VERSIONS.isdisjoint(front) or any(block.fence and block.fence.cell_mark for block in blocks)


def is_markdown_notebook(text: str) -> bool:
    """The same for a text, or for the beginning of one."""
    lines = split_lines(text.removeprefix("\ufeff"))
    start = front_matter_end(lines)
    return is_marked(read_front_matter(lines[:start]), list(scan_blocks(lines, start)))


def options_of_front_matter(front: Mapping[str, Entry]) -> Mapping[str, object]:
    """The options of the notebook, under the names that `App(…)` gives them."""
    options: dict[str, object] = {}
    for key, entry in front.items():
        if key == "title":
            options["app_title"] = entry.value
        elif key in APP_OPTIONS:
            options[key] = entry.meaning
    return options or NO_OPTIONS


def is_prose(cell: Cell) -> bool:
    """True for a cell that stands in the file as text between fences."""
    return bool(cell.text) and opening_of(cell) is None


def opening_of(cell: Cell) -> Fence | None:
    """The fence of a cell that has one."""
    first = re.match(r"[^\r\n]*", cell.text)
    fence = read_fence(first.group()) if first else None
    return fence if fence is not None and fence.cell_mark else None


@dataclass(slots=True)
class _Piece:
    start: int
    end: int
    fence: Fence | None


def _pieces(lines: list[str], blocks: list[Block]) -> Iterator[_Piece]:
    """Cells, without the blank lines and separators between them."""
    prose: list[int] = []
    for block in blocks:
        if block.fence is not None and block.fence.cell_mark:
            yield from _prose_piece(lines, prose)
            prose = []
            yield _Piece(block.start, block.end, block.fence)
            continue
        for number in range(block.start, block.end):
            if block.fence is None and SEPARATOR.fullmatch(lines[number]):
                yield from _prose_piece(lines, prose)
                prose = []
            else:
                prose.append(number)
    yield from _prose_piece(lines, prose)


def _prose_piece(lines: list[str], numbers: list[int]) -> Iterator[_Piece]:
    said = [number for number in numbers if not is_blank(lines[number])]
    if said:
        yield _Piece(said[0], said[-1] + 1, None)


def _prose_cell(text: str) -> Cell:
    return Cell(CellId(""), "cell", prose_code(_plain(text)), text, options=PROSE_OPTIONS, lead=-1)


def read_fenced_cell(text: str, *, is_first: bool = True) -> Cell:
    """What the text of a marked fence means. `is_first`: no setup cell stands above it."""
    lines = split_lines(text)
    fence = read_fence(lines[0])
    assert fence is not None
    is_closed = len(lines) > 1 and fence.closes_at(lines[-1])
    content = "".join(without_indent(line, fence) for line in lines[1 : -1 if is_closed else None])
    code = _plain(content)
    attributes = dict(fence.attributes)
    name = attributes.pop("name", "") or "_"
    options = {key: _meaning(value) for key, value in attributes.items()}
    if fence.language not in PYTHON:
        return Cell(CellId(""), "stray", code, text, name, options, lead=1, damaged=True)
    if name == "setup" and is_first:
        return Cell(SETUP, "setup", code, text, name, options, lead=1)
    return Cell(CellId(""), "cell", code, text, name, options, lead=1)


def _plain(text: str) -> str:
    """Text as a cell holds it: LF between lines, no blank lines at the end."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    while lines and is_blank(lines[-1]):
        lines.pop()
    return "\n".join(lines)


def _meaning(value: str) -> object:
    if value in {"true", "false"}:
        return value == "true"
    return int(value) if value.isascii() and value.isdigit() else value


def _what_it_is(lines: list[str]) -> str:
    if not "".join(lines).strip():
        return "the file is empty"
    return (
        "this is markdown without a cell: mark the fences that are to run, "
        "```python {.quire}, or convert the file: quire convert FILE.md -o FILE.py"
    )
