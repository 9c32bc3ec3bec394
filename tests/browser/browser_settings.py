"""Settings changed in the dialog, the keys of vim, and keys while a list of completions is open."""

import re

from playwright.sync_api import expect

from .axe import findings
from .browser_first_hour import notebook_text
from .browser_shell import expect_soon


def user_file(quire):
    return quire.path.parent / "config" / "quire" / "quire.toml"


def wait_written(quire, words: str) -> None:
    """The words come to stand in the user's file."""
    for _ in range(300):
        if user_file(quire).exists() and words in user_file(quire).read_text():
            return
        quire.page.wait_for_timeout(50)
    raise AssertionError(f"{words!r} did not come into {user_file(quire)}")


def test_settings_hold_at_once_and_are_written_beside_what_the_user_wrote(open_notebook, tmp_path):
    (tmp_path / "config" / "quire").mkdir(parents=True)
    (tmp_path / "config" / "quire" / "quire.toml").write_text('# mine\n[keymap]\npreset = "default"  # for now\n')
    quire = open_notebook(notebook_text("a = 1"))
    page = quire.page
    page.keyboard.press("ControlOrMeta+,")
    dialog = page.get_by_role("dialog", name="settings")
    dialog.get_by_role("group", name="Theme").get_by_role("radio", name="Dark").check(force=True)
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    dialog.get_by_role("group", name="Width").get_by_role("radio", name="Medium").check(force=True)
    expect_soon(page, "getComputedStyle(document.documentElement).getPropertyValue('--column') === '1100px'")
    dialog.get_by_label("size of code in pixels").fill("18")
    expect(page.locator(".cm-content").first).to_have_css("font-size", "18px")
    dialog.get_by_role("group", name="Keys").get_by_role("radio", name="Vim").check(force=True)
    expect(page.locator(".cm-vimMode")).to_have_count(1)
    wait_written(quire, '# mine\n[keymap]\npreset = "vim"  # for now\n')
    wait_written(quire, 'theme = "dark"\ndefault_width = "medium"\ncode_editor_font_size = 18.0\n')
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    # Another browser, which remembers nothing.
    other = open_notebook(quire.path.read_text())
    expect(other.page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(other.page.locator(".cm-content").first).to_have_css("font-size", "18px")


def test_saving_by_hand_formats_where_somebody_wants_it_and_can_be_undone(open_notebook):
    quire = open_notebook(notebook_text("a = 1", "b = 2"))
    page, cell = quire.page, quire.cells.first
    quire.write(cell, "a=[ 1 ]")
    quire.file_has("    a=[ 1 ]\n")
    page.keyboard.press("ControlOrMeta+,")
    row = page.get_by_role("dialog", name="settings").get_by_role("group", name="Saving")
    row.get_by_role("checkbox", name="formats all cells").check()
    wait_written(quire, "[save]\nformat_on_save = true\n")
    assert findings(page) == []
    page.keyboard.press("Escape")
    quire.write(quire.cells.last, "b  =  3")
    quire.file_has("    b  =  3\n")  # saving by itself changes nothing

    page.keyboard.press("ControlOrMeta+s")
    quire.file_has("    b = 3\n")
    quire.file_has("    a = [1]\n")
    expect(quire.cells.last.locator(".cm-content")).to_be_focused()
    page.keyboard.press("ControlOrMeta+z")
    expect(quire.cells.last.locator(".cm-content")).to_have_text("b  =  3")


def test_saving_by_hand_saves_also_what_cannot_be_formatted(open_notebook, tmp_path):
    (tmp_path / "config" / "quire").mkdir(parents=True)
    (tmp_path / "config" / "quire" / "quire.toml").write_text("[save]\nformat_on_save = true\n")
    (tmp_path / "ruff.toml").write_text("nonsense = [\n")
    quire = open_notebook(notebook_text("a = 1"))
    quire.write(quire.cells.first, "a=2")
    quire.page.keyboard.press("ControlOrMeta+s")

    expect(quire.page.locator(".toast")).to_contain_text("ruff")
    quire.file_has("    a=2\n")


def test_what_the_project_sets_is_marked_and_a_file_that_cannot_be_written_says_so(open_notebook, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.quire.display]\ntheme = "dark"\n')
    (tmp_path / "config" / "quire" / "quire.toml").mkdir(parents=True)
    quire = open_notebook(notebook_text("a = 1"), width=390, height=844)
    page = quire.page
    page.get_by_role("button", name="notebook menu").click()
    page.get_by_role("menuitem", name="Settings").click()
    dialog = page.get_by_role("dialog", name="settings")
    theme = dialog.get_by_role("group", name="Theme")
    expect(theme).to_contain_text("set by the project")
    expect(theme.get_by_role("radio", name="Light")).to_be_disabled()
    dialog.get_by_role("group", name="Width").get_by_role("radio", name="Full").check(force=True)
    expect(dialog.get_by_role("alert")).to_contain_text("cannot be written")
    expect(dialog.get_by_role("group", name="Width").get_by_role("radio", name="Full")).to_be_checked()


def test_what_the_notebook_sets_is_marked_and_not_remembered_for_others(open_notebook):
    head = '# /// script\n# [tool.quire.display]\n# theme = "dark"\n# [tool.quire.server]\n# port = 1\n# ///\n'
    quire = open_notebook(head + notebook_text("a = 1"))
    page = quire.page
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_text("cannot be set by a notebook")).to_be_visible()
    page.keyboard.press("ControlOrMeta+,")
    theme = page.get_by_role("dialog", name="settings").get_by_role("group", name="Theme")
    expect(theme).to_contain_text("set by the notebook")
    expect(theme.get_by_role("radio", name="Light")).to_be_disabled()
    assert page.evaluate("localStorage.getItem('quire-theme')") is None


