"""Diffs as git counts them: what one edit costs whoever reviews it."""

import subprocess
from pathlib import Path

import pytest

from quire.notebook import Notebook, SetCode, SetOptions, apply_edit, read_notebook, write_notebook
from tests.notebook.editing import cell, text_of

FILE = "notebook.py"


class Repository:
    """A git repository with one notebook, committed."""

    def __init__(self, folder: Path, text: str) -> None:
        self.folder = folder
        self.path = folder / FILE
        self.path.write_text(text, encoding="utf-8", newline="")
        self.git("init", "--quiet")
        self.git("add", FILE)
        self.git("-c", "user.name=n", "-c", "user.email=e", "commit", "--quiet", "--message", "before")

    def git(self, *arguments: str) -> str:
        command = ["git", "-c", "core.autocrlf=false", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, check=True).stdout

    def set_code(self, *changes: tuple[str, str]) -> Notebook:
        """Give cells, named by the code they have, other code, and save."""
        notebook = read_notebook(self.path.read_bytes().decode())
        for there, code in changes:
            found = next(one for one in notebook.cells if one.code == there)
            notebook = apply_edit(notebook, SetCode(found.id, code))
        self.save(notebook)
        return notebook

    def save(self, notebook: Notebook) -> None:
        self.path.write_text(write_notebook(notebook), encoding="utf-8", newline="")

    @property
    def changed(self) -> tuple[int, int]:
        """Lines added and removed since the commit."""
        counted = self.git("diff", "--numstat").split()
        return (int(counted[0]), int(counted[1])) if counted else (0, 0)

    @property
    def removed(self) -> list[str]:
        """The lines that are gone."""
        rows = self.git("diff", "--unified=0").split("\n")
        return [row[1:] for row in rows if row.startswith("-") and not row.startswith("---")]


def test_one_character_is_one_line(tmp_path: Path):
    repository = Repository(tmp_path, text_of(cell("y = x**2", parameters="x", returns="return (y,)"), cell("pass")))

    repository.set_code(("y = x**2", "y = x**3"))

    assert repository.changed == (1, 1)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_one_character_is_one_line_in_every_cell_of_every_example(tmp_path: Path, newline: str):
    for number, path in enumerate(sorted(Path("examples").glob("*.py"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        text = path.read_text(encoding="utf-8").replace("\n", newline)
        repository = Repository(folder, text)
        notebook = read_notebook(text)
        for one in notebook.cells:
            first, _, rest = one.code.partition("\n")
            if not first or first.endswith(('"', "'", "\\")):
                continue
            repository.save(apply_edit(notebook, SetCode(one.id, f"{first} \n{rest}" if rest else f"{first} ")))
            assert repository.changed == (1, 1), (path, one.code)


def test_s16_using_a_name_of_another_cell_changes_the_signature_of_its_own_cell(tmp_path: Path):
    definer = cell("y = 1", "z = 2", returns="return (y, z)")
    repository = Repository(tmp_path, text_of(definer, cell("print(z)", parameters="z")))

    repository.set_code(("print(z)", "print(z, y)"))

    assert repository.changed == (2, 2)
    assert definer in repository.path.read_text()


def test_s17_an_annotation_is_one_line_however_many_cells_read_the_name(tmp_path: Path):
    readers = [cell(f"print(x, {number})", parameters="x") for number in range(5)]
    repository = Repository(tmp_path, text_of(cell("x = 1", returns="return (x,)"), *readers))

    repository.set_code(("x = 1", "x: int = 1"))

    assert repository.changed == (1, 1)


def test_s18_defining_the_name_of_a_builtin_touches_none_of_its_readers(tmp_path: Path):
    readers = [cell(f"print({number})") for number in range(5)]
    repository = Repository(tmp_path, text_of(cell("q = 3", returns="return (q,)"), *readers))

    repository.set_code(("q = 3", "print = 3"))

    assert repository.changed == (2, 2)
    assert repository.removed == ["    q = 3", "    return (q,)"]


def test_s19_a_function_that_reads_a_variable_leaves_its_callers_as_they_are(tmp_path: Path):
    rate = "def rate():\n    return 2"
    caller = "@app.function\ndef price(n):\n    return n * rate()\n"
    repository = Repository(
        tmp_path,
        text_of(
            cell("k = 1", returns="return (k,)"), f"@app.function\n{rate}\n", caller, caller.replace("price", "sum_of")
        ),
    )

    notebook = repository.set_code((rate, "def rate():\n    return k"))

    assert repository.removed == ["@app.function", "def rate():", "    return 2"]
    assert caller in repository.path.read_text()
    assert notebook.reports == ()


def test_s20_a_syntax_error_costs_its_own_cell_and_no_name(tmp_path: Path):
    good = cell("x = 1", name="mine", decorator="@app.cell(hide_code=True)", returns="return (x,)")
    readers = [cell(f"print(x, {number})", parameters="x") for number in range(5)]
    repository = Repository(tmp_path, text_of(good, *readers))

    repository.set_code(("x = 1", "x = (1"))

    assert repository.removed == good.rstrip("\n").split("\n")
    assert '    name="mine",\n    hide_code=True,\n' in repository.path.read_text()
    repository.set_code(("x = (1", "x = 1"))
    assert repository.changed == (0, 0)


def test_s21_another_version_of_quire_leaves_the_version_of_the_file(tmp_path: Path):
    text = text_of(cell("x = 1", returns="return (x,)")).replace("app =", '__generated_with = "0.0.1"\napp =')
    repository = Repository(tmp_path, text)

    repository.set_code(("x = 1", "x = 2"))

    assert repository.removed == ["    x = 1"]


def test_s22_markdown_written_by_hand_stays_as_it_was_written(tmp_path: Path):
    repository = Repository(
        tmp_path, text_of(cell("qr.md('# hi')", parameters="qr"), cell("x = 1", returns="return (x,)"))
    )

    repository.set_code(("x = 1", "x = 2"))
    assert repository.removed == ["    x = 1"]

    repository.set_code(("qr.md('# hi')", "qr.md('# hi you')"))
    assert repository.removed == ["    qr.md('# hi')", "    x = 1"]


def test_s23_options_keep_the_order_in_which_they_were_written(tmp_path: Path):
    text = text_of(cell("x = 1", decorator="@app.cell(hide_code=True, column=2, mine=f(x), disabled=False)"))
    repository = Repository(tmp_path, text)
    notebook = read_notebook(text)

    repository.save(apply_edit(notebook, SetOptions(notebook.cells[0].id, {"column": 3})))

    assert repository.changed == (1, 1)
    assert "@app.cell(hide_code=True, column=3, mine=f(x), disabled=False)" in repository.path.read_text()
