"""One page's connection: frames of commands in, frames of notices out. What arrives is checked, or ends the connection."""

import asyncio
import contextlib
import logging

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

from quire.protocol.codec import decode_commands, encode
from quire.session.events import PageId
from quire.session.outbox import Outbox
from quire.session.session import Session

LARGEST_FRAME = 16 * 1024 * 1024

MALFORMED = 1007
BROKEN = 1011
GOING_AWAY = 1001
STOPPED = 4001
"""Somebody has stopped the notebook: the page does not come back by itself."""
NOT_THERE = 4004
"""There is no such notebook, or it cannot be opened; the reason says why."""

log = logging.getLogger("quire")


async def serve_socket(websocket: WebSocket, session: Session) -> None:
    """Until one side ends it. The session is not touched by what goes wrong here."""
    await websocket.accept()
    outbox = session.claim(PageId(websocket.query_params.get("page", ""))) or session.connect()
    both = {asyncio.create_task(_send(websocket, outbox)), asyncio.create_task(_receive(websocket, session, outbox))}
    try:
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
    finally:
        session.disconnect(outbox)
        for task in both:
            task.cancel()
        for result in await asyncio.gather(*both, return_exceptions=True):
            # Sending to a page that has just gone is no news.
            if isinstance(result, Exception) and not isinstance(result, WebSocketDisconnect):
                log.error("a page was disconnected: %s", result, exc_info=result)
                await _close_broken(websocket)


async def _close_broken(websocket: WebSocket) -> None:
    with contextlib.suppress(RuntimeError, WebSocketDisconnect):
        await websocket.close(BROKEN, "the server made a mistake; load the page again")


async def _receive(websocket: WebSocket, session: Session, outbox: Outbox) -> None:
    while True:
        message = await websocket.receive()
        if message["type"] == "websocket.disconnect":
            return
        frame = message.get("bytes")
        if frame is None:
            await websocket.close(MALFORMED, "frames are binary")
            return
        try:
            commands = decode_commands(frame)
        except (msgspec.DecodeError, RecursionError) as error:
            await websocket.close(MALFORMED, _short(f"not a list of commands: {error}"))
            return
        for command in commands:
            session.submit(outbox, command)


async def _send(websocket: WebSocket, outbox: Outbox) -> None:
    while (frame := await outbox.take()) is not None:
        await websocket.send_bytes(encode(frame))
    if outbox.stopped:
        await websocket.close(STOPPED, "this notebook was stopped")
    else:
        await websocket.close(GOING_AWAY, "the server is stopping")


async def refuse_socket(websocket: WebSocket, reason: str) -> None:
    """Say why there is nothing to connect to: browsers tell pages nothing of a handshake that fails."""
    await websocket.accept()
    await websocket.close(NOT_THERE, _short(reason))


def _short(reason: str) -> str:
    """A reason holds up to 123 bytes."""
    return reason.encode("ascii", "replace")[:120].decode("ascii")
