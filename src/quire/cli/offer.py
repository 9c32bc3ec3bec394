"""What `quire edit` offers for a notebook of another format: to convert it beside the original."""

from pathlib import Path

from quire.cli.convert import say, write_converted
from quire.cli.failure import Failure, typed
from quire.cli.manner import agrees
from quire.convert import FORMATS, convert_text, names_beside, recognise
from quire.errors import QuireError


def offer_conversion(path: Path) -> Path:
    """The notebook to open instead: made now, on a terminal where somebody says yes. Any other file is returned as it is.

    Raises:
        Failure: nobody can be asked, or the answer is no; it names the command that converts.
    """
    try:
        text = path.read_bytes().decode("utf-8")
        name = recognise(text, path)
    except (OSError, UnicodeDecodeError, QuireError):
        return path
    if name == "quire":
        return path
    beside = next(name for name in names_beside(path) if not name.exists())
    what = f"`{path}` is {FORMATS[name].what}, not a Quire notebook"
    command = f"quire convert {typed(path)} -o {typed(beside)}"
    answer = agrees(f"{what}. Convert it to `{beside}` and open that?")
    if answer is None:
        raise Failure(what, f"convert it first: {command}")
    if not answer:
        raise Failure(what, f"it is as it was; the command that converts it is: {command}")
    try:
        done = convert_text(text, path=path, source=name)
    except QuireError as error:
        raise Failure(f"`{path}` cannot be converted: {error}") from None
    write_converted(beside, done, force=False)
    for note in done.notes:
        say("", note)
    return beside
