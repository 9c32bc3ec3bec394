"""`quire convert`: to standard output by default, never over a file that exists, and what was changed told aside."""

import json
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quire.cli.commands import quire
from quire.notebook import parse_notebook
from tests.convert.running import jupyter


def convert(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(quire, ["convert", *map(str, arguments)], input=stdin)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "study.ipynb"
    path.write_text(jupyter("df = 1", "df = df + 1", "print(df)"), encoding="utf-8")
    return path


def test_the_notebook_goes_to_standard_output_and_the_notes_aside(source):
    done = convert(source)

    assert done.exit_code == 0
    assert not parse_notebook(done.stdout).foreign
    assert done.stderr == "`df` is called `df_1` in cell 2, and wherever that value is read\n"


def test_standard_input_is_a_source(source):
    assert convert("-", stdin=source.read_text()).stdout == convert(source).stdout


def test_what_exists_is_overwritten_by_force_only(source, tmp_path):
    out = tmp_path / "study.py"
    out.write_text("mine")
    refused = convert(source, "-o", out)

    assert (refused.exit_code, out.read_text()) == (2, "mine")
    assert "exists already; nothing was written" in refused.stderr
    assert convert(source, "-o", out, "--force").exit_code == 0
    assert not parse_notebook(out.read_text()).foreign


def test_the_name_of_the_result_says_its_format(source, tmp_path):
    convert(source, "-o", tmp_path / "study.py")
    convert(tmp_path / "study.py", "-o", tmp_path / "back.ipynb")

    assert len(json.loads((tmp_path / "back.ipynb").read_text())["cells"]) == 3


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("absent.ipynb",), "cannot read `absent.ipynb`"),
        (("study.ipynb", "--to", "word"), "there is no format `word`"),
        (("study.ipynb", "--to", "ipynb"), "this is a Jupyter notebook already"),
        (("broken.ipynb", "--from", "ipynb"), "this is not a Jupyter notebook"),
        (("latin.ipynb",), "is not UTF-8 text"),
    ],
)
def test_a_refusal_is_one_line_and_status_2(source, tmp_path, monkeypatch, arguments, says):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "broken.ipynb").write_text("{")
    (tmp_path / "latin.ipynb").write_bytes("é".encode("latin-1"))
    done = convert(*arguments)

    assert done.exit_code == 2
    assert done.stderr.startswith("quire: ")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_attachments_are_written_beside_the_result(tmp_path):
    cell = {"cell_type": "markdown", "source": "![](attachment:a.png)", "attachments": {"a.png": {"image/png": "AAAA"}}}
    (tmp_path / "n.ipynb").write_text(json.dumps({"cells": [cell], "nbformat": 4}))
    convert(tmp_path / "n.ipynb", "-o", tmp_path / "out" / "n.py")

    assert (tmp_path / "out" / "n_files" / "a.png").read_bytes() == b"\0\0\0"


def test_a_folder_is_converted_file_by_file_and_a_failure_costs_no_other(source, tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "other.ipynb").write_text(jupyter("x = 1"))
    (tmp_path / "julia.ipynb").write_text('{"cells": [], "metadata": {"language_info": {"name": "julia"}}}')
    (tmp_path / "tool.py").write_text("print('no notebook')")
    (tmp_path / ".hidden").mkdir()
    (tmp_path / ".hidden" / "not.ipynb").write_text(jupyter("x = 1"))
    done = convert(tmp_path)

    assert done.exit_code == 1
    assert "julia.ipynb: the cells of this notebook are julia; only Python can be converted" in done.stderr
    assert "2 converted, 1 failed" in done.stderr
    assert sorted(str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.py")) == [
        "deep/other.py",
        "study.py",
        "tool.py",
    ]


def test_converting_a_folder_again_overwrites_nothing(source, tmp_path):
    convert(tmp_path)
    (tmp_path / "study.py").write_text("mine")
    done = convert(tmp_path)

    assert (done.exit_code, (tmp_path / "study.py").read_text()) == (1, "mine")


@pytest.mark.skipif(sys.platform == "win32", reason="modes of files")
def test_a_folder_that_cannot_be_written_is_told(source, tmp_path, monkeypatch):
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)

    assert "cannot write" in convert(source, "-o", tmp_path / "x.py").stderr
