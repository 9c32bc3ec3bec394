"""One cell that two people changed: its code line by line, its name and options each for itself. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quire.errors import EditRefused
from quire.notebook.calls import edit_cell_options, rename_cell_text
from quire.notebook.cells import layout_of, text_of_cell
from quire.notebook.diff3 import Chunk, Clean, Disputed, diff3, keep_both, merged_lines
from quire.notebook.layout import BodyLine
from quire.notebook.lines import split_ending, split_lines
from quire.notebook.merge_texts import Labels, are_imports, mark_lines, merge_gaps, merge_texts, merge_values
from quire.notebook.model import Cell, Notebook
from quire.notebook.write import INDENT, write_unparsable

_DEF = re.compile(r"^(?:(?:async[ \t]+)?def|with)[ \t]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class MergedCell:
    """Its text in the file, and what a person has to settle in it."""

    text: str
    code: str | None
    """The code that reading the text gives; None when it holds markers."""
    conflicts: tuple[str, ...] = ()


@dataclass(slots=True)
class _Parts:
    """A cell's text = decorators + signature + lines + before_return + returned + tail."""

    decorators: str
    signature: str
    lines: list[BodyLine]
    before_return: str
    returned: str
    tail: str

    def text(self, lines: str) -> str:
        return self.decorators + self.signature + lines + self.before_return + self.returned + self.tail


def describe_cell(cell: Cell) -> str:
    """A cell as a person would point at it."""
    if cell.name != "_":
        return f"cell `{cell.name}`"
    first = next((line.strip() for line in cell.code.split("\n") if line.strip()), "")
    return f"the cell `{first[:40]}`" if first else "an empty cell"


def merge_cells(notebook: Notebook, base: Cell | None, ours: Cell, theirs: Cell, labels: Labels) -> MergedCell:
    """One cell of both; `notebook` is ours, and `base` None when both made it."""
    was = base or Cell(ours.id, ours.type, "", "")
    if theirs.text in {was.text, ours.text}:
        return MergedCell(ours.text, ours.code)
    if was.text == ours.text:
        return MergedCell(theirs.text, theirs.code)
    if "stray" in {ours.type, theirs.type}:
        text, disputed = merge_texts(was.text, ours.text, theirs.text, labels, notebook.newline)
        conflict = f"both changed {describe_cell(ours)}"
        return MergedCell(text, None, (conflict,) if disputed else ())
    head, conflicts = _merge_head(notebook, was, ours, theirs, labels)
    chunks = keep_both(diff3(_lines(was), _lines(ours), _lines(theirs)), are_imports)
    lines = merged_lines(chunks)
    if lines is None:
        text = _write_marked(notebook, head, theirs, chunks, labels)
        return MergedCell(text, None, (*conflicts, f"both changed {describe_cell(ours)}"))
    made = text_of_cell(notebook, head, "\n".join(lines), reuse=False)
    if ours.type in {"function", "class"} and made.type != ours.type:
        made = text_of_cell(notebook, head, "\n".join(lines))
    return MergedCell(made.text, made.code, tuple(conflicts))


def merge_missing(notebook: Notebook, kept: Cell, labels: Labels, *, is_ours: bool) -> MergedCell:
    """A cell that one side removed and the other changed: it stays, between markers."""
    lines = _lines(kept)
    chunk: Disputed[str] = Disputed((), lines if is_ours else [], [] if is_ours else lines)
    here, there = (labels.ours, labels.theirs) if is_ours else (labels.theirs, labels.ours)
    if kept.type == "stray":
        text = mark_lines([replace(chunk, **_raw(kept, is_ours=is_ours))], labels, notebook.newline)[0]
    else:
        text = _write_marked(notebook, kept, kept, [chunk], labels)
    return MergedCell(text, None, (f"{describe_cell(kept)} was removed in {there} and changed in {here}",))


def _raw(cell: Cell, *, is_ours: bool) -> Mapping[str, list[str]]:
    return {"ours" if is_ours else "theirs": split_lines(cell.text)}


def write_unreadable(notebook: Notebook, merged: MergedCell, cell: Cell) -> str:
    """The cell with its markers as a string: what is understood in any case."""
    marked = merged.text if cell.type == "stray" else "".join(split_lines(merged.text)[cell.lead :])
    code = marked.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    return write_unparsable(code, cell.name, {}, notebook.newline)


def _lines(cell: Cell) -> list[str]:
    return cell.code.split("\n") if cell.code else []


# -- everything but the code


