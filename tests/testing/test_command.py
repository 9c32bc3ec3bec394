"""`python -m pytest notebook.py`, as people run it: processes of their own, with the plugin found by itself."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.testing.notebooks import ARTICLE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "nb.py").write_text(ARTICLE)
    return tmp_path


def run_pytest(folder: Path, *arguments: str) -> str:
    command = [sys.executable, "-m", "pytest", *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False).stdout


def test_a_notebook_is_tested_with_nothing_to_configure(folder: Path):
    told = run_pytest(folder, "nb.py", "-v", "-s")

    assert "collected 4 items" in told
    assert "1 failed, 3 passed in" in told
    assert "nb.py::test_fails FAILED" in told
    assert "nb.py::test_sanity PASSED" in told
    assert "nb.py::collection_of_tests::test_answer[3-4] PASSED" in told
    assert "nb.py::collection_of_tests::test_answer[4-5] PASSED" in told
    assert "this cell ran" not in told
    # The failure shows the cell, with its values and its line in the file, and nothing that stands above.
    assert (
        "    def test_fails(inc):\n>       assert inc(3) == 5\nE       assert 4 == 5\nE        +  where 4 = inc(3)"
        in told
    )
    assert "nb.py:15: AssertionError" in told
    assert "return x + 1" not in told


def test_both_cores_give_the_same_answer(folder: Path):
    assert "1 failed, 3 passed in" in run_pytest(folder, "nb.py", "-n", "2")


def test_coverage_counts_lines_of_cells(folder: Path):
    subprocess.run(
        [sys.executable, "-m", "coverage", "run", "--include=nb.py", "-m", "pytest", "-q", "nb.py"],
        cwd=folder,
        capture_output=True,
        timeout=60,
        check=False,
    )
    told = subprocess.run(
        [sys.executable, "-m", "coverage", "report", "-m"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout

    # What has not run: the cells' own `return`, the cell that no test needs, and the guard.
    assert told.splitlines()[2].split("% ")[1].strip() == "10, 16, 22, 30, 36, 41-42, 46"


def test_a_project_without_notebooks_pays_for_one_small_module(tmp_path: Path):
    (tmp_path / "conftest.py").write_text(
        "import sys\n\ndef pytest_sessionfinish():\n"
        "    print(sorted(name for name in sys.modules if name.partition('.')[0] == 'quire'))\n"
    )
    (tmp_path / "test_plain.py").write_text("def test_plain(): pass\n")

    told = run_pytest(tmp_path, "-s", "-q")

    assert "['quire', 'quire.recognise', 'quire.testing', 'quire.testing.plugin', 'quire.version']" in told
    assert "1 passed" in told
