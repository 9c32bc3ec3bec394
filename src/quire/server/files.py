"""The files of a workspace: list, create, rename, delete. Everything here blocks, and belongs on a thread.

Paths are `WorkspacePath`s: nothing hidden, nothing outside. Nothing is ever written over.
"""

import contextlib
import os
import shutil
import stat
from pathlib import Path
from typing import Literal

import msgspec

from quire.errors import NotInWorkspace
from quire.notebook import write_notebook
from quire.server.listing import kind_of
from quire.server.workspace import Workspace, WorkspacePath
from quire.session.sandbox import begin_notebook

Kind = Literal["notebook", "file", "folder"]
"""What can be made."""
EntryKind = Literal["notebook", "foreign", "file", "folder"]
"""What can be there: a `foreign` one is a notebook of another format."""

LARGEST_UPLOAD = 100 * 1024 * 1024
"""Bytes."""
MOST_ENTRIES = 5_000
"""In one folder; what comes after them is not listed."""


class Entry(msgspec.Struct, frozen=True, rename="camel"):
    """One thing in a folder."""

    path: str
    name: str
    kind: EntryKind
    size: int = 0
    modified: float = 0.0
    """Seconds since the epoch."""


def list_folder(workspace: Workspace, folder: WorkspacePath) -> list[Entry]:
    """What is in a folder, folders first. Hidden things and links that lead out are not there."""
    found: list[Entry] = []
    with os.scandir(folder.real) as entries:
        for entry in entries:
            if len(found) >= MOST_ENTRIES:
                break
            with contextlib.suppress(NotInWorkspace, OSError):
                path = workspace.path(f"{folder.shown}/{entry.name}" if folder.parts else entry.name)
                found.append(describe(path))
    return sorted(found, key=lambda entry: (entry.kind != "folder", entry.name.casefold()))


def describe(path: WorkspacePath) -> Entry:
    """One thing. Raises `OSError` when it is not there."""
    status = path.real.stat()
    kind: EntryKind = "folder" if stat.S_ISDIR(status.st_mode) else kind_of(path.real)
    return Entry(path.shown, path.name, kind, status.st_size if kind != "folder" else 0, status.st_mtime)


def create(path: WorkspacePath, kind: Kind) -> Entry:
    """Make something new. Raises `FileExistsError` when something is there, and `OSError`."""
    if kind == "folder":
        with path.parent() as parent:
            os.mkdir(path.real if parent is None else path.real.name, dir_fd=parent)
    else:
        text = write_notebook(begin_notebook(path.real)) if kind == "notebook" else ""
        write_new(path, text.encode())
    return describe(path)


def write_new(path: WorkspacePath, data: bytes) -> None:
    """Write a file that was not there."""
    with os.fdopen(path.open(os.O_WRONLY | os.O_CREAT | os.O_EXCL), "wb") as file:
        file.write(data)


def replace(path: WorkspacePath, data: bytes) -> None:
    """Write a file in place of the one that is there: somebody was asked."""
    with os.fdopen(path.open(os.O_WRONLY | os.O_CREAT | os.O_TRUNC), "wb") as file:
        file.write(data)


def rename(path: WorkspacePath, to: WorkspacePath) -> Entry:
    """Give it another name, or another folder. Raises `FileExistsError` when something is there, and `OSError`."""
    source = _own_place(path)
    if os.path.lexists(to.real):
        raise FileExistsError(17, "something has this name already", to.shown)
    with path.parent() as before, to.parent() as after:
        if before is None or after is None:
            source.rename(to.real)
        else:
            os.rename(source.name, to.real.name, src_dir_fd=before, dst_dir_fd=after)
    return describe(to)


def delete(path: WorkspacePath) -> None:
    """Remove it; of a link, the link. Raises `OSError`."""
    place = _own_place(path)
    if place.is_dir() and not place.is_symlink():
        shutil.rmtree(place)
    else:
        place.unlink()


def read(path: WorkspacePath) -> bytes:
    """An ordinary file's bytes. Raises `OSError`."""
    with os.fdopen(path.open(os.O_RDONLY | getattr(os, "O_NONBLOCK", 0)), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise IsADirectoryError(21, "it is not an ordinary file", path.shown)
        return file.read()


def _own_place(path: WorkspacePath) -> Path:
    """Where the thing itself is: a link is renamed or deleted, not what it leads to. Never the root."""
    if not path.parts:
        raise PermissionError(1, "this is the folder that is served")
    place = path.root.joinpath(*path.parts)
    if not place.is_symlink():
        return path.real
    return Path(os.path.realpath(place.parent)) / place.name
