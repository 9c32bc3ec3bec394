"""Open one notebook: `quire edit`, `quire new`, and what `quire tutorial` ends in."""

import logging
import secrets
import socket
import threading
from dataclasses import dataclass
from pathlib import Path

import click

from quire.cli.failure import Failure
from quire.errors import NotANotebook
from quire.server.address import Address, bind_socket, clean_base, is_loopback

TOKEN_BYTES = 24
TICKET_BYTES = 16


@dataclass(frozen=True)
class ServerOptions:
    """As given on the command line."""

    host: str
    port: int
    headless: bool
    token: str | None
    no_token: bool
    base_url: str


def edit_file(file: Path, arguments: tuple[str, ...], options: ServerOptions) -> None:
    """Open a notebook that exists, or begin one of this name."""
    if file.is_dir():
        raise Failure(f"`{file}` is a directory", f"open one notebook in it: quire edit {file / 'NAME.py'}")
    if not file.exists():
        _require_place(file)
    serve_file(file, options, arguments)


def edit_new(file: Path | None, options: ServerOptions) -> None:
    """Begin a notebook; nothing is written before the first edit."""
    if file is None:
        file = free_path(Path("untitled.py"))
    if file.exists():
        raise Failure(f"`{file}` exists already", f"open it: quire edit {file}")
    _require_place(file)
    serve_file(file, options)


def free_path(wanted: Path) -> Path:
    """`wanted`, or the first of `wanted_2`, `wanted_3`, … that does not exist."""
    found, number = wanted, 1
    while found.exists() or found.is_symlink():
        number += 1
        found = wanted.with_name(f"{wanted.stem}_{number}{wanted.suffix}")
    return found


def serve_file(
    file: Path, options: ServerOptions, arguments: tuple[str, ...] = (), template: Path | None = None
) -> None:
    """Serve until interrupted. `template`: what a file that does not exist begins with."""
    listening, address, token = _listen(options)
    with listening:
        # From here on a browser may come: its connection waits.
        from quire.server.serve import Signals, serve_notebooks
        from quire.server.workspace import open_workspace
        from quire.session.session import open_notebook
        from quire.session.state import Place

        place = Place(str(file.absolute()), str(file), str(Path.cwd()), arguments)
        try:
            state = open_notebook(place, template)
        except NotANotebook as error:
            raise Failure(f"`{file}` cannot be opened: {error}", "a new one is made by: quire new NAME.py") from None
        except OSError as error:
            raise Failure(f"cannot read `{file}`: {error.strerror or error}") from None
        signals = Signals()
        logging.basicConfig(format="quire: %(message)s", level=logging.WARNING)
        click.echo(f"`{file}` is open at\n\n    {address.url(token)}\n\nctrl-c stops it; edits are saved by themselves")
        ticket = ""
        if not options.headless:
            ticket = secrets.token_urlsafe(TICKET_BYTES) if token else ""
            threading.Thread(target=_open_browser, args=(address.url(ticket),), daemon=True).start()
        serve_notebooks(
            open_workspace(file.absolute().parent), state, listening, address, signals, token=token, ticket=ticket
        )


def _listen(options: ServerOptions) -> tuple[socket.socket, Address, str | None]:
    if options.no_token and options.token is not None:
        raise Failure("`--token` and `--no-token` contradict each other", "leave one of them out")
    if options.token == "":
        raise Failure("an empty token would let everybody in", "leave `--token` out to get a random one")
    if options.no_token and not is_loopback(options.host):
        raise Failure(
            f"without a token, everybody who can reach `{options.host}` could run code on this machine",
            "leave `--no-token` out, or listen on 127.0.0.1",
        )
    try:
        base = clean_base(options.base_url)
        listening = bind_socket(options.host, options.port)
    except ValueError as error:
        raise Failure(str(error)) from None
    except OSError as error:
        raise Failure(f"cannot listen on `{options.host}`, port {options.port}: {error.strerror or error}") from None
    port = listening.getsockname()[1]
    if options.port not in {0, port}:
        click.echo(f"port {options.port} is in use; this is on port {port}")
    token = None if options.no_token else options.token or secrets.token_urlsafe(TOKEN_BYTES)
    return listening, Address(options.host, port, base), token


def _require_place(file: Path) -> None:
    """A notebook that does not exist yet needs a directory to be created in."""
    directory = file.absolute().parent
    if not directory.is_dir():
        raise Failure(f"there is no directory `{directory}` for `{file.name}`", f"make it first: mkdir -p {directory}")


def _open_browser(url: str) -> None:
    # Where there is none, the address in the terminal serves.
    import webbrowser

    webbrowser.open(url)
