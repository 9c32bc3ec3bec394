"""A notebook in a markdown file is opened, written in and run like any other, and its file stays markdown."""

from playwright.sync_api import expect

RAIN = """---
# what stands here stays
title: Rain
quire-version: 0.1.0
---

# Rain in spring

A sentence with *emphasis*.

```python {.quire}
days = [3, 0, 7]
```

The sum stands below.

```python {.quire name="total" hide_code="true"}
import sys
print("line", sys._getframe().f_lineno)
sum(days)
```

```python
shown = "never run"
```
"""


def test_a_markdown_notebook_is_edited_and_run_and_stays_markdown(open_notebook, tmp_path):
    path = tmp_path / "sources" / "rain.md"
    path.parent.mkdir()
    path.write_text(RAIN, encoding="utf-8")
    quire = open_notebook(path)

    # Prose is shown without an import, and a fence without a mark is prose.
    expect(quire.cells).to_have_count(5)
    expect(quire.cells.nth(0).locator("h1")).to_have_text("Rain in spring")
    expect(quire.cells.nth(3)).to_contain_text("10")
    row = RAIN.split("\n").index('print("line", sys._getframe().f_lineno)') + 1
    expect(quire.cells.nth(3)).to_contain_text(f"line {row}")
    expect(quire.cells.nth(4).locator("pre")).to_contain_text('shown = "never run"')
    assert quire.text == RAIN

    quire.write(quire.cells.nth(1), "days = [3, 1, 7]")
    quire.page.keyboard.press("ControlOrMeta+Enter")
    expect(quire.cells.nth(3)).to_contain_text("11")
    quire.file_has("```python {.quire}\ndays = [3, 1, 7]\n```\n")
    quire.wait_saved()
    assert quire.text == RAIN.replace("[3, 0, 7]", "[3, 1, 7]")

    quire.cells.nth(2).dblclick()
    expect(quire.cells.nth(2).locator(".cm-content")).to_be_focused()
    quire.page.keyboard.press("ControlOrMeta+End")
    quire.page.keyboard.insert_text("\n\n- all of it")
    expect(quire.cells.nth(2).locator("li")).to_have_text("all of it")
    quire.file_has("The sum stands below.\n\n- all of it\n\n```python {.quire name")

    # New prose brings no cell that imports something, and is told from the prose that it stands beside.
    quire.cells.nth(4).hover()
    quire.page.get_by_role("button", name="Markdown").last.click()
    quire.page.keyboard.insert_text("Another paragraph.")
    expect(quire.cells).to_have_count(6)
    quire.file_has('shown = "never run"\n```\n\n<!---->\n\nAnother paragraph.\n')
    quire.wait_saved()
    assert quire.text.startswith("---\n# what stands here stays\ntitle: Rain\n")
