"""`quire edit` of another kind of notebook: a question on a terminal, the exact command everywhere else."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quire.cli import edit as edit_module
from quire.cli import manner
from quire.cli.commands import quire
from quire.notebook import parse_notebook
from tests.convert.running import jupyter


@pytest.fixture
def opened(monkeypatch) -> list[Path]:
    """The files that would be served."""
    seen: list[Path] = []
    monkeypatch.setattr(edit_module, "serve_file", lambda file, *_: seen.append(file))
    return seen


@pytest.fixture
def foreign(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("my study.ipynb")
    path.write_text(jupyter("x = 1  # we require it", "x = x + 1", "print(x)"))
    return path


def edit(path: Path, answer: str | None = None) -> Result:
    return CliRunner().invoke(quire, ["edit", str(path)], input=answer)


def on_a_terminal(monkeypatch) -> None:
    class Terminal:
        class stdin:  # noqa: N801
            isatty = staticmethod(lambda: True)

        stderr = stdin

    monkeypatch.setattr(manner, "sys", Terminal)


def test_without_a_terminal_the_command_is_told(foreign, opened):
    done = edit(foreign)

    assert (done.exit_code, opened) == (2, [])
    assert "`my study.ipynb` is a Jupyter notebook, not a Quire notebook" in done.stderr
    assert "quire convert 'my study.ipynb' -o 'my study.py'" in done.stderr


def test_yes_converts_beside_the_original_and_opens_that(foreign, opened, monkeypatch):
    on_a_terminal(monkeypatch)
    done = edit(foreign, "\n")

    assert (done.exit_code, opened) == (0, [Path("my study.py")])
    assert not parse_notebook(Path("my study.py").read_text()).foreign
    assert "`x` is called `x_1`" in done.stderr


def test_no_changes_nothing(foreign, opened, monkeypatch):
    on_a_terminal(monkeypatch)
    done = edit(foreign, "n\n")

    assert (done.exit_code, opened) == (2, [])
    assert [path.name for path in Path().iterdir()] == ["my study.ipynb"]


def test_what_stands_beside_is_never_overwritten(foreign, opened, monkeypatch):
    on_a_terminal(monkeypatch)
    Path("my study.py").write_text("mine")
    edit(foreign, "y\n")

    assert (opened, Path("my study.py").read_text()) == ([Path("my study_2.py")], "mine")


def test_a_marimo_notebook_gets_a_name_of_its_own(tmp_path, opened, monkeypatch):
    on_a_terminal(monkeypatch)
    path = tmp_path / "n.py"
    path.write_text("import marimo\n\napp = marimo.App()\n")
    edit(path, "y\n")

    assert opened == [tmp_path / "n_quire.py"]


@pytest.mark.parametrize("text", ["import quire\n\napp = quire.App()\n", "", "no notebook at all, just words"])
def test_any_other_file_is_opened_as_ever(tmp_path, opened, text):
    path = tmp_path / "n.py"
    path.write_text(text)
    edit(path)

    assert opened == [path]
