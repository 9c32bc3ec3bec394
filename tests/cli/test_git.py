"""The real git, in repositories of its own, compares and merges notebooks cell by cell once it is told to."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from quire.ids import CellId
from quire.notebook import InsertCell, MoveCell, SetCode, apply_edit, new_notebook, parse_notebook, write_notebook

NAMES = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@b"}


def notebook_text(*codes: str) -> str:
    made, last = new_notebook(), None
    for number, code in enumerate(codes):
        made = apply_edit(made, InsertCell(cell := CellId(f"new{number}"), last, code))
        last = cell
    return write_notebook(made)


def edit_text(text: str, *edits) -> str:
    made = parse_notebook(text)
    for edit in edits:
        made = apply_edit(made, edit(made))
    return write_notebook(made)


def set_code(number: int, code: str):
    return lambda made: SetCode(made.cells[number].id, code)


def add(code: str, after: int):
    return lambda made: InsertCell(CellId("new"), made.cells[after].id, code)


def move(number: int, after: int):
    return lambda made: MoveCell(made.cells[number].id, made.cells[after].id)


class Repository:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{key: value for key, value in os.environ.items() if not key.startswith("GIT_")},
            **NAMES,
            "HOME": str(folder.parent / "home"),
            "XDG_CONFIG_HOME": str(folder.parent / "home" / ".config"),
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        folder.mkdir()
        (folder.parent / "home").mkdir()
        self.git("init", "-q", "-b", "main")

    def run(self, *command: str, status: int | None = 0, **environment: str) -> str:
        done = subprocess.run(
            command,
            cwd=self.folder,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
        assert status is None or done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr

    def git(self, *arguments: str, status: int | None = 0, **environment: str) -> str:
        return self.run("git", *arguments, status=status, **environment)

    def quire(self, *arguments: str, status: int | None = 0) -> str:
        return self.run(sys.executable, "-m", "quire", *arguments, status=status)

    def commit(self, text: str, name: str = "notebook.py") -> None:
        (self.folder / name).write_text(text, encoding="utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "step")

    def text(self, name: str = "notebook.py") -> str:
        return (self.folder / name).read_text(encoding="utf-8")

    def codes(self) -> list[str]:
        return [cell.code for cell in parse_notebook(self.text()).cells]


@pytest.fixture
def repository(tmp_path) -> Repository:
    made = Repository(tmp_path / "repository")
    made.quire("git", "install")
    return made


BASE = notebook_text("import os", "x = 1\ny = 2", "a = x + 1", "print(a)")


def diverge(repository: Repository, base: str, ours: str, theirs: str, name: str = "notebook.py") -> None:
    repository.commit(base, name)
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit(theirs, name)
    repository.git("checkout", "-q", "main")
    repository.commit(ours, name)


# -- merge


def test_a_merge_that_git_alone_could_not_do_is_clean(repository):
    ours = edit_text(BASE, set_code(1, "x = os.name\ny = 2"), move(3, 0))
    theirs = edit_text(BASE, set_code(1, "x = 1\ny = 2\nz = len(b'3')"), set_code(3, "print(a, x)"))
    diverge(repository, BASE, ours, theirs)

    repository.git("merge", "-q", "feature")

    assert repository.codes() == ["import os", "print(a, x)", "x = os.name\ny = 2\nz = len(b'3')", "a = x + 1"]
    repository.run(sys.executable, "-m", "py_compile", "notebook.py")


def test_what_is_disputed_stands_in_its_cell_and_git_knows(repository):
    ours = edit_text(BASE, set_code(1, "x = 10\ny = 2"))
    theirs = edit_text(BASE, set_code(1, "x = 11\ny = 2"), set_code(3, "print(x)"))
    diverge(repository, BASE, ours, theirs)

    told = repository.git("merge", "feature", status=1)

    assert "notebook.py: both changed the cell `x = 10`" in told
    assert repository.git("status", "--porcelain").startswith("UU notebook.py")
    assert "<<<<<<< ours\n    x = 10\n=======\n    x = 11\n>>>>>>> theirs\n    y = 2\n" in repository.text()
    assert repository.codes()[2:] == ["a = x + 1", "print(x)"]


def test_a_rebase_merges_by_cells(repository):
    diverge(repository, BASE, edit_text(BASE, add("b = 1", 3)), edit_text(BASE, add("c = 1", 3)))
    repository.git("checkout", "-q", "feature")

    repository.git("rebase", "-q", "main")

    assert repository.codes()[4:] == ["b = 1", "c = 1"]


def test_a_notebook_that_both_added_is_merged(repository):
    repository.commit("x", "other.txt")
    repository.git("checkout", "-q", "-b", "feature")
    repository.commit(notebook_text("import os", "c = 1"))
    repository.git("checkout", "-q", "main")
    repository.commit(notebook_text("import os", "b = 1"))

    repository.git("merge", "-q", "feature")

    assert repository.codes() == ["import os", "b = 1", "c = 1"]


def test_other_python_files_are_merged_as_git_does(repository):
    diverge(
        repository,
        "a = 1\nb = 2\nc = 3\nd = 4\n",
        "a = 0\nb = 2\nc = 3\nd = 4\n",
        "a = 1\nb = 2\nc = 3\nd = 5\n",
        "m.py",
    )
    repository.git("merge", "-q", "feature")
    assert repository.text("m.py") == "a = 0\nb = 2\nc = 3\nd = 5\n"


def test_conflicts_in_other_python_files_are_marked_as_git_does(repository):
    diverge(repository, "a = 1\n", "a = 2\n", "a = 3\n", "m.py")
    repository.git("merge", "feature", status=1)
    assert repository.text("m.py") == "<<<<<<< ours\na = 2\n=======\na = 3\n>>>>>>> theirs\n"


def test_git_goes_on_when_the_environment_is_gone(repository):
    config = repository.folder / ".git" / "config"
    diverge(
        repository,
        "a = 1\nb = 2\nc = 3\nd = 4\n",
        "a = 0\nb = 2\nc = 3\nd = 4\n",
        "a = 1\nb = 2\nc = 3\nd = 5\n",
        "m.py",
    )
    config.write_text(config.read_text().replace(Path(sys.executable).as_posix(), "/nowhere/python"))

    assert "-d = 4" in repository.git("diff", "HEAD~1", "feature")
    repository.git("merge", "-q", "feature")

    assert repository.text("m.py") == "a = 0\nb = 2\nc = 3\nd = 5\n"


def test_modules_of_the_repository_are_not_run(repository):
    (repository.folder / "click.py").write_text("open('ran', 'w')\n")
    diverge(repository, BASE, edit_text(BASE, add("b = 1", 3)), edit_text(BASE, add("c = 1", 3)))
    repository.git("merge", "-q", "feature")
    assert not (repository.folder / "ran").exists()


# -- diff


def test_a_person_sees_cells(repository):
    repository.commit(BASE)
    (repository.folder / "notebook.py").write_text(edit_text(BASE, set_code(1, "x = 10\ny = 2"), move(3, 0)))

    shown = repository.git("diff", GIT_PAGER_IN_USE="true", NO_COLOR="1")

    assert "@@ the cell `print(a)` moved (line 16) @@\n" in shown
    assert "@@ the cell `x = 10` changed (line 21) @@\n-x = 1\n+x = 10\n y = 2\n" in shown
    assert "return" not in shown


@pytest.mark.parametrize("name", ["notebook.py", "module.py"])
@pytest.mark.parametrize("after", ["a = 1\n", "a = 1", "", BASE.replace("print(a)", "print(x)"), BASE + "# ü"])
def test_a_program_gets_a_patch(repository, name, after):
    repository.commit(BASE, name)
    (repository.folder / name).write_text(after, encoding="utf-8")
    patch = repository.folder.parent / "changes.patch"
    patch.write_text(repository.git("diff"), encoding="utf-8")
    repository.git("checkout", "-q", name)

    repository.git("apply", str(patch))

    assert repository.text(name) == after


def test_a_file_that_is_new_or_gone_is_a_patch_too(repository):
    repository.commit(BASE)
    (repository.folder / "notebook.py").unlink()
    (repository.folder / "new.py").write_text("x = 1\n")
    repository.git("add", "-A")
    patch = repository.folder.parent / "changes.patch"
    patch.write_text(repository.git("diff", "--cached"), encoding="utf-8")
    repository.git("reset", "-q", "--hard")

    repository.git("apply", str(patch))

    assert not (repository.folder / "notebook.py").exists()
    assert repository.text("new.py") == "x = 1\n"


def test_two_files_are_compared_for_programs(repository):
    (repository.folder / "old.py").write_text(BASE)
    (repository.folder / "new.py").write_text(edit_text(BASE, add("b = 1", 0), set_code(4, "print(x)")))

    told = json.loads(repository.quire("diff", "old.py", "new.py", "--json"))

    assert [(cell["kind"], cell["moved"]) for cell in told["cells"]] == [("added", False), ("changed", False)]
    assert told["cells"][1]["before"] == {"name": "_", "type": "cell", "line": 29, "code": "print(a)"}


def test_a_difftool_sees_cells(repository):
    repository.commit(BASE)
    (repository.folder / "notebook.py").write_text(edit_text(BASE, add("b = 1", 0)))

    shown = repository.git("difftool", "-y", "-x", f"{sys.executable} -m quire diff")

    assert "@@ the cell `b = 1` added (line 16) @@\n+b = 1\n" in shown


# -- install


def test_installing_twice_changes_nothing_more(repository):
    before = (repository.text(".gitattributes"), repository.text(".git/config"))
    assert "already" in repository.quire("git", "install")
    assert (repository.text(".gitattributes"), repository.text(".git/config")) == before


def test_uninstalling_leaves_what_was_there(tmp_path):
    repository = Repository(tmp_path / "repository")
    config = repository.text(".git/config")
    (repository.folder / ".gitattributes").write_text("*.png binary")

    assert "commit it" in repository.quire("git", "install")
    assert repository.text(".gitattributes") == "*.png binary\n*.py diff=quire merge=quire\n"
    repository.quire("git", "uninstall")

    assert repository.text(".gitattributes") == "*.png binary\n"
    assert repository.text(".git/config") == config


def test_all_repositories_at_once(tmp_path):
    repository = Repository(tmp_path / "repository")
    repository.quire("git", "install", "--global")
    diverge(repository, BASE, edit_text(BASE, add("b = 1", 3)), edit_text(BASE, add("c = 1", 3)))

    repository.git("merge", "-q", "feature")

    assert repository.codes()[4:] == ["b = 1", "c = 1"]
    assert not (repository.folder / ".gitattributes").exists()


def test_outside_of_a_repository_it_says_so(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "quire", "git", "install"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "GIT_CEILING_DIRECTORIES": str(tmp_path.parent)},
    )
    assert (done.returncode, "not in a git repository" in done.stderr) == (2, True)
