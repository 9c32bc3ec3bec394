"""`quire format`: ruff's formatting, cell by cell, and nothing else."""

import subprocess
import sys
from pathlib import Path

import pytest

from quire.cli import format as format_module
from quire.errors import EditRefused
from quire.formatting import format_notebook
from quire.notebook import parse_notebook, write_notebook

UGLY = """import   quire
app = quire.App( )
# loose

@app.cell
def _( a,b ):   # by hand
    x=a+b
    s='''
  kept
'''
    return x,s

if __name__ == "__main__":
    app.run()
"""
PRETTY = UGLY.replace("x=a+b", "x = a + b").replace("s='''", 's = """').replace("'''", '"""')
BROKEN = UGLY.replace("if __name__", "@app.cell\ndef _():\n    y = = 2\n    return (y,)\n\nif __name__")


def call(folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "quire", "format", *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_only_the_code_of_cells_changes(tmp_path):
    (tmp_path / "a.py").write_text(UGLY)
    done = call(tmp_path, "a.py")
    assert (done.returncode, done.stdout) == (0, "formatted a.py\n1 formatted, 0 left unchanged\n")
    assert (tmp_path / "a.py").read_text() == PRETTY
    assert call(tmp_path, "a.py").stdout == "0 formatted, 1 left unchanged\n"


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_line_endings_stay(newline):
    text = UGLY.replace("\n", newline)
    made, _ = format_notebook(parse_notebook(text), Path("a.py").absolute())
    assert write_notebook(made) == PRETTY.replace("\n", newline)


def test_a_cell_that_python_cannot_read_is_left_and_told_and_costs_the_others_nothing(tmp_path):
    (tmp_path / "a.py").write_text(BROKEN)
    done = call(tmp_path, "a.py")
    assert done.returncode == 0
    assert done.stderr == "a.py:15: Python cannot read this cell; it was left as it is\n"
    assert (tmp_path / "a.py").read_text() == BROKEN.replace(UGLY[: UGLY.index("if")], PRETTY[: PRETTY.index("if")])


def test_a_damaged_header_costs_the_cells_nothing():
    text = UGLY.replace("import   quire\n", "import   quire\nx = = 1\n")
    made, _ = format_notebook(parse_notebook(text), Path("a.py").absolute())
    assert write_notebook(made) == text.replace("x=a+b", "x = a + b").replace("s='''", 's = """').replace("'''", '"""')


def test_check_and_diff_write_nothing_and_exit_with_1(tmp_path):
    (tmp_path / "a.py").write_text(UGLY)
    (tmp_path / "module.py").write_text("x=1\n")
    checked, shown = call(tmp_path, "--check"), call(tmp_path, "--diff")
    assert (checked.returncode, checked.stdout) == (1, "would change a.py\n1 would change, 0 left unchanged\n")
    assert shown.returncode == 1
    assert shown.stdout.startswith("--- a.py\n+++ a.py\n@@ -4,10 +4,10 @@\n")
    assert "-    x=a+b\n-    s='''\n+    x = a + b\n" in shown.stdout
    assert (tmp_path / "a.py").read_text() == UGLY
    assert (tmp_path / "module.py").read_text() == "x=1\n"


def test_standard_input_goes_to_standard_output_by_the_settings_of_its_place(tmp_path):
    (tmp_path / "ruff.toml").write_text("format.quote-style = 'single'\n")
    done = call(tmp_path, "-", "--stdin-filename", "deep.py", given=UGLY.replace("s='''", "t=\"q\"\n    s='''"))
    assert done.returncode == 0
    assert "    t = 'q'\n" in done.stdout


def test_a_named_file_that_is_no_notebook_is_an_error(tmp_path):
    (tmp_path / "module.py").write_text("x=1\n")
    done = call(tmp_path, "module.py")
    assert (done.returncode, "not a Quire notebook" in done.stderr) == (2, True)


def test_without_ruff_the_way_to_get_it_is_told(tmp_path, monkeypatch, capsys):
    def missing(notebook, path):
        raise EditRefused("code is formatted by `ruff`, which is not installed: pip install 'quire[lsp]'")

    (tmp_path / "a.py").write_text(UGLY)
    monkeypatch.setattr(format_module, "format_notebook", missing)
    assert format_module.format_paths([tmp_path / "a.py"], None, only_check=False, only_diff=False) == 2
    assert "pip install 'quire[lsp]'" in capsys.readouterr().err
    assert (tmp_path / "a.py").read_text() == UGLY
