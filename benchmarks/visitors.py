"""Visitors of an app: how one of them fares while others burn CPU, and how soon fifty at once see something."""

import asyncio
import statistics
import time
from dataclasses import dataclass
from pathlib import Path

import msgspec
from first_output import SECONDS, _free_port, _process, _wait_for_page
from websockets.asyncio.client import ClientConnection, connect

APP = """import quire as qr

app = qr.App()


@app.cell
def _():
    import time
    import quire as qr

    slider = qr.ui.slider(0, 1000, value=1)
    burn = qr.ui.checkbox()
    qr.hstack([slider, burn])
    return burn, qr, slider, time


@app.cell
def _(slider):
    f"value {slider.value}"
    return


@app.cell
def _(burn, time):
    _until = time.perf_counter() + (60 if burn.value else 0)
    while time.perf_counter() < _until:
        pass
    return


if __name__ == "__main__":
    app.run()
"""

VISITORS = 50
BURNING = 4
MOVES = 20


@dataclass
class Visits:
    """Milliseconds."""

    alone: float
    beside_burning: float
    first_output: float


def measure_visits(python: str, scratch: Path) -> Visits:
    """The medians, each with a server of its own."""
    notebook = scratch / "visits.py"
    notebook.write_text(APP, encoding="utf-8")
    port = _free_port()
    command = [python, "-m", "quire", "run", str(notebook), "--headless", "--port", str(port)]
    with _process(command, scratch):
        _wait_for_page(port)
        alone, beside = asyncio.run(_slide_beside_others(port))
    with _process(command, scratch):
        _wait_for_page(port)
        first = asyncio.run(_come_together(port))
    return Visits(alone, beside, first)


async def _slide_beside_others(port: int) -> tuple[float, float]:
    one = await _visit(port, 1)
    alone = await _slide(one, 10)
    others = [await _visit(port, 10 + number) for number in range(BURNING)]
    for other in others:
        await other.send(msgspec.msgpack.encode([{"kind": "setElements", "values": {"c0-1": True}}]))
    await asyncio.sleep(1)  # until all of them burn
    return alone, await _slide(one, 100)


async def _come_together(port: int) -> float:
    async def come(number: int) -> float:
        started = time.perf_counter()
        await _visit(port, 1000 + number)
        return (time.perf_counter() - started) * 1000

    return statistics.median(await asyncio.gather(*(come(number) for number in range(VISITORS))))


async def _visit(port: int, number: int) -> ClientConnection:
    """A tab whose outputs are all there."""
    origin = f"http://127.0.0.1:{port}"
    tab = await connect(
        f"ws://127.0.0.1:{port}/socket?tab={number:032d}", origin=origin, max_size=None, open_timeout=SECONDS
    )
    await _until(tab, "value 1")
    return tab


async def _slide(tab: ClientConnection, first: int) -> float:
    times: list[float] = []
    for value in range(first, first + MOVES):
        await asyncio.sleep(0.05)  # a frame of its own for each
        started = time.perf_counter()
        await tab.send(msgspec.msgpack.encode([{"kind": "setElements", "values": {"c0-0": value}}]))
        await _until(tab, f"value {value}")
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


async def _until(tab: ClientConnection, words: str) -> None:
    while True:
        for notice in msgspec.msgpack.decode(await asyncio.wait_for(tab.recv(), SECONDS)):
            outputs = [
                notice.get("output"),
                *(cell.get("output") for cell in notice.get("cells", []) if isinstance(cell, dict)),
            ]
            if any(words in str(output) for output in outputs):
                return
