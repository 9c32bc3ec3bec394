"""Packages as a person meets them: a cell misses one, the error offers it, the panel shows it and takes it away again."""

from playwright.sync_api import expect

from tests.packages.wheels import make_wheel

HEADER = "# /// script\n# dependencies = []\n# ///\n\n"
NOTEBOOK = """import quire

app = quire.App()


@app.cell
def _():
    import tiny_one

    tiny_one.version
    return (tiny_one,)


@app.cell
def _(tiny_one):
    f"read {tiny_one.version}"
    return


if __name__ == "__main__":
    app.run()
"""


def test_a_missing_package_is_installed_from_the_error_and_removed_in_the_panel(open_notebook, shelf):
    make_wheel(shelf, "tiny-one", "1.5", module="tiny_one")

    one = open_notebook(HEADER + NOTEBOOK, "--sandbox")
    first = one.cells.first
    expect(first).to_contain_text("No module named 'tiny_one'")
    first.get_by_role("button", name="install tiny-one").click()

    expect(first.locator(".cell-output")).to_contain_text("1.5")
    expect(one.cell("read 1.5")).to_be_visible()
    one.file_has('"tiny-one"')

    one.page.get_by_role("button", name="Packages").click()
    panel = one.page.get_by_role("list", name="packages")
    row = panel.get_by_role("listitem").filter(has_text="tiny-one")
    expect(row).to_contain_text("1.5")
    expect(row).to_contain_text("header: tiny-one")
    row.get_by_role("button", name="remove tiny-one").click()
    expect(row).to_have_count(0)

    field = one.page.get_by_label("find or add a package")
    field.fill("no-such-thing")
    field.press("Enter")
    expect(one.page.get_by_role("alert")).to_contain_text("no-such-thing was not found")
    field.fill("--index-url=https://evil.example")
    field.press("Enter")
    expect(one.page.get_by_text("is not the name of a package")).to_be_visible()


def test_without_a_sandbox_the_command_is_shown_first(open_notebook, shelf):
    one = open_notebook(NOTEBOOK)
    one.cells.first.get_by_role("button", name="install tiny-one").click()

    question = one.page.get_by_role("alertdialog", name="run this command?")
    expect(question).to_contain_text("tiny-one")
    expect(question).to_contain_text("install")
    question.get_by_role("button", name="not now").click()
    expect(question).to_have_count(0)
    expect(one.cells.first.get_by_role("button", name="install tiny-one")).to_be_visible()
    assert "tiny-one" not in one.text


def test_a_header_is_followed_when_somebody_says_so_in_the_panel(open_notebook, shelf):
    make_wheel(shelf, "tiny-one", "1.5", module="tiny_one")
    one = open_notebook(HEADER.replace("[]", '["tiny-one"]') + NOTEBOOK)
    expect(one.cells.first).to_contain_text("No module named 'tiny_one'")

    one.page.get_by_role("button", name="Packages").click()
    wishes = one.page.get_by_role("region", name="what the header asks for")
    expect(wishes).to_contain_text("packages: tiny-one")
    wishes.get_by_role("button").click()

    expect(one.cells.first.locator(".cell-output")).to_contain_text("1.5")
    expect(one.page.get_by_role("listitem").filter(has_text="header: tiny-one")).to_be_visible()
