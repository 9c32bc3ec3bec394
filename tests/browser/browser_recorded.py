"""The page that a script leaves of what it showed, opened as a file without a network."""

import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.axe import findings

NOTEBOOK = """import quire

app = quire.App()


@app.cell
def _():
    import quire as qr

    columns = "".join(f"<td>{number}.123456</td>" for number in range(40))
    qr.Html(f'<table border="1"><tr>{columns}</tr></table>')
    return


@app.cell
def _():
    for number in range(5000):
        print("line", number)
    return


if __name__ == "__main__":
    app.run()
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_recorded_page_is_read_on_a_telephone(browser: Browser, tmp_path: Path, scheme):
    (tmp_path / "nb.py").write_text(NOTEBOOK, encoding="utf-8")
    command = [sys.executable, "-m", "quire", "script", "nb.py", "--record", "nb.html"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    context = browser.new_context(color_scheme=scheme, viewport={"width": 380, "height": 800}, offline=True)
    page = context.new_page()
    page.goto((tmp_path / "nb.html").as_uri())

    # A wide table scrolls by itself, and no number in it is broken into lines.
    number = page.get_by_text("39.123456", exact=True)
    expect(number).to_have_css("border-right-width", "0px")
    assert number.evaluate("cell => cell.getBoundingClientRect().height") < 40
    assert page.evaluate("document.documentElement.scrollWidth") == 380
    # Five thousand lines do not hide what stands below them.
    assert page.evaluate("document.documentElement.scrollHeight") < 2000
    assert "line 4999" in page.locator(".console").inner_text()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_recorded_page_shuts_nobody_out(browser: Browser, tmp_path: Path, scheme):
    frame = "\n\n@app.cell\ndef _(qr):\n    qr.iframe('<p>inside</p><script>1</script>')\n    return\n\n\nif __name__"
    text = NOTEBOOK.replace("import quire as qr\n", "import quire as qr\n\n    print('one line')\n")
    (tmp_path / "nb.py").write_text(
        text.replace("    return\n", "    return (qr,)\n", 1).replace("\n\nif __name__", frame)
    )
    command = [sys.executable, "-m", "quire", "script", "nb.py", "--record", "nb.html"]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    context = browser.new_context(color_scheme=scheme, viewport={"width": 380, "height": 800}, bypass_csp=True)
    page = context.new_page()
    page.goto((tmp_path / "nb.html").as_uri())

    assert page.locator("iframe").count() == 1
    assert findings(page) == []
    assert page.locator(".console[tabindex]").count() == 1
    context.close()
