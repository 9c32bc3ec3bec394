"""What the editor writes is what linters, formatters and type checkers agree with."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from quire.notebook import InsertCell, SetCode, apply_edit, new_notebook, read_notebook, write_notebook

TOOLS = Path(sys.executable).parent
NOTEBOOKS = [*sorted(Path("examples").glob("*.py")), *sorted(Path("src/quire/tutorials").glob("*.py"))]
CELLS = {
    "kinds": (
        ("setup", "import math\n\nRATE = 2"),
        ("cell", "import os\nimport sys"),
        ("cell", "def area(r):\n    return math.pi * r * RATE"),
        ("cell", "class Point:\n    x: int = 0"),
        ("cell", "where: Point = Point()\ncount: int = 1\nnames: list[str] = []"),
        ("cell", "for name in names:\n    print(name, count, where)"),
        ("cell", "def helper():\n    return count"),
        ("cell", "# only a comment"),
        ("cell", ""),
        ("cell", "result = await fetch(sys.argv, os.sep)"),
        ("cell", "from typing import *"),
        ("cell", "x = ("),
        ("cell", "_private = count\n_private"),
        ("cell", "text = '''\nas it is\n  here\n'''\nprint(text)"),
        ("cell", "async def fetch(*values):\n    return values"),
        ("cell", "with open('f') as file:\n    data = file.read()\n# the end"),
        ("cell", "match data:\n    case [first, *rest]:\n        print(first, rest)"),
    ),
    "long": (
        ("cell", "\n".join(f"a_rather_long_name_{number} = {number}" for number in range(9))),
        ("cell", f"print({', '.join(f'a_rather_long_name_{number}' for number in range(9))})"),
        ("cell", "def long():\n    return a_rather_long_name_1"),
        ("cell", "import numpy"),
    ),
}


def saved(text: str) -> str:
    """The notebook after every cell was changed and changed back."""
    notebook = read_notebook(text)
    for one in notebook.cells:
        notebook = apply_edit(notebook, SetCode(one.id, f"{one.code}\nzz_ = 1"))
        notebook = apply_edit(notebook, SetCode(one.id, one.code))
    return write_notebook(notebook)


def written(cells: tuple[tuple[str, str], ...]) -> str:
    """A notebook that the editor wrote from nothing."""
    notebook = new_notebook()
    for number, (kind, code) in enumerate(cells):
        after = f"c{number - 1}" if number else None
        cell_type = "setup" if kind == "setup" else "cell"
        notebook = apply_edit(notebook, InsertCell(f"c{number}", after, code, type=cell_type))
    return write_notebook(notebook)


def corpus() -> dict[str, str]:
    texts: dict[str, str] = {}
    for path in NOTEBOOKS:
        text = path.read_text(encoding="utf-8")
        texts[path.stem] = saved(text)
        codes = [(one.type, one.code) for one in read_notebook(text).cells]
        texts[f"{path.stem}_anew"] = saved(written(tuple(codes)))
    return texts | {name: saved(written(cells)) for name, cells in CELLS.items()}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("notebooks")
    for name, text in corpus().items():
        (made / f"{name}.py").write_text(text, encoding="utf-8")
    return made


def run(*command: str, folder: Path) -> str:
    return subprocess.run(
        [TOOLS / command[0], *command[1:]], cwd=folder, capture_output=True, text=True, check=False
    ).stdout


def test_ruff_finds_nothing_in_what_the_editor_wrote(folder: Path):
    """B018 and B021 are about cells that end in an expression, which is what a notebook is for."""
    found = json.loads(
        run("ruff", "check", "--isolated", "--ignore", "B018,B021", "--output-format", "json", folder=folder)
    )

    assert [(Path(one["filename"]).name, one["code"], one["message"]) for one in found] == []


def test_no_name_is_undefined_for_a_type_checker(folder: Path):
    (folder / "pyrightconfig.json").write_text('{"typeCheckingMode": "off", "reportUndefinedVariable": "error"}')

    report = json.loads(run("basedpyright", "--level", "error", "--outputjson", folder=folder))

    found = [(Path(one["file"]).name, one["message"]) for one in report["generalDiagnostics"]]
    assert report["summary"]["filesAnalyzed"] >= len(NOTEBOOKS)
    assert [(file, message) for file, message in found if "is not defined" in message] == []


@pytest.mark.parametrize("formatter", [("ruff", "format", "--isolated"), ("black", "--config", os.devnull)])
def test_a_formatter_keeps_every_cell_and_a_save_after_it_changes_nothing(
    folder: Path, tmp_path: Path, formatter: tuple[str, ...]
):
    shutil.copytree(folder, tmp_path, dirs_exist_ok=True)
    before = {path: read_notebook(path.read_text(encoding="utf-8")) for path in tmp_path.glob("*.py")}

    run(*formatter, ".", folder=tmp_path)

    assert any(path.read_text(encoding="utf-8") != write_notebook(notebook) for path, notebook in before.items())
    for path, notebook in before.items():
        text = path.read_text(encoding="utf-8")
        formatted = read_notebook(text)
        assert [(c.type, c.name, dict(c.options)) for c in formatted.cells] == [
            (c.type, c.name, dict(c.options)) for c in notebook.cells
        ]
        assert saved(text) == text, path


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_what_the_editor_wrote_is_formatted_already(path: Path, tmp_path: Path):
    """As long as the cells themselves are: what stands around them is as the formatter wants it."""
    (tmp_path / "nb.py").write_text(saved(path.read_text(encoding="utf-8")), encoding="utf-8")

    assert run("ruff", "format", "--isolated", "--diff", "nb.py", folder=tmp_path) == ""
