"""Python that nobody wrote for us: the standard library and every installed package, as files and as cells."""

import ast
import sysconfig
from itertools import islice
from pathlib import Path

import pytest

from quire.errors import NotANotebook
from quire.notebook import InsertCell, SetTitle, apply_edit, new_notebook, parse_notebook, write_notebook
from quire.notebook.cells import normal_code
from quire.notebook.lines import split_lines
from quire.notebook.pieces import parse_tree

LIBRARY = Path(sysconfig.get_paths()["stdlib"])
PACKAGES = Path(sysconfig.get_paths()["purelib"])


def files(step: int = 1, *, folders: tuple[Path, ...] = (LIBRARY, PACKAGES)) -> list[Path]:
    """Every `step`-th Python file of the folders."""
    found = sorted({path for folder in folders for path in folder.rglob("*.py")})
    assert len(found) > 1000
    return found[::step]


def source(path: Path) -> str:
    """The file's text with its own line endings; bytes that are not UTF-8 become lone surrogates."""
    return path.read_bytes().decode("utf-8", errors="surrogateescape")


def check_that_it_stays(path: Path) -> None:
    text = source(path)
    notebook = parse_notebook(text)

    assert write_notebook(notebook) == text, path
    if notebook.foreign:
        with pytest.raises(NotANotebook):
            apply_edit(notebook, SetTitle("mine"))


def check_as_cells(path: Path) -> None:
    """Every top-level statement, and the body of every function and class among them, is kept when it becomes a cell."""
    text = source(path).removeprefix("\ufeff")
    tree = parse_tree(text)
    lines = split_lines(text)
    if tree is None:
        return
    blocks = [[statement] for statement in tree.body]
    blocks += [node.body for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.With | ast.If)]
    for block in blocks:
        code = "".join(lines[block[0].lineno - 1 : block[-1].end_lineno])
        written = write_notebook(apply_edit(new_notebook(), InsertCell("a", None, code)))
        compile(written, str(path), "exec", dont_inherit=True)
        assert [cell.code for cell in parse_notebook(written).cells] == [normal_code(code)], path


def test_a_file_that_is_no_notebook_stays_as_it_is_and_is_never_rewritten():
    for path in files(97):
        check_that_it_stays(path)


def test_code_from_anywhere_can_be_a_cell():
    for path in islice(files(331), 60):
        check_as_cells(path)


@pytest.mark.long
def test_every_installed_file_stays_as_it_is():
    for path in files():
        check_that_it_stays(path)


@pytest.mark.long
def test_the_code_of_every_installed_file_can_be_cells():
    for path in files(7):
        check_as_cells(path)
