"""Apps: one visitor's slider while others compute, and fifty visitors who come at once."""

import asyncio
import json
import re
import secrets
import statistics
import time
from abc import ABC, abstractmethod
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import msgspec
from corpora import Cell
from servers import Started, serve_marimo, serve_quire
from socket_rows import ELEMENT
from table import PATIENCE, Row
from websockets.asyncio.client import ClientConnection, connect

VISITORS = 50
OTHERS = 4
MOVES = 15
QUIET = 0.05
BURNING = 30


def app(package: str) -> list[Cell]:
    """A slider that is shown, and another that makes the visitor's kernel compute."""
    make = "product.ui.slider(0, 100000, value=1"
    return [
        Cell((f"import {package} as product", "import time"), (), ("product", "time")),
        Cell((f"slider = {make})", "slider"), ("product",), ("slider",)),
        Cell((f'burner = {make}, label="burn")', "burner"), ("product",), ("burner",)),
        Cell(('f"shows:{slider.value};"',), ("slider",)),
        Cell(
            (
                "if burner.value > 1:",
                f"    end = time.monotonic() + {BURNING}",
                "    while time.monotonic() < end:",
                "        sum(range(1000))",
            ),
            ("burner", "time"),
        ),
    ]


class Visitor(ABC):
    """One tab of an app. `outputs` holds the present output of each cell."""

    def __init__(self, server: Started, html: str) -> None:
        self.server, self.html = server, html
        self.outputs: dict[str, str] = {}
        self.socket: ClientConnection

    async def come(self) -> None:
        """Until the first value of the slider is shown."""
        await self.enter()
        await self.until_shown(1)

    async def until_shown(self, value: int) -> None:
        async with asyncio.timeout(PATIENCE):
            while not any(f"shows:{value};" in text for text in self.outputs.values()):
                self.take(await self.socket.recv())

    def element(self, which: str) -> str:
        """The id of the slider, or of the burner."""
        found = [
            text for text in self.outputs.values() if ELEMENT.search(text) and ("burn" in text) == (which == "burner")
        ]
        match = ELEMENT.search(found[0])
        assert match is not None
        return match[1]

    @abstractmethod
    async def enter(self) -> None: ...

    @abstractmethod
    def take(self, frame: Any) -> None: ...

    @abstractmethod
    async def move(self, which: str, value: int) -> None: ...


class QuireVisitor(Visitor):
    async def enter(self) -> None:
        address = f"127.0.0.1:{self.server.port}"
        headers = {"Cookie": f"quire-visitor-{self.server.port}={secrets.token_hex(16)}"}
        self.socket = await connect(
            f"ws://{address}/socket?tab={secrets.token_hex(16)}&query=",
            origin=f"http://{address}",
            additional_headers=headers,
            max_size=None,
            open_timeout=PATIENCE,
        )

    def take(self, frame: Any) -> None:
        for notice in msgspec.msgpack.decode(frame):
            for cell in notice.get("cells", []) if notice["kind"] == "notebookOpened" else [notice]:
                if cell.get("output"):
                    self.outputs[cell.get("cell") or cell["id"]] = cell["output"]["text"]
            if notice["kind"] == "cellsRan":
                self.outputs |= {cell: output["text"] for cell, output in notice["outputs"].items() if output}

    async def move(self, which: str, value: int) -> None:
        command = {"kind": "setElements", "values": {self.element(which): value}}
        await self.socket.send(msgspec.msgpack.encode([command]))


class MarimoVisitor(Visitor):
    async def enter(self) -> None:
        self.session = f"s_{secrets.token_hex(3)}"
        address = f"ws://127.0.0.1:{self.server.port}/ws?session_id={self.session}"
        self.socket = await connect(address, max_size=None, open_timeout=PATIENCE)

    def take(self, frame: Any) -> None:
        data = json.loads(frame).get("data", {})
        if data.get("output"):
            self.outputs[data["cell_id"]] = str(data["output"].get("data"))

    async def move(self, which: str, value: int) -> None:
        await self._post("set_ui_element_value", {"objectIds": [self.element(which)], "values": [value]})

    async def _post(self, what: str, body: dict[str, Any]) -> None:
        token = re.search(r'"?serverToken"?: ?"([^"]+)"', self.html)
        assert token is not None
        data = json.dumps(body).encode()
        head = [
            f"POST /api/kernel/{what} HTTP/1.1",
            f"Host: 127.0.0.1:{self.server.port}",
            "Content-Type: application/json",
            f"Marimo-Session-Id: {self.session}",
            f"Marimo-Server-Token: {token[1]}",
            f"Content-Length: {len(data)}",
            "Connection: close",
        ]
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.port)
        writer.write("\r\n".join([*head, "", ""]).encode() + data)
        answer = await reader.read()
        assert b" 200 " in answer[:20], answer
        writer.close()


def serve(kind: type[Visitor], scratch: Path) -> AbstractContextManager[Started]:
    if kind is QuireVisitor:
        return serve_quire(scratch, app("quire"), "run")
    return serve_marimo(scratch, app("marimo"), "run")


def measure_apps(repeat: int, scratch: Path, *, full: bool) -> list[Row]:
    ours, theirs = (measure_visitors(kind, scratch) for kind in (QuireVisitor, MarimoVisitor))
    busy = f"app: slider of one visitor while {OTHERS} others burn CPU"
    limit = 4 * ours["alone"]
    return [
        Row("app: slider of the only visitor", None, ours["alone"], theirs["alone"], "–", met=True),
        Row(busy, ours["alone"], ours["busy"], theirs["busy"], "≤ 4× alone", met=ours["busy"] <= limit),
        Row(
            f"app: {VISITORS} visitors at once, first output p50",
            None,
            ours["first"],
            theirs["first"],
            "≤ 1,500 ms",
            met=ours["first"] <= 1500,
        ),
    ]


def measure_visitors(kind: type[Visitor], scratch: Path) -> dict[str, float]:
    with serve(kind, scratch) as server:
        first = asyncio.run(crowd(kind, server, server.wait()))
    with serve(kind, scratch) as server:
        alone, busy = asyncio.run(one_of_some(kind, server, server.wait()))
    return {"first": first, "alone": alone, "busy": busy}


async def crowd(kind: type[Visitor], server: Started, html: str) -> float:
    async def visit() -> float:
        started = time.perf_counter()
        visitor = kind(server, html)
        await visitor.come()
        taken = time.perf_counter() - started
        visitors.append(visitor)
        return taken * 1000

    visitors: list[Visitor] = []
    times = await asyncio.gather(*(visit() for _ in range(VISITORS)))
    await asyncio.gather(*(visitor.socket.close() for visitor in visitors))
    return statistics.median(times)


async def one_of_some(kind: type[Visitor], server: Started, html: str) -> tuple[float, float]:
    one, *others = visitors = [kind(server, html) for _ in range(OTHERS + 1)]
    for visitor in visitors:
        await visitor.come()
    await asyncio.sleep(2)
    alone = await moves(one, 2)
    for other in others:
        await other.move("burner", 2)
    await asyncio.sleep(1)
    busy = await moves(one, MOVES + 2)
    await asyncio.gather(*(visitor.socket.close() for visitor in visitors))
    return alone, busy


async def moves(visitor: Visitor, first: int) -> float:
    times: list[float] = []
    for value in range(first, first + MOVES):
        await asyncio.sleep(QUIET)
        started = time.perf_counter()
        await visitor.move("slider", value)
        await visitor.until_shown(value)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000
