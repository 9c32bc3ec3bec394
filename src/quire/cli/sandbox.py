"""`--sandbox`, the question that stands for it on a terminal, and `quire lock`."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import click

from quire.cli.failure import Failure, typed
from quire.cli.manner import agrees, has_terminal
from quire.errors import NotInstalled, QuireError


def wants_sandbox(file: Path, given: bool | None) -> bool:  # noqa: FBT001 - as the command line says it
    """Whether the cells of `file` run in the environment that its header asks for.

    What the command line says holds. Otherwise a notebook that names packages is asked about, once, on a terminal; without
    a terminal nothing of it is looked at. A header that cannot be read is told, and left aside: in the page it can be mended.

    Raises:
        Failure: it was wanted, and there is no uv.
    """
    wanted = given
    if wanted is None:
        try:
            wanted = has_terminal() and _names_packages(file) and _ask(file)
        except QuireError as error:
            click.echo(f"quire: the header of `{file}` is left aside, for it cannot be read: {error}\n", err=True)
            wanted = False
    if wanted:
        from quire.packages.uv import require_uv

        try:
            require_uv()
        except QuireError as error:
            raise Failure(f"`{file}` cannot have an environment of its own", str(error)) from None
    return wanted


def prepared_python(file: Path) -> Path:
    """The interpreter of the environment that the header of `file` asks for, which is made now if there is none yet. What
    the installer says goes to standard error.

    Raises:
        Failure: it cannot be made; nothing was left behind.
    """
    from quire.packages.environment import make_environment, python_in

    try:
        return python_in(asyncio.run(make_environment(_named_metadata(file), file.absolute(), _say)))
    except QuireError as error:
        raise _failed(f"the environment of `{file}` could not be made", error) from None


def lock_notebooks(files: tuple[Path, ...]) -> None:
    """Write the lock of each beside it."""
    from quire.notebook import carrier_of
    from quire.packages.environment import lock_notebook

    for file in files:
        if carrier_of(file) != "python":
            raise Failure(f"`{file}` is markdown, and uv locks Python files only", "keep the notebook as a `.py` file")
        if "dependencies" not in _named_metadata(file):
            raise Failure(
                f"the header of `{file}` names no packages, so there is nothing to lock",
                f"`quire edit --sandbox {typed(file)}` lets you add some",
            )
        try:
            lock = asyncio.run(lock_notebook(file.absolute(), _say))
        except QuireError as error:
            raise _failed(f"`{file}` could not be locked", error) from None
        click.echo(f"wrote {lock.name}")


def _failed(what: str, error: QuireError) -> Failure:
    """In one line. What the installer said of it, it has said already."""
    if isinstance(error, NotInstalled) and error.words:
        return Failure(f"{what}: {error.what}", "the lines above say why")
    return Failure(f"{what}: {error}")


def _names_packages(file: Path) -> bool:
    """Quick: most files have no such block."""
    try:
        if b"/// script" not in file.read_bytes():
            return False
    except OSError:
        return False
    from quire.packages.script import names_others

    return names_others(_metadata(file))


def _metadata(file: Path) -> Mapping[str, object]:
    from quire.cli.texts import read_text
    from quire.notebook import carrier_of, parse_notebook
    from quire.notebook.preamble import read_notebook_metadata

    return read_notebook_metadata(parse_notebook(read_text(file), carrier_of(file)))


def _named_metadata(file: Path) -> Mapping[str, object]:
    """Of a file that the command is about."""
    try:
        return _metadata(file)
    except QuireError as error:
        raise Failure(f"the header of `{file}` cannot be read: {error}") from None


def _ask(file: Path) -> bool:
    from quire.packages.consent import Consents, digest_of
    from quire.packages.script import asked_of
    from quire.packages.uv import MISSING, find_uv

    metadata = _metadata(file)
    digest, consents = digest_of(metadata), Consents()
    known = consents.answer(file, digest)
    if known is not None:
        return known
    if find_uv() is None:
        click.echo(
            f"`{file}` names its packages; to run in an environment of its own it needs uv: {MISSING}\n", err=True
        )
        return False
    asked = asked_of(metadata)
    click.echo(f"The header of `{file}` asks for", err=True)
    for line in asked.lines:
        click.echo(f"    {line}", err=True)
    yes = bool(agrees("Install them, and run it in an environment of its own?"))
    consents.remember(file, digest, yes=yes)
    return yes


def _say(line: str) -> None:
    click.echo(line, err=True)
