"""Notebooks in the manner of real ones print the same before and after, in every format that can run."""

import json
import re
from pathlib import Path

import jupytext
import nbformat
import pytest

from quire.convert import convert_text
from quire.dataflow import Source, build_graph
from quire.notebook import parse_notebook
from tests.convert.running import printed_by_script, printed_from_top

NOTEBOOKS = sorted((Path(__file__).parent / "data").glob("*.ipynb"))
IPYTHON = re.compile(r"^(?:%%\w+.*\n|%time |[%!].*)", re.MULTILINE)


def plain_cells(path: Path) -> list[str]:
    """The code as an interpreter without magics takes it; cells that are no Python print nothing in Jupyter either."""
    cells = ["".join(cell["source"]) for cell in json.loads(path.read_text())["cells"] if cell["cell_type"] == "code"]
    return [cell if "'''" in cell else IPYTHON.sub("", cell) for cell in cells if not is_broken(cell)]


def is_broken(cell: str) -> bool:
    return cell.startswith(("print '", "def half(:"))


def without_broken(text: str) -> str:
    """A script runs only when all its cells can; what cannot run is taken out."""
    return re.sub(r"app\._unparsable_cell\(\n.*?\n\)\n", "", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_prints_what_it_printed(path):
    text = without_broken(convert_text(path.read_text(), path=path).text)

    assert printed_by_script(text) == printed_from_top(plain_cells(path)) != ""


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_only_cells_that_never_worked_have_problems(path):
    notebook = parse_notebook(convert_text(path.read_text(), path=path).text)
    graph = build_graph({cell.id: Source(cell.code, cell.type) for cell in notebook.cells})

    assert all(is_broken(notebook.cell(cell).code) for cell in graph.problems)


@pytest.mark.parametrize("target", ["percent", "script", "ipynb"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_it_prints_the_same_in_every_format(path, target):
    text = without_broken(convert_text(path.read_text(), path=path).text)
    written = convert_text(text, target=target).text
    if target == "ipynb":
        cells = ["".join(cell["source"]) for cell in json.loads(written)["cells"] if cell["cell_type"] == "code"]
        assert printed_from_top(cells) == printed_by_script(text)
    else:
        assert printed_from_top([written]) == printed_by_script(text)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_is_written_for_jupyter_is_valid(path):
    text = convert_text(path.read_text(), path=path).text

    nbformat.validate(json.loads(convert_text(text, target="ipynb").text))


@pytest.mark.parametrize("form", ["py:percent", "py:light", "md"])
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_jupytext_makes_of_it_prints_the_same(path, form):
    """Its scripts and markdown files are read as they are written by Jupytext itself."""
    notebook = nbformat.reads(path.read_text(), as_version=4)
    notebook.cells = [cell for cell in notebook.cells if not is_broken(cell.source)]
    written = jupytext.writes(notebook, form)
    text = convert_text(written, source={"py:percent": "percent", "py:light": "light", "md": "markdown"}[form]).text

    assert printed_by_script(text) == printed_from_top(plain_cells(path))
