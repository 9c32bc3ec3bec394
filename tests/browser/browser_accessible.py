"""Everybody can use it: no findings of axe-core anywhere, and all of it by keyboard."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.browser import served

from .axe import findings
from .browser_first_hour import ANALYSIS, notebook_text

EVERY_STATE = (
    "import quire as qr\nimport sys",
    "x = 1",
    "x = 2",
    "x + 1",
    "1 / 0",
    "y = = 1",
    "print('out')\nprint('err', file=sys.stderr)\n{'a': [1, 2, {'b': None}]}",
    "qr.md('# Title\\n\\n[link](https://example.org) and `code`\\n\\n| a | b |\\n| - | - |\\n| 1 | 2 |')",
    (
        "n = qr.ui.number(0, 10, label='number')\nt = qr.ui.text(label='words')\nc = qr.ui.checkbox(label='check')\n"
        "d = qr.ui.dropdown(['red', 'blue'], label='colour')\ns = qr.ui.slider(0, 9, label='slide')\n"
        "b = qr.ui.button(label='press')\nqr.vstack([n, t, c, d, s, b])"
    ),
)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_notebook_in_every_state(open_notebook, scheme):
    quire = open_notebook(notebook_text(*EVERY_STATE))
    quire.page.emulate_media(color_scheme=scheme)
    expect(quire.page.locator("body")).to_contain_text("is defined in 2 cells")
    quire.cells.nth(1).locator(".cm-content").click()

    assert findings(quire.page) == []


def test_an_analysis_on_a_narrow_screen(open_notebook):
    quire = open_notebook(ANALYSIS, width=390, height=844)

    assert findings(quire.page) == []


def test_an_empty_notebook(open_notebook):
    quire = open_notebook(notebook_text(""))

    assert findings(quire.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("key", ["ControlOrMeta+k", "ControlOrMeta+Shift+h", "ControlOrMeta+,"])
def test_palette_keys_and_settings(open_notebook, key, scheme):
    quire = open_notebook(notebook_text("x = 1", "y = x"))
    quire.page.emulate_media(color_scheme=scheme)
    quire.page.keyboard.press(key)
    expect(quire.page.get_by_role("dialog")).to_be_visible()

    assert findings(quire.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_find_bar(open_notebook, scheme):
    quire = open_notebook(notebook_text("x = 1", "y = x"))
    quire.page.emulate_media(color_scheme=scheme)
    quire.cells.first.locator(".cm-content").click()
    quire.page.keyboard.press("ControlOrMeta+f")
    bar = quire.page.get_by_role("search", name="find and replace")
    bar.get_by_label("find", exact=True).fill("x")
    expect(bar.get_by_role("status")).to_have_text("1 of 2")

    assert findings(quire.page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_menus_of_the_notebook_and_of_a_cell(open_notebook, scheme):
    quire = open_notebook(notebook_text("x = 1", "y = x"))
    quire.page.emulate_media(color_scheme=scheme)
    quire.page.get_by_role("button", name="notebook menu").click()
    expect(quire.page.get_by_role("menu", name="notebook menu")).to_be_visible()
    assert findings(quire.page) == []
    quire.page.keyboard.press("Escape")
    quire.cells.first.click(button="right", position={"x": 20, "y": 20})
    expect(quire.page.get_by_role("menuitem").first).to_be_focused()

    assert findings(quire.page) == []


def test_every_panel(open_notebook):
    quire = open_notebook(notebook_text(*EVERY_STATE))
    rail = quire.page.locator(".rail button")
    assert rail.count() > 1
    for index in range(rail.count()):
        rail.nth(index).click()
        expect(rail.nth(index)).to_have_attribute("aria-pressed", "true")
        expect(quire.page.locator(".panel")).to_be_visible()
        assert findings(quire.page) == []


def test_what_happens_is_announced(open_notebook):
    quire = open_notebook(notebook_text("x = 1", "1 / x"))
    announced = quire.page.get_by_role("status")
    expect(announced.filter(has_text="no problems")).to_have_count(1)

    quire.write(quire.cells.nth(0), "x = 0")
    quire.page.keyboard.press("ControlOrMeta+Enter")

    expect(announced.filter(has_text="1 problem")).to_have_count(1)
    expect(quire.page.get_by_label("cell 2, failed")).to_be_visible()


def test_a_cell_is_reached_changed_and_run_by_keyboard_alone(open_notebook, browser: Browser):
    quire = open_notebook(notebook_text("x = 1", "x + 1"))
    expect(quire.page.locator(".cm-content")).to_have_count(2)
    keyboard = quire.page.keyboard
    for _ in range(40):
        keyboard.press("Tab")
        if quire.page.evaluate("document.activeElement.matches('.cm-content')"):
            break
    keyboard.press("Escape")
    expect(quire.cells.nth(0)).to_be_focused()
    keyboard.press("Enter")
    keyboard.press("End")
    keyboard.insert_text("0")
    keyboard.press("ControlOrMeta+Enter")

    expect(quire.cells.nth(1)).to_contain_text("11")


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """Open what a command serves, in a browser of its own."""
    with ExitStack() as stack:

        def visit(path: Path, command: str, *, scheme: str, by: tuple[str, ...] = ()) -> Page:
            url = stack.enter_context(served(path, command, by=by))
            context = stack.enter_context(browser.new_context(color_scheme=scheme))
            page = context.new_page()
            page.goto(url)
            return page

        yield visit


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_home_with_and_without_notebooks(visit, tmp_path, scheme):
    (tmp_path / "empty").mkdir()
    empty = visit(tmp_path / "empty", "edit", scheme=scheme)
    expect(empty.locator("body")).to_contain_text("There is no notebook in this folder yet")
    assert findings(empty) == []

    for name in ("elsewhere/far.py", "work/one.py", "work/sub/two.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(notebook_text("x = 1"))
    with served(tmp_path / "elsewhere" / "far.py"):
        pass
    home = visit(tmp_path / "work", "edit", scheme=scheme)
    home.get_by_role("link", name="one.py").click()
    expect(home.locator(".status-line")).to_contain_text("idle")
    home.get_by_role("button", name="Files", exact=False).first.click()
    expect(home.get_by_role("tree", name="files")).to_be_visible()
    assert findings(home) == []

    home.locator("a.mark").click()
    for region in ("running", "recent", "notebooks"):
        expect(home.get_by_role("region", name=region)).to_be_visible()
    assert findings(home) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_app_with_elements_and_an_error_and_the_page_of_all_apps(visit, tmp_path, scheme):
    for name in ("one.py", "two.py"):
        (tmp_path / "apps").mkdir(exist_ok=True)
        (tmp_path / "apps" / name).write_text(notebook_text(*(code for code in EVERY_STATE if code != "x = 2")))
    gallery = visit(tmp_path / "apps", "run", scheme=scheme)
    expect(gallery.get_by_role("heading", name="Apps")).to_be_visible()
    assert findings(gallery) == []

    gallery.get_by_role("link", name="one").click()
    expect(gallery.locator("body")).to_contain_text("Something went wrong here")
    expect(gallery.locator("body")).to_contain_text("press")
    assert findings(gallery) == []


@pytest.mark.skipif(shutil.which("setpriv") is None, reason="permissions must count")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_notebook_that_cannot_be_saved(visit, tmp_path, scheme):
    folder = tmp_path / "shared"
    folder.mkdir()
    (folder / "nb.py").write_text(notebook_text("x = 1"))
    folder.chmod(0o555)
    page = visit(folder / "nb.py", "edit", scheme=scheme, by=plain_rights())
    expect(page.get_by_role("alert")).to_contain_text("no permission to write")
    expect(page.locator(".save-state")).to_have_text("cannot save")

    assert findings(page) == []


def plain_rights() -> tuple[str, ...]:
    """Runs a command so that permissions count for the superuser too."""
    return ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
