"""The notebook as a thing one works with: cells selected, moved, divided, joined, folded, found; keys, palette, panels."""

import re

from playwright.sync_api import Locator, expect

from .browser_first_hour import notebook_text


def expect_codes(quire, *expected: str) -> None:
    expect(quire.page.locator("[data-cell] .cell-code")).to_have_text(
        [re.compile(f"^{re.escape(code)}$") for code in expected]
    )


def expect_soon(page, condition: str) -> None:
    """Some frames later: the page's policy forbids Playwright's own way to wait for this."""
    for _ in range(200):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    raise AssertionError(condition)


def command(quire, cell: Locator) -> None:
    """Into the cell, then out to the cell as a whole."""
    cell.locator(".cm-content").click()
    quire.page.keyboard.press("Escape")
    expect(cell).to_be_focused()


def test_a_selection_is_copied_cut_pasted_deleted_and_all_of_it_undone(open_notebook):
    quire = open_notebook(notebook_text("a = 1", "b = 2", "c = 3"))
    page, keyboard = quire.page, quire.page.keyboard
    command(quire, quire.cells.nth(0))
    keyboard.press("Shift+ArrowDown")
    expect(page.locator("[data-selected=true]")).to_have_count(2)
    keyboard.press("c")
    keyboard.press("ArrowDown")
    expect(page.locator("[data-selected=true]")).to_have_count(0)
    keyboard.press("v")
    expect_codes(quire, "a = 1", "b = 2", "c = 3", "a = 1", "b = 2")
    keyboard.press("Shift+Backspace")
    expect_codes(quire, "a = 1", "b = 2", "c = 3")
    keyboard.press("ControlOrMeta+z")
    expect_codes(quire, "a = 1", "b = 2", "c = 3", "a = 1", "b = 2")
    keyboard.press("ControlOrMeta+z")
    expect_codes(quire, "a = 1", "b = 2", "c = 3")
    keyboard.press("ControlOrMeta+Shift+z")
    expect_codes(quire, "a = 1", "b = 2", "c = 3", "a = 1", "b = 2")
    keyboard.press("ControlOrMeta+z")
    command(quire, quire.cells.nth(0))
    keyboard.press("x")
    expect_codes(quire, "b = 2", "c = 3")
    keyboard.press("b")
    keyboard.insert_text("new = 1")
    expect_codes(quire, "b = 2", "new = 1", "c = 3")


def test_cells_travel_through_the_clipboard_of_the_system(open_notebook, tmp_path):
    """With their names and options into another notebook, as plain code into an editor."""
    quire = open_notebook(notebook_text("a = 1", "b = 2").replace("def _():\n    a", "def first():\n    a"))
    page, keyboard = quire.page, quire.page.keyboard
    command(quire, quire.cells.nth(0))
    keyboard.press("ControlOrMeta+c")
    (tmp_path / "source").mkdir()
    source = tmp_path / "source" / "other.py"
    source.write_text(notebook_text("z = 26"))
    other = open_notebook(source)
    command(other, other.cells.nth(0))
    other.page.keyboard.press("ControlOrMeta+v")
    expect_codes(other, "z = 26", "a = 1")
    other.file_has("def first():")
    quire.cells.nth(1).locator(".cm-content").click()
    keyboard.press("ControlOrMeta+Home")
    keyboard.press("ControlOrMeta+v")
    expect_codes(quire, "a = 1", "a = 1b = 2")
    expect(page.locator("[data-cell]")).to_have_count(2)


def test_a_cell_is_split_at_the_caret_and_merged_again(open_notebook):
    quire = open_notebook(notebook_text("x = 1\ny = x + 1\ny", "'apart'"))
    page, keyboard = quire.page, quire.page.keyboard
    quire.cells.nth(0).locator(".cm-line").nth(1).click()
    keyboard.press("Home")
    keyboard.press("ControlOrMeta+Shift+'")
    expect(quire.cells).to_have_count(3)
    quire.file_has("return (y,)")
    keyboard.press("ControlOrMeta+Enter")
    expect(quire.cells.nth(1)).to_contain_text("2")
    keyboard.press("Escape")
    keyboard.press("ControlOrMeta+z")
    expect(quire.cells).to_have_count(2)
    quire.file_has("    x = 1\n    y = x + 1\n    y\n")
    keyboard.press("ControlOrMeta+Shift+z")
    expect(quire.cells).to_have_count(3)
    command(quire, quire.cells.nth(0))
    keyboard.press("Shift+M")
    expect(quire.cells).to_have_count(2)
    expect(page.locator("[data-cell] .cell-code").first).to_contain_text("y = x + 1")


