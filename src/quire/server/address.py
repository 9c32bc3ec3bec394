"""Where the server listens, and the address that a person is given. Imports nothing slow: the socket is bound first."""

import errno
import socket
from collections.abc import Iterator
from urllib.parse import quote, urlsplit

import msgspec

TRIED_PORTS = 100
BACKLOG = 128

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
ANYWHERE = frozenset({"0.0.0.0", "::", ""})  # noqa: S104 (recognised here, so that it can be guarded)

_IN_NO_NAME = "\"'<>\\^`{|}"
_TAKEN = (errno.EADDRINUSE, errno.EACCES)


def is_loopback(host: str) -> bool:
    """True when nobody but this machine can reach a server on this host."""
    parts = host.split(".")
    return host in LOOPBACK or (len(parts) == 4 and parts[0] == "127" and all(part.isdecimal() for part in parts))


def bind_socket(host: str, port: int) -> socket.socket:
    """A listening socket on `port`, or on the next one that is free; 0 takes any.

    Connections wait in it until the server is up. Raises `OSError` when there is none.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    refused: OSError | None = None
    for wanted in _ports(port):
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            if hasattr(socket, "SO_EXCLUSIVEADDRUSE"):  # Windows, where SO_REUSEADDR would let others in
                listening.setsockopt(socket.SOL_SOCKET, getattr(socket, "SO_EXCLUSIVEADDRUSE"), 1)  # noqa: B009
            else:
                listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listening.bind((host, wanted))
            listening.listen(BACKLOG)
        except OSError as error:
            listening.close()
            if error.errno not in _TAKEN:
                raise
            refused = error
        else:
            listening.setblocking(False)
            return listening
    raise refused or OSError(errno.EADDRINUSE, "no free port")


def _ports(port: int) -> Iterator[int]:
    yield port
    if port:
        yield from range(port + 1, min(port + TRIED_PORTS, 65536))


def clean_base(base: str) -> str:
    """`/notes` for `notes`, `/notes/`, …; empty for the root. Raises `ValueError` for what cannot stand in a path."""
    inner = base.strip("/")
    allowed = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/")
    if not set(inner) <= allowed or any(part in {"", ".", ".."} for part in inner.split("/") if inner):
        raise ValueError(f"`{base}` cannot be a base URL; use a path of letters, digits, `-`, `_`, `.` and `/`")
    return f"/{inner}" if inner else ""


def clean_proxy(proxy: str) -> str:
    """`https://notes.example.com` for `notes.example.com`, `https://notes.example.com/`, …. Raises `ValueError` for what is
    no address of a site.
    """
    try:
        parts = urlsplit(proxy if "://" in proxy else f"https://{proxy}")
        known = parts.scheme in {"http", "https"} and parts.hostname is not None and parts.port != 0
        known = known and not any(sign.isspace() or sign in _IN_NO_NAME for sign in parts.netloc)
    except ValueError:  # of a port, or of brackets
        parts, known = urlsplit(""), False
    if not known or parts.path.strip("/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"`{proxy}` is no address of a proxy; write https://NAME or https://NAME:PORT")
    return f"{parts.scheme}://{parts.netloc.lower()}"


class Address(msgspec.Struct, frozen=True):
    """`base` is clean: empty, or with a slash in front and none at its end."""

    host: str
    port: int
    base: str = ""
    proxy: str = ""
    """Where people find it, when something in front passes it on: scheme, name and port, clean. Empty for nothing."""

    @property
    def proxy_name(self) -> str | None:
        """The name by which the proxy goes, in lower case."""
        return urlsplit(self.proxy).hostname if self.proxy else None

    def url(self, token: str | None = None) -> str:
        """For a browser: on this machine, or where the proxy is reached."""
        name = "localhost" if self.host in ANYWHERE else self.host
        name = f"[{name}]" if ":" in name else name
        query = f"?token={quote(token, safe='')}" if token else ""
        site = self.proxy or f"http://{name}:{self.port}"
        return f"{site}{self.base}/{query}"
