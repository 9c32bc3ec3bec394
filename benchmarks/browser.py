"""What a person at a browser waits for: the page, keys in small and large notebooks, a slider, printed lines."""

import contextlib
import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpora import Cell, many_cells, with_slider
from paint import JUPYTER, MARIMO, PRODUCTS, QUIRE, Product, key_to_paint, keys_to_paint, noted, watch
from playwright.sync_api import Browser, Page
from playwright.sync_api import TimeoutError as Late
from servers import Started
from table import GAVE_UP, PATIENCE, Row, rounds

from scripts.browser import launched

FRAME = 1000 / 60
KIB = 1024
TYPED = "amount = round(price * 3)"
DEPENDENTS = 10
MOVES = 15
PRINTING = [Cell(("for number in range(10000):", '    print("line", number)'))]


@dataclass(frozen=True)
class Visit:
    """One cold visit. `size` and `fonts` in bytes on the wire."""

    code: float
    key: float
    size: int = 0
    fonts: int = 0
    requests: int = 0


def measure_browser(repeat: int, scratch: Path, *, full: bool) -> Iterator[Row]:
    with launched(whole=True) as browser:
        yield from measure_visits(browser, scratch, full=full)
        yield measure_slider(browser, scratch)
        yield measure_printing(browser, scratch)


# -- the page, cold


def measure_visits(browser: Browser, scratch: Path, *, full: bool) -> list[Row]:
    small = {product: visits(browser, product, scratch, 10) for product in PRODUCTS}
    large = {product: visits(browser, product, scratch, 1000, 1) for product in (MARIMO, JUPYTER) if full}
    large[QUIRE] = visits(browser, QUIRE, scratch, 1000)
    largest = visits(browser, QUIRE, scratch, 2000)
    first, at_10 = small[QUIRE][0], _key(small[QUIRE])
    size = (first.size - first.fonts) / KIB
    code, code_1000 = _code(small[QUIRE]), _code(large[QUIRE])
    over = [_key(found) - at_10 for found in (large[QUIRE], largest)]
    near = "≤ 1 frame over 10 cells"
    return [
        _row("page, cold, 10 cells: KiB without fonts", small, _size, "≤ 300", met=size <= 300),
        _row("page, cold, 10 cells: KiB of fonts", small, _fonts, "≤ 120", met=first.fonts <= 120 * KIB),
        _row("page, cold, 10 cells: requests", small, _requests, "≤ 14", met=first.requests <= 14),
        _row("page, cold, 10 cells: first code painted", small, _code, "≤ 400 ms", met=code <= 400),
        _row("page, cold, 1,000 cells: first code painted", large, _code, "≤ 600 ms", met=code_1000 <= 600),
        _row("key → paint, 10 cells", small, _key, "≤ 2 frames", met=at_10 <= 2 * FRAME),
        _row("key → paint, 1,000 cells", large, _key, near, met=over[0] <= FRAME),
        _row("key → paint, 2,000 cells", {QUIRE: largest}, _key, near, met=over[1] <= FRAME),
    ]


def visits(browser: Browser, product: Product, scratch: Path, cells: int, times: int = 3) -> list[Visit]:
    """Each with a browser that knows nothing of the server, which runs."""
    with product.serve(scratch, many_cells(cells)) as server:
        server.wait()
        return [visit(browser, product, server) for _ in range(times)]


def visit(browser: Browser, product: Product, server: Started) -> Visit:
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    try:
        page = context.new_page()
        watch(page, code=(product.code, "first_name"))
        count = counted(page)
        page.goto(server.url, wait_until="commit")
        code = noted(page, "code")
        if code == GAVE_UP:
            return Visit(GAVE_UP, GAVE_UP)
        with contextlib.suppress(Late):  # a page that never rests is measured all the same
            page.wait_for_load_state("networkidle")
        key = statistics.median(type_into(page, product))
        began = page.evaluate("() => performance.timeOrigin")
        return Visit(code - began, key, count["bytes"], count["Font"], count["requests"])
    finally:
        context.close()


