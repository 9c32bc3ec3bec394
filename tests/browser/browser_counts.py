"""What a first visit costs, and a slider: counted, since times depend on the machine (those are in `benchmarks/`)."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from quire.notebook import InsertCell, apply_edit, new_notebook, write_notebook
from quire.protocol.codec import decode_notices
from quire.protocol.notices import CellsRan, OutputChanged
from scripts.browser import served

KIB = 1024
DEPENDENTS = 100


def notebook(path: Path, codes: list[str]) -> Path:
    made, last = new_notebook(), None
    for number, code in enumerate(codes):
        made = apply_edit(made, InsertCell(f"c{number}", last, code))
        last = f"c{number}"
    path.write_text(write_notebook(made), encoding="utf-8")
    return path


def outputs_of(notice: object) -> Iterable[str]:
    """The cells whose output it brings."""
    match notice:
        case OutputChanged(cell=cell):
            return [cell]
        case CellsRan(outputs=outputs):
            return outputs
        case _:
            return []


def count_wire(page: Page) -> Counter[str]:
    """Bytes and requests over the wire, headers included; fonts apart."""
    count: Counter[str] = Counter()
    fonts: set[str] = set()
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")

    def respond(event: dict[str, Any]) -> None:
        if event["type"] == "Font":
            fonts.add(event["requestId"])

    def finish(event: dict[str, Any]) -> None:
        size = int(event["encodedDataLength"])
        count["requests"] += size > 0
        count["fonts" if event["requestId"] in fonts else "bytes"] += size

    network.on("Network.responseReceived", respond)
    network.on("Network.loadingFinished", finish)
    return count


def test_a_first_visit_costs_fourteen_requests_and_less_than_300_kib(browser: Browser, tmp_path: Path):
    path = notebook(tmp_path / "nb.py", [f"x{n} = {n}\nx{n}" for n in range(10)])
    with served(path) as url, browser.new_context() as context:
        page = context.new_page()
        count = count_wire(page)
        page.goto(url)
        expect(page.locator(".cm-editor").first).to_be_visible()
        page.wait_for_load_state("networkidle")

        assert count["requests"] <= 14
        assert 0 < count["bytes"] <= 300 * KIB
        assert 0 < count["fonts"] <= 120 * KIB


def test_a_move_of_a_slider_says_each_thing_once(browser: Browser, tmp_path: Path):
    """To a hundred dependents: in few frames, every output once, no values of variables, no text of cells."""
    slider = "import quire as qr\ns = qr.ui.slider(1, 9, label='move')\ns"
    path = notebook(tmp_path / "nb.py", [slider, *(f'f"v{n}:{{s.value}};"' for n in range(DEPENDENTS))])
    frames: list[bytes] = []
    with served(path) as url, browser.new_context() as context:
        page = context.new_page()
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(bytes(frame))))
        page.goto(url)
        expect(page.locator(".cell-output", has_text=":1;")).to_have_count(DEPENDENTS)
        expect(page.locator(".status-line")).to_contain_text("idle")
        expect(page.locator(".save-state")).to_have_attribute("data-status", "saved")
        frames.clear()
        page.get_by_role("slider").press("ArrowRight")
        expect(page.locator(".cell-output", has_text=":2;")).to_have_count(DEPENDENTS)
        expect(page.locator(".status-line")).to_contain_text("idle")

    notices = [notice for frame in frames for notice in decode_notices(frame)]
    shown = Counter(cell for notice in notices for cell in outputs_of(notice))
    assert len(shown) == DEPENDENTS
    assert set(shown.values()) == {1}
    assert len(notices) < DEPENDENTS
    assert sum(map(len, frames)) < 100 * DEPENDENTS
