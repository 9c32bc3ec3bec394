"""What a page says to each product's server and hears from it, without a page: for measuring the way there and back."""

import json
import re
import secrets
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from servers import Started
from table import PATIENCE
from websockets.sync.client import ClientConnection, connect


class QuirePage:
    """A socket to Quire. `heard` are all notices so far, `bytes` what they were on the wire."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self.bytes = 0
        self.outputs: dict[str, str] = {}
        """The text of the present output of each cell."""
        self.cells: list[str] = []
        self.finished: Counter[str] = Counter()
        """How many runs of each cell have ended."""

    def ask(self, *commands: dict[str, Any]) -> None:
        self._socket.send(msgspec.msgpack.encode(list(commands)))

    def hear(self) -> list[dict[str, Any]]:
        """The notices of the next frame."""
        frame = self._socket.recv(timeout=PATIENCE)
        self.bytes += len(frame)
        notices: list[dict[str, Any]] = msgspec.msgpack.decode(frame)
        for notice in notices:
            for cell in notice.get("cells", []) if notice["kind"] == "notebookOpened" else [notice]:
                if cell.get("output"):
                    self.outputs[cell.get("cell") or cell["id"]] = cell["output"]["text"]
            if notice["kind"] == "notebookOpened":
                self.cells = [cell["id"] for cell in notice["cells"]]
            if notice["kind"] == "cellFinished":
                self.finished[notice["cell"]] += 1
            if notice["kind"] == "cellsRan":
                self.finished.update(notice["cells"])
                self.outputs |= {cell: output["text"] for cell, output in notice["outputs"].items() if output}
        return notices

    def hear_until(self, found: Callable[[], bool]) -> None:
        while not found():
            self.hear()

    def hear_answer(self, request: int) -> None:
        while not any(notice["kind"] == "commandAnswered" and notice["request"] == request for notice in self.hear()):
            pass


@contextmanager
def quire_page(server: Started, path: str = "/socket") -> Iterator[QuirePage]:
    """Connected as a page of the notebook."""
    address = f"127.0.0.1:{server.port}"
    with connect(f"ws://{address}{path}", origin=f"http://{address}", max_size=None, compression=None) as socket:
        yield QuirePage(socket)


class MarimoPage:
    """A socket to marimo, and the requests that go beside it."""

    def __init__(self, socket: ClientConnection, server: Started, session: str, token: str) -> None:
        self._socket, self._server, self._session, self._token = socket, server, session, token
        self.bytes = 0
        self.outputs: dict[str, str] = {}
        self.cells: list[str] = []
        self.completed = 0
        """How many runs came to their end."""

    def run_all(self) -> None:
        """Until this is asked for, nothing runs."""
        self._post("instantiate", {"objectIds": [], "values": [], "autoRun": True})

    def run_cell(self, cell: str, code: str) -> None:
        self._post("run", {"cellIds": [cell], "codes": [code]})

    def set_element(self, element: str, value: Any) -> None:
        self._post("set_ui_element_value", {"objectIds": [element], "values": [value]})

    def hear_until(self, found: Callable[[], bool]) -> None:
        while not found():
            frame = self._socket.recv(timeout=PATIENCE)
            self.bytes += len(frame)
            said = json.loads(frame)
            data = said.get("data", {})
            self.completed += said.get("op") == "completed-run"
            if data.get("output"):
                self.outputs[data["cell_id"]] = str(data["output"].get("data"))

    def _post(self, what: str, body: dict[str, Any]) -> None:
        request = urllib.request.Request(
            f"http://127.0.0.1:{self._server.port}/api/kernel/{what}",
            json.dumps(body).encode(),
            {
                "Content-Type": "application/json",
                "Marimo-Session-Id": self._session,
                "Marimo-Server-Token": self._token,
            },
        )
        urllib.request.urlopen(request, timeout=PATIENCE).read()


@contextmanager
def marimo_page(server: Started, html: str) -> Iterator[MarimoPage]:
    """Connected as a page of the notebook; `html` is what its server answered."""
    token = re.search(r'"?serverToken"?: ?"([^"]+)"', html)
    assert token is not None
    session = f"s_{secrets.token_hex(3)}"
    address = f"ws://127.0.0.1:{server.port}/ws?session_id={session}"
    file = re.search(r'"?filename"?: ?"([^"]+)"', html)
    with connect(address + (f"&file={file[1]}" if file else ""), max_size=None, compression=None) as socket:
        ready = json.loads(socket.recv(timeout=PATIENCE))
        page = MarimoPage(socket, server, session, token[1])
        page.cells = ready["data"]["cell_ids"]
        yield page