def counted(page: Page) -> Counter[str]:
    """What comes over the wire, headers included, as long as the page is open."""
    count: Counter[str] = Counter()
    fonts: set[str] = set()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")

    def respond(event: dict[str, Any]) -> None:
        if event["type"] == "Font":
            fonts.add(event["requestId"])

    def finish(event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        count["requests"] += size > 0  # what has no bytes, such as a `data:` address, was not asked for
        count["bytes"] += size
        count["Font"] += size if event["requestId"] in fonts else 0

    network.on("Network.responseReceived", respond)
    network.on("Network.loadingFinished", finish)
    return count


def type_into(page: Page, product: Product) -> list[float]:
    """In the third cell, at the end: while it is typed, the page is at work as with a person."""
    try:
        page.locator(product.code).nth(2).click(timeout=PATIENCE * 1000)
    except Late:
        return [GAVE_UP]
    page.keyboard.press("Control+End")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    return keys_to_paint(page, TYPED)


# -- a slider


def measure_slider(browser: Browser, scratch: Path) -> Row:
    found = {product: statistics.median(slider_moves(browser, product, scratch)) for product in (QUIRE, MARIMO)}
    what = f"slider key → {DEPENDENTS} dependents painted"
    return Row(what, FRAME, found[QUIRE], found[MARIMO], "≤ 35 ms", met=found[QUIRE] <= 35)


def slider_moves(browser: Browser, product: Product, scratch: Path) -> list[float]:
    with product.serve(scratch, with_slider(product.name, DEPENDENTS)) as server:
        server.wait()
        page = browser.new_page()
        try:
            watch(page, output=(product.output, f"v{DEPENDENTS - 1}:1;"))
            page.goto(server.url)
            noted(page, "output")
            page.wait_for_timeout(1000)
            slider = page.get_by_role("slider")
            slider.focus()
            return [_moved(page, product, value) for value in range(2, MOVES + 2)]
        finally:
            page.close()


def _moved(page: Page, product: Product, value: int) -> float:
    page.wait_for_timeout(150)
    return key_to_paint(page, "ArrowRight", f"() => shows({product.output!r}, ':{value};', {DEPENDENTS})")


# -- printed lines


def measure_printing(browser: Browser, scratch: Path) -> Row:
    found = rounds(3, **{product.name: _bound(print_lines, browser, product, scratch) for product in PRODUCTS})
    best = {name: min(times) for name, times in found.items()}
    ours = best["quire"]
    what = "10,000 printed lines visible"
    return Row(what, FRAME, ours, best["marimo"], "≤ 100 ms", met=ours <= 100, jupyter=best["jupyter"])


def print_lines(browser: Browser, product: Product, scratch: Path) -> float:
    """Milliseconds from the key that runs the cell; it has printed them before, and so has everything been loaded."""
    with product.serve(scratch, PRINTING) as server:
        server.wait()
        page = browser.new_page()
        try:
            watch(page, printed=(product.printed, "line 9999"))
            page.goto(server.url)
            if product.runs_by_hand:
                product.run_first(page)
            noted(page, "printed")
            page.locator(product.code).first.click()
            page.keyboard.press("Control+End")
            page.keyboard.press("ArrowLeft")
            page.keyboard.type(", 77777")
            page.wait_for_timeout(1500)
            return key_to_paint(page, "Control+Enter", f"() => shows({product.printed!r}, 'line 9999 77777')")
        finally:
            page.close()


# -- rows


def _row(
    what: str, found: dict[Product, list[Visit]], value: Callable[[list[Visit]], float], budget: str, *, met: bool
) -> Row:
    peers = [value(found[peer]) if peer in found else None for peer in (MARIMO, JUPYTER)]
    return Row(what, None, value(found[QUIRE]), peers[0], budget, met=met, jupyter=peers[1])


def _code(found: list[Visit]) -> float:
    return statistics.median(one.code for one in found)


def _key(found: list[Visit]) -> float:
    return statistics.median(one.key for one in found)


def _size(found: list[Visit]) -> float:
    return (found[0].size - found[0].fonts) / KIB


def _fonts(found: list[Visit]) -> float:
    return found[0].fonts / KIB


def _requests(found: list[Visit]) -> float:
    return found[0].requests


def _bound(measure: Callable[..., float], *arguments: Any) -> Callable[[], float]:
    return lambda: measure(*arguments)
