"""Finds the notebooks of a folder: bounded in number, depth and time, and reads no more than the beginning of a file."""

import os
import re
import time
from collections import deque
from pathlib import Path
from typing import Literal

import msgspec

from quire.notebook import NOTEBOOK_SUFFIXES, carrier_of, is_markdown_notebook
from quire.recognise import HEAD, begins_like_notebook
from quire.server.workspace import is_hidden

NOISE = frozenset(
    {"node_modules", "venv", "env", "site-packages", "dist", "build", "target", "vendor", "htmlcov", "__marimo__"}
)
"""Folders in which nobody keeps notebooks, and in which there are many files."""
JUPYTER = ".ipynb"
SUFFIXES = (*NOTEBOOK_SUFFIXES, JUPYTER)
_FOREIGN = re.compile(rb"^# Databricks notebook source|^#\s*%%|^app\s*=\s*(?:marimo|mo)\.App\(", re.MULTILINE)
"""What notebooks that are Python, and not ours, have in them."""
MOST_ENTRIES = 50_000
MOST_NOTEBOOKS = 2_000
DEEPEST = 12
LONGEST_SECONDS = 5.0


class Listing(msgspec.Struct, frozen=True):
    """`paths` below the folder, in the order of their names. `complete` is False when there may be more."""

    paths: tuple[Path, ...]
    foreign: tuple[Path, ...]
    """Notebooks of other formats."""
    complete: bool


def find_notebooks(folder: Path) -> Listing:
    """Every notebook below a folder, of other formats too, the nearest first found. Links are not followed into other folders."""
    deadline = time.monotonic() + LONGEST_SECONDS
    found: list[Path] = []
    foreign: list[Path] = []
    pending: deque[tuple[Path, int]] = deque([(folder, 0)])
    entries = 0
    while pending:
        inner, depth = pending.popleft()
        for entry in _entries(inner):
            entries += 1
            if entries > MOST_ENTRIES or len(found) + len(foreign) >= MOST_NOTEBOOKS or time.monotonic() > deadline:
                return Listing(_sorted(folder, found), _sorted(folder, foreign), complete=False)
            if is_hidden(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST and entry.name.casefold() not in NOISE and not _is_environment(entry.path):
                    pending.append((Path(entry.path), depth + 1))
            elif entry.name.endswith(SUFFIXES) and (kind := kind_of(entry.path)) != "file":
                (found if kind == "notebook" else foreign).append(Path(entry.path))
    return Listing(_sorted(folder, found), _sorted(folder, foreign), complete=True)


def kind_of(path: str | Path) -> Literal["notebook", "foreign", "file"]:
    """Whether a file begins like a notebook, ours or one of another format. Others are not read."""
    name = os.fspath(path)
    if not name.endswith(SUFFIXES):
        return "file"
    try:
        if not os.path.isfile(name):  # noqa: PTH113 - ten thousand of them
            return "file"
        if name.endswith(JUPYTER):
            return "foreign"
        with open(name, "rb") as file:  # noqa: PTH123 - the same
            head = file.read(HEAD)
    except OSError:
        return "file"
    if carrier_of(name) == "markdown":
        is_ours = (b"quire" in head or b"marimo" in head) and is_markdown_notebook(
            head.decode("utf-8", errors="replace")
        )
        return "notebook" if is_ours else "file"
    if begins_like_notebook(head):
        return "notebook"
    return "foreign" if _FOREIGN.search(head) else "file"


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda entry: entry.name)
    except OSError:
        return []


def _is_environment(folder: str) -> bool:
    return os.path.exists(os.path.join(folder, "pyvenv.cfg"))  # noqa: PTH110, PTH118 - the same


def _sorted(folder: Path, found: list[Path]) -> tuple[Path, ...]:
    inner = (path.relative_to(folder) for path in found)
    return tuple(sorted(inner, key=lambda path: (len(path.parts) > 1, path.as_posix().casefold())))
