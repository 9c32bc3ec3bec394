"""`quire config`: what holds and why, what there is to set, and setting it without losing a comment."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from quire.cli.commands import quire
from quire.config import SETTINGS
from quire.notebook import write_notebook
from quire.notebook.parse import read_notebook

NOTEBOOK = '''#!/usr/bin/env python
# Of mine.
"""A docstring."""

import quire

app = quire.App()


@app.cell
def _():
    1
    return
'''


@pytest.fixture
def folder(tmp_path, monkeypatch) -> Path:
    """With a project and a notebook in it; `config/quire/quire.toml` is the user's file."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"  # mine\n')
    (tmp_path / "nb.py").write_text(NOTEBOOK)
    return tmp_path


def call(*arguments: str, status: int = 0, **environment: str) -> str:
    """What is printed; what is wrong comes last."""
    done = CliRunner(env=environment).invoke(quire, ["config", *arguments])
    assert done.exit_code == status, done.output
    return done.stdout + done.stderr


def lines_of(text: str) -> dict[str, list[str]]:
    return {line.split()[0]: line.split()[1:] for line in text.splitlines()}


def test_show_says_every_value_and_where_it_comes_from(folder):
    call("set", "display.theme", "dark")
    call("set", "check.ignore", "QF, QR004", "--project")
    call("set", "run.watch", "true", "--notebook", "nb.py")
    shown = lines_of(call("show", "nb.py", QUIRE_SERVER_PORT="4000"))

    assert set(shown) == set(SETTINGS)
    assert shown["display.theme"] == ['"dark"', f"{folder}/config/quire/quire.toml:2"]
    assert shown["check.ignore"] == ['["QF",', '"QR004"]', f"{folder}/pyproject.toml:5"]
    assert shown["run.watch"] == ["true", "nb.py:4"]
    assert shown["server.port"] == ["4000", "QUIRE_SERVER_PORT"]
    assert shown["server.host"] == ['"127.0.0.1"', "default"]


def test_show_for_programs(folder):
    call("set", "display.theme", "dark", "--notebook", "nb.py")
    told = json.loads(call("show", "--json", "nb.py"))

    assert told["complaints"] == []
    assert told["settings"][0] == {
        "name": "display.theme",
        "value": "dark",
        "default": "system",
        "source": "notebook",
        "place": "nb.py",
        "line": 4,
    }
    assert json.loads(call("show", "--json"))["settings"][0]["source"] == "default"


def test_what_is_wrong_is_told_and_exits_with_1(folder):
    (folder / "pyproject.toml").write_text("[tool.quire]\ndisplay.theme = 1\n")

    assert "line 2: `display.theme` cannot be 1; it is one of" in call("show", status=1)


def test_describe_says_what_a_setting_is(folder):
    assert call("describe", "server.port") == (
        "server.port\n"
        "    The port to listen on; when it is in use, the next free one. 0 takes any.\n"
        "    It is a whole number from 0 to 65535; 2718 unless somebody says otherwise.\n"
        "    Set in your own file, or by `QUIRE_SERVER_PORT`.\n"
    )
    assert [line for line in call("describe", "check").splitlines() if not line.startswith(" ") and line] == [
        "check.select",
        "check.ignore",
    ]
    assert all(name in call("describe") for name in SETTINGS)
    assert "is `display` meant?" in call("describe", "dispaly", status=2)


def test_a_notebook_gets_a_block_and_nothing_else_of_it_changes(folder):
    said = call("set", "display.theme", "dark", "--notebook", "nb.py")
    text = (folder / "nb.py").read_text()
    block = '# /// script\n# [tool.quire.display]\n# theme = "dark"\n# ///\n\n'

    assert said == '`display.theme` is "dark" in `nb.py`\n'
    assert text == NOTEBOOK.replace("# Of mine", f"{block}# Of mine")
    call("set", "display.theme", "light", "--notebook", "nb.py")
    assert (folder / "nb.py").read_text() == text.replace("dark", "light")
    assert write_notebook(read_notebook(text)) == text


def test_a_markdown_notebook_has_settings_in_its_front_matter(folder):
    (folder / "nb.md").write_text("---\ntitle: T\nquire-version: 0.1.0\n---\n\n# Prose\n")
    call("set", "display.theme", "dark", "--notebook", "nb.md")

    assert lines_of(call("show", "nb.md"))["display.theme"] == ['"dark"', "nb.md:7"]
    assert (folder / "nb.md").read_text().endswith("---\n\n# Prose\n")


