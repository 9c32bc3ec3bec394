"""What the tests of the server share: a real server on a free port, and clients that say exactly what they are told to."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from quire.ids import CellId
from quire.kernel.fake import FakeKernel
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.codec import decode_notices, encode
from quire.protocol.messages import Output
from quire.server import http
from quire.server.address import Address, bind_socket
from quire.server.notebooks import Notebooks
from quire.server.workspace import open_workspace
from quire.session.session import Session, open_notebook
from quire.session.state import Place

TOKEN = "secret-token-of-the-tests"
DEADLINE = 10.0

NOTEBOOK = """import quire

app = quire.App(app_title="A title")


@app.cell
def _():
    x = 1
    x
    return (x,)


@app.cell
def _(x):
    y = x + 1
    y
    return (y,)


if __name__ == "__main__":
    app.run()
"""


def texts_of(notice: object) -> dict[CellId, str]:
    """What the outputs that it brings say."""
    outputs: Mapping[CellId, Output | None] = {}
    match notice:
        case n.OutputChanged(cell=cell, output=output):
            outputs = {cell: output}
        case n.CellsRan(outputs=changed):
            outputs = changed
    return {cell: output.text for cell, output in outputs.items() if output is not None}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: tuple[str, ...]

    @property
    def text(self) -> str:
        return self.body.decode()


class Serving:
    """A running server."""

    def __init__(
        self,
        notebooks: Notebooks,
        session: Session,
        address: Address,
        kernels: list[FakeKernel],
        server: http.Server,
    ) -> None:
        self.notebooks, self.session, self.address = notebooks, session, address
        self.kernels, self.server = kernels, server
        self.host = f"127.0.0.1:{address.port}"
        self.origin = f"http://{self.host}"

    async def send(self, head: str, *, body: bytes = b"") -> Reply:
        """Send these request lines, byte for byte."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.address.port)
        writer.write(head.replace("\n", "\r\n").encode("latin-1") + b"\r\n\r\n" + body)
        await writer.drain()
        data = await asyncio.wait_for(reader.read(), DEADLINE)
        writer.close()
        return parse_reply(data)

    async def get(self, path: str = "/", *, method: str = "GET", token: str | None = None, **headers: str) -> Reply:
        """`headers` with underscores for hyphens."""
        lines = {"Host": self.host, "Connection": "close"}
        if token is not None:
            lines["Authorization"] = f"Bearer {token}"
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.send(f"{method} {path} HTTP/1.1\n" + "\n".join(f"{k}: {v}" for k, v in lines.items()))

    async def cookie(self) -> str:
        """A cookie of somebody who has opened the address."""
        reply = await self.get(f"{self.address.base}/?token={TOKEN}")
        return reply.cookies[0].split(";")[0]

    def connect(self, path: str = "/socket", *, origin: str | None = None, **options: Any) -> connect:
        uri = f"ws://{self.host}{self.address.base}{path}"
        return connect(uri, origin=origin, max_size=None, compression=None, open_timeout=DEADLINE, **options)

    @contextlib.asynccontextmanager
    async def page(self, path: str = "/socket") -> AsyncIterator["Page"]:
        async with self.connect(path, additional_headers={"Authorization": f"Bearer {TOKEN}"}) as socket:
            yield Page(socket)


class Page:
    """What a browser does with its socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket
        self.notices: list[Any] = []

    async def ask(self, *commands: c.Command) -> None:
        await self.socket.send(encode(list(commands)))

    async def until(self, found: Callable[[Any], bool]) -> Any:
        """The first notice, of those that came or come, for which this is so."""
        seen = 0
        deadline = time.monotonic() + DEADLINE
        while True:
            for notice in self.notices[seen:]:
                seen += 1
                if found(notice):
                    return notice
            frame = await asyncio.wait_for(self.socket.recv(), deadline - time.monotonic())
            assert isinstance(frame, bytes)
            self.notices += decode_notices(frame)

    async def ended(self) -> ConnectionClosed:
        """How the server ends the connection."""
        try:
            while True:
                await asyncio.wait_for(self.socket.recv(), DEADLINE)
        except ConnectionClosed as closed:
            return closed

    async def first(self, kind: type) -> Any:
        return await self.until(lambda notice: isinstance(notice, kind))


def parse_reply(data: bytes) -> Reply:
    head, _, body = data.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    pairs = [line.split(": ", 1) for line in lines if ": " in line]
    headers = {name.lower(): value for name, value in pairs}
    if headers.get("transfer-encoding") == "chunked":
        body = b"".join(body.split(b"\r\n")[1::2])
    cookies = tuple(value for name, value in pairs if name.lower() == "set-cookie")
    return Reply(int(first.split(" ")[1]), headers, body, cookies)


@contextlib.asynccontextmanager
async def serving(
    directory: Path,
    *,
    token: str | None = TOKEN,
    base: str = "",
    host: str = "127.0.0.1",
    text: str = NOTEBOOK,
    ticket: str = "",
) -> AsyncIterator[Serving]:
    """The real server, with a kernel that needs no process."""
    path = directory / "nb.py"
    path.write_text(text, encoding="utf-8", newline="")
    kernels: list[FakeKernel] = []

    def make_kernel() -> FakeKernel:
        kernels.append(FakeKernel())
        return kernels[-1]

    notebooks = Notebooks(open_workspace(directory), make_kernel)
    session = notebooks.open_main(open_notebook(Place(str(path), "nb.py", str(directory))))
    listening = bind_socket(host, 0)
    address = Address(host, listening.getsockname()[1], base)
    server = http.make_server(notebooks, address, token, ticket)
    session.start()
    running = asyncio.create_task(server.serve(sockets=[listening]))
    try:
        yield Serving(notebooks, session, address, kernels, server)
    finally:
        await notebooks.close()
        server.should_exit = True
        await running
