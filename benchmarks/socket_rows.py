"""From a moved slider to the outputs of its dependents, over the socket, against an echo through the same server and client."""

import re
import statistics
import time
from pathlib import Path

from corpora import with_slider
from servers import serve_marimo, serve_quire
from table import Row
from wire import MarimoPage, QuirePage, marimo_page, quire_page

MOVES = 25
QUIET = 0.05
"""Seconds between two moves."""
ELEMENT = re.compile(r"""(?:element-id|object-id)=\\?["']([^"'\\]+)""")


def measure_socket(repeat: int, scratch: Path, *, full: bool) -> list[Row]:
    echo = echo_through_quire(scratch)
    rows: list[Row] = []
    for dependents, times in ((1, 2), (100, 3)):
        ours, size = quire_moves(scratch, dependents)
        marimo, marimo_size = marimo_moves(scratch, dependents)
        what = f"slider → {dependents} dependent{'s' if dependents > 1 else ''} over the socket"
        rows.append(Row(what, echo, ours, marimo, f"≤ {times}× the echo", met=ours <= times * echo))
    rows.append(Row("the same, 100 dependents: KB", None, size, marimo_size, "≤ 10", met=size <= 10))
    return rows


def echo_through_quire(scratch: Path) -> float:
    """A command that the server only confirms."""
    with serve_quire(scratch, with_slider("quire", 1)) as server:
        server.wait()
        with quire_page(server) as page:
            _settled(page, 1)
            times: list[float] = []
            for request in range(1, MOVES + 1):
                time.sleep(QUIET)
                started = time.perf_counter()
                page.ask({"kind": "moveCaret", "caret": None, "request": request})
                page.hear_answer(request)
                times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


def quire_moves(scratch: Path, dependents: int) -> tuple[float, float]:
    """Milliseconds, and kilobytes that the page gets."""
    with serve_quire(scratch, with_slider("quire", dependents)) as server:
        server.wait()
        with quire_page(server) as page:
            element = _settled(page, dependents)
            return _moves(page, dependents, lambda value: page.ask({"kind": "setElements", "values": {element: value}}))


def marimo_moves(scratch: Path, dependents: int) -> tuple[float, float]:
    with serve_marimo(scratch, with_slider("marimo", dependents)) as server, marimo_page(server, server.wait()) as page:
        page.run_all()
        element = _settled(page, dependents)
        return _moves(page, dependents, lambda value: page.set_element(element, value))


def _settled(page: QuirePage | MarimoPage, dependents: int) -> str:
    """The id of the slider, when everything has run."""
    page.hear_until(lambda: _shown(page, 1) == dependents and bool(ELEMENT.search(str(page.outputs))))
    found = ELEMENT.search(str(page.outputs))
    assert found is not None
    return found[1]


def _moves(page, dependents: int, move) -> tuple[float, float]:
    times: list[float] = []
    before = page.bytes
    for value in range(2, MOVES + 2):
        time.sleep(QUIET)
        started = time.perf_counter()
        move(value)
        page.hear_until(lambda value=value: _shown(page, value) == dependents)
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000, (page.bytes - before) / MOVES / 1000


def _shown(page: QuirePage | MarimoPage, value: int) -> int:
    return sum(f":{value};" in output for output in page.outputs.values())
