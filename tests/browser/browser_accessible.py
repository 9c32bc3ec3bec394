"""Everybody can use it: no findings of axe-core anywhere, and all of it by keyboard."""

import pytest
from playwright.sync_api import Browser, expect

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
@pytest.mark.parametrize("key", ["ControlOrMeta+k", "ControlOrMeta+Shift+h"])
def test_palette_and_keys(open_notebook, key, scheme):
    quire = open_notebook(notebook_text("x = 1", "y = x"))
    quire.page.emulate_media(color_scheme=scheme)
    quire.page.keyboard.press(key)
    expect(quire.page.get_by_role("dialog")).to_be_visible()

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
