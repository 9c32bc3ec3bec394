"""How a command says that it cannot: one line, a hint, exit status 2, no traceback."""

import shlex
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import IO, Any

import click

from quire.cli.exits import REFUSED

RANDOM = "\0"
"""What `--token` is without a value: nobody can type it."""


PATH = click.Path(path_type=Path, readable=False)
"""Whether it can be read, the command finds out, and says why not."""


class Failure(click.ClickException):
    """`hint` says what to do."""

    exit_code = REFUSED

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint

    def show(self, file: IO[Any] | None = None) -> None:
        click.echo(f"quire: {self.message}", file=file, err=file is None)
        if self.hint:
            click.echo(f"       {self.hint}", file=file, err=file is None)


def typed(path: Path) -> str:
    """A path as one types it in a shell: for the commands that hints name."""
    return shlex.quote(str(path))


def unread(path: Path, error: OSError) -> Failure:
    """That a file cannot be read, and which one may have been meant."""
    meant = None
    if isinstance(error, FileNotFoundError):
        from difflib import get_close_matches

        with suppress(OSError):
            near = {other.name: other for other in path.absolute().parent.iterdir()}
            meant = next(iter(get_close_matches(path.name, near, 1, cutoff=0.75)), None)
    hint = f"is `{path.with_name(meant)}` meant?" if meant else ""
    return Failure(f"cannot read `{path}`: {error.strerror or error}", hint)


class Handover(BaseException):
    """The command is over, and `run` is what comes instead, outside of everything that commands have around them."""

    def __init__(self, run: Callable[[], None]) -> None:
        super().__init__()
        self.run = run


@cache
def tell_complaint(complaint: str) -> None:
    """What is wrong with the settings, once each: several notebooks share files of settings."""
    click.echo(f"quire: {complaint}", err=True)
