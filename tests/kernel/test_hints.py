"""What an exception of a cell says beyond Python's own words."""

from pathlib import Path

import pytest

from .running import Notebook


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the modules of the notebook are."""
    (tmp_path / "helpers_of_mine.py").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def test_a_mistyped_module_is_told_with_the_one_that_was_meant(folder: Path):
    notebook = Notebook(a="import helpres_of_mine", b="from pytset import mark", c="import nothing_like_any_other")

    notebook.run()

    assert notebook.error("a")["note"] == "is `helpers_of_mine` meant? It is here"
    assert notebook.error("b")["note"] == "is `pytest` meant? It is here"
    assert notebook.error("c")["note"] == ""
