"""What commands make of markdown notebooks, and of markdown that is none."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quire.cli import edit as edit_module
from quire.cli.commands import quire

RAIN = """---
quire-version: 0.1.0
---

# Rain

```python {.quire}
days = [ 3,0,7 ]
def f( a ):
    return a
```

  ```python {.quire name="total"}
  sum( days )
  ```
"""
MARIMO = "# Theirs\n\n```python {.marimo}\n1 + 1\n```\n"
README = "# About\n\nSay `quire`:\n\n```python\nx = 1\n```\n"


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "rain.md").write_text(RAIN)
    (tmp_path / "theirs.md").write_text(MARIMO)
    (tmp_path / "README.md").write_text(README)
    return tmp_path


def call(*arguments: str) -> Result:
    return CliRunner().invoke(quire, arguments)


def test_the_graph_of_a_markdown_notebook_is_told(folder):
    told = json.loads(call("graph", "rain.md", "--json").output)

    assert [cell["defs"] for cell in told["cells"]] == [[], ["days", "f"], []]
    assert "quire convert" in call("graph", "README.md").output


def test_a_folder_is_checked_with_its_markdown_notebooks_and_not_its_readme(folder):
    assert call("check", ".").output == "nothing found in 2 notebooks\n"


def test_a_finding_has_its_place_in_the_markdown_file(folder):
    (folder / "rain.md").write_text(RAIN.replace("sum( days )", "list = days"))

    (finding,) = json.loads(call("check", "rain.md", "--output-format", "json", "--select", "QR005").output)

    assert finding["location"] == {"line": 14, "column": 3, "end_line": 14, "end_column": 7}


def test_formatting_changes_the_code_of_cells_and_no_prose(folder):
    done = call("format", ".")

    assert done.exit_code == 0
    assert (folder / "rain.md").read_text() == RAIN.replace("[ 3,0,7 ]\ndef f( a )", "[3, 0, 7]\n\ndef f(a)").replace(
        "sum( days )", "sum(days)"
    )
    assert (folder / "README.md").read_text() == README
    assert "0 formatted, 2 left unchanged" in call("format", ".").output


def test_a_markdown_notebook_is_opened_and_other_markdown_is_offered_to_be_converted(folder, monkeypatch):
    opened: list[str] = []
    monkeypatch.setattr(edit_module, "serve_file", lambda file, *_: opened.append(file.name))

    assert call("edit", "rain.md").exit_code == 0
    assert call("edit", "theirs.md").exit_code == 0
    assert call("new", "new.md").exit_code == 0
    refused = call("edit", "README.md")

    assert opened == ["rain.md", "theirs.md", "new.md"]
    assert "quire convert README.md -o README.py" in refused.output


def test_a_markdown_notebook_and_its_python_file_convert_into_each_other(folder):
    assert call("convert", "rain.md", "-o", "rain.py").exit_code == 0
    back = call("convert", "rain.py", "--to", "markdown").output

    assert "# Rain\n\n```python {.quire}\ndays = [ 3,0,7 ]\n" in back


def test_a_setting_of_the_notebook_stands_in_its_front_matter(folder):
    done = call("config", "set", "--notebook", "rain.md", "display.theme", "dark")

    assert done.exit_code == 0, done.output
    assert (
        'header: |-\n  # /// script\n  # [tool.quire.display]\n  # theme = "dark"\n  # ///\n---'
        in (folder / "rain.md").read_text()
    )
    assert "rain.md" in call("config", "show", "rain.md").output
