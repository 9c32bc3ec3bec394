"""What every command that serves has in common: options, a bound socket, the address in the terminal, a browser."""

import logging
import os
import secrets
import socket
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quire.cli.failure import RANDOM, Failure, tell_complaint
from quire.cli.manner import announce_line
from quire.config import read_config
from quire.server.address import Address, bind_socket, clean_base, clean_proxy, is_loopback

TOKEN_BYTES = 24
TICKET_BYTES = 16

CONFIGURED = ("host", "port", "headless")
"""Options that are settings too."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.server.serve import Entrance


@dataclass(frozen=True)
class ServerOptions:
    """As given on the command line, or else configured."""

    host: str
    port: int
    headless: bool
    token: str | None
    no_token: bool
    base_url: str
    sandbox: bool | None = None
    """Whether notebooks run in environments of their own; None: nobody has said."""
    timeout: float | None = None
    """Minutes without anybody after which an editor ends by itself."""
    session_ttl: float | None = None
    """Seconds without anybody after which one notebook of an editor does."""
    proxy: str = ""
    """The address under which something in front passes it on."""

    @property
    def is_private(self) -> bool:
        """True when nobody but this machine can reach it."""
        return is_loopback(self.host) and not self.proxy


def choose_options(given: Mapping[str, Any]) -> ServerOptions:
    """What the command line says; where that is None, what the settings say. No project has a say in it."""
    flags = {f"server.{key}": given[key] for key in CONFIGURED if given[key] is not None}
    found = read_config(None, flags=flags)
    for complaint in found.complaints:
        tell_complaint(complaint)
    configured: dict[str, Any] = {key: getattr(found.config.server, key) for key in CONFIGURED}
    given = dict(given)
    if (file := given.pop("token_password_file")) is not None:
        if given["token"] is not None or given["no_token"]:
            raise Failure("`--token-password-file` says what the token is, and so does another option", "leave one out")
        from quire.cli.texts import read_text

        given["token"] = read_text(file).strip("\r\n")
    return ServerOptions(**{**given, **configured})


def listen(options: ServerOptions) -> tuple[socket.socket, Address]:
    """A bound socket: from here on a browser may come, its connection waits."""
    try:
        base = clean_base(options.base_url)
        proxy = clean_proxy(options.proxy) if options.proxy else ""
        listening = bind_socket(options.host, options.port)
    except ValueError as error:
        raise Failure(str(error)) from None
    except OSError as error:
        raise Failure(f"cannot listen on `{options.host}`, port {options.port}: {error.strerror or error}") from None
    port = listening.getsockname()[1]
    if options.port not in {0, port}:
        announce_line(f"port {options.port} is in use; this is on port {port}")
    return listening, Address(options.host, port, base, proxy)


def editors_token(options: ServerOptions) -> str | None:
    """Who may run code needs a token, unless the user says otherwise and nobody else can reach the address."""
    _check_token(options)
    if options.no_token and not options.is_private:
        raise Failure(
            f"without a token, everybody who can reach `{options.proxy or options.host}` could run code on this machine",
            "leave `--no-token` out, or listen on 127.0.0.1 with no proxy",
        )
    return None if options.no_token else _chosen(options.token) or secrets.token_urlsafe(TOKEN_BYTES)


def visitors_token(options: ServerOptions) -> str | None:
    """An app is open to visitors, unless a token is given."""
    _check_token(options)
    return secrets.token_urlsafe(TOKEN_BYTES) if options.token == RANDOM else options.token


def _chosen(token: str | None) -> str | None:
    return None if token == RANDOM else token


def announce(
    what: str, end: str, bound: tuple[socket.socket, Address], token: str | None, *, headless: bool
) -> "Entrance":
    """Print the address, and open a browser there. `what` is open, `end` says what stops it."""
    from quire.server.serve import Entrance, Signals

    listening, address = bound
    signals = Signals()
    logging.basicConfig(format="quire: %(message)s", level=logging.WARNING)
    announce_line(f"{what} is open at\n\n    {address.url(token)}\n\n{end}")
    hint = browser_hint(os.environ, sys.platform, address.port)
    ticket = ""
    if not headless and hint:
        announce_line(f"\n{hint}")
    elif not headless:
        ticket = secrets.token_urlsafe(TICKET_BYTES) if token else ""
        threading.Thread(target=_open_browser, args=(address.url(ticket),), daemon=True).start()
    return Entrance(listening, address, signals, token, ticket)


def browser_hint(environment: Mapping[str, str], platform: str, port: int) -> str:
    """What to do where no browser can be opened; empty where one can."""
    if "SSH_CONNECTION" in environment and not environment.get("DISPLAY"):
        host = environment["SSH_CONNECTION"].split(" ")[2:3] or ["this-machine"]
        return (
            "there is no browser on this side of ssh; on your own machine, run\n\n"
            f"    ssh -N -L {port}:localhost:{port} {environment.get('USER', 'you')}@{host[0]}\n\n"
            "and open the address above there"
        )
    has_screen = bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY") or environment.get("BROWSER"))
    if platform == "linux" and not has_screen and "WSL_DISTRO_NAME" not in environment:
        return "there is no screen here to open a browser on; open the address above in one that can reach this machine"
    return ""


def _check_token(options: ServerOptions) -> None:
    if options.no_token and options.token is not None:
        raise Failure("`--token` and `--no-token` contradict each other", "leave one of them out")
    if options.token == "":
        raise Failure("an empty token would let everybody in", "leave `--token` out to get a random one")


def _open_browser(url: str) -> None:
    # Where there is none, the address in the terminal serves.
    import webbrowser

    webbrowser.open(url)
