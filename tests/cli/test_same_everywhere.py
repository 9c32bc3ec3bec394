"""A notebook finds the same around it as a script, in the editor and as an app: real processes of all three."""

import asyncio
import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.app.test_script import notebook_text

from .serving import command, wait_for

PYTHON = sys.executable

LOOK = """
import json, os, sys
import quire as qr

def look():
    return {
        "name": __name__,
        "file": __file__,
        "argv": sys.argv,
        "options": qr.cli_args().to_dict(),
        "first": sys.path[0],
        "has": [os.path.basename(folder) for folder in sys.path if folder.endswith("_lib")],
        "directory": os.getcwd(),
        "folder": str(qr.notebook_dir()),
        "variables": {name: value for name, value in os.environ.items() if name.startswith("MY_")},
    }

at_setup = look()
"""
TELL = """
with open("told.tmp", "w") as _file:
    json.dump([at_setup, look()], _file)
os.replace("told.tmp", "told.json")
"""
SETTINGS = """
[tool.quire.runtime]
dotenv = [".env", "more.env"]
pythonpath = ["my_lib"]
"""


def as_script(name: str, *arguments: str, cwd: Path) -> None:
    subprocess.run([PYTHON, name, *arguments], cwd=cwd, check=True, timeout=60)


def by_command(name: str, *arguments: str, cwd: Path) -> None:
    subprocess.run([PYTHON, "-m", "quire", "script", name, *arguments], cwd=cwd, check=True, timeout=60)


def in_editor(name: str, *arguments: str, cwd: Path) -> None:
    with command("edit", name, "--port", "0", *arguments, cwd=cwd):
        wait_for((cwd / "told.json").exists)


def in_sandbox(name: str, *arguments: str, cwd: Path) -> None:
    with command("edit", name, "--sandbox", "--port", "0", *arguments, cwd=cwd):
        wait_for((cwd / "told.json").exists)


def as_sandboxed_app(name: str, *arguments: str, cwd: Path) -> None:
    as_app(name, "--sandbox", *arguments, cwd=cwd)


def as_app(name: str, *arguments: str, cwd: Path) -> None:
    async def visit(quire) -> None:
        async with quire.page(f"tab={'a' * 32}") as page:
            while not (cwd / "told.json").exists():
                await asyncio.wait_for(page.recv(), 30)

    with command("run", name, "--port", "0", "--token", "t", *arguments, cwd=cwd) as quire:
        asyncio.run(visit(quire))


WAYS = {
    "script": as_script,
    "command": by_command,
    "editor": in_editor,
    "sandbox": in_sandbox,
    "app": as_app,
    "sandboxed app": as_sandboxed_app,
}


@pytest.fixture
def project(tmp_path: Path, shelf: Path) -> Path:
    """With what an environment of its own needs: a project with a notebook in a folder, reached by a link."""
    inner = tmp_path / "notebooks"
    inner.mkdir()
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    (tmp_path / ".env").write_text("MY_PLACE=project\nMY_OWN=project\nMY_SHELL=project\n")
    (tmp_path / "more.env").write_text("MY_MORE='${MY_OWN} and more'\n")
    (inner / ".env").write_text("MY_PLACE=notebook\n")
    (inner / "nb.py").write_text(notebook_text(TELL, setup=LOOK))
    (tmp_path / "link.py").symlink_to(inner / "nb.py")
    return tmp_path


def told(way: str, name: str, *arguments: str, cwd: Path) -> Mapping[str, object]:
    WAYS[way](name, *arguments, cwd=cwd)
    at_setup, later = json.loads((cwd / "told.json").read_text())
    assert at_setup == later
    return later


@pytest.mark.parametrize("way", WAYS)
def test_name_file_arguments_paths_directory_and_variables_are_those_of_a_script(way, project, monkeypatch):
    monkeypatch.setenv("MY_SHELL", "shell")

    assert told(way, "notebooks/nb.py", "--", "-x=1", "--", "y", cwd=project) == {
        "name": "__main__",
        "file": str(project / "notebooks/nb.py"),
        "argv": ["notebooks/nb.py", "-x=1", "--", "y"],
        "options": {"x": 1},
        "first": str(project / "notebooks"),
        "has": ["my_lib"],
        "directory": str(project),
        "folder": str(project / "notebooks"),
        "variables": {
            "MY_PLACE": "notebook",
            "MY_OWN": "project",
            "MY_MORE": "project and more",
            "MY_SHELL": "shell",
        },
    }


