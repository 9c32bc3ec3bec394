"""What `quire check` finds, while one writes: quiet beside the cell, in words in the panel of problems."""

from playwright.sync_api import expect

from .axe import findings
from .browser_first_hour import notebook_text

LOST = """\
import quire

__generated_with = "0.1.0"
app = quire.App()


@app.cell
def _():
    rate = 2
    unused = 3
    return (rate,)


@app.cell
def _(rate):
    def price(n):
        return n * rate

    return (price,)


@app.cell
def _(price):
    price(1)
    list = [1]
    [price(2), "🐍"]
    print(list)
    return (list,)


if __name__ == "__main__":
    app.run()
"""


def test_a_finding_leads_to_its_place_and_goes_when_it_is_mended(open_notebook):
    quire = open_notebook(LOST)
    page, cell = quire.page, quire.cells.last
    expect(page.locator(".status-problems")).to_contain_text("no problems, 3 warnings")
    expect(cell.locator(".code-finding").first).to_have_text("list")

    cell.get_by_role("button", name="shadowed builtin +1").click()
    panel = page.get_by_role("complementary", name="problems")
    found = panel.get_by_role("region", name="warnings").get_by_role("listitem")
    expect(found.filter(has_text="QR003")).to_contain_text("this value is not shown")
    assert findings(page) == []

    page.locator(".code-finding").first.hover()
    expect(page.locator(".cm-tooltip")).to_contain_text("QR005 shadowed builtin")
    with page.context.expect_page() as opening:
        found.filter(has_text="QR003").get_by_role("link", name="QR003 lost value").press("Enter")
    expect(opening.value.get_by_role("heading", name="QR003: lost-value")).to_be_visible()
    assert findings(opening.value) == []
    found.filter(has_text="QR003").get_by_role("button", name="cell 3, line 3").press("Enter")
    expect(cell.locator(".cm-content")).to_be_focused()
    page.keyboard.type("pass")
    expect(found).to_have_count(2)
    quire.file_has("    pass\n")


def test_a_fix_is_a_button_and_can_be_taken_back(open_notebook):
    quire = open_notebook(notebook_text("print(1)", "unused = 1"))
    page = quire.page
    page.locator(".status-problems").click()
    panel = page.get_by_role("complementary", name="problems")
    panel.get_by_role("button", name="remove the cell").click()
    expect(quire.cells).to_have_count(1)

    page.keyboard.press("ControlOrMeta+k")
    expect(page.get_by_role("combobox")).to_be_focused()
    page.keyboard.insert_text("bring back")
    expect(page.get_by_role("option").first).to_contain_text("Bring back the cell")
    page.keyboard.press("Enter")
    expect(quire.cells).to_have_count(2)


def test_a_function_says_why_it_cannot_be_imported_and_becomes_importable(open_notebook):
    quire = open_notebook(LOST)
    page = quire.page
    cell = quire.cell("def price")
    cell.locator(".cm-content").click()
    cell.get_by_role("button", name="not importable").press("Enter")
    words = cell.get_by_role("group", name="not importable")
    expect(words).to_contain_text("`price` reads `rate`".replace("`", ""))
    assert findings(page) == []
    words.get_by_role("button", name="Move rate to the setup cell").press("Enter")

    cell.get_by_role("button", name="function, importable").click()
    expect(cell.get_by_role("group")).to_contain_text("from notebook import price")
    quire.file_has("with app.setup:\n    rate = 2\n")
    quire.file_has("@app.function\ndef price(n):")
    quire.wait_idle()
    expect(quire.cells.last).to_contain_text("[1]")
