"""`quire convert`: a notebook of another format as a Quire notebook, and the other way round. Never overwrites unasked."""

import os
from pathlib import Path, PurePath

import click

from quire.cli.failure import Failure
from quire.cli.texts import read_text
from quire.convert import FORMATS, Converted, Note, convert_text, recognise
from quire.errors import QuireError

_SKIPPED = frozenset(
    {".git", ".venv", "venv", "node_modules", "__pycache__", "__quire__", "__marimo__", ".ipynb_checkpoints"}
)


def convert(source: str, output: Path | None, *, origin: str, target: str, force: bool) -> None:
    """One file, standard input, or everything in a folder."""
    if source != "-" and Path(source).is_dir():
        _convert_folder(Path(source), output, target=target, force=force)
        return
    path = None if source == "-" else Path(source)
    text = read_text(path or Path("-"))
    name = path or (Path(output.stem) if output is not None else None)
    try:
        done = convert_text(text, path=name, source=origin, target=target or _target_of(output))
    except QuireError as error:
        raise Failure(f"`{source}` cannot be converted: {error}") from None
    if output is None:
        click.echo(done.text, nl=False)
        if done.files:
            say("", Note(f"{len(done.files)} files belong to it; give -o FILE to have them written beside it"))
    else:
        write_converted(output, done, force=force)
    for note in done.notes:
        say("", note)


def _target_of(output: Path | None) -> str:
    """The format that the name of the result asks for; a Quire notebook for `.py`."""
    suffix = output.suffix.lower() if output is not None else ""
    return next((name for name, known in FORMATS.items() if known.suffix == suffix != ".py"), "")


def write_converted(path: Path, done: Converted, *, force: bool) -> None:
    """The notebook and its files: all of them, or none where one exists."""
    places = {path: done.text.encode("utf-8")}
    places.update({path.parent / name: content for name, content in done.files.items()})
    taken = [place for place, content in places.items() if place.exists() and not _holds(place, content)]
    if taken and not force:
        raise Failure(
            f"`{taken[0]}` exists already; nothing was written",
            "overwrite it with --force, or give another name with -o",
        )
    for place, content in places.items():
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        except OSError as error:
            raise Failure(f"cannot write `{place}`: {error.strerror or error}") from None


def _holds(path: Path, content: bytes) -> bool:
    return path.is_file() and path.stat().st_size == len(content) and path.read_bytes() == content


def say(where: str, note: Note) -> None:
    click.echo(f"{where}: {note}" if where else str(note), err=True)


# -- folders


def _convert_folder(folder: Path, output: Path | None, *, target: str, force: bool) -> None:
    """Every notebook below the folder; one that fails costs no other. Without `-o`, results stand beside their sources."""
    converted = failed = 0
    for path in _files(folder):
        shown = path.relative_to(folder)
        try:
            result = _convert_one(path, (output or folder) / shown, target=target, force=force)
        except click.ClickException as error:
            failed += 1
            click.echo(f"{shown}: {error.message}", err=True)
            continue
        if result is not None:
            converted += 1
            place, notes = result
            click.echo(f"{shown} → {place}")
            for note in notes:
                say(f"  {shown}", note)
    click.echo(f"{converted} converted, {failed} failed", err=True)
    if failed:
        raise SystemExit(1)


def _files(folder: Path) -> list[Path]:
    found: list[Path] = []
    suffixes = {known.suffix for known in FORMATS.values()} | {".py"}
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _SKIPPED and not name.startswith("."))
        found += [Path(place, name) for name in sorted(names) if PurePath(name).suffix.lower() in suffixes]
    return found


def _convert_one(path: Path, wanted: Path, *, target: str, force: bool) -> tuple[Path, tuple[Note, ...]] | None:
    """Where the result stands, and the notes; None for a file that is not meant."""
    text = read_text(path or Path("-"))
    try:
        origin = recognise(text, path)
    except QuireError:
        return None
    if (origin == "quire") != (target not in {"", "quire"}) or origin in _NEVER_IN_FOLDERS:
        return None
    place = wanted.with_suffix(FORMATS[target].suffix if target in FORMATS else ".py")
    if place == path:
        place = path.with_name(f"{path.stem}_quire{place.suffix}")
    try:
        done = convert_text(text, path=path, source=origin, target=target)
    except QuireError as error:
        raise Failure(str(error)) from None
    write_converted(place, done, force=force)
    return place, done.notes


_NEVER_IN_FOLDERS = frozenset({"script", "markdown"})
"""Any Python file is a script, and any text is markdown: they are converted when somebody names them."""