def test_cells_are_dragged_together_and_moved_by_keys(open_notebook):
    quire = open_notebook(notebook_text(*(f"{name} = 0" for name in "abcde")))
    page, keyboard = quire.page, quire.page.keyboard
    command(quire, quire.cells.nth(0))
    keyboard.press("Shift+ArrowDown")
    handle = quire.cells.nth(1).locator(".cell-handle").bounding_box()
    last = quire.cells.nth(4).bounding_box()
    assert handle is not None
    assert last is not None
    page.mouse.move(handle["x"] + 8, handle["y"] + 8)
    page.mouse.down()
    page.mouse.move(handle["x"] + 8, last["y"] + last["height"], steps=5)
    expect(page.locator(".drop-line")).to_be_visible()
    page.mouse.up()
    expect(page.locator(".drop-line")).to_have_count(0)
    expect_codes(quire, "c = 0", "d = 0", "e = 0", "a = 0", "b = 0")
    keyboard.press("ControlOrMeta+Shift+9")
    expect_codes(quire, "c = 0", "d = 0", "a = 0", "b = 0", "e = 0")
    keyboard.press("ControlOrMeta+z")
    keyboard.press("ControlOrMeta+z")
    expect_codes(quire, "a = 0", "b = 0", "c = 0", "d = 0", "e = 0")


def test_a_section_folds_under_its_heading_and_stays_so(open_notebook):
    quire = open_notebook(
        notebook_text("import quire as qr", 'qr.md("# One")', "a = 1", "b = 2", 'qr.md("# Two")', "c = 3")
    )
    page = quire.page
    heading = quire.cells.nth(1)
    heading.hover()
    heading.get_by_role("button", name="section One").click()
    expect(quire.cells).to_have_count(4)
    expect(page.get_by_role("button", name="2 cells hidden")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="2 cells hidden")).to_be_visible()
    expect(quire.cells).to_have_count(4)
    page.get_by_role("button", name="2 cells hidden").click()
    expect(quire.cells).to_have_count(6)


def test_a_right_click_opens_the_menu_of_the_cell(open_notebook):
    quire = open_notebook(notebook_text("a = 1", "b = 2"))
    quire.cells.nth(0).click(button="right", position={"x": 20, "y": 20})
    quire.page.get_by_role("menu", name="cell menu").get_by_role("menuitem", name="Move down").click()
    expect_codes(quire, "b = 2", "a = 1")
    expect(quire.page.get_by_role("menu", name="cell menu")).to_have_count(0)


def test_two_pages_change_the_structure_at_once(open_notebook):
    """Each undoes its own steps only."""
    quire = open_notebook(notebook_text("a = 1", "b = 2", "c = 3"))
    other = quire.page.context.new_page()
    other.goto(quire.page.url)
    theirs = other.locator("[data-cell]")
    expect(theirs).to_have_count(3)
    command(quire, quire.cells.nth(0))
    quire.page.keyboard.press("Shift+Backspace")
    expect(theirs).to_have_count(2)
    theirs.nth(1).locator(".cm-content").click()
    other.keyboard.press("Escape")
    other.keyboard.press("ControlOrMeta+Shift+9")
    expect_codes(quire, "c = 3", "b = 2")
    quire.page.keyboard.press("ControlOrMeta+z")
    expect_codes(quire, "a = 1", "c = 3", "b = 2")
    other.keyboard.press("ControlOrMeta+z")
    expect_codes(quire, "a = 1", "b = 2", "c = 3")


