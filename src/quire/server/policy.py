"""Which route there is and who may use it. The router is made from this table: a route without a policy cannot exist."""

from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

Access = Literal["public", "edit"]
"""`public`: built files, the same for everybody. `edit`: those who may run code."""


class Page(msgspec.Struct, frozen=True):
    """An HTTP route, for GET and HEAD. `path` comes after the base; a last part `{name:path}` takes what follows."""

    path: str
    access: Access
    endpoint: Callable[[Request], Awaitable[Response]]
    takes_token: bool = False
    """True for the addresses that people open: a token in the query is exchanged for a cookie there."""


class Socket(msgspec.Struct, frozen=True):
    """A WebSocket route."""

    path: str
    access: Access
    endpoint: Callable[[WebSocket], Awaitable[None]]


Declared = Page | Socket


def make_routes(base: str, declared: tuple[Declared, ...]) -> list[BaseRoute]:
    """The routes of the router."""
    return [
        Route(base + item.path, item.endpoint, methods=["GET"])
        if isinstance(item, Page)
        else WebSocketRoute(base + item.path, item.endpoint)
        for item in declared
    ]


def find_declared(base: str, declared: tuple[Declared, ...], kind: str, path: str) -> Declared | None:
    """What is declared for a path; None for a path that leads nowhere."""
    for item in declared:
        if isinstance(item, Page) != (kind == "http"):
            continue
        head, brace, _ = (base + item.path).partition("{")
        if path == head if not brace else path.startswith(head):
            return item
    return None
