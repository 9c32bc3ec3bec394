"""Stories of tests that run while somebody edits what they test."""

from playwright.sync_api import expect

NOTEBOOK = """\
import quire

app = quire.App()


@app.cell
def _():
    def inc(x):
        return x + 2
    return (inc,)


@app.cell
def _(inc):
    def test_one():
        assert inc(0) == 1

    def test_two():
        assert inc(1) == 3
    return
"""


def test_a_test_fails_until_what_it_tests_is_right(open_notebook):
    notebook = open_notebook(NOTEBOOK)
    tests = notebook.page.locator(".tests")
    expect(tests.locator(".tests-count")).to_contain_text("1 failed, 1 passed")
    expect(tests).to_contain_text("assert 2 == 1")
    expect(tests).to_contain_text("test_one, line 2")
    expect(notebook.cells.last).to_contain_text("failed")

    notebook.write(notebook.cells.first, "def inc(x):\n    return x + 1\n")
    notebook.run(notebook.cells.first)
    expect(tests).to_contain_text("assert 2 == 3")
    tests.get_by_text("1 passed", exact=True).click()
    expect(tests.locator(".tests-others li")).to_contain_text("test_one")

    notebook.write(notebook.cells.last, "def test_one():\n    assert inc(0) == 1")
    notebook.run(notebook.cells.last)
    expect(tests.locator(".tests-count")).to_contain_text("1 passed")
    expect(notebook.page.locator(".traceback-error")).to_have_count(0)
