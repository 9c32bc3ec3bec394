"""A notebook shown within another one."""

from playwright.sync_api import expect

INNER = """import quire

app = quire.App()

with app.setup:
    import quire as qr


@app.cell
def _():
    size = qr.ui.slider(1, 9, value=4, label="size")
    qr.vstack([qr.md("### Inside"), size])
    return (size,)


@app.cell
def _(size):
    area = size.value**2
    qr.md(f"area: **{area}**")
    return (area,)


if __name__ == "__main__":
    app.run()
"""

OUTER = """import quire

app = quire.App()


@app.cell
def _():
    from inner import app as inner

    return (inner,)


@app.cell
async def _(inner):
    result = await inner.embed()
    result.output
    return (result,)


@app.cell
def _(result):
    f"outside: {result.defs['area']}"
    return


if __name__ == "__main__":
    app.run()
"""


def test_an_embedded_slider_moves_what_is_inside_and_who_reads_the_result(open_notebook, tmp_path):
    (tmp_path / "inner.py").write_text(INNER, encoding="utf-8")
    notebook = open_notebook(OUTER)
    page = notebook.page
    notebook.wait_idle()
    embedding, outside = notebook.cell("Inside"), notebook.cell("outside")
    expect(embedding).to_contain_text("area: 16")
    expect(outside).to_contain_text("outside: 16")

    page.get_by_role("slider", name="size").press("ArrowRight")

    expect(embedding).to_contain_text("area: 25")
    expect(outside).to_contain_text("outside: 25")
    expect(page.get_by_role("slider", name="size")).to_be_focused()

    page.reload()
    expect(notebook.cell("Inside")).to_contain_text("area: 25")
    expect(page.get_by_role("slider", name="size")).to_have_attribute("aria-valuetext", "5")
