"""A cell asks, is stepped through, fails and is looked into; and what its runs took."""

from playwright.sync_api import Locator, Page, expect

from .axe import findings

NOTEBOOK = """import quire

app = quire.App()


@app.cell
def _():
    name = input("What is your name? ")
    print("Hello", name)
    return


@app.cell
def _():
    import getpass

    parts = [4, 0]
    for part in parts:
        breakpoint()
        print(getpass.getpass("Word: ") and 100 / part)
    return


if __name__ == "__main__":
    app.run()
"""


def field(cell: Locator) -> Locator:
    return cell.locator(".question input")


def type_line(page: Page, text: str) -> None:
    page.keyboard.insert_text(text)
    page.keyboard.press("Enter")


def test_a_cell_asks_every_page_and_takes_one_answer(open_notebook, browser):
    one = open_notebook(NOTEBOOK, at_rest=False)
    page, first = one.page, one.cells.nth(0)
    expect(field(first)).to_be_visible()
    assert page.evaluate("document.activeElement.tagName") == "BODY"  # nobody was in the cell
    expect(page.get_by_role("status").filter(has_text="cell 1 waits for input")).to_be_visible()

    other = browser.new_context().new_page()
    other.goto(one.url)
    expect(field(other.locator("[data-cell]").nth(0))).to_be_visible()

    page.get_by_role("button", name="cell 1 waits for input").click()
    expect(page.get_by_label("What is your name?")).to_be_focused()
    assert findings(page) == []
    type_line(page, "Ada")
    for shown in (page, other):
        cell = shown.locator("[data-cell]").nth(0)
        expect(cell).to_contain_text("What is your name? Ada")
        expect(cell).to_contain_text("Hello Ada")
        expect(field(cell)).to_have_count(0)
    other.context.close()


def test_a_cell_is_stepped_through_fails_and_is_looked_into(open_notebook):
    one = open_notebook(NOTEBOOK, at_rest=False)
    page, second = one.page, one.cells.nth(1)
    field(one.cells.nth(0)).press("Control+d")
    expect(one.cells.nth(0)).to_contain_text("EOFError")

    field(second).click()
    expect(page.get_by_label("(Pdb)")).to_be_focused()
    type_line(page, "p part")
    expect(second).to_contain_text("(Pdb) p part\n4\n")
    page.keyboard.press("ArrowUp")
    expect(field(second)).to_have_value("p part")
    page.keyboard.press("ArrowDown")
    type_line(page, "c")
    word = page.get_by_label("Word:")
    expect(word).to_have_attribute("type", "password")
    expect(word).to_be_focused()
    type_line(page, "secret")
    expect(second).to_contain_text("Word: \n25.0")
    type_line(page, "c")
    expect(word).to_be_focused()
    type_line(page, "secret")
    expect(second).to_contain_text("ZeroDivisionError")
    assert "secret" not in page.content()

    second.get_by_role("button", name="Debug").click()
    expect(page.get_by_label("(Pdb)")).to_be_focused()
    type_line(page, "p part")
    expect(second).to_contain_text("(Pdb) p part\n0\n")
    page.reload()
    expect(page.locator(".status-connection")).to_have_text("connected")
    field(second).click()
    type_line(page, "q")
    one.wait_idle()
    expect(second).to_contain_text("ZeroDivisionError")
    expect(field(second)).to_have_count(0)


def test_what_runs_took_is_a_click_or_an_action_away(open_notebook):
    one = open_notebook(NOTEBOOK.replace('input("What is your name? ")', '"Ada"').replace("breakpoint()", "continue"))
    page, cell = one.page, one.cells.nth(0)
    one.run(cell)
    one.wait_idle()
    page.keyboard.press("ControlOrMeta+k")
    page.get_by_role("combobox").fill("what its runs took")
    page.keyboard.press("Enter")
    table = cell.get_by_role("table")
    expect(table).to_contain_text("2 runs")
    expect(table.locator("tbody tr")).to_have_count(2)
    expect(table.get_by_role("columnheader")).to_have_text(["at", "took", "processor", "memory", "output"])
    assert findings(page) == []
    page.keyboard.press("Escape")
    expect(table).to_have_count(0)
    expect(cell.get_by_title("what its runs took")).to_be_focused()
