"""Quire and its peers, each started the way its users start it, on a port of this machine."""

import contextlib
import os
import secrets
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from corpora import Cell, ipynb, notebook
from table import PATIENCE

HERE = Path(__file__).parent
PEERS = HERE / ".venv-peers"
MARIMO, JUPYTER = "marimo==0.25.2", "jupyterlab==4.6.6"
PYTHON = sys.executable
PEERS_PYTHON = str(PEERS / "bin" / "python")

RUN_AT_ONCE = "[tool.marimo.runtime]\nauto_instantiate = true\n"
"""Quire runs a notebook when it is opened; marimo does so when it is told to."""


def install_peers() -> None:
    """Into a venv of their own, once."""
    if not Path(PEERS_PYTHON).exists():
        subprocess.run([PYTHON, "-m", "venv", str(PEERS)], check=True)
    subprocess.run([PEERS_PYTHON, "-m", "pip", "install", "--quiet", MARIMO, JUPYTER, "pytest"], check=True)


@dataclass(frozen=True)
class Started:
    """A server that is on its way, or there."""

    port: int
    pid: int
    at: float
    """Seconds since the epoch when the command was given."""
    url: str

    def wait(self) -> str:
        """The page's first answer."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url, timeout=PATIENCE) as answer:
                    return answer.read().decode()
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.002)
        raise TimeoutError(f"no page on port {self.port}")

    def wait_listening(self) -> None:
        """Until a browser would not be turned away."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            with contextlib.suppress(ConnectionError), socket.create_connection(("127.0.0.1", self.port)):
                return
            time.sleep(0.002)
        raise TimeoutError(f"nothing listens on port {self.port}")


Serve = Callable[[Path, list[Cell]], AbstractContextManager[Started]]


def serve_quire(folder: Path, cells: list[Cell], verb: str = "edit") -> AbstractContextManager[Started]:
    path = _place(folder) / "quire_notebook.py"
    path.write_text(notebook(cells), encoding="utf-8")
    open_to_all = ["--no-token"] if verb == "edit" else []
    port = _free_port()
    words = [PYTHON, "-m", "quire", verb, str(path), "--headless", *open_to_all, "--port", str(port)]
    return _process(words, path.parent, port)


def serve_marimo(folder: Path, cells: list[Cell], verb: str = "edit") -> AbstractContextManager[Started]:
    path = _place(folder) / "marimo_notebook.py"
    path.write_text(notebook(cells, "marimo"), encoding="utf-8")
    path.with_name("pyproject.toml").write_text(RUN_AT_ONCE, encoding="utf-8")
    port = _free_port()
    quiet = ["--skip-update-check"] if verb == "edit" else []
    words = [str(PEERS / "bin" / "marimo"), verb, "--headless", "--no-token", *quiet, "-p", str(port), str(path)]
    return _process(words, path.parent, port)


def serve_jupyter(folder: Path, cells: list[Cell]) -> AbstractContextManager[Started]:
    path = _place(folder) / "notebook.ipynb"
    path.write_text(ipynb(cells), encoding="utf-8")
    port = _free_port()
    words = [str(PEERS / "bin" / "jupyter-lab"), "--no-browser", "--allow-root", "--IdentityProvider.token="]
    words += ["--ServerApp.disable_check_xsrf=True", f"--ServerApp.port={port}", f"--ServerApp.root_dir={path.parent}"]
    return _process(words, path.parent, port, "lab/tree/notebook.ipynb")


def processes_of(pid: int) -> list[int]:
    """The process and all that it has started, directly or not."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    children = [child for thread in threads for child in thread.read_text(encoding="ascii").split()]
    return [pid, *(found for child in children for found in processes_of(int(child)))]


def _place(folder: Path) -> Path:
    """A new folder: nothing that one server leaves behind is found by the next."""
    place = folder / secrets.token_hex(4)
    place.mkdir()
    return place


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def _process(words: list[str], folder: Path, port: int, page: str = "") -> Iterator[Started]:
    at = time.time()
    process = subprocess.Popen(
        words, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ, process_group=0
    )
    try:
        yield Started(port, process.pid, at, f"http://127.0.0.1:{port}/{page}")
    finally:
        process.send_signal(signal.SIGTERM if page else signal.SIGINT)
        try:
            process.wait(8)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