def test_the_palette_finds_actions_and_cells_by_a_few_letters(open_notebook):
    quire = open_notebook(notebook_text("a = 1", "total = 2").replace("def _():\n    total", "def sums():\n    total"))
    page, keyboard = quire.page, quire.page.keyboard
    quire.cells.nth(1).locator(".cm-content").click()
    keyboard.press("ControlOrMeta+k")
    palette = page.get_by_role("dialog", name="command palette")
    expect(palette.get_by_role("combobox")).to_be_focused()
    keyboard.insert_text("mv up")
    expect(palette.get_by_role("option").first).to_contain_text("Move up")
    keyboard.press("Enter")
    expect(palette).to_have_count(0)
    expect_codes(quire, "total = 2", "a = 1")
    keyboard.press("ControlOrMeta+k")
    expect(palette.get_by_role("option").first).to_contain_text("Move up")
    keyboard.insert_text("sums")
    expect(palette.get_by_role("option").first).to_contain_text("cell 1")
    keyboard.press("Enter")
    expect(quire.cells.nth(0)).to_be_focused()
    keyboard.press("ControlOrMeta+k")
    expect(palette.get_by_role("combobox")).to_be_focused()
    keyboard.insert_text("a")
    palette.get_by_text("defined in cell 2").click()
    expect(quire.cells.nth(1)).to_be_focused()


def test_a_dialog_that_is_opened_as_another_one_closes_stays_open(open_notebook):
    """The browser tells of the end of the first one a little later."""
    quire = open_notebook(notebook_text("a = 1").replace("def _", "def sums"))
    page = quire.page
    palette = page.get_by_role("dialog", name="command palette")
    quire.cells.nth(0).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+k")
    expect(palette.get_by_role("combobox")).to_be_focused()
    page.keyboard.insert_text("sums")
    expect(palette.get_by_role("option").first).to_contain_text("cell 1")

    page.evaluate(
        """async () => {
          const press = (key, more) => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
          press("Enter", {});
          for (let turn = 0; document.querySelector("dialog.palette") && turn < 1000; turn++) await null;
          if (document.querySelector("dialog.palette")) throw new Error("it did not close at once");
          press("k", { code: "KeyK", ctrlKey: true });
          await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
        }"""
    )

    expect(palette.get_by_role("combobox")).to_be_focused()


def test_the_page_of_keys_is_searched(open_notebook):
    quire = open_notebook(notebook_text("a = 1"))
    quire.page.keyboard.press("ControlOrMeta+Shift+h")
    keys = quire.page.get_by_role("dialog", name="keyboard shortcuts")
    expect(keys.get_by_text("Run what is stale")).to_be_visible()
    expect(keys.get_by_label("search the keys")).to_be_focused()
    quire.page.keyboard.insert_text("split")
    expect(keys.get_by_text("Split at the caret")).to_be_visible()
    expect(keys.get_by_text("Run what is stale")).to_have_count(0)
    quire.page.keyboard.press("Escape")
    expect(keys).to_have_count(0)


def test_panels_open_beside_the_page_and_stay_open(open_notebook):
    quire = open_notebook(
        notebook_text(
            "import quire as qr", 'qr.md("# One\\n\\n## *Two* &amp; more")', "1 / 0", "(", "x = 1", "x = 2", "x"
        )
    )
    page = quire.page
    rail = page.get_by_role("navigation", name="panels")
    rail.get_by_role("button", name="outline").click()
    outline = page.get_by_role("complementary", name="outline")
    expect(outline.get_by_role("button", name="Two & more")).to_be_visible()
    page.reload()
    outline.get_by_role("button", name="Two & more").click()
    expect(quire.cells.nth(1)).to_be_focused()

    page.locator(".status-problems").click()
    problems = page.get_by_role("complementary", name="problems")
    expect(problems.get_by_role("listitem")).to_have_count(3)
    problems.get_by_role("button", name="cell 3, line 1").click()
    expect(quire.cells.nth(2)).to_be_focused()
    problems.get_by_role("button", name="Merge the cells").click()
    expect(problems.get_by_role("listitem")).to_have_count(2)

    width = problems.bounding_box()["width"]
    divider = problems.get_by_role("separator")
    divider.press("ArrowRight")
    page.wait_for_function("width => document.querySelector('.panel').getBoundingClientRect().width > width", arg=width)
    problems.get_by_role("button", name="close the panel").click()
    expect(problems).to_have_count(0)


