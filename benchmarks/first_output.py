"""From the command to the page's first answer, to the first output over the socket, and to that output in a browser."""

import statistics
import time
from pathlib import Path

from corpora import Cell
from paint import PRODUCTS, Product, noted, watch
from playwright.sync_api import Browser
from servers import PYTHON, serve_marimo, serve_quire
from table import Row, best, command, rounds
from wire import marimo_page, quire_page

from scripts.browser import launched

ANSWER = "42000042"
NOTEBOOK = [Cell(("6 * 7000007",))]


def measure_first_output(repeat: int, scratch: Path, *, full: bool) -> list[Row]:
    bare = best(repeat, bare=command(PYTHON, "-c", "pass"))["bare"]
    found = rounds(3, ours=lambda: over_quires_socket(scratch), marimo=lambda: over_marimos_socket(scratch))
    page = {name: min(page for page, _ in times) for name, times in found.items()}
    output = {name: statistics.median(output for _, output in times) for name, times in found.items()}
    return [
        Row(
            "`edit` → page answers",
            bare,
            page["ours"],
            page["marimo"],
            "≤ 12× bare Python",
            met=page["ours"] <= 12 * bare,
        ),
        Row(
            "`edit` → first output over the socket",
            bare,
            output["ours"],
            output["marimo"],
            "≤ 600 ms",
            met=output["ours"] <= 600,
        ),
        measure_first_paint(scratch),
    ]


def measure_first_paint(scratch: Path) -> Row:
    with launched(whole=True) as browser:
        in_browser = {
            product.name: lambda product=product: in_a_browser(product, browser, scratch) for product in PRODUCTS
        }
        found = {name: statistics.median(times) for name, times in rounds(3, **in_browser).items()}
    ours = found["quire"]
    what = "`edit` → first output painted"
    return Row(what, None, ours, found["marimo"], "≤ 1,400 ms", met=ours <= 1400, jupyter=found["jupyter"])


def over_quires_socket(scratch: Path) -> tuple[float, float]:
    """Milliseconds to the page and to the output. The notebook runs when it is opened."""
    with serve_quire(scratch, NOTEBOOK) as server:
        server.wait()
        page = since(server.at)
        with quire_page(server) as socket:
            socket.hear_until(lambda: ANSWER in str(socket.outputs))
            return page, since(server.at)


def over_marimos_socket(scratch: Path) -> tuple[float, float]:
    """The notebook is asked to run as soon as the socket is there."""
    with serve_marimo(scratch, NOTEBOOK) as server:
        html = server.wait()
        page = since(server.at)
        with marimo_page(server, html) as socket:
            socket.run_all()
            socket.hear_until(lambda: ANSWER in str(socket.outputs))
            return page, since(server.at)


def in_a_browser(product: Product, browser: Browser, scratch: Path) -> float:
    """Milliseconds from the command, with the browser there already."""
    with product.serve(scratch, NOTEBOOK) as server:
        server.wait_listening()
        context = browser.new_context()
        try:
            page = context.new_page()
            watch(page, output=(product.output, ANSWER))
            page.goto(server.url, wait_until="commit")
            if product.runs_by_hand:
                product.run_first(page)
            return noted(page, "output") - server.at * 1000
        finally:
            context.close()


def since(at: float) -> float:
    return (time.time() - at) * 1000
