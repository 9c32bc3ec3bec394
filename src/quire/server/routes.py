"""What can be asked for. Endpoints translate and delegate."""

import asyncio
from pathlib import PurePath

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.websockets import WebSocket

from quire.server.assets import Assets
from quire.server.headers import NONCE
from quire.server.pages import notebook_page, unbuilt_page
from quire.server.policy import Declared, Page, Socket
from quire.server.socket import serve_socket
from quire.session.session import Session

FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<g fill="none" stroke="#8a8780" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round">'
    '<path d="M16 8c-3-2.5-7-3-12-3v19c5 0 9 .5 12 3 3-2.5 7-3 12-3V5c-5 0-9 .5-12 3z"/>'
    '<path d="M16 8v19M8 11.500c2 .1 3.500 .4 5 1M8 16.500c2 .1 3.500 .4 5 1"/></g></svg>'
)


async def show_notebook(request: Request) -> Response:
    """The editor's page."""
    session: Session = request.app.state.session
    assets: Assets = request.app.state.assets
    base: str = request.app.state.base
    if assets.edit is None:
        return unbuilt_page(base)
    title = session.state.notebook.title or PurePath(session.state.place.path).name
    return notebook_page(title, base, request.scope[NONCE], assets.edit)


async def send_asset(request: Request) -> Response:
    """A built file. Its name contains a hash of what is in it: it may be kept for ever."""
    assets: Assets = request.app.state.assets
    asset = assets.files.get(f"assets/{request.path_params['name']}")
    if asset is None:
        return PlainTextResponse("there is no such file\n", status_code=404)
    path, encoding = asset.choose(request.headers.get("accept-encoding", ""))
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "Vary": "Accept-Encoding"}
    if encoding is not None:
        headers["Content-Encoding"] = encoding
    return Response(await asyncio.to_thread(path.read_bytes), media_type=asset.media_type, headers=headers)


async def send_icon(_: Request) -> Response:
    """Two leaves of a book."""
    return Response(FAVICON, media_type="image/svg+xml", headers={"Cache-Control": "public, max-age=86400"})


async def open_socket(websocket: WebSocket) -> None:
    """Commands in, notices out."""
    await serve_socket(websocket, websocket.app.state.session)


DECLARED: tuple[Declared, ...] = (
    Page("/", "edit", show_notebook, takes_token=True),
    Page("/favicon.svg", "public", send_icon),
    Page("/assets/{name:path}", "public", send_asset),
    Socket("/socket", "edit", open_socket),
)
