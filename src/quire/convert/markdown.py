"""Markdown with Python in it: notebooks as the notebook's own grammar reads them; in others every Python fence is a cell. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from quire.convert.flat import OWN_NAMES, header_of
from quire.convert.marimo import import_quire
from quire.convert.model import Converted, Draft, DraftCell, Note
from quire.errors import ConversionRefused
from quire.notebook import (
    Cell,
    Notebook,
    is_markdown_notebook,
    new_notebook,
    parse_notebook,
    write_notebook,
)
from quire.notebook.fences import Fence, scan_blocks, without_indent
from quire.notebook.front_matter import front_matter_end, read_front_matter
from quire.notebook.lines import split_lines
from quire.notebook.markdown import is_prose, opening_of, options_of_front_matter
from quire.notebook.markdown_cells import (
    edit_front_matter,
    write_markdown_cell,
)
from quire.notebook.markdown_joints import keep_blocks_apart
from quire.notebook.model import Source
from quire.notebook.prose import SEPARATOR, prose_code, read_prose

_PYTHON = re.compile(
    r"(?:python3?|py|ipython3?|\{python[^}]*\}|\{code-cell\}.*|\{\.python[^}]*\})\b.*|\{python[^}]*\}|\{code-cell\}.*",
    re.IGNORECASE,
)


def is_markdown(text: str) -> bool:
    """True for prose with a fence of Python in it."""
    return re.search(r"^ {0,3}(?:`{3,}|~{3,})[ \t]*\{?\.?(?:python|py|code-cell)\b", text, re.MULTILINE) is not None


def read_markdown(text: str, _: str) -> Draft:
    """The cells of a markdown file: prose between fences, and the code in them."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    if is_markdown_notebook(text):
        return _read_notebook(parse_notebook(text, "markdown"))
    lines = split_lines(text)
    start = front_matter_end(lines)
    options = options_of_front_matter(read_front_matter(lines[:start]))
    return Draft(tuple(_cells(lines, start)), _header("".join(lines[:start])), options)


def _header(front_matter: str) -> str:
    """What stands above a Python file: `header`, and marimo's `pyproject` as the script metadata that it is."""
    front = read_front_matter(split_lines(front_matter.removeprefix("\ufeff")))
    parts = [front["header"].value] if "header" in front else []
    if "pyproject" in front:
        rows = [f"# {row}".rstrip() for row in front["pyproject"].value.split("\n")]
        parts.append("\n".join(["# /// script", *rows, "# ///"]))
    return "\n".join(parts)


# -- markdown notebooks


def _read_notebook(notebook: Notebook) -> Draft:
    cells: list[DraftCell] = []
    notes: list[Note] = []
    setup = ""
    for number, cell in enumerate(notebook.cells, 1):
        if is_prose(cell):
            cells.append(DraftCell("markdown", cell.text.rstrip("\n"), number))
            continue
        code, said = import_quire(cell.code)
        notes += [Note(message, number) for message in said]
        if cell.type == "setup":
            setup = code
        elif cell.type == "stray":
            opening = opening_of(cell)
            cells.append(DraftCell("code", _sql(code, opening.attributes if opening else {}), number, cell.name))
        else:
            options = {key: value for key, value in cell.options.items() if key != "unparsable"}
            cells.append(DraftCell("code", code, number, cell.name, options))
    return Draft(
        tuple(cells), _header(notebook.header), notebook.options, notes=tuple(notes), setup=setup, reactive=True
    )


def _sql(code: str, attributes: Mapping[str, str]) -> str:
    """A fence of SQL is a call; its braces interpolate, as they do in the call."""
    engine = f", engine={attributes['engine']}" if attributes.get("engine") else ""
    output = ", output=False" if attributes.get("hide_output") == "true" or attributes.get("output") == "false" else ""
    query = attributes.get("query") or "_df"
    body = "\n".join(f"    {line}" if line else "" for line in code.split("\n"))
    return f'{query} = mo.sql(\n    f"""\n{body}\n    """{output}{engine}\n)'


# -- other markdown


def _cells(lines: list[str], start: int) -> Iterator[DraftCell]:
    """Fences of Python, and the prose between them, fences that are only shown included."""
    number = 0
    prose: list[str] = []
    for block in scan_blocks(lines, start):
        if block.fence is None or not _PYTHON.fullmatch(block.fence.info):
            prose += lines[block.start : block.end]
            continue
        for cell in _prose(prose, number + 1):
            number = cell.number
            yield cell
        number += 1
        rows = lines[block.start + 1 : block.end - 1 if block.is_closed else block.end]
        yield DraftCell("code", _content(rows, block.fence), number)
        prose = []
    yield from _prose(prose, number + 1)


def _content(rows: list[str], fence: Fence) -> str:
    """What stands in a fence. Quarto's `#| echo: false` and MyST's `:tags:` are for their own renderers."""
    source = "".join(without_indent(row, fence) for row in rows).removesuffix("\n")
    return re.sub(r"\A(?:(?:#\||:[\w-]+:).*\n)+", "", source)


def _prose(lines: list[str], number: int) -> Iterator[DraftCell]:
    parts = [""]
    for line in lines:
        if SEPARATOR.fullmatch(line):
            parts.append("")
        else:
            parts[-1] += line
    for place, part in enumerate(part.strip("\n") for part in parts if part.strip()):
        yield DraftCell("markdown", part, number + place)


# -- writing


def write_markdown_notebook(text: str) -> Converted:
    """A Quire notebook as a markdown notebook: cells in their own order, which need not be that of running.

    Raises:
        ConversionRefused: the text is no Quire notebook.
    """
    notebook = parse_notebook(text)
    if notebook.foreign:
        raise ConversionRefused(notebook.foreign)
    notes = tuple(
        Note("this stands between cells, where markdown has no place for code; it is a cell now", number)
        for number, cell in enumerate(notebook.cells, 1)
        if cell.type == "stray"
    )
    blank = new_notebook("markdown")
    cells = tuple(_written(blank, cell) for cell in notebook.cells)
    written = keep_blocks_apart(blank, replace(blank, cells=cells, gaps=("",) * len(cells)))
    plain = {key: value for key, value in notebook.options.items() if isinstance(value, str | bool | int)}
    written = edit_front_matter(written, {**plain, "header": header_of(notebook) or None})
    return Converted(write_notebook(written), notes)


def _written(blank: Notebook, cell: Cell) -> Cell:
    """The cell as it stands in markdown; prose is `qr`'s, whatever the notebook calls Quire."""
    options = {key: value for key, value in cell.options.items() if not isinstance(value, Source)}
    bare = Cell(cell.id, "setup" if cell.type == "setup" else "cell", "", "", cell.name, options)
    prose = read_prose(cell.code, OWN_NAMES)
    if prose is not None:
        made = write_markdown_cell(blank, bare, prose_code(prose))
        if is_prose(made):
            return made
    return write_markdown_cell(blank, bare, cell.code)