def test_the_projects_file_keeps_its_comments(folder):
    call("set", "display.default_width", "full", "--project")

    assert (folder / "pyproject.toml").read_text() == (
        '[project]\nname = "x"  # mine\n\n[tool.quire.display]\ndefault_width = "full"\n'
    )


def test_a_value_that_something_stronger_covers_is_told(folder):
    call("set", "display.theme", "light", "--project")
    said = call("set", "display.theme", "dark")

    assert said.splitlines()[1] == f'here it is "light", by `{folder}/pyproject.toml`, line 5, which is stronger'


def test_a_setting_is_taken_out_again(folder):
    project = (folder / "pyproject.toml").read_text()
    call("set", "display.theme", "dark")
    call("set", "display.theme", "light", "--project")
    call("set", "display.theme", "system", "--notebook", "nb.py")

    said = call("unset", "display.theme", "--notebook", "nb.py")
    assert said == f'`display.theme` is not set in `nb.py`\nhere it is "light", by `{folder}/pyproject.toml`, line 5\n'
    call("unset", "display.theme", "--project")
    assert (folder / "pyproject.toml").read_text().startswith(project)
    assert call("unset", "display.theme").endswith('here it is "system", the default\n')
    assert call("unset", "display.theme").endswith('here it is "system", the default\n')
    assert "there is no setting `display.colour`" in call("unset", "display.colour", status=2)


def test_taking_out_what_is_not_there_writes_nothing(folder):
    project = (folder / "pyproject.toml").read_text()
    for options in ([], ["--project"], ["--notebook", "nb.py"]):
        call("unset", "display.theme", *options)

    assert not (folder / "config").exists()
    assert (folder / "pyproject.toml").read_text() == project
    assert (folder / "nb.py").read_text() == NOTEBOOK


def test_what_should_not_be_in_a_notebook_can_be_taken_out(folder):
    (folder / "nb.py").write_text(
        block := "# /// script\n# [tool.quire]\n# server.port = 1\n# ///\n" + NOTEBOOK.partition("\n")[2]
    )
    call("unset", "server.port", "--notebook", "nb.py")

    assert (folder / "nb.py").read_text() == block.replace("# server.port = 1\n", "")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["display.theme", "pink"], "one of `light`, `dark`, `system`"),
        (["display.code_editor_font_size", "big"], 'cannot be "big"; it is a number from 8 to 32'),
        (["display.colour", "red"], "there is no setting `display.colour`"),
        (["server.host", "0.0.0.0", "--project"], "cannot be set by a project: who may come in"),
        (["server.host", "0.0.0.0", "--notebook", "nb.py"], "cannot be set by a notebook: a document has no say"),
        (["display.theme", "dark", "--notebook", "no.py"], "cannot read `no.py`"),
        (["display.theme", "dark", "--notebook", "plain.py"], "`plain.py` cannot be opened"),
        (["display.theme", "dark", "--notebook", "bad.py"], "at line 2"),
        (["display.theme", "dark", "--notebook", "nb.py", "--project"], "contradict each other"),
    ],
)
def test_what_cannot_be_set_is_refused_with_the_reason_and_nothing_is_written(folder, arguments, said):
    (folder / "plain.py").write_text("x = 1\n")
    (folder / "bad.py").write_text(bad := "# /// script\n# a =\n# ///\n" + NOTEBOOK.partition("\n")[2])
    project = (folder / "pyproject.toml").read_text()

    assert said in call("set", *arguments, status=2)
    assert not (folder / "config").exists()
    assert (folder / "bad.py").read_text() == bad
    assert (folder / "nb.py").read_text() == NOTEBOOK
    assert (folder / "pyproject.toml").read_text() == project


def test_where_there_is_no_project_there_is_nowhere_to_write(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    assert "there is no `pyproject.toml` here or above" in call("set", "run.watch", "true", "--project", status=2)


def test_showing_settings_starts_no_server_and_edits_nothing():
    code = (
        "import sys; sys.argv = ['quire', 'config', 'show']\n"
        "from quire.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print([name for name in ('uvicorn', 'starlette', 'tomlkit') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.splitlines()[-1] == "[]"
