"""The application on uvicorn, inside our own process and event loop, on a socket that is bound already."""

import asyncio
import contextlib
import socket
from collections.abc import Generator
from typing import Any

import uvicorn

from quire.server.address import ANYWHERE, Address
from quire.server.app import make_app
from quire.server.assets import find_assets
from quire.server.gate import Keys
from quire.server.notebooks import Notebooks
from quire.server.socket import LARGEST_FRAME
from quire.server.visitors import Visitors

LARGEST_HEAD = 64 * 1024
GRACE_SECONDS = 3


class LateWebSocket(asyncio.Protocol):
    """uvicorn's WebSocket protocol, imported by the first connection: it is slow to import, and the page needs none."""

    def __new__(cls, *arguments: Any, **options: Any) -> Any:
        from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol  # noqa: PLC0415 - see above

        return WebSocketsSansIOProtocol(*arguments, **options)


class Server(uvicorn.Server):
    """Leaves signals to `serve.py`, which saves first."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


def make_server(house: Notebooks | Visitors, address: Address, token: str | None, ticket: str = "") -> Server:
    """Not running yet."""
    # Its names are asked of the system only when they matter: that may take a while.
    names = (
        frozenset({socket.gethostname().lower(), socket.getfqdn().lower()})
        if address.host in ANYWHERE
        else frozenset[str]()
    )
    keys = Keys(token, address, names, role="interact" if isinstance(house, Visitors) else "edit")
    if ticket:
        keys.issue_ticket(ticket)
    config = uvicorn.Config(
        make_app(house, keys, find_assets()),
        http="h11",
        ws=LateWebSocket,
        ws_max_size=LARGEST_FRAME,
        # Pages are on this machine or near; compressing each frame costs more than it saves.
        ws_per_message_deflate=False,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        lifespan="off",
        log_config=None,
        log_level="warning",
        access_log=False,  # addresses have the token in them
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    return Server(config)