@pytest.mark.parametrize("way", WAYS)
def test_a_link_is_a_program_of_its_own_that_imports_beside_what_it_leads_to(way, project):
    found = told(way, "link.py", cwd=project)

    assert found["file"] == str(project / "link.py")
    assert found["argv"] == ["link.py"]
    assert found["first"] == str(project / "notebooks")


@pytest.mark.parametrize("arguments", [[], ["-x=1"], ["a", "--", "b"]])
def test_a_script_gets_other_arguments_as_they_are(project, arguments: list[str]):
    assert told("script", "notebooks/nb.py", *arguments, cwd=project)["argv"] == ["notebooks/nb.py", *arguments]


def test_only_the_program_has_its_arguments_and_variables_prepared(tmp_path):
    """A module is not asked: importing a notebook changes nothing around it, nor does an interactive session."""
    (tmp_path / "nb.py").write_text(notebook_text("x = 1"))
    (tmp_path / ".env").write_text("MY_OWN=1\n")
    code = "import os, sys, nb, quire; quire.App(); print(sys.argv[1:], 'MY_OWN' in os.environ)"

    done = subprocess.run([PYTHON, "-c", code, "--", "x"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout == "['--', 'x'] False\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"GOOD=1\nnot a binding\n", "`{path}`, line 2, is left out: it is no `NAME=value`"),
        (b"\xff", "`{path}` cannot be read: it is not UTF-8 text"),
        (b"A=\0\n", "`{path}`: `A` is left out: the system takes no such variable"),
    ],
)
def test_what_is_wrong_with_variables_is_told_and_keeps_nothing_from_running(tmp_path, content: bytes, message: str):
    (tmp_path / "nb.py").write_text(notebook_text("import os\nprint(os.environ.get('GOOD'))"))
    (tmp_path / ".env").write_bytes(content)

    done = subprocess.run([PYTHON, "nb.py"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout == f"{'1' if b'GOOD' in content else None}\n"
    assert done.stderr == f"quire: {message.format(path=tmp_path / '.env')}\n"


def test_what_is_wrong_with_variables_needs_nobody_who_reads_it(tmp_path):
    (tmp_path / "nb.py").write_text(notebook_text("print(1)"))
    (tmp_path / ".env").write_text("not a binding\n")

    done = subprocess.run(
        ["sh", "-c", f"{PYTHON} nb.py 2>&-"], cwd=tmp_path, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stdout) == (0, "1\n")


def test_a_folder_called_like_the_file_is_none(tmp_path):
    (tmp_path / "nb.py").write_text(notebook_text("print(1)"))
    (tmp_path / ".env").mkdir()

    done = subprocess.run([PYTHON, "nb.py"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("1\n", "")


def test_settings_of_the_user_count_and_a_notebook_says_nothing_about_them(tmp_path, monkeypatch):
    """Which files are read is nothing that a document decides."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "config/quire").mkdir(parents=True)
    (tmp_path / "config/quire/quire.toml").write_text('[runtime]\ndotenv = ["mine"]\n')
    (tmp_path / "mine").write_text("MY_A=1\n")
    (tmp_path / "other").write_text("MY_B=1\n")
    head = '# /// script\n# [tool.quire.runtime]\n# dotenv = ["other"]\n# ///\n'
    (tmp_path / "nb.py").write_text(
        head + notebook_text("import os\nprint(sorted(name for name in os.environ if name.startswith('MY_')))")
    )

    done = subprocess.run([PYTHON, "nb.py"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert (done.stdout, done.stderr) == ("['MY_A']\n", "")


def test_a_script_without_variables_and_settings_imports_nothing_for_them(tmp_path):
    names = ("quire.config", "quire.kernel.dotenv", "msgspec", "pathlib")
    (tmp_path / "nb.py").write_text(notebook_text(f"import sys\nprint([_n for _n in {names} if _n in sys.modules])"))

    done = subprocess.run([PYTHON, "nb.py"], cwd=tmp_path, capture_output=True, text=True, check=True)

    assert done.stdout == "[]\n"
