"""Requests as the gate sees them, for the tests of security."""

import asyncio

from websockets.exceptions import InvalidStatus

from quire.server.address import Address
from quire.server.gate import Keys, Refuse, judge
from quire.server.routes import DECLARED

from .serving import TOKEN, Serving

ADDRESS = Address("127.0.0.1", 2718)
HOST = "127.0.0.1:2718"
ORIGIN = f"http://{HOST}"


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def keys(token: str | None = TOKEN, **options) -> Keys:
    return Keys(token, options.pop("address", ADDRESS), **options)


def scope(path: str = "/", *, kind: str = "http", method: str = "GET", query: str = "", **headers: str | None):
    given = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    raw = [(name.encode(), value.encode("latin-1")) for name, value in given.items() if value is not None]
    base = {"type": kind, "path": path, "query_string": query.encode(), "headers": raw, "scheme": "http"}
    return {**base, "method": method} if kind == "http" else base


def socket_scope(**headers: str | None):
    return scope("/socket", kind="websocket", **headers)


def verdict(request, having: Keys | None = None):
    return judge(request, having or keys(), DECLARED)


def cookie(having: Keys | None = None) -> str:
    having = having or keys()
    return f"{having.cookie_name}={having.cookie_value}"


def is_refused(request, having: Keys | None = None, status: int | None = None) -> bool:
    found = verdict(request, having)
    return isinstance(found, Refuse) and status in {None, found.status}


async def refused_socket(server: Serving, path: str = "/socket", **options) -> int:
    """The status with which the handshake is refused."""
    try:
        async with server.connect(path, **options):
            return 101
    except InvalidStatus as refused:
        return refused.response.status_code
