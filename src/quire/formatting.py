"""Cells as the formatter `ruff` leaves them, made from the whole file as it sees it: what is formatted here stays as it is
when another tool formats the file. `ruff` is a program of its own: what calls it blocks, and belongs on a thread.
"""

import os
import shutil
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from quire.errors import EditRefused
from quire.ids import CellId
from quire.notebook import Cell, Notebook, SetCode, apply_edit, carrier_of, new_notebook, parse_notebook, write_notebook
from quire.notebook.cells import text_of_cell
from quire.notebook.markdown import is_prose
from quire.notebook.pieces import parse_tree
from quire.notebook.write import write_unparsable

LONGEST_SECONDS = 30


def format_text(text: str, path: Path) -> str:
    """The text of a Python file, formatted by the settings that hold for `path`.

    Raises:
        EditRefused: ruff is not there, or refuses; the message says why.
    """
    if carrier_of(path) == "markdown":
        path = path.with_suffix(".py")  # the settings of its folder; the text is Python
    found = shutil.which("ruff", path=os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")]))
    if found is None:
        raise EditRefused("code is formatted by `ruff`, which is not installed: pip install 'quire[lsp]'")
    command = [found, "format", "--no-cache", "--force-exclude", "--stdin-filename", str(path), "-"]
    try:
        done = subprocess.run(  # noqa: S603 - the program found, on text that it only reads
            command, input=text.encode(), capture_output=True, check=False, timeout=LONGEST_SECONDS, cwd=path.parent
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EditRefused(f"`ruff` could not format the notebook: {error}") from None
    if done.returncode != 0:
        raise EditRefused(f"`ruff` could not format the notebook: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()


def text_to_format(notebook: Notebook) -> str:
    """The file as the formatter reads it: as it is, or the cells of a markdown file as those of a Python file."""
    if notebook.carrier == "python":
        return write_notebook(notebook)
    blank = new_notebook()
    cells = tuple(_python_cell(blank, cell) for cell in notebook.cells)
    return write_notebook(replace(blank, cells=cells, gaps=("\n\n",) * len(cells)))


def _python_cell(blank: Notebook, cell: Cell) -> Cell:
    """The cell as a function; what has nothing to format as a string."""
    if is_prose(cell) or cell.type == "stray":
        return replace(cell, text=write_unparsable(cell.code, "_", {}, "\n"))
    return text_of_cell(blank, Cell(cell.id, "cell", "", ""), cell.code, reuse=False)


def formatted_codes(order: Sequence[CellId], text: str) -> Mapping[CellId, str]:
    """The code of each cell in a formatted file; `order` are the cells' ids. Cells that are not Python are left out.

    Raises:
        EditRefused: the file does not hold as many cells any more.
    """
    cells = parse_notebook(text).cells
    if len(cells) != len(order):
        raise EditRefused("the formatter has made other cells out of the file; nothing was changed")
    return {
        cell: formatted.code
        for cell, formatted in zip(order, cells, strict=True)
        if formatted.type not in {"unparsable", "stray"}
    }


def format_notebook(notebook: Notebook, path: Path) -> tuple[Notebook, tuple[Cell, ...]]:
    """The notebook with every cell formatted by the settings that hold for `path`, and the cells that are not Python.

    Nothing but the code of cells changes, and what follows from it.

    Raises:
        EditRefused: ruff is not there, or refuses; the message says why.
    """
    order = [cell.id for cell in notebook.cells]
    codes = formatted_codes(order, format_text(_readable_text(notebook), path))
    formatted = notebook
    for cell, code in codes.items():
        formatted = apply_edit(formatted, SetCode(cell, code))
    return formatted, tuple(cell for cell in notebook.cells if cell.damaged or cell.type == "unparsable")


def _readable_text(notebook: Notebook) -> str:
    """The file with every part that is not Python as a string: one broken part costs no other."""
    if notebook.carrier == "markdown":
        return text_to_format(notebook)
    cells = tuple(
        replace(cell, text=write_unparsable(cell.code, "_", {}, notebook.newline)) if cell.damaged else cell
        for cell in notebook.cells
    )
    header = (
        notebook.header if parse_tree(notebook.header.removeprefix("\ufeff")) else "import quire\napp = quire.App()\n"
    )
    footer = notebook.footer if parse_tree(notebook.footer) else ""
    return write_notebook(replace(notebook, header=header, cells=cells, footer=footer))
