"""Notebooks of other formats: copies of one's own, and one's own from those of others."""

import json
from pathlib import Path

from playwright.sync_api import Download, expect

from .axe import findings
from .browser_first_hour import notebook_text


def text_of(download: Download) -> str:
    return Path(download.path()).read_text(encoding="utf-8")


def test_a_copy_in_another_format_has_what_is_on_the_screen(open_notebook):
    quire = open_notebook(notebook_text("x = 1", "print(x)"))
    page = quire.page
    quire.write(quire.cells.first, "x = 2")
    page.get_by_role("button", name="notebook menu").press("Enter")
    expect(page.get_by_role("menuitem").first).to_be_focused()
    page.get_by_role("menuitem", name="Save a copy as").press("Enter")
    formats = page.get_by_role("menu", name="save a copy as").get_by_role("menuitem")
    expect(formats.first).to_be_focused()
    expect(formats).to_have_count(5)
    assert findings(page) == []
    with page.expect_download() as waiting:
        page.keyboard.press("Enter")
    assert waiting.value.suggested_filename == "notebook.ipynb"
    assert [cell["source"] for cell in json.loads(text_of(waiting.value))["cells"]] == [["x = 2"], ["print(x)"]]
    expect(page.locator(".toast")).to_contain_text("notebook.ipynb was downloaded")

    page.keyboard.press("ControlOrMeta+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.insert_text("copy as marimo")
    with page.expect_download() as waiting:
        page.get_by_role("option").first.click()
    assert waiting.value.suggested_filename == "notebook_marimo.py"
    assert "import marimo" in text_of(waiting.value)