def test_on_a_narrow_window_a_panel_is_a_sheet_over_the_page(open_notebook):
    quire = open_notebook(notebook_text("import quire as qr", 'qr.md("# One")'), width=390, height=844)
    page = quire.page
    expect(page.get_by_role("navigation", name="panels")).to_be_hidden()
    page.get_by_role("button", name="panels").click()
    page.get_by_role("complementary", name="outline").get_by_role("button", name="One").click()
    expect(page.get_by_role("complementary", name="outline")).to_have_count(0)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_preview_shows_what_is_read_and_used(open_notebook):
    quire = open_notebook(notebook_text("import quire as qr", 'qr.md("# One")', "x = 6 * 7\nx"))
    page = quire.page
    page.keyboard.press("ControlOrMeta+.")
    expect(page.locator(".cell-code").first).to_be_hidden()
    expect(page.get_by_text("42", exact=True)).to_be_visible()
    expect(page.locator(".rail")).to_be_hidden()
    page.get_by_role("button", name=re.compile("back to the notebook")).click()
    expect(page.locator(".cell-code").first).to_be_visible()


def test_text_is_found_and_replaced_in_all_cells(open_notebook):
    cells = ["price = 1", "total = price * 2\nprice + total", *(f"n{number} = 0" for number in range(40)), "price - 1"]
    quire = open_notebook(notebook_text(*cells))
    page, keyboard = quire.page, quire.page.keyboard
    quire.cells.nth(0).locator(".cm-content").click()
    keyboard.press("ControlOrMeta+f")
    bar = page.get_by_role("search", name="find and replace")
    expect(bar.get_by_label("find", exact=True)).to_be_focused()
    keyboard.insert_text("Price")
    expect(bar.get_by_role("status")).to_have_text("1 of 4")
    expect_soon(page, "CSS.highlights.get('found-current').size === 1")
    keyboard.press("Shift+Enter")
    expect(bar.get_by_role("status")).to_have_text("4 of 4")
    expect(page.get_by_text("price - 1")).to_be_in_viewport()
    keyboard.press("Enter")
    expect(bar.get_by_role("status")).to_have_text("1 of 4")
    bar.get_by_role("button", name="match case").click()
    expect(bar.get_by_role("status")).to_have_text("nothing found")
    bar.get_by_role("button", name="regular expression").click()
    bar.get_by_label("find", exact=True).fill("(price")
    expect(bar.get_by_role("status")).to_contain_text(re.compile("group", re.IGNORECASE))
    bar.get_by_label("find", exact=True).fill(r"\b(pr)ice")
    bar.get_by_label("replace by").fill("$1")
    bar.get_by_role("button", name="replace", exact=True).click()
    quire.file_has("    pr = 1\n")
    expect(bar.get_by_role("status")).to_have_text("1 of 3")
    bar.get_by_role("button", name="replace all").click()
    quire.file_has("    total = pr * 2\n    pr + total\n")
    quire.file_has("    pr - 1\n")
    bar.get_by_label("find", exact=True).fill("total")
    expect(bar.get_by_role("status")).to_have_text("1 of 2")
    keyboard.press("Escape")
    expect(bar).to_have_count(0)
    expect_soon(page, "getSelection().toString() === 'total'")
    keyboard.press("ControlOrMeta+z")
    quire.file_has("    total = price * 2\n    price + total\n")


def test_a_regular_expression_that_goes_astray_is_given_up(open_notebook):
    """It would take longer than the age of the universe; the page goes on answering meanwhile and afterwards."""
    quire = open_notebook(notebook_text(f"text = '{'word ' * 40}!'"))
    page = quire.page
    quire.cells.nth(0).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+f")
    bar = page.get_by_role("search", name="find and replace")
    bar.get_by_role("button", name="regular expression").click()
    bar.get_by_label("find", exact=True).fill(r"(\w+\s?)+\?")
    bar.get_by_label("replace by").fill("the page answers")
    expect(bar.get_by_label("replace by")).to_have_value("the page answers")
    expect(bar.get_by_role("status")).to_have_text("takes too long: write it another way")
    bar.get_by_label("find", exact=True).fill(r"w\w+ !")
    expect(bar.get_by_role("status")).to_have_text("1 of 1")