def _merge_head(notebook: Notebook, base: Cell, ours: Cell, theirs: Cell, labels: Labels) -> tuple[Cell, list[str]]:
    """Ours with what theirs changed in name, options, comments, signature and return."""
    conflicts: list[str] = []
    parts = [_parts_of(cell) for cell in (base, ours, theirs)]
    merged = ours
    was, one, other = parts
    if was is not None and one is not None and other is not None:
        decorators, disputed = merge_texts(was.decorators, one.decorators, other.decorators, labels, notebook.newline)
        if not disputed and not _is_new(base):
            one.decorators = decorators
            merged = replace(merged, options=merge_values(base.options, ours.options, theirs.options)[0])
        if was.signature == one.signature and ours.name == theirs.name:
            one.signature = other.signature
        if was.returned == one.returned:
            one.returned, one.before_return = other.returned, other.before_return
        one.tail = merge_gaps(was.tail, one.tail, other.tail)
        text = one.text("".join(line.prefix + line.text + line.ending for line in one.lines))
        merged = replace(merged, text=text, lead=len(split_lines(one.decorators + one.signature)))
    options, keys = merge_values(base.options, ours.options, theirs.options)
    conflicts += [
        f"both changed the option `{key}` of {describe_cell(ours)}; the one of {labels.ours} is kept" for key in keys
    ]
    if ours.name not in {base.name, theirs.name} and base.name != theirs.name and not _is_new(base):
        conflicts.append(
            f"{describe_cell(ours)} is called `{theirs.name}` in {labels.theirs}; the name of {labels.ours} is kept"
        )
    try:
        if dict(merged.options) != options:
            merged = edit_cell_options(notebook, merged, options)
        if ours.name == base.name != theirs.name and "cell" in {ours.type} & {theirs.type}:
            merged = rename_cell_text(notebook, merged, theirs.name)
    except EditRefused:
        conflicts.append(
            f"name or options of {describe_cell(ours)} were changed in both; those of {labels.ours} are kept"
        )
    return merged, conflicts


def _is_new(base: Cell) -> bool:
    return not base.text


def _parts_of(cell: Cell) -> _Parts | None:
    if not cell.text:
        return _Parts("", "", [], "", "", "")
    if cell.type in {"function", "class"}:
        lines = split_lines(cell.text)
        body = [BodyLine("", *split_ending(line)) for line in lines[cell.lead :]]
        return _Parts("".join(lines[: cell.lead]), "", body, "", "", "")
    layout = layout_of(cell)
    match = _DEF.search(layout.head) if layout is not None and not layout.inline else None
    if layout is None or match is None:
        return None
    at = match.start()
    return _Parts(layout.head[:at], layout.head[at:], layout.lines, layout.before_return, layout.returned, layout.tail)


# -- markers


def _write_marked(notebook: Notebook, head: Cell, theirs: Cell, chunks: Sequence[Chunk[str]], labels: Labels) -> str:
    """The cell with its disputed lines between markers, which begin at the first column as git's do."""
    newline = notebook.newline
    parts, other = _parts_of(head), _parts_of(theirs)
    if parts is None or other is None:
        code = mark_lines([_with_endings(chunk) for chunk in chunks], labels, "\n")[0].removesuffix("\n")
        return write_unparsable(code, head.name, head.options, newline)
    ours, theirs_lines = _Source(parts.lines), _Source(other.lines)
    text: list[str] = []
    for chunk in chunks:
        if isinstance(chunk, Clean):
            for line in chunk.lines:
                in_theirs = theirs_lines.take(line, newline)
                text.append(ours.take(line, newline) or in_theirs or f"{INDENT}{line}{newline}")
            continue
        text += [labels.marker("<"), newline]
        text += [ours.take(line, newline) or line + newline for line in chunk.ours]
        text += [labels.marker("="), newline]
        text += [theirs_lines.take(line, newline) or line + newline for line in chunk.theirs]
        text += [labels.marker(">"), newline]
    return parts.text("".join(text))


def _with_endings(chunk: Chunk[str]) -> Chunk[str]:
    if isinstance(chunk, Clean):
        return Clean([f"{line}\n" for line in chunk.lines])
    return Disputed((), [f"{line}\n" for line in chunk.ours], [f"{line}\n" for line in chunk.theirs])


class _Source:
    """Body lines of one side, given out in their order with the prefix that they have in the file."""

    def __init__(self, lines: Sequence[BodyLine]) -> None:
        self._lines = lines
        self._next = 0

    def take(self, text: str, newline: str) -> str:
        """The next line that is this one; empty when there is none."""
        for number in range(self._next, len(self._lines)):
            line = self._lines[number]
            if line.text == text:
                self._next = number + 1
                return line.prefix + line.text + (line.ending or newline)
        return ""
