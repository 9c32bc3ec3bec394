"""S24: nobody can keep others from being served."""

import asyncio

from quire.protocol import commands as c
from quire.protocol import notices as n

from .gates import (
    run,
)
from .serving import TOKEN, serving


def test_S24_connections_that_say_nothing_do_not_keep_others_out(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            silent = [await asyncio.open_connection("127.0.0.1", server.address.port) for _ in range(200)]
            for _, writer in silent:
                writer.write(b"GET / HTTP/1.1\r\nHost:")
            reply = await server.get("/favicon.svg")
            for _, writer in silent:
                writer.close()
            return reply.status

    assert run(story()) == 200


def test_S24_endless_headers_are_refused(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            try:
                reply = await server.send(f"GET / HTTP/1.1\nHost: {server.host}\nX: " + "x" * 200_000)
            except ConnectionResetError:
                return "cut off"
            return reply.status

    assert run(story()) in {"cut off", 400, 431}


def test_S24_compressed_frames_are_not_taken(tmp_path):
    """A small frame cannot become a large one."""

    async def story():
        async with serving(tmp_path) as server:
            from websockets.asyncio.client import connect

            uri = f"ws://{server.host}/socket"
            async with connect(uri, additional_headers={"Authorization": f"Bearer {TOKEN}"}) as socket:
                return socket.response.headers.get("Sec-WebSocket-Extensions")

    assert run(story()) is None


def test_S24_a_flood_of_commands_leaves_others_served(tmp_path):
    async def story():
        async with serving(tmp_path) as server, server.page() as flooding, server.page() as other:
            await other.first(n.NotebookOpened)
            for _ in range(20):
                await flooding.ask(*[c.RenameCell(cell="none", name="x", request=1)] * 500)
            await other.ask(c.Save(request=2))
            return await other.until(lambda notice: notice == n.CommandAnswered(request=2))

    assert run(story())
