"""Fixes as edits: each rewrites its own cell's lines, or appends what the file lacks."""

from dataclasses import replace

from quire.check.model import AddGuard, AddVersion, Fix, Rewrite
from quire.errors import EditRefused
from quire.notebook import Notebook, apply_edit
from quire.notebook.cells import text_of_cell
from quire.notebook.lines import split_lines
from quire.version import __version__


def apply_fix(notebook: Notebook, fix: Fix) -> Notebook:
    """The notebook after every step of the fix. Raises what `apply_edit` raises."""
    for step in fix.steps:
        match step:
            case Rewrite():
                notebook = _rewrite(notebook, step)
            case AddGuard():
                notebook = _add_guard(notebook)
            case AddVersion():
                notebook = _add_version(notebook)
            case _:
                notebook = apply_edit(notebook, step)
    return notebook


def _rewrite(notebook: Notebook, step: Rewrite) -> Notebook:
    cell = notebook.cell(step.cell)
    # As if the code were new: what was written for other names is written again.
    made = text_of_cell(notebook, replace(cell, code="", type="cell"), cell.code, reuse=False)
    if made.type == "unparsable":
        raise EditRefused("no function can hold this code")
    return notebook.with_cell(made)


def _add_guard(notebook: Notebook) -> Notebook:
    newline = notebook.newline
    above = notebook.cells[-1].text if notebook.cells else notebook.header
    start = notebook.footer
    ended = start or above
    gap = newline * 2 if ended.endswith(("\n", "\r")) else newline * 3
    guard = f'if __name__ == "__main__":{newline}    app.run(){newline}'
    if start and not start.strip():
        return replace(notebook, footer=newline * 2 + guard)
    return replace(notebook, footer=start + gap + guard)


def _add_version(notebook: Notebook) -> Notebook:
    rows = split_lines(notebook.header)
    at = next((number for number, row in enumerate(rows) if row.startswith("app")), None)
    if at is None:
        raise EditRefused("the line of `app` was not understood")
    line = f'__generated_with = "{__version__}"{notebook.newline}'
    return replace(notebook, header="".join([*rows[:at], line, *rows[at:]]))
