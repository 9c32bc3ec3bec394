"""Several browsers on one notebook."""

import signal
import socket
import subprocess
import sys
from contextlib import ExitStack

import msgspec
import pytest
from playwright.sync_api import Browser, Error, Page, expect

from .browser_first_hour import notebook_text


@pytest.fixture
def pages(open_notebook, browser: Browser):
    """One notebook in three browsers that share nothing."""
    quire = open_notebook(notebook_text("start = 0", "other = 1"))
    with ExitStack() as stack:
        found = [quire.page]
        for _ in range(2):
            context = stack.enter_context(browser.new_context())
            page = context.new_page()
            page.goto(quire.url)
            expect(page.locator(".cm-content")).to_have_count(2)
            found.append(page)
        yield quire, found


def text_of(page: Page, index: int = 0) -> str:
    return "\n".join(page.locator("[data-cell]").nth(index).locator(".cm-line").all_text_contents())


def test_three_browsers_type_into_one_cell_at_once_and_end_with_one_text(pages):
    quire, everybody = pages
    words = ["alpha", "bravo", "delta"]
    for page in everybody:
        page.locator(".cm-content").first.click()
        page.keyboard.press("ControlOrMeta+End")
    for index in range(20):
        for page, word in zip(everybody, words, strict=True):
            page.keyboard.insert_text(f"\n# {word}{index}")

    for page in everybody:
        for word in words:
            expect(page.locator("[data-cell]").first).to_contain_text(f"# {word}19")
    quire.wait_saved()
    texts = {text_of(page) for page in everybody}
    assert len(texts) == 1
    (text,) = texts
    # Of what one of them typed nothing is lost, nothing doubled, and all of it is in its order.
    for word in words:
        assert [line for line in text.split("\n") if word in line] == [f"# {word}{index}" for index in range(20)]
    quire.file_has("# delta19")


def test_undo_takes_back_what_was_typed_here(pages):
    _, (one, other, _) = pages
    one.locator(".cm-content").first.click()
    one.keyboard.press("ControlOrMeta+End")
    one.keyboard.insert_text("  # mine")
    expect(other.locator("[data-cell]").first).to_contain_text("# mine")
    other.locator(".cm-content").first.click()
    other.keyboard.press("ControlOrMeta+End")
    other.keyboard.insert_text(" # theirs")
    expect(one.locator("[data-cell]").first).to_contain_text("# mine # theirs")

    one.keyboard.press("ControlOrMeta+z")

    for page in (one, other):
        expect(page.locator("[data-cell]").first).to_contain_text("start = 0 # theirs")


def test_where_others_type_is_shown_and_goes_with_them(pages):
    _, (one, other, third) = pages
    expect(one.locator(".status-line")).to_contain_text("open in 2 other pages")
    other.locator(".cm-content").nth(1).click()

    expect(one.locator("[data-cell]").nth(1).locator(".other-caret")).to_have_count(1)
    expect(one.locator("[data-cell]").nth(0).locator(".other-caret")).to_have_count(0)
    other.close()
    expect(one.locator(".other-caret")).to_have_count(0)
    third.close()
    expect(one.locator(".status-line")).not_to_contain_text("other page")


def test_the_newest_value_of_an_element_wins_everywhere(open_notebook, browser: Browser):
    quire = open_notebook(
        notebook_text("import quire as qr", "s = qr.ui.slider(0, 100, label='s')\ns", "f'is {s.value}'")
    )
    other = browser.new_context().new_page()
    other.goto(quire.url)
    expect(other.locator("input[type=range]")).to_be_visible()
    for page, value in ((quire.page, "30"), (other, "60"), (quire.page, "90")):
        page.locator("input[type=range]").fill(value)
        expect(other.locator("[data-cell]").nth(2)).to_contain_text(f"is {value}")
    for page in (quire.page, other):
        expect(page.locator("input[type=range]")).to_have_value("90")
        expect(page.locator("[data-cell]").nth(2)).to_contain_text("is 90")


def kinds(frame: bytes) -> list[str]:
    return [notice["kind"] for notice in msgspec.msgpack.decode(frame)]


def test_a_server_that_is_killed_and_started_again_is_caught_up_with_in_one_message(browser: Browser, tmp_path):
    path = tmp_path / "notebook.py"
    path.write_text(notebook_text("x = 1", "x + 1"), encoding="utf-8")
    page = browser.new_context().new_page()
    frames: list[list[str]] = []
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: frames.append(kinds(frame))))
    command = [sys.executable, "-m", "quire", "edit", path.name, "--headless", "--token", "again"]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command += ["--port", str(port)]

    first = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL, start_new_session=True)
    _open_soon(page, f"http://127.0.0.1:{port}/?token=again")
    expect(page.locator("[data-cell]").nth(1)).to_contain_text("2")
    expect(page.locator(".cm-content")).to_have_count(2)  # the editor comes after the cells, and from the server
    first.kill()
    first.wait()
    expect(page.locator(".status-connection")).to_contain_text("lost")
    page.locator(".cm-content").first.click()
    page.keyboard.press("End")
    page.keyboard.insert_text("0")
    frames.clear()
    second = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        expect(page.locator(".status-connection")).to_have_attribute("data-status", "open")
        expect(page.locator("[data-cell]").first).to_contain_text("x = 10")
        page.keyboard.press("ControlOrMeta+Enter")
        expect(page.locator("[data-cell]").nth(1)).to_contain_text("11")
        expect(page.locator("[data-cell]")).to_have_count(2)
    finally:
        second.send_signal(signal.SIGINT)
        second.wait(20)
    told = [kind for frame in frames for kind in frame]
    assert told.count("notebookOpened") == 1
    assert told[0] == "notebookOpened"
    assert "    x = 10\n" in path.read_text(encoding="utf-8")


def _open_soon(page: Page, url: str) -> None:
    """The server may still be binding its port."""
    for _ in range(100):
        try:
            page.goto(url)
        except Error:
            page.wait_for_timeout(100)
        else:
            return
    raise AssertionError(f"nobody answers at {url}")
