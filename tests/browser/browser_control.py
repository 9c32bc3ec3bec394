"""Deciding when cells run: lazy mode, run buttons, and what a long run shows meanwhile."""

from playwright.sync_api import expect

NOTEBOOK = """import quire

app = quire.App()


@app.cell
def _():
    import quire as qr

    return (qr,)


@app.cell
def _(qr):
    number = qr.ui.slider(1, 9, value=4, label="number")
    run = qr.ui.run_button(label="compute")
    qr.hstack([number, run])
    return number, run


@app.cell
def _(number, qr, run):
    qr.stop(not run.value, qr.md("press the button"))
    qr.md(f"square: {number.value ** 2}")
    return


@app.cell
def _(number):
    f"double: {number.value * 2}"
    return


if __name__ == "__main__":
    app.run()
"""


def test_a_lazy_notebook_waits_and_a_run_button_does_not(open_notebook):
    notebook = open_notebook(NOTEBOOK)
    page = notebook.page
    notebook.wait_idle()
    computed, doubled = notebook.cell("press the button"), notebook.cell("double")
    expect(page.get_by_role("button", name="stale")).to_have_count(0)

    page.get_by_role("button", name="compute").click()
    expect(computed).to_contain_text("square: 16")

    page.get_by_role("button", name="automatic").click()
    expect(page.get_by_role("button", name="lazy", exact=True)).to_be_visible()
    page.get_by_role("slider", name="number").press("ArrowRight")
    expect(page.get_by_role("button", name="run 2 stale")).to_be_visible()
    expect(doubled).to_contain_text("double: 8")

    page.get_by_role("button", name="compute").click()
    expect(computed).to_contain_text("square: 25")
    expect(doubled).to_contain_text("double: 8")
    page.get_by_role("button", name="run 1 stale").click()
    expect(doubled).to_contain_text("double: 10")

    page.reload()
    expect(page.get_by_role("button", name="lazy", exact=True)).to_be_visible()


WORKING = """import quire

app = quire.App()


@app.cell
def _():
    import time
    import pathlib
    import quire as qr

    start = qr.ui.run_button(label="start")
    start
    return pathlib, qr, start, time


@app.cell
def _(pathlib, qr, start, time):
    qr.stop(not start.value)
    for step in qr.status.progress_bar(range(3), title="Working"):
        while step == 2 and not pathlib.Path("go").exists():
            time.sleep(0.01)
    qr.status.toast("Finished", "three of `three`")
    return


if __name__ == "__main__":
    app.run()
"""


def test_progress_is_seen_by_who_comes_later_and_a_toast_says_that_it_is_over(open_notebook):
    notebook = open_notebook(WORKING)
    page = notebook.page
    page.get_by_role("button", name="start", exact=True).click()
    bar = page.get_by_role("progressbar", name="progress")
    expect(bar).to_have_attribute("value", "2")

    page.reload()
    expect(bar).to_have_attribute("value", "2")
    expect(page.locator(".quire-progress")).to_contain_text("2 of 3")

    (notebook.path.parent / "go").touch()
    expect(bar).to_have_attribute("value", "3")
    expect(page.locator(".toast")).to_contain_text("Finished three of three")
