"""Reading what a command was given: files, standard input, folders of notebooks."""

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from quire.cli.failure import Failure, unread
from quire.notebook import NOTEBOOK_SUFFIXES, Notebook, carrier_of, parse_notebook

SKIPPED = frozenset({"__pycache__", "__quire__", "node_modules", "site-packages", "venv", "env", "build", "dist"})


def read_text(path: Path) -> str:
    """The text of a file, line endings as they are; `-` is standard input."""
    try:
        data = path.read_bytes() if str(path) != "-" else sys.stdin.buffer.read() if sys.stdin is not None else b""
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Failure(f"`{path}` is not UTF-8 text") from None
    except OSError as error:
        raise unread(path, error) from None


def write_text(path: Path, text: str, known: str) -> None:
    """Replace the file as a whole, unless somebody else has changed it since it was read as `known`."""
    from quire.session.disk import write_file

    try:
        found = write_file(path, text.encode(), known.encode())
    except OSError as error:
        raise Failure(f"cannot write `{path}`: {error.strerror or error}") from None
    if found is not None:
        raise Failure(f"`{path}` was changed by another program in the meantime; nothing was written")


def open_text(text: str, path: Path) -> Notebook:
    """The notebook in a file that somebody named, which therefore must be one."""
    notebook = parse_notebook(text, carrier_of(path))
    if notebook.foreign:
        raise Failure(f"`{path}` cannot be opened: {notebook.foreign}")
    return notebook


def find_files(paths: Sequence[Path]) -> Iterator[tuple[Path, bool]]:
    """The files that are meant, and whether each was named itself; folders are walked, hidden and built ones are not."""
    for path in paths:
        if path.is_dir():
            yield from ((found, False) for found in _walk(path))
        else:
            yield path, True


def _walk(folder: Path) -> Iterator[Path]:
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not is_skipped(Path(where) / name))
        yield from (
            Path(where) / name
            for name in sorted(files)
            if name.endswith(NOTEBOOK_SUFFIXES) and not name.startswith(".") and not _is_device(Path(where) / name)
        )


def _is_device(file: Path) -> bool:
    """True for pipes and the like, which one would wait for; what is a file, or a link that leads nowhere, is read."""
    return file.exists() and not file.is_file()


def is_skipped(folder: Path) -> bool:
    """True for folders that hold no notebooks of one's own: hidden, built or installed."""
    return folder.name.startswith(".") or folder.name in SKIPPED or (folder / "pyvenv.cfg").exists()


def read_notebook_text(path: Path) -> str | None:
    """The text of a file that was met in a folder; None when it is no notebook. Most are ruled out by a search."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise unread(path, error) from None
    carrier = carrier_of(path)
    is_near = b"quire" in data and (carrier == "markdown" or b"App(" in data)
    if not is_near and not (carrier == "markdown" and b"marimo" in data):
        return None
    text = data.decode("utf-8", errors="replace")
    return None if parse_notebook(text, carrier).foreign else read_text(path)