def test_the_keys_of_vim_stay_in_the_cell_until_escape_in_normal_mode(open_notebook, tmp_path):
    (tmp_path / "config" / "quire").mkdir(parents=True)
    (tmp_path / "config" / "quire" / "quire.toml").write_text('[keymap]\npreset = "vim"\n')
    quire = open_notebook(notebook_text("a = 1\nb = 2", "c = 3"))
    page, keyboard = quire.page, quire.page.keyboard
    cell = quire.cells.nth(0)
    expect(page.locator(".cm-vimMode")).to_have_count(2)
    cell.locator(".cm-line").first.click()
    keyboard.press("d")
    keyboard.press("d")
    expect(cell.locator(".cm-line")).to_have_text(["b = 2"])
    keyboard.press("p")
    expect(cell.locator(".cm-line")).to_have_text(["b = 2", "a = 1"])
    keyboard.type("iz_")
    expect(cell.locator(".cm-line").nth(1)).to_have_text("z_a = 1")
    keyboard.press("Escape")
    expect(cell.locator(".cm-content")).to_be_focused()
    keyboard.press("x")
    expect(cell.locator(".cm-line").nth(1)).to_have_text("za = 1")
    keyboard.press("Escape")
    expect(cell).to_be_focused()
    keyboard.press("Enter")
    expect(cell.locator(".cm-content")).to_be_focused()
    keyboard.type(":w")
    keyboard.press("Enter")
    quire.file_has("za = 1")
    expect(cell.locator(".cm-content")).to_be_focused()
    # What was cut in one cell can be put into another.
    keyboard.type("ggdd")
    quire.cells.nth(1).locator(".cm-line").first.click()
    keyboard.press("p")
    expect(quire.cells.nth(1).locator(".cm-line")).to_have_text(["c = 3", "b = 2"])


def test_an_open_list_of_completions_takes_its_keys_and_the_first_escape(open_notebook):
    quire = open_notebook(notebook_text("zebra_one = 1\nzebra_two = 2", "1"))
    page, keyboard = quire.page, quire.page.keyboard
    quire.write(quire.cells.nth(1), "x = ")
    keyboard.type("zebra")
    options = page.locator(".cm-tooltip-autocomplete [role=option]")
    expect(options).to_have_count(2)
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    # A list that has just opened takes no keys yet, lest it take those of whoever goes on typing.
    for _ in range(200):
        keyboard.press("Control+j")
        if options.nth(1).get_attribute("aria-selected") == "true":
            break
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    keyboard.press("Control+k")
    expect(options.nth(0)).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keyboard.press("Escape")
    expect(options).to_have_count(0)
    expect(quire.cells.nth(1).locator(".cm-content")).to_be_focused()
    keyboard.press("Escape")
    expect(quire.cells.nth(1)).to_be_focused()
    keyboard.press("Control+k")
    expect(page.get_by_role("dialog", name=re.compile("palette"))).to_be_visible()
