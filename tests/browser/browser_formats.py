"""Notebooks of other formats: copies of one's own, and one's own from those of others."""

import json
from pathlib import Path

from playwright.sync_api import Download, expect

from scripts.browser import served

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


def jupyter(*sources: str) -> str:
    cells = [
        {"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}
        for source in sources
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells})


def test_a_foreign_notebook_is_converted_from_the_panel_of_files_by_keyboard(open_notebook, tmp_path):
    (tmp_path / "study.ipynb").write_text(jupyter("x = 6", "x * 7"))
    (tmp_path / "study.py").write_text("mine")
    (tmp_path / "noted.ipynb").write_text(jupyter("%matplotlib inline\nx = 1"))
    page = open_notebook(notebook_text("1")).page
    page.get_by_role("button", name="files").click()
    tree = page.get_by_role("tree", name="files")
    tree.get_by_role("treeitem", name="study.ipynb").press("Enter")
    asked = page.get_by_role("alertdialog")
    expect(asked).to_contain_text("study.ipynb is a Jupyter notebook. Convert it to study_2.py beside it")
    expect(asked).to_contain_text("(study.py is there already)")
    expect(asked.get_by_role("button", name="keep")).to_be_focused()
    assert findings(page) == []
    with page.context.expect_page() as opening:
        asked.get_by_role("button", name="convert").press("Enter")
    expect(opening.value.locator("[data-cell]").last).to_contain_text("42")
    assert (tmp_path / "study.py").read_text() == "mine"

    tree.get_by_role("treeitem", name="noted.ipynb").press("Enter")
    page.get_by_role("alertdialog").get_by_role("button", name="convert").press("Enter")
    told = page.get_by_role("alertdialog").filter(has_text="What to know of it")
    expect(told).to_contain_text("matplotlib")
    expect(told.get_by_role("button", name="open it")).to_be_visible()
    assert findings(page) == []


def test_a_foreign_notebook_is_converted_from_home(browser, tmp_path):
    (tmp_path / "study.ipynb").write_text(jupyter("x = 6", "x * 7"))
    with served(tmp_path) as url:
        page = browser.new_page(viewport={"width": 390, "height": 844})
        page.goto(url)
        others = page.get_by_role("region", name="notebooks of other formats")
        others.get_by_role("button", name="study.ipynb").press("Enter")
        expect(others).to_contain_text("Convert it to study.py beside it, and open that?")
        expect(others.get_by_role("button", name="convert")).to_be_focused()
        assert findings(page) == []
        others.get_by_role("button", name="keep").press("Enter")
        expect(others.get_by_role("button", name="study.ipynb")).to_be_focused()
        page.keyboard.press("Enter")
        others.get_by_role("button", name="convert").press("Enter")
        expect(page.locator("[data-cell]").last).to_contain_text("42")
        page.close()