def test_the_graph_shows_who_depends_on_whom_and_leads_there(open_notebook):
    quire = open_notebook(notebook_text("x = 1", "y = x", "z = y", "apart = 0"))
    page = quire.page
    page.keyboard.press("ControlOrMeta+Shift+i")
    graph = page.get_by_role("region", name="dependency graph")
    expect(graph.get_by_role("button")).to_have_count(3)
    expect(graph.locator("path")).to_have_count(2)
    graph.get_by_role("button", name="z = y").hover()
    expect(graph.locator("button[data-family=true]")).to_have_count(3)
    graph.get_by_role("button", name="y = x").click()
    expect(quire.cells.nth(1)).to_be_focused()
    quire.write(quire.cells.nth(2), "z = 0")
    expect(graph.get_by_role("button")).to_have_count(2)


def test_a_name_leads_to_the_cell_that_defines_it(open_notebook):
    quire = open_notebook(notebook_text("print(1)\nvalue = 1", "other = 2", "value + other"))
    page = quire.page
    quire.cells.nth(2).locator(".cm-content").click()
    page.keyboard.press("Home")
    page.keyboard.press("F12")
    expect(quire.cells.nth(0).locator(".cm-content")).to_be_focused()
    expect_soon(page, "getSelection().toString() === 'value'")
    page.keyboard.press("x")
    expect_codes(quire, "print(1)x = 1", "other = 2", "value + other")
    page.keyboard.press("ControlOrMeta+z")

    line = quire.cells.nth(2).locator(".cm-line")
    there = {"x": 100, "y": 10}
    page.keyboard.down("ControlOrMeta")
    line.hover(position=there)
    expect(page.locator("html.points-at-name")).to_have_count(1)
    line.click(position=there)
    page.keyboard.up("ControlOrMeta")
    expect(quire.cells.nth(1).locator(".cm-content")).to_be_focused()
    expect_soon(page, "getSelection().toString() === 'other'")


def test_keys_and_looks_are_configured_in_files(open_notebook, tmp_path):
    (tmp_path / "pyproject.toml").write_text(
        '[tool.quire.display]\ntheme = "dark"\ncode_editor_font_size = 16\ncolour = 1\n'
        '[tool.quire.keymap.overrides]\n"cell.moveDown" = "Mod-e"\n"cell.nothing" = "F5"\n'
    )
    quire = open_notebook(notebook_text("a = 1", "b = 2"))
    page = quire.page
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.locator(".cm-content").first).to_have_css("font-size", "16px")
    expect(page.locator(".toasts")).to_contain_text("there is no setting display.colour")
    quire.cells.nth(0).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+e")
    expect_codes(quire, "b = 2", "a = 1")
    page.keyboard.press("ControlOrMeta+Shift+h")
    complaints = page.get_by_role("list", name="keys that cannot work")
    expect(complaints).to_contain_text("there is no action cell.nothing")
    expect(complaints).to_contain_text("line 4: there is no setting display.colour")


def test_on_a_narrow_screen_the_status_line_is_whole_whatever_it_has_to_say(open_notebook):
    """Problems, warnings, a cell that runs and waits for input, another page."""
    quire = open_notebook(
        notebook_text("a = 1\na", "b = missing_name", "c = input('what? ')", "a = 2\n_x = 1", "import os"),
        width=420,
        at_rest=False,
    )
    other = quire.page.context.new_page()
    other.goto(quire.url)
    line = quire.page.locator(".status-line")
    expect(line.get_by_role("button", name="waits for input")).to_be_visible()

    def cut_off() -> list[str]:
        return line.evaluate(
            """line => [...line.querySelectorAll("*")].filter(one => one.getClientRects().length > 0)
            .filter(one => one.getBoundingClientRect().right > innerWidth || one.getBoundingClientRect().left < 0)
            .map(one => one.className)"""
        )

    assert cut_off() == []
    assert line.evaluate("line => line.scrollWidth <= line.clientWidth")
