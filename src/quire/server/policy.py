"""Which route there is and who may use it. The router is made from this table: a route without a policy cannot exist."""

from collections.abc import Awaitable, Callable
from typing import Literal

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket

Role = Literal["edit", "interact"]
"""What those who come in may do. `edit`: read and change code, files, everything. `interact`: see an app and move its elements."""

Access = Literal["public", "edit", "interact"]
"""`public`: built files, the same for everybody; else the role that a route is for."""


def may_use(role: Role, access: Access) -> bool:
    """Deny by default: each role has its own routes."""
    return access in ("public", role)


class Page(msgspec.Struct, frozen=True):
    """An HTTP route. `path` comes after the base; a last part `{name:path}` takes what follows."""

    path: str
    access: Access
    endpoint: Callable[[Request], Awaitable[Response]]
    takes_token: bool = False
    """True for the addresses that people open: a token in the query is exchanged for a cookie there."""
    method: Literal["GET", "POST", "PUT", "DELETE"] = "GET"
    """What changes anything is not a GET (which means HEAD too): the gate lets other methods in from our own pages only."""


class Socket(msgspec.Struct, frozen=True):
    """A WebSocket route."""

    path: str
    access: Access
    endpoint: Callable[[WebSocket], Awaitable[None]]


Declared = Page | Socket


def make_routes(base: str, declared: tuple[Declared, ...]) -> list[BaseRoute]:
    """The routes of the router."""
    return [
        Route(base + item.path, item.endpoint, methods=[item.method])
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
