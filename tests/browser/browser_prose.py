"""Cells of text are written as text, shown while they are written, and stand in the file as calls."""

from playwright.sync_api import expect

from .browser_first_hour import notebook_text


def test_text_is_written_as_text_and_shown_meanwhile(open_notebook):
    quire = open_notebook(notebook_text("x = 1"))
    quire.cells.nth(0).hover()
    quire.page.get_by_role("button", name="Markdown").last.click()

    # The cell that the text needs comes with it.
    expect(quire.cells).to_have_count(3)
    text = quire.cells.nth(2)
    expect(text.locator(".cm-content")).to_be_focused()
    quire.page.keyboard.insert_text("# Title\n\nsome *words*")
    expect(text.locator("h1")).to_have_text("Title")
    expect(text.locator("em")).to_have_text("words")
    expect(text.locator(".cm-content")).not_to_contain_text("qr.md")
    quire.file_has('    qr.md(r"""\n# Title\n\nsome *words*\n""")\n')

    quire.cells.nth(1).locator(".cm-content").click()
    expect(text.locator(".cm-content")).to_have_count(0)
    expect(text).to_have_attribute("data-view", "rendered")


def test_code_becomes_text_and_shows_its_call(open_notebook):
    quire = open_notebook(notebook_text("import quire as qr", "Plain words"))
    cell = quire.cells.nth(1)
    cell.locator(".cm-content").click()

    quire.page.keyboard.press("F4")
    expect(cell.locator(".cell-output")).to_contain_text("Plain words")
    expect(cell.locator(".cm-content")).to_have_text("Plain words")
    quire.file_has('qr.md(r"""\nPlain words\n""")')

    quire.page.keyboard.press("F4")
    expect(cell.locator(".cm-content")).to_contain_text('qr.md(r"""')


def test_nothing_typed_or_deleted_breaks_the_call(open_notebook):
    quire = open_notebook(notebook_text("import quire as qr", 'qr.md(r"""\nwords\n""")'))
    cell = quire.cells.nth(1)
    cell.dblclick()
    expect(cell.locator(".cm-content")).to_be_focused()

    quire.page.keyboard.press("ControlOrMeta+a")
    quire.page.keyboard.press("Delete")
    for _ in range(5):
        quire.page.keyboard.press("Backspace")
    quire.page.keyboard.insert_text('new "" words')
    expect(cell.locator(".cell-output")).to_contain_text('new "" words')
    quire.file_has('    qr.md(r"""\nnew "" words\n""")\n')


def test_an_empty_cell_becomes_text_that_is_typed_into(open_notebook):
    quire = open_notebook(notebook_text("import quire as qr", ""))
    cell = quire.cells.nth(1)
    cell.locator(".cm-content").click()

    quire.page.keyboard.press("F4")
    quire.page.keyboard.insert_text("words")

    expect(cell.locator(".cell-output")).to_contain_text("words")
    quire.file_has('    qr.md(r"""\nwords\n""")\n')


def test_a_new_notebook_waits_for_the_first_word(open_notebook):
    quire = open_notebook(notebook_text(""))

    expect(quire.cells.nth(0).locator(".cm-content")).to_be_focused()
