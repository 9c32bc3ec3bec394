"""What home and the panel of files ask for. Bodies and answers are JSON; what changes anything is no GET."""

import asyncio
import errno
import os
import shlex
import time
from collections.abc import Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote

import msgspec
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from quire.errors import QuireError
from quire.server import files, foreign
from quire.server.listing import find_notebooks
from quire.server.notebooks import Notebooks, OpenNotebook
from quire.server.policy import Declared, Page
from quire.server.recent import Opened

LARGEST_BODY = 64 * 1024

Body = TypeVar("Body")


class Asked(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """About one path."""

    path: str


class AskedToCreate(Asked, frozen=True, forbid_unknown_fields=True):
    kind: files.Kind


class AskedToRename(Asked, frozen=True, forbid_unknown_fields=True):
    to: str


class AskedToConvert(Asked, frozen=True, forbid_unknown_fields=True):
    to: str


class Running(msgspec.Struct, frozen=True, rename="camel"):
    """An open notebook. `path` is empty for the one that the command named."""

    path: str
    name: str
    seconds: float
    memory: int | None
    """Bytes of its kernel; None where the system does not tell."""
    pages: int


class Recent(msgspec.Struct, frozen=True):
    """A notebook that was opened before, here or elsewhere on this machine, and is not open now."""

    path: str
    """In the folder; empty for one elsewhere, which this server does not open."""
    name: str
    folder: str
    command: str
    """Opens one that is elsewhere; empty for one in the folder."""
    opened: float
    """Seconds since the epoch."""


class Home(msgspec.Struct, frozen=True, rename="camel"):
    """`complete` is False when the folder has more notebooks than were looked for."""

    folder: str
    notebooks: list[files.Entry]
    foreign: list[files.Entry]
    """Notebooks of other formats."""
    running: list[Running]
    recent: list[Recent]
    complete: bool


async def show_home_data(request: Request) -> Response:
    """All notebooks below the folder, and those that are open."""
    notebooks = _notebooks(request)
    workspace = notebooks.workspace

    def entries(paths: Iterable[Path], kind: files.EntryKind) -> list[files.Entry]:
        found: list[files.Entry] = []
        for path in paths:
            try:
                status = (workspace.root / path).stat()
                workspace.path(path.as_posix())
            except (QuireError, OSError):
                continue
            found.append(files.Entry(path.as_posix(), path.name, kind, status.st_size, status.st_mtime))
        return found

    def look() -> tuple[list[files.Entry], list[files.Entry], bool]:
        listing = find_notebooks(workspace.root)
        return entries(listing.paths, "notebook"), entries(listing.foreign, "foreign"), listing.complete

    found, others, complete = await asyncio.to_thread(look)
    running = [await asyncio.to_thread(_describe_running, notebooks, item) for item in notebooks.running()]
    recent = await asyncio.to_thread(_list_recent, notebooks)
    return json_answer(Home(str(workspace.root), found, others, running, recent, complete))


async def stop_notebook(request: Request) -> Response:
    """Save it and end its kernel."""
    notebooks = _notebooks(request)
    asked = await decode_body(request, Asked)
    session = notebooks.main if not asked.path else notebooks.find(notebooks.workspace.path(asked.path))
    if session is None:
        raise FileNotFoundError(2, "this notebook is not open")
    await notebooks.stop(session)
    return json_answer({})


async def list_files(request: Request) -> Response:
    workspace = _notebooks(request).workspace
    folder = workspace.path((await decode_body(request, Asked)).path)
    return json_answer(await asyncio.to_thread(files.list_folder, workspace, folder))


async def create_file(request: Request) -> Response:
    asked = await decode_body(request, AskedToCreate)
    path = _notebooks(request).workspace.path(asked.path)
    return json_answer(await asyncio.to_thread(files.create, path, asked.kind))


async def rename_file(request: Request) -> Response:
    """A notebook that is open keeps its name until it is stopped."""
    asked, notebooks = await decode_body(request, AskedToRename), _notebooks(request)
    path, to = notebooks.workspace.path(asked.path), notebooks.workspace.path(asked.to)
    _require_stopped(notebooks, path.real)
    return json_answer(await asyncio.to_thread(files.rename, path, to))


async def delete_file(request: Request) -> Response:
    asked, notebooks = await decode_body(request, Asked), _notebooks(request)
    path = notebooks.workspace.path(asked.path)
    _require_stopped(notebooks, path.real)
    await asyncio.to_thread(files.delete, path)
    return json_answer({})


async def offer_conversion(request: Request) -> Response:
    """What a file is, and what its conversion would be called. Changes nothing."""
    workspace = _notebooks(request).workspace
    path = workspace.path((await decode_body(request, Asked)).path)
    return json_answer(await asyncio.to_thread(foreign.offer_conversion, workspace, path))


async def convert_file(request: Request) -> Response:
    """A notebook of another format as one of ours, beside it."""
    asked, workspace = await decode_body(request, AskedToConvert), _notebooks(request).workspace
    path, to = workspace.path(asked.path), workspace.path(asked.to)
    return json_answer(await asyncio.to_thread(foreign.convert_beside, workspace, path, to))


async def upload_file(request: Request) -> Response:
    """The body is the file. One that is there is replaced only when the page has asked: `?replace=1`."""
    path = _notebooks(request).workspace.path(request.path_params["path"])
    data = await _read_body(request, files.LARGEST_UPLOAD)
    write = files.replace if request.query_params.get("replace") == "1" else files.write_new
    await asyncio.to_thread(write, path, data)
    return json_answer(await asyncio.to_thread(files.describe, path))


async def download_file(request: Request) -> Response:
    """As an attachment, whatever is in it: nothing of it is ever shown or run here."""
    path = _notebooks(request).workspace.path(request.path_params["path"])
    data = await asyncio.to_thread(files.read, path)
    disposition = f"attachment; filename*=utf-8''{quote(path.name, safe='')}"
    return Response(data, media_type="application/octet-stream", headers={"Content-Disposition": disposition})


def answered(endpoint: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint; what it cannot do is an answer with a status and a reason, never a traceback."""

    async def answer(request: Request) -> Response:
        try:
            return await endpoint(request)
        except FileExistsError:
            return json_answer({"refused": "something has this name already"}, 409)
        except FileNotFoundError:
            return json_answer({"refused": "it is not there any more"}, 404)
        except _TooLargeError as error:
            return json_answer({"refused": str(error)}, 413)
        except ClientDisconnect:
            return json_answer({"refused": "the request broke off"}, 400)
        except (QuireError, msgspec.DecodeError) as error:
            return json_answer({"refused": str(error)}, 400)
        except OSError as error:
            reason = "this is not allowed here" if error.errno in {errno.EACCES, errno.EPERM} else error.strerror
            return json_answer({"refused": reason or "the system refused it"}, 409)

    return answer


class _TooLargeError(Exception):
    """A body that nobody wants in memory."""


async def decode_body(request: Request, kind: type[Body]) -> Body:
    """What is asked, from a body of JSON."""
    return msgspec.json.decode(await _read_body(request, LARGEST_BODY), type=kind)


async def _read_body(request: Request, limit: int) -> bytes:
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > limit:
            raise _TooLargeError(f"it is larger than {limit // 1024:,} KiB")
    return bytes(data)


def _require_stopped(notebooks: Notebooks, real: Path) -> None:
    for item in notebooks.running():
        file = Path(item.session.state.place.path).resolve()
        if file == real or real in file.parents:
            raise OSError(errno.EBUSY, f"`{item.shown}` is open: stop it first")


def _describe_running(notebooks: Notebooks, item: OpenNotebook) -> Running:
    pid = item.session.kernel_pid
    is_main = item.session is notebooks.main
    path = "" if is_main or item.path is None else item.path.shown
    return Running(path, item.shown, time.time() - item.opened, memory_of(pid), item.session.page_count)


def _list_recent(notebooks: Notebooks) -> list[Recent]:
    running = {str(Path(item.session.state.place.path).resolve()) for item in notebooks.running()}
    opened = [] if notebooks.recent is None else notebooks.recent.existing()
    return [_describe_recent(notebooks, found) for found in opened if found.path not in running]


def _describe_recent(notebooks: Notebooks, opened: Opened) -> Recent:
    file = Path(opened.path)
    inner = notebooks.path_of(file)
    if inner is not None:
        return Recent(inner.shown, file.name, inner.shown[: -len(inner.name)], "", opened.when)
    return Recent("", file.name, f"{file.parent}{os.sep}", f"quire edit {shlex.quote(opened.path)}", opened.when)


def memory_of(pid: int | None) -> int | None:
    """Bytes that a process keeps for itself and its share of what others use too."""
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").split("\n"):
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return None


def _notebooks(request: Request) -> Notebooks:
    notebooks: Notebooks = request.app.state.notebooks
    return notebooks


def json_answer(value: Any, status: int = 200) -> Response:
    """The value as a body of JSON."""
    return Response(msgspec.json.encode(value), status, media_type="application/json")


FILE_ROUTES: tuple[Declared, ...] = (
    Page("/api/home/list", "edit", answered(show_home_data), method="POST"),
    Page("/api/home/stop", "edit", answered(stop_notebook), method="POST"),
    Page("/api/files/list", "edit", answered(list_files), method="POST"),
    Page("/api/files/create", "edit", answered(create_file), method="POST"),
    Page("/api/files/rename", "edit", answered(rename_file), method="POST"),
    Page("/api/files/delete", "edit", answered(delete_file), method="POST"),
    Page("/api/files/offer", "edit", answered(offer_conversion), method="POST"),
    Page("/api/files/convert", "edit", answered(convert_file), method="POST"),
    Page("/api/files/upload/{path:path}", "edit", answered(upload_file), method="PUT"),
    Page("/api/files/download/{path:path}", "edit", answered(download_file)),
)
