"""What can be asked for. Endpoints translate and delegate."""

import asyncio
from collections.abc import Iterable
from pathlib import Path, PurePath
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.websockets import WebSocket

from quire.config import user_file
from quire.errors import QuireError
from quire.server.assets import Assets
from quire.server.compress import compressed
from quire.server.file_routes import FILE_ROUTES
from quire.server.frames import frame_response
from quire.server.headers import NONCE
from quire.server.notebooks import Notebooks
from quire.server.pages import PageFrame, home_page, notebook_page, refusal_page, unbuilt_page
from quire.server.policy import Declared, Page, Socket
from quire.server.rule_routes import RULE_ROUTES
from quire.server.served import serve_notices
from quire.server.setting_routes import SETTING_ROUTES
from quire.server.socket import refuse_socket, serve_socket
from quire.session.events import PageId
from quire.session.session import Session
from quire.session.settings import notebook_settings
from quire.session.state import view_notebook

FAVICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">'
    '<g fill="none" stroke="#8a8780" stroke-width="2.5" stroke-linejoin="round" stroke-linecap="round">'
    '<path d="M16 8c-3-2.5-7-3-12-3v19c5 0 9 .5 12 3 3-2.5 7-3 12-3V5c-5 0-9 .5-12 3z"/>'
    '<path d="M16 8v19M8 11.500c2 .1 3.500 .4 5 1M8 16.500c2 .1 3.500 .4 5 1"/></g></svg>'
)


async def show_notebook(request: Request) -> Response:
    """The editor's page of a notebook, with the cells in it; reads the file at most, and runs nothing."""
    notebooks: Notebooks = request.app.state.notebooks
    base: str = request.app.state.base
    assets: Assets = request.app.state.assets
    entry = assets.entries.get("edit")
    if entry is None:
        return unbuilt_page(base)
    path = request.path_params.get("path")
    try:
        place = None if path is None else notebooks.workspace.path(path)
        state, session = await notebooks.read(place), notebooks.find(place)
    except (QuireError, OSError) as error:
        return refusal_page(404, describe_failure(error), base)
    page, notices = session.expect() if session is not None else (PageId(""), [view_notebook(state, PageId(""))])
    socket = f"{base}/socket" if path is None else f"{base}/socket/{quote(path)}"
    frame = PageFrame(
        title=state.notebook.title or PurePath(state.place.path).name,
        base=base,
        socket=socket,
        nonce=request.scope[NONCE],
        entry=entry,
        client=page,
        settings_file=str(user_file()),
        preferences=await asyncio.to_thread(notebook_settings, Path(state.place.path), state.notebook),
    )
    return await compressed(request, lambda: notebook_page(frame, serve_notices(notices)))


async def show_home(request: Request) -> Response:
    """The notebooks of the folder."""
    assets: Assets = request.app.state.assets
    base: str = request.app.state.base
    entry = assets.entries.get("home")
    return unbuilt_page(base) if entry is None else home_page(base, entry)


async def show_first(request: Request) -> Response:
    """The notebook that the command named, or home."""
    notebooks: Notebooks = request.app.state.notebooks
    return await (show_notebook if notebooks.has_main else show_home)(request)


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


async def send_frame(request: Request) -> Response:
    """The document of a sandboxed frame, as long as an output shows it."""
    notebooks: Notebooks = request.app.state.notebooks
    return frame_of((open_.session for open_ in notebooks.running()), request)


def frame_of(sessions: Iterable[Session], request: Request) -> Response:
    """Names of frames cannot be guessed, so they need not say whose they are."""
    for session in sessions:
        if (markup := session.frame(request.path_params["name"])) is not None:
            return frame_response(markup)
    return PlainTextResponse("this output is not shown any more\n", status_code=404)


async def open_socket(websocket: WebSocket) -> None:
    """Commands in, notices out. The first one of a notebook opens and runs it."""
    notebooks: Notebooks = websocket.app.state.notebooks
    path = websocket.path_params.get("path")
    try:
        session = await notebooks.session(None if path is None else notebooks.workspace.path(path))
    except (QuireError, OSError) as error:
        await refuse_socket(websocket, describe_failure(error))
        return
    await serve_socket(websocket, session)


def describe_failure(error: QuireError | OSError) -> str:
    """Why something cannot be shown, without a path that the asker did not know."""
    return error.strerror or type(error).__name__ if isinstance(error, OSError) else str(error)


SHARED: tuple[Declared, ...] = (
    Page("/favicon.svg", "public", send_icon),
    Page("/assets/{name:path}", "public", send_asset),
)
"""What every server has."""

DECLARED: tuple[Declared, ...] = (
    Page("/", "edit", show_first, takes_token=True),
    Page("/home", "edit", show_home, takes_token=True),
    *FILE_ROUTES,
    *SETTING_ROUTES,
    *RULE_ROUTES,
    Page("/edit/{path:path}", "edit", show_notebook, takes_token=True),
    Page("/frame/{name:path}", "edit", send_frame),
    *SHARED,
    Socket("/socket", "edit", open_socket),
    Socket("/socket/{path:path}", "edit", open_socket),
)
