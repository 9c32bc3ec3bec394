"""A real server in a process of its own, and a real Chromium."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from scripts.browser import launched, served

PATIENCE = 30_000  # milliseconds; the machine may be busy with other tests
expect.set_options(timeout=PATIENCE)


class Open:
    """One notebook, open in one page."""

    def __init__(self, path: Path, page: Page, url: str) -> None:
        self.path, self.page = path, page
        self.url = url
        """What the command printed: it lets any browser in."""

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
        expect(self.page.locator(".status-line")).to_contain_text("idle")

    def wait_saved(self) -> None:
        expect(self.page.locator(".save-state")).to_have_attribute("data-status", "saved")

    def write(self, cell: Locator, code: str) -> None:
        """Replace the code of a cell by typing."""
        cell.locator(".cm-content").click()
        expect(cell.locator(".cm-content")).to_be_focused()
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
    with launched() as browser:
        yield browser


OpenNotebook = Callable[..., Open]


@pytest.fixture
def open_notebook(browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenNotebook]:
    """Open a file (a path to copy, or its text) as a user would: the command, then the address that it prints."""
    # Settings of whoever runs the tests are not looked at, and not touched.
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    strange: list[str] = []
    with ExitStack() as stack:

        def open_notebook(
            source: Path | str, *options: str, width: int = 1280, height: int = 800, at_rest: bool = True
        ) -> Open:
            path = tmp_path / (source.name if isinstance(source, Path) else "notebook.py")
            if isinstance(source, Path):
                shutil.copy(source, path)
            else:
                path.write_text(source, encoding="utf-8")
            url = stack.enter_context(served(path, "edit", *options))
            context = stack.enter_context(browser.new_context(viewport={"width": width, "height": height}))
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            ours = (url.split("?")[0], "data:", "blob:", "ws:")
            page.on("request", lambda request: request.url.startswith(ours) or strange.append(request.url))
            page.on("pageerror", lambda error: strange.append(str(error)))
            page.goto(url)
            one = Open(path, page, url)
            expect(one.cells.first).to_be_visible(timeout=PATIENCE)
            if at_rest:
                one.wait_idle()
            else:
                expect(page.locator(".status-connection")).to_have_text("connected")
            return one

        yield open_notebook
    assert strange == [], "requests beyond the server, or errors in the page"
