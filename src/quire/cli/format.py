"""`quire format`: the cells of notebooks, formatted by ruff as the editor does it."""

import difflib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import click

from quire.cli.failure import Failure
from quire.cli.texts import find_files, open_text, read_notebook_text, read_text, write_text
from quire.errors import EditRefused
from quire.formatting import format_notebook
from quire.notebook import write_notebook
from quire.notebook.lines import split_lines

CHANGED = 1
AT_ONCE = 4
"""Most of the time is ruff's, which runs beside us."""


@dataclass(frozen=True, slots=True)
class Formatted:
    """What came of one file."""

    path: Path
    before: str
    after: str
    left: tuple[int, ...] = ()
    """Lines of the cells that Python cannot read, and that were therefore left as they are."""
    error: str = ""


def format_paths(paths: Sequence[Path], stdin_name: Path | None, *, only_check: bool, only_diff: bool) -> int:
    """The exit status, as ruff's: 0, or 1 when --check or --diff would change something, 2 when something failed."""
    if [str(path) for path in paths] == ["-"]:
        done = [_format(read_text(Path("-")), stdin_name or Path("notebook.py"))]
        if not (only_check or only_diff or done[0].error):
            click.echo(done[0].after, nl=False)
            _tell_left(done)
            return 0
    else:
        with ThreadPoolExecutor(AT_ONCE) as pool:
            done = [one for one in pool.map(_format_file, find_files(paths or [Path()])) if one is not None]
        if not (only_check or only_diff):
            done = [_write(one) for one in done]
    changed = [one for one in done if one.before != one.after]
    for one in changed:
        if only_diff:
            click.echo("".join(_diff(one)), nl=False)
        else:
            click.echo(f"{'would change' if only_check else 'formatted'} {one.path}", err=str(one.path) == "-")
    _tell_left(done)
    for one in done:
        if one.error:
            click.echo(f"quire: {one.error}", err=True)
    kept = len(done) - len(changed) - sum(bool(one.error) for one in done)
    word = "would change" if only_check or only_diff else "formatted"
    click.echo(f"{len(changed)} {word}, {kept} left unchanged", err=only_diff)
    if any(one.error for one in done):
        return Failure.exit_code
    return CHANGED if changed and (only_check or only_diff) else 0


def _format_file(file: tuple[Path, bool]) -> Formatted | None:
    """None for a file in a folder that is not a notebook."""
    path, is_named = file
    try:
        text = read_text(path) if is_named else read_notebook_text(path)
        return None if text is None else _format(text, path)
    except Failure as failure:
        return Formatted(path, "", "", error=failure.message)


def _format(text: str, path: Path) -> Formatted:
    notebook = open_text(text, path)
    try:
        formatted, broken = format_notebook(notebook, path.absolute())
    except EditRefused as error:
        return Formatted(path, text, text, error=f"`{path}`: {error}")
    lines = tuple(notebook.line_of(cell.id) for cell in broken)
    return Formatted(path, text, write_notebook(formatted), lines)


def _write(one: Formatted) -> Formatted:
    if one.before == one.after:
        return one
    try:
        write_text(one.path, one.after, one.before)
    except Failure as failure:
        return Formatted(one.path, "", "", error=failure.message)
    return one


def _tell_left(done: Sequence[Formatted]) -> None:
    for one in done:
        for line in one.left:
            click.echo(f"{one.path}:{line}: Python cannot read this cell; it was left as it is", err=True)


def _diff(one: Formatted) -> Iterator[str]:
    rows = difflib.unified_diff(split_lines(one.before), split_lines(one.after), str(one.path), str(one.path))
    for row in rows:
        yield row if row.endswith(("\n", "\r")) else f"{row}\n\\ No newline at end of file\n"
