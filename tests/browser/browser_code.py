"""Writing code with the kernel's knowledge of it: completion, parameters, documentation."""

from pathlib import Path

from playwright.sync_api import expect

from .browser_first_hour import notebook_text

BUSY = "import os\nwhile not os.path.exists('go-on'):\n    sum(range(1000))"


def take(page, *keys: str):
    """Press keys in the list, which takes none in its first 75 ms: it may have opened under the fingers."""
    page.wait_for_timeout(100)
    for key in keys:
        page.keyboard.press(key)


def begin(quire, code: str):
    """Type into the last cell, in place of what it holds; the list of completions and the page."""
    cell = quire.cells.last
    cell.locator(".cm-content").click()
    quire.page.keyboard.press("ControlOrMeta+a")
    quire.page.keyboard.type(code)
    return quire.page.get_by_role("listbox"), quire.page


def test_completion_knows_live_values_and_their_documentation(open_notebook):
    quire = open_notebook(notebook_text("words = ['a']\nsettings = {'colour': 1, 'size': 2}", "1"))
    listed, page = begin(quire, "words.app")
    expect(listed.get_by_role("option")).to_have_text(["append"])
    expect(page.locator(".cm-completionInfo")).to_contain_text("Append object to the end of the list.")
    take(page, "Tab")
    quire.file_has("words.append")

    listed, page = begin(quire, "settings['")
    expect(listed.get_by_role("option")).to_have_text(["colour", "size"])
    take(page, "ArrowDown", "Enter")
    expect(quire.cells.last.locator(".cm-content")).to_have_text("settings['size']")

    listed, page = begin(quire, "from json import du")
    expect(listed.get_by_role("option")).to_have_text(["dump", "dumps"])


def test_escape_closes_the_list_and_only_the_list(open_notebook):
    quire = open_notebook(notebook_text("words = ['a']", "1"))
    listed, page = begin(quire, "words.")
    expect(listed).to_be_visible()
    page.keyboard.press("Escape")
    expect(listed).to_be_hidden()
    expect(quire.cells.last.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+Space")
    expect(listed).to_be_visible()


def test_a_kernel_that_computes_still_answers(open_notebook):
    quire = open_notebook(notebook_text("words = ['a']", "1"))
    _, page = begin(quire, BUSY)
    page.keyboard.press("Escape")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(page.locator(".status-line")).to_contain_text("running")
    page.keyboard.press("ControlOrMeta+Shift+p")
    expect(quire.cells).to_have_count(3)
    page.keyboard.type("words.app")
    expect(page.get_by_role("listbox").get_by_role("option")).to_have_text(["append"])
    expect(page.locator(".status-line")).to_contain_text("running")
    (quire.path.parent / "go-on").touch()
    quire.wait_idle()


def test_the_parameters_of_a_call_are_shown_while_it_is_written(open_notebook):
    quire = open_notebook(
        notebook_text("def area(width, height=2):\n    'The area of it.'\n    return width * height", "1")
    )
    _, page = begin(quire, "area(1, 2")
    shown = page.locator(".code-docs")
    expect(shown.locator(".code-docs-active")).to_have_text("height=2")
    begin(quire, "area(")
    expect(shown).to_contain_text("The area of it.")
    expect(shown.locator(".code-docs-active")).to_have_text("width")
    page.keyboard.type("1, ")
    expect(shown.locator(".code-docs-active")).to_have_text("height=2")
    page.keyboard.press("Escape")
    expect(shown).to_be_hidden()
    expect(quire.cells.last.locator(".cm-content")).to_be_focused()
    page.keyboard.press("ControlOrMeta+Shift+Space")
    expect(shown).to_be_visible()
    page.keyboard.press("End")
    expect(shown).to_be_hidden()


def test_the_pointer_on_a_name_shows_what_it_is(open_notebook):
    quire = open_notebook(notebook_text("total = 42", "total + len('a')"))
    page = quire.page
    quire.cells.last.locator(".cm-content").get_by_text("total").hover(position={"x": 20, "y": 8})
    expect(page.locator(".cm-tooltip-hover")).to_contain_text("total: int")
    expect(page.locator(".cm-tooltip-hover .code-docs-value")).to_have_text("42")


def test_a_cell_that_has_not_run_is_known_too(open_notebook):
    quire = open_notebook(notebook_text("1", "2"))
    quire.write(quire.cells.first, "orchard = []")
    quire.file_has("orchard = []")
    listed, page = begin(quire, "orch")
    expect(listed.get_by_role("option")).to_have_text(["orchardof a cell that has not run"])
    take(page, "Enter")
    page.keyboard.type(".app")
    expect(listed.get_by_role("option")).to_have_text(["append"])


def test_docstrings_are_text_and_never_markup(open_notebook, tmp_path: Path):
    code = "def evil():\n    '''<img src=x onerror=alert(1)> <b>bold</b>'''"
    quire = open_notebook(notebook_text(code, "1"))
    _, page = begin(quire, "evil(")
    expect(page.locator(".code-docs")).to_contain_text("<b>bold</b>")
    expect(page.locator(".code-docs img")).to_have_count(0)


def test_the_panel_of_variables_follows_the_runs_while_it_is_open(open_notebook):
    quire = open_notebook(notebook_text("count = 1\nwords = ['a', 'b']", "double = count * 2"))
    page = quire.page
    page.keyboard.press("Alt+Shift+v")
    listed = page.get_by_role("list", name="variables").get_by_role("listitem")
    expect(listed).to_have_count(3)
    expect(listed.first).to_contain_text("count")
    expect(listed.first).to_contain_text("defined by cell 1read by cell 2")
    quire.write(quire.cells.first, "count = 21")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(listed).to_have_count(2)
    expect(listed.nth(1)).to_contain_text("42")
    page.get_by_label("filter variables").fill("doub")
    expect(listed).to_have_count(1)
    listed.get_by_role("button", name="cell 2").click()
    expect(quire.cells.nth(1)).to_be_focused()


def test_names_from_other_cells_are_underlined_where_one_works(open_notebook):
    quire = open_notebook(notebook_text("given = 1", "own = given + 1\nown"))
    cell = quire.cells.nth(1)
    expect(cell.locator(".name-given")).to_have_count(0)

    cell.locator(".cm-content").click()
    expect(cell.locator(".name-given")).to_have_text(["given"])
    quire.cells.nth(0).locator(".cm-content").click()
    expect(cell.locator(".name-given")).to_have_count(0)
