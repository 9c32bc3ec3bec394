"""Notebooks of other formats in the folder: what they are, and their conversion beside the original. Blocks.

Nothing is ever written over, and nothing of what is converted is run.
"""

from pathlib import PurePosixPath

import msgspec

from quire.errors import ConversionRefused
from quire.server import files
from quire.server.workspace import Workspace, WorkspacePath


class Offer(msgspec.Struct, frozen=True):
    """What a file is, and where its conversion would go."""

    what: str
    """In words: `a Jupyter notebook`."""
    to: str
    taken: str
    """The name that it would have had, when something has it already; else empty."""


class Conversion(msgspec.Struct, frozen=True):
    """The notebook that was made, and what its reader should know, in sentences."""

    entry: files.Entry
    notes: list[str]


def offer_conversion(workspace: Workspace, path: WorkspacePath) -> Offer:
    """What can be offered for a file.

    Raises:
        ConversionRefused: it is no notebook of another format; the message says what it is.
        OSError: it cannot be read.
    """
    from quire.convert import FORMATS, names_beside, recognise  # noqa: PLC0415 - 40 ms that a server must not pay

    name = recognise(_text_of(path), PurePosixPath(path.name))
    if name == "quire":
        raise ConversionRefused("this is a Quire notebook already")
    names = names_beside(PurePosixPath(path.shown))
    best = next(names)
    to = best
    while workspace.path(str(to)).real.exists():
        to = next(names)
    return Offer(FORMATS[name].what, str(to), best.name if to != best else "")


def convert_beside(workspace: Workspace, path: WorkspacePath, to: WorkspacePath) -> Conversion:
    """Convert the file into `to`, in the same folder.

    Raises:
        ConversionRefused: it cannot be converted; the message says why.
        NotInWorkspace: what belongs to it would not be in the folder.
        FileExistsError: something has one of the names already; nothing was written.
        OSError: it cannot be read or written.
    """
    from quire.convert import convert_text  # noqa: PLC0415 - as above

    if path.parts[:-1] != to.parts[:-1]:
        raise ConversionRefused("a notebook is converted beside its original")
    done = convert_text(_text_of(path), path=PurePosixPath(path.name))
    folder = PurePosixPath(*path.parts[:-1])
    places = [(workspace.path(str(folder / name)), content) for name, content in done.files.items()]
    missing = [(place, content) for place, content in places if not _holds(place, content)]
    for place in (to, *(place for place, _ in missing)):
        if place.real.exists():
            raise FileExistsError(17, "something has this name already", place.shown)
    for place, content in missing:
        _make_folder(workspace, place)
        files.write_new(place, content)
    files.write_new(to, done.text.encode())
    return Conversion(files.describe(to), [str(note) for note in done.notes])


def _text_of(path: WorkspacePath) -> str:
    if path.real.stat().st_size > files.LARGEST_UPLOAD:
        raise ConversionRefused(f"`{path.name}` is larger than {files.LARGEST_UPLOAD >> 20} MiB; use `quire convert`")
    try:
        return files.read(path).decode("utf-8")
    except UnicodeDecodeError:
        raise ConversionRefused(f"`{path.name}` is not UTF-8 text") from None


def _holds(place: WorkspacePath, content: bytes) -> bool:
    return place.real.is_file() and place.real.stat().st_size == len(content) and files.read(place) == content


def _make_folder(workspace: Workspace, place: WorkspacePath) -> None:
    parent = workspace.path("/".join(place.parts[:-1]))
    if not parent.real.is_dir():
        files.create(parent, "folder")
