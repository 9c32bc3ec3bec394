"""What somebody does in the first hour: open, drag, edit, break, mend."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import expect

from quire.notebook import InsertCell, apply_edit, new_notebook, write_notebook

ROOT = Path(__file__).parents[2]
INTRO = ROOT / "src/quire/tutorials/intro.py"
ANALYSIS = ROOT / "examples/analysis.py"


def notebook_text(*codes: str) -> str:
    notebook, last = new_notebook(), None
    for number, code in enumerate(codes):
        notebook = apply_edit(notebook, InsertCell(f"c{number}", last, code))
        last = f"c{number}"
    return write_notebook(notebook)


def test_the_tutorial_works_as_it_says(open_notebook):
    """A slider moves what depends on it, code can be changed, and the file follows."""
    quire = open_notebook(INTRO)
    expect(quire.page.locator("body")).to_contain_text("squares add up to 650")

    slider = quire.page.locator("input[type=range]").first
    slider.focus()
    for _ in range(3):
        slider.press("ArrowRight")
    expect(quire.page.locator("body")).to_contain_text("squares add up to 1,240")

    cell = quire.cell('name = "World"')
    quire.write(cell, 'name = "Quire"')
    quire.page.keyboard.press("ControlOrMeta+Enter")
    expect(quire.page.locator("body")).to_contain_text("Hello, Quire!")
    quire.file_has('    name = "Quire"\n')


def test_an_analysis_follows_its_slider_and_its_file_runs_as_a_script(open_notebook):
    quire = open_notebook(ANALYSIS)
    figure = quire.cell("ax.legend(frameon=False)").locator("img")
    expect(figure).to_be_visible()
    before = figure.get_attribute("src")

    slider = quire.page.locator("input[type=range]").first
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box is not None
    quire.page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + box["height"] / 2)
    quire.page.mouse.down()
    quire.page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2, steps=20)
    quire.page.mouse.up()
    value = quire.page.locator("output").first.inner_text()

    assert 80 <= int(value) <= 100
    expect(quire.page.locator("body")).to_contain_text(f"Averaged over {value} days")
    expect(figure).not_to_have_attribute("src", before or "")

    cell = quire.cell("smooth_over = len(chosen)")
    quire.write(cell, "chosen = weather.loc['2014']\nsmooth_over = len(chosen)  # edited")
    quire.page.keyboard.press("ControlOrMeta+Enter")
    expect(quire.page.locator("body")).to_contain_text("of 365 days")
    quire.file_has("    smooth_over = len(chosen)  # edited\n")
    assert subprocess.run([sys.executable, str(quire.path)], check=False).returncode == 0


def test_a_cell_is_written_run_named_moved_hidden_deleted_and_restored(open_notebook):
    quire = open_notebook(notebook_text("x = 20", "x + 1"))
    page = quire.page

    quire.write(quire.cells.nth(0), "x = 41")
    page.keyboard.press("Shift+Enter")
    expect(quire.cells.nth(1)).to_contain_text("42")

    quire.cells.nth(1).locator(".cm-content").click()
    page.keyboard.press("ControlOrMeta+Shift+p")
    expect(quire.cells).to_have_count(3)
    expect(quire.cells.nth(2).locator(".cm-content")).to_be_focused()
    page.keyboard.insert_text("print('new', x)")
    page.keyboard.press("ControlOrMeta+Enter")
    expect(quire.cells.nth(2).get_by_role("log")).to_contain_text("new 41")

    page.keyboard.press("ControlOrMeta+Shift+9")
    expect(quire.cells.nth(1)).to_contain_text("print")
    quire.file_has("print('new', x)")
    assert quire.text.index("print(") < quire.text.index("x + 1")

    quire.cells.nth(0).hover()
    quire.cells.nth(0).get_by_role("button", name="name", exact=True).click()
    quire.cells.nth(0).get_by_label("cell name").fill("start")
    page.keyboard.press("Enter")
    quire.file_has("def start():")

    quire.cells.nth(0).get_by_role("button", name="cell menu").click()
    page.get_by_role("menuitem", name="Hide the code").click()
    quire.file_has("@app.cell(hide_code=True)\ndef start():")

    quire.cells.nth(0).hover()
    quire.cells.nth(0).get_by_role("button", name="cell menu").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(quire.cells).to_have_count(2)
    expect(quire.cell("x + 1")).to_contain_text("NameError")
    page.get_by_role("button", name=re.compile("undo", re.IGNORECASE)).click()
    expect(quire.cells).to_have_count(3)
    expect(quire.cell("x + 1")).to_contain_text("42")
    quire.file_has("def start():")


def test_a_setup_cell_is_added_and_removed(open_notebook):
    quire = open_notebook(notebook_text("x = math.pi"))

    quire.page.get_by_role("button", name="notebook menu").click()
    quire.page.get_by_role("menuitem", name=re.compile("setup", re.IGNORECASE)).click()
    expect(quire.cells.nth(0).locator(".cm-content")).to_be_focused()
    quire.page.keyboard.insert_text("import math")
    quire.page.keyboard.press("ControlOrMeta+Enter")
    quire.file_has("with app.setup:\n    import math\n")

    setup = quire.cells.nth(0)
    setup.hover()
    setup.get_by_role("button", name="cell menu").click()
    quire.page.get_by_role("menuitem", name="Remove the setup cell").click()
    expect(quire.cells).to_have_count(1)
    quire.wait_saved()
    assert "app.setup" not in quire.text


def test_an_error_names_the_line_and_the_rest_goes_on(open_notebook):
    quire = open_notebook(notebook_text("x = 0", "y = 1\ny / x", "'apart'"))

    failed = quire.cell("y / x")
    expect(failed.get_by_label("error")).to_contain_text("division by zero")
    expect(failed.get_by_label("error")).to_contain_text("y / x")
    expect(quire.cell("'apart'")).to_contain_text("apart")

    quire.write(quire.cell("x = 0"), "x = 2")
    quire.page.keyboard.press("ControlOrMeta+Enter")
    expect(failed).to_contain_text("0.5")


def test_a_problem_is_explained_where_it_is_and_one_click_mends_it(open_notebook):
    quire = open_notebook(notebook_text("x = 1", "x = 2", "x * 10"))

    expect(quire.cells.nth(1)).to_contain_text("is defined in 2 cells")
    quire.cells.nth(1).get_by_role("button", name=re.compile("Rename here and below")).click()

    expect(quire.cells.nth(2)).to_contain_text("20")
    expect(quire.page.locator("body")).not_to_contain_text("is defined in 2 cells")
    quire.file_has("x_1 = 2")


def test_a_cell_that_never_ends_is_interrupted(open_notebook):
    quire = open_notebook(notebook_text("x = 1", "x + 1"))

    quire.write(quire.cells.nth(0), "print('begun', flush=True)\nwhile True:\n    pass")
    quire.page.keyboard.press("ControlOrMeta+Enter")
    expect(quire.cells.nth(0).get_by_role("log")).to_contain_text("begun")
    quire.page.keyboard.press("ControlOrMeta+i")
    quire.wait_idle()

    expect(quire.cells.nth(0)).to_contain_text("interrupted")


def test_a_killed_kernel_is_reported_and_recovered_with_one_click(open_notebook):
    quire = open_notebook(notebook_text("import os\npid = os.getpid()\nprint('kernel', pid)", "pid > 0"))
    log = quire.cells.nth(0).get_by_role("log")
    expect(log).to_contain_text("kernel")
    pid = int(log.inner_text().split()[-1])

    os.kill(pid, signal.SIGKILL)

    banner = quire.page.get_by_role("alert")
    expect(banner).to_contain_text("SIGKILL")
    expect(quire.cells.nth(1)).to_contain_text("True")
    banner.get_by_role("button", name="restart and run").click()
    expect(banner).to_be_hidden()
    quire.wait_idle()
    expect(log).not_to_contain_text(str(pid))
    expect(log).to_contain_text("kernel")


def test_a_cell_that_ends_the_kernel_is_named_and_one_click_brings_everything_else_back(open_notebook):
    quire = open_notebook(notebook_text("x = 1", "x + 41", "y = x", "y * 7"))
    fatal = quire.cells.nth(2)

    quire.write(fatal, "import os\ny = os._exit(3)")
    quire.page.keyboard.press("ControlOrMeta+Enter")

    banner = quire.page.get_by_role("alert")
    expect(banner).to_contain_text("the kernel stopped while cell 3 was running: it exited with status 3")
    expect(banner).to_contain_text("MB of memory")
    expect(fatal).to_contain_text("ended the kernel")
    expect(quire.cells.nth(1)).to_contain_text("42")
    expect(quire.cells.nth(3)).to_contain_text("7")
    banner.get_by_role("button", name="restart and run").click()
    expect(banner).to_be_hidden()
    quire.wait_idle()
    expect(fatal).to_contain_text("ended the kernel")
    expect(quire.page.get_by_role("button", name="run 2 stale")).to_be_visible()
    quire.file_has("os._exit(3)")

    quire.write(fatal, "y = x + 1")
    quire.page.keyboard.press("ControlOrMeta+Enter")
    expect(quire.cells.nth(3)).to_contain_text("14")


def test_a_cell_that_does_not_listen_to_an_interrupt_is_named_and_a_restart_offered(open_notebook):
    quire = open_notebook(notebook_text("x = 1", "x + 41"))

    quire.write(quire.cells.nth(0), "x = 1\nsum(iter(int, 1))")
    quire.page.keyboard.press("ControlOrMeta+Enter")
    expect(quire.cells.nth(0)).to_have_attribute("data-look", "running")
    quire.page.keyboard.press("ControlOrMeta+i")

    banner = quire.page.get_by_role("alert")
    expect(banner).to_contain_text("cell 1 was interrupted and goes on")
    banner.get_by_role("button", name="restart and run").click()
    expect(banner).to_be_hidden()
    quire.wait_idle()
    expect(quire.cells.nth(0)).to_contain_text("interrupted")


def test_a_reloaded_page_gets_everything_back(open_notebook):
    quire = open_notebook(notebook_text("import random\nn = random.random()\nprint('drawn')\nn"))
    shown = quire.cells.nth(0).inner_text()

    quire.page.reload()

    expect(quire.cells.nth(0)).to_contain_text("drawn")
    assert quire.cells.nth(0).inner_text() == shown


def test_a_file_changed_outside_is_taken_over(open_notebook):
    quire = open_notebook(notebook_text("x = 1", "x + 1"))

    quire.path.write_text(quire.text.replace("x = 1", "x = 100"), encoding="utf-8")

    expect(quire.cells.nth(0)).to_contain_text("x = 100")
    quire.run(quire.cells.nth(0))
    expect(quire.cells.nth(1)).to_contain_text("101")


def test_a_file_changed_outside_and_here_keeps_both_texts(open_notebook):
    quire = open_notebook(notebook_text("x = 1"))
    quire.cells.nth(0).locator(".cm-content").click()

    quire.page.keyboard.press("End")
    quire.page.keyboard.insert_text("  # mine")
    quire.path.write_text(quire.text.replace("x = 1", "x = 2"), encoding="utf-8")

    panel = quire.page.get_by_role("alertdialog")
    expect(panel).to_contain_text("# mine")
    expect(panel).to_contain_text("x = 2")
    assert "# mine" not in quire.text
    panel.get_by_role("button", name=re.compile("mine", re.IGNORECASE)).click()
    quire.file_has("x = 1  # mine")


def test_every_kind_of_element_works(open_notebook):
    quire = open_notebook(
        notebook_text(
            "import quire as qr",
            "n = qr.ui.number(0, 10, value=3, label='number')\nt = qr.ui.text('abc', label='words')\n"
            "c = qr.ui.checkbox(label='check')\nd = qr.ui.dropdown(['red', 'blue'], value='red', label='colour')\n"
            "b = qr.ui.button(value=0, on_click=lambda v: v + 1, label='count')\nqr.vstack([n, t, c, d, b])",
            "f'{n.value} {t.value} {c.value} {d.value} {b.value}'",
        )
    )
    result = quire.cells.nth(2)
    expect(result).to_contain_text("3 abc False red 0")

    quire.page.get_by_label("number").fill("7")
    quire.page.get_by_label("number").press("Enter")
    expect(result).to_contain_text("7 abc")
    quire.page.get_by_label("words").fill("def")
    quire.page.get_by_label("words").press("Enter")
    expect(result).to_contain_text("7 def")
    quire.page.get_by_label("check").check()
    expect(result).to_contain_text("True red")
    quire.page.get_by_label("colour").select_option("blue")
    expect(result).to_contain_text("True blue")
    quire.page.get_by_role("button", name="count").click()
    quire.page.get_by_role("button", name="count").click()
    expect(result).to_contain_text("blue 2")


def test_a_slider_does_not_jump_back_when_its_cell_runs_again(open_notebook):
    quire = open_notebook(
        notebook_text("import quire as qr", "s = qr.ui.slider(0, 10, value=1, label='s')\ns", "s.value * 100")
    )
    slider = quire.page.locator("input[type=range]")
    slider.focus()
    slider.press("End")
    expect(quire.cells.nth(2)).to_contain_text("1000")

    quire.run(quire.cells.nth(1))
    quire.wait_idle()

    expect(quire.cells.nth(2)).to_contain_text("1000")
    expect(slider).to_have_value("10")


def test_a_million_lines_leave_the_page_alive(open_notebook):
    quire = open_notebook(notebook_text("x = 1", "x"))

    quire.write(quire.cells.nth(0), "for i in range(1_000_000):\n    print(i)")
    quire.page.keyboard.press("ControlOrMeta+Enter")

    expect(quire.cells.nth(0).get_by_role("log")).to_contain_text("999999", timeout=60_000)
    quire.wait_idle()


def test_a_narrow_window_has_nothing_beside_the_page(open_notebook):
    quire = open_notebook(INTRO, width=390, height=844)

    assert quire.page.evaluate("document.documentElement.scrollWidth") <= 390
