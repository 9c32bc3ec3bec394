"""The notebooks inside papermill's and Jupytext's distributions run converted as they ran, and all of them open."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quire.convert import convert_text
from quire.dataflow import Source, build_graph
from quire.errors import ConversionRefused
from quire.notebook import parse_notebook
from tests.convert.observing import source_of

FOLDER = Path(__file__).parent / "data" / "distributed"
OTHER_LANGUAGES = {"coconut_homepage_demo": "coconut", "notimplemented_translator": "R"}
NOTEBOOKS = sorted(path for path in FOLDER.rglob("*.ipynb") if path.stem not in OTHER_LANGUAGES)


@pytest.fixture(scope="module")
def observed(tmp_path_factory) -> dict[str, list[dict[str, object]]]:
    environment = os.environ | {"MPLBACKEND": "agg", "IPYTHONDIR": str(tmp_path_factory.mktemp("ipython"))}
    command = [sys.executable, "-m", "tests.convert.observing", *map(str, NOTEBOOKS)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_what_runs_in_jupyter_prints_and_shows_the_same_converted(observed):
    """But for those that need R, Julia, other packages or a failing cell, the notebooks run."""
    runs = {name: pair for name, pair in observed.items() if pair[0]["stopped"] is None}

    assert {Path(name).name: after for name, (_, after) in runs.items()} == {
        Path(name).name: before for name, (before, _) in runs.items()
    }
    assert len(runs) >= 38
    assert sum(bool(before["printed"] or before["shown"]) for before, _ in runs.values()) >= 28


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_only_cells_that_are_not_python_have_problems(path):
    notebook = parse_notebook(convert_text(path.read_text(), path=path).text)
    graph = build_graph({cell.id: Source(cell.code, cell.type) for cell in notebook.cells})

    assert not notebook.foreign
    assert not [cell for cell in graph.problems if is_python(notebook.cell(cell).code)]


def is_python(code: str) -> bool:
    try:
        compile(code, "<cell>", "exec")
    except SyntaxError:
        return False
    return True


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_every_line_of_code_is_in_the_notebook(path):
    """As code, or in a comment with a note where it was no Python."""
    read = json.loads(path.read_text())
    done = convert_text(path.read_text(), path=path)
    missing = [
        line.strip()
        for cell in read["cells"]
        if cell["cell_type"] == "code"
        for line in source_of(cell).splitlines()
        if line.strip() and not line.lstrip().startswith(("%", "!", "#")) and line.strip() not in done.text
    ]

    assert not missing or done.notes


@pytest.mark.parametrize(("stem", "language"), OTHER_LANGUAGES.items())
def test_other_languages_are_refused_by_name(stem, language):
    (path,) = FOLDER.rglob(f"{stem}.ipynb")

    with pytest.raises(ConversionRefused, match=f"the cells of this notebook are {language}; only Python"):
        convert_text(path.read_text(), path=path)
