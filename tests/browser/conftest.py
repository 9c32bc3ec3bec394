"""A real server in a process of its own, and a real Chromium."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from scripts.run_tests import find_browser

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 30_000  # milliseconds; the machine may be busy with other tests


class Open:
    """One notebook, open in one page."""

    def __init__(self, path: Path, url: str, process: subprocess.Popen[str], page: Page) -> None:
        self.path, self.url, self.process, self.page = path, url, process, page

    @property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @property
    def cells(self) -> Locator:
        return self.page.locator("[data-cell]")

    def cell(self, words: str) -> Locator:
        """The cell whose code or output holds the words."""
        return self.cells.filter(has_text=words).first

    def wait_idle(self) -> None:
        """Nothing runs or waits to run, and everything is saved."""
        expect(self.page.locator(".status-line")).to_contain_text("idle", timeout=PATIENCE)

    def wait_saved(self) -> None:
        expect(self.page.locator(".save-state")).to_have_attribute("data-status", "saved", timeout=PATIENCE)

    def write(self, cell: Locator, code: str) -> None:
        """Replace the code of a cell by typing."""
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.press("Delete")
        self.page.keyboard.insert_text(code)

    def run(self, cell: Locator) -> None:
        cell.locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+Enter")

    def file_has(self, words: str) -> None:
        """The words come to stand in the file."""
        self.page.wait_for_function("() => true")
        deadline = PATIENCE / 100
        while words not in self.text:
            deadline -= 1
            assert deadline > 0, f"{words!r} did not come into the file:\n{self.text}"
            self.page.wait_for_timeout(100)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    path = find_browser()
    assert path is not None, "no Chromium; ./test --install-browser"
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*ARGUMENTS, *(["--no-sandbox"] if root else [])])
        yield browser
        browser.close()


OpenNotebook = Callable[..., Open]


@pytest.fixture
def open_notebook(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[OpenNotebook]:
    """Open a file (a path to copy, or its text) as a user would: the command, then the address that it prints."""
    opened: list[Open] = []
    strange: list[str] = []

    def open_notebook(source: Path | str, *, width: int = 1280, height: int = 800, dark: bool = False) -> Open:
        path = tmp_path / (source.name if isinstance(source, Path) else "notebook.py")
        if isinstance(source, Path):
            shutil.copy(source, path)
        else:
            path.write_text(source, encoding="utf-8")
        process = subprocess.Popen(
            [sys.executable, "-m", "quire", "edit", path.name, "--headless", "--port", "0"],
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        url = ""
        for line in process.stdout:
            if found := re.search(r"http://\S+", line):
                url = found[0]
                break
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark" if dark else "light")
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        origin = url.split("?")[0]
        page.on("request", lambda r: strange.append(r.url) if not r.url.startswith((origin, "data:", "blob:", "ws:")) else None)
        page.on("pageerror", lambda error: strange.append(str(error)))
        page.goto(url)
        one = Open(path, url, process, page)
        opened.append(one)
        expect(one.cells.first).to_be_visible(timeout=PATIENCE)
        one.wait_idle()
        return one

    yield open_notebook
    for one in opened:
        one.page.context.close()
        one.process.send_signal(signal.SIGINT)
        assert one.process.wait(20) in {0, 130}
        assert one.process.stdout is not None
        one.process.stdout.close()
    assert strange == [], "requests beyond the server, or errors in the page"
