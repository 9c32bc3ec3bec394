"""What can be asked for where apps are served. Nothing here reads or changes code, files or other visitors' sessions."""

import secrets
from urllib.parse import quote

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.websockets import WebSocket

from quire.errors import FullHouse, QuireError
from quire.protocol.messages import Request as VisitorRequest
from quire.server.assets import Assets
from quire.server.headers import NONCE
from quire.server.pages import app_page, gallery_page, refusal_page, unbuilt_page
from quire.server.policy import Declared, Page, Socket
from quire.server.routes import SHARED, describe_failure, frame_of
from quire.server.socket import refuse_socket, serve_socket
from quire.server.visitors import Visitors, visitor_key

_OURS = ("authorization", "cookie", "sec-websocket-", "connection", "upgrade")
_OUR_COOKIES = "quire-"
SHORTEST_TAB = 16
"""Characters of what a tab calls itself: fewer could be guessed."""


async def show_app(request: Request) -> Response:
    """The page of an app, or of all of them when there are several."""
    visitors: Visitors = request.app.state.visitors
    assets: Assets = request.app.state.assets
    base: str = request.app.state.base
    name = _name_of(request)
    entry = assets.entries.get("app")
    if entry is None:
        return unbuilt_page(base)
    if name is None and "path" not in request.path_params:
        found = [(f"{base}/app/{quote(key)}", await _title(visitors, key)) for key in visitors.apps]
        return gallery_page(base, entry, found)
    try:
        if name is None:
            raise FileNotFoundError(2, "there is no such app")
        state = await visitors.apps[name].state()
    except (QuireError, OSError) as error:
        return refusal_page(404, describe_failure(error) if isinstance(error, OSError) else "this app is broken", base)
    path = request.path_params.get("path")
    response = app_page(
        title=state.notebook.title or visitors.apps[name].stem,
        base=base,
        socket=f"{base}/socket" if path is None else f"{base}/socket/{quote(path)}",
        width=state.notebook.options.get("width"),
        theme=visitors.apps[name].theme,
        nonce=request.scope[NONCE],
        entry=entry,
    )
    if not request.cookies.get(_cookie_name(request)):
        response.set_cookie(
            _cookie_name(request),
            secrets.token_urlsafe(24),
            path=f"{base}/",
            httponly=True,
            # A link from elsewhere leads to an app: `strict` would give the visitor another cookie then.
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response


async def send_visit_frame(request: Request) -> Response:
    """The document of a sandboxed frame in a visitor's app."""
    return frame_of(request.app.state.visitors.sessions, request)


async def open_visit(websocket: WebSocket) -> None:
    """A visitor's tab: values of elements in, outputs out."""
    visitors: Visitors = websocket.app.state.visitors
    name = _name_of(websocket)
    tab, query = websocket.query_params.get("tab", ""), websocket.query_params.get("query", "")
    if name is None or len(tab) < SHORTEST_TAB:
        await refuse_socket(websocket, "there is no such app")
        return
    key = visitor_key(name, websocket.cookies.get(_cookie_name(websocket), ""), tab, query)
    try:
        session = await visitors.visit(name, key, query, _request_of(websocket))
    except (FullHouse, OSError) as error:
        await refuse_socket(websocket, describe_failure(error))
        return
    except (QuireError, ValueError):
        await refuse_socket(websocket, "this app is broken")
        return
    try:
        await serve_socket(websocket, session)
    finally:
        visitors.leave(key, session)


def _request_of(websocket: WebSocket) -> VisitorRequest:
    """What user code may know of the visitor's browser: nothing that opens our own doors."""
    page = websocket.url.replace(scheme="https" if websocket.url.scheme == "wss" else "http", query="")
    base: str = websocket.app.state.base
    return VisitorRequest(
        url=str(page.replace(path=f"{base}{page.path.removeprefix(f'{base}/socket') or '/'}")),
        headers={name: value for name, value in websocket.headers.items() if not name.startswith(_OURS)},
        cookies={name: value for name, value in websocket.cookies.items() if not name.startswith(_OUR_COOKIES)},
    )


def _name_of(connection: HTTPConnection) -> str | None:
    """The app that an address means; None when there is no such app, or no one app."""
    apps = connection.app.state.visitors.apps
    path = connection.path_params.get("path")
    if path is None:
        return next(iter(apps)) if len(apps) == 1 else None
    return path if path in apps else None


async def _title(visitors: Visitors, name: str) -> str:
    try:
        title = (await visitors.apps[name].state()).notebook.title
    except (QuireError, OSError):
        title = ""
    return title or visitors.apps[name].stem


def _cookie_name(connection: HTTPConnection) -> str:
    return f"quire-visitor-{connection.app.state.port}"


APP_ROUTES: tuple[Declared, ...] = (
    Page("/", "interact", show_app, takes_token=True),
    Page("/app/{path:path}", "interact", show_app, takes_token=True),
    Page("/frame/{name:path}", "interact", send_visit_frame),
    *SHARED,
    Socket("/socket", "interact", open_visit),
    Socket("/socket/{path:path}", "interact", open_visit),
)
