"""Home: finding, opening, stopping, beginning, renaming and deleting notebooks."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from quire.notebook import InsertCell, apply_edit, new_notebook, write_notebook
from scripts.browser import served


def write(path: Path, code: str) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(write_notebook(apply_edit(new_notebook(), InsertCell("a", None, code))), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "work"
    write(root / "first.py", "x = 1\nx + 41")
    write(root / "sub" / "second.py", "y = 2")
    (root / "plain.py").write_text("print(1)")
    return root


@pytest.fixture
def home(browser: Browser, folder: Path) -> Iterator[Page]:
    broken: list[str] = []
    with served(folder) as url:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(url)
        expect(page.get_by_role("heading", name="work")).to_be_visible()
        yield page
        context.close()
    assert broken == []


def test_a_notebook_is_opened_run_and_stopped(home: Page):
    notebooks = home.get_by_role("region", name="notebooks")
    expect(notebooks.get_by_role("listitem")).to_have_count(2)
    notebooks.get_by_role("link", name="first.py").click()
    expect(home.locator("[data-cell]").first).to_contain_text("42")

    other = home.context.new_page()
    other.goto(home.url.replace("/edit/first.py", "/home"))
    running = other.get_by_role("region", name="running")
    expect(running).to_contain_text("first.py")
    expect(running).to_contain_text("MiB")
    other.get_by_role("button", name="stop first.py").click()
    expect(running).to_have_count(0)
    expect(home.locator(".status-line")).to_contain_text("stopped")
    home.locator("a.mark").click()
    expect(home.get_by_role("heading", name="work")).to_be_visible()


def test_what_was_opened_last_is_a_link_here_and_a_command_elsewhere(home: Page, folder: Path, browser: Browser):
    write(folder.parent / "elsewhere" / "far.py", "z = 3")
    with served(folder.parent / "elsewhere" / "far.py"):
        pass
    home.get_by_role("link", name="first.py").click()
    expect(home.locator("[data-cell]").first).to_contain_text("42")
    home.locator("a.mark").click()
    home.get_by_role("button", name="stop first.py").click()

    recent = home.get_by_role("region", name="recent")
    expect(recent.get_by_role("link")).to_have_text(["first.py"])
    expect(recent.locator("code")).to_have_text([f"quire edit {folder.parent}/elsewhere/far.py"])
    home.context.grant_permissions(["clipboard-read", "clipboard-write"])
    recent.get_by_role("button", name="copy the command that opens far.py").click()
    expect(recent).to_contain_text("copied")
    copied = home.evaluate("() => navigator.clipboard.readText()")
    assert copied == f"quire edit {folder.parent}/elsewhere/far.py"


def test_a_search_needs_a_few_letters(home: Page):
    home.get_by_role("searchbox").fill("scnd")
    expect(home.get_by_role("listitem")).to_have_count(1)
    expect(home.get_by_role("listitem")).to_contain_text("sub/second.py")


def test_notebooks_are_begun_renamed_and_deleted_by_keyboard(home: Page, folder: Path):
    home.get_by_role("button", name="rename first.py").focus()
    home.keyboard.press("Enter")
    home.get_by_label("new name of first.py").fill("renamed.py")
    home.keyboard.press("Enter")
    expect(home.get_by_role("link", name="renamed.py")).to_be_visible()
    assert (folder / "renamed.py").exists()

    home.get_by_role("button", name="delete renamed.py").focus()
    home.keyboard.press("Enter")
    expect(home.get_by_role("button", name="keep")).to_be_focused()
    home.get_by_role("button", name="delete", exact=True).click()
    expect(home.get_by_text("renamed.py")).to_have_count(0)  # nor in the question, which stays until it is done
    assert not (folder / "renamed.py").exists()

    home.get_by_role("button", name="new notebook").click()
    expect(home.locator(".empty")).to_be_visible()
    assert (folder / "untitled.py").exists()


def test_the_panel_of_files_makes_renames_uploads_and_deletes(home: Page, folder: Path):
    (folder / ".env").write_text("SECRET")
    home.get_by_role("link", name="first.py").click()
    home.get_by_role("button", name="Files", exact=False).first.click()
    tree = home.get_by_role("tree", name="files")
    expect(tree.get_by_role("treeitem")).to_have_count(3)

    tree.get_by_role("treeitem", name="sub").focus()
    home.keyboard.press("ArrowRight")
    expect(tree.get_by_role("treeitem", name="second.py")).to_be_visible()
    home.keyboard.press("ArrowRight")
    expect(tree.get_by_role("treeitem", name="second.py")).to_be_focused()

    home.get_by_role("button", name="new folder").click()
    home.get_by_label("new folder in sub").fill("deep")
    home.keyboard.press("Enter")
    expect(tree.get_by_role("treeitem", name="deep")).to_have_attribute("aria-selected", "true")
    assert (folder / "sub" / "deep").is_dir()

    field = home.locator("input[type=file]")
    field.set_input_files({"name": "data.csv", "mimeType": "text/csv", "buffer": b"1,2"})
    expect(tree.get_by_role("treeitem", name="data.csv")).to_be_visible()
    field.set_input_files({"name": "data.csv", "mimeType": "text/csv", "buffer": b"3,4"})
    expect(home.get_by_role("alertdialog")).to_contain_text("data.csv")
    assert (folder / "sub" / "deep" / "data.csv").read_text() == "1,2"
    home.get_by_role("button", name="replace").click()
    expect(home.get_by_role("alertdialog")).to_have_count(0)
    with home.expect_download() as downloading:
        tree.get_by_role("treeitem", name="data.csv").click()
    assert downloading.value.path().read_text() == "3,4"

    tree.get_by_role("treeitem", name="plain.py").focus()
    home.keyboard.press("F2")
    home.get_by_label("new name of plain.py").fill("renamed.py")
    home.keyboard.press("Enter")
    expect(tree.get_by_role("treeitem", name="renamed.py")).to_be_visible()
    tree.get_by_role("treeitem", name="renamed.py").focus()
    home.keyboard.press("Delete")
    home.get_by_role("alertdialog").get_by_role("button", name="delete").click()
    expect(tree.get_by_role("treeitem", name="renamed.py")).to_have_count(0)
    assert not (folder / "renamed.py").exists()

    tree.get_by_role("treeitem", name="first.py").focus()
    home.keyboard.press("Delete")
    home.get_by_role("alertdialog").get_by_role("button", name="delete").click()
    expect(home.locator(".files-said")).to_contain_text("stop it first")
