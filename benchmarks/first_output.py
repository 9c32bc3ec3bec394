"""From the command to the page's first answer and to the first output over the socket, for Quire and for marimo."""

import json
import os
import re
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
from websockets.sync.client import connect

SECONDS = 30


@dataclass
class Times:
    """Milliseconds since the command was started."""

    page: float
    output: float


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _process(command: list[str], cwd: Path):
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ)
    try:
        yield
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for_page(port: int) -> str:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=SECONDS) as answer:
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.002)
    raise TimeoutError(f"no page on port {port}")


def measure_quire(python: str, scratch: Path) -> Times:
    """The notebook runs when it is opened."""
    notebook = scratch / "first_quire.py"
    notebook.write_text(
        "import quire\n\napp = quire.App()\n\n\n@app.cell\ndef _():\n    6 * 7\n    return\n", encoding="utf-8"
    )
    port = _free_port()
    started = time.perf_counter()
    with _process(
        [python, "-m", "quire", "edit", str(notebook), "--headless", "--no-token", "--port", str(port)], scratch
    ):
        _wait_for_page(port)
        page = (time.perf_counter() - started) * 1000
        with connect(f"ws://127.0.0.1:{port}/socket", origin=f"http://127.0.0.1:{port}", max_size=None) as page_socket:
            while True:
                for notice in msgspec.msgpack.decode(page_socket.recv(timeout=SECONDS)):
                    if "42" in str(notice.get("output")) or any(
                        "42" in str(cell.get("output")) for cell in notice.get("cells", []) if isinstance(cell, dict)
                    ):
                        return Times(page, (time.perf_counter() - started) * 1000)


def measure_marimo(marimo: str, scratch: Path) -> Times:
    """The notebook is asked to run as soon as the socket is there."""
    notebook = scratch / "first_marimo.py"
    notebook.write_text(
        'import marimo\n\napp = marimo.App()\n\n\n@app.cell\ndef _():\n    6 * 7\n    return\n\n\nif __name__ == "__main__":\n    app.run()\n',
        encoding="utf-8",
    )
    port = _free_port()
    session = f"s_{secrets.token_hex(3)}"
    started = time.perf_counter()
    with _process(
        [marimo, "edit", "--headless", "--no-token", "--skip-update-check", "-p", str(port), str(notebook)], scratch
    ):
        html = _wait_for_page(port)
        page = (time.perf_counter() - started) * 1000
        token = re.search(r'"?serverToken"?: ?"([^"]+)"', html)
        assert token is not None
        with connect(f"ws://127.0.0.1:{port}/ws?session_id={session}&file={notebook}", max_size=None) as page_socket:
            page_socket.recv(timeout=SECONDS)
            request = urllib.request.Request(
                f"http://127.0.0.1:{port}/api/kernel/instantiate",
                json.dumps({"objectIds": [], "values": [], "autoRun": True}).encode(),
                {"Content-Type": "application/json", "Marimo-Session-Id": session, "Marimo-Server-Token": token[1]},
            )
            urllib.request.urlopen(request, timeout=SECONDS).read()
            while True:
                if "42" in str(json.loads(page_socket.recv(timeout=SECONDS)).get("data", {}).get("output")):
                    return Times(page, (time.perf_counter() - started) * 1000)
