"""Whatever a command ends in: one line, a hint, a status from the table; never a traceback."""

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from quire.cli.commands import quire
from quire.cli.edge import Commands
from quire.cli.exits import EXITS, INTERRUPTED, REFUSED
from tests.app.test_script import notebook_text

from .invoking import NOTEBOOK

COMMAND = [sys.executable, "-m", "quire"]


def invoke(*arguments: str) -> tuple[int, str]:
    done = CliRunner().invoke(quire, arguments)
    return done.exit_code, done.output


@pytest.mark.parametrize(
    ("arguments", "message", "hint"),
    [
        (["edti"], "no such command `edti`. Did you mean `edit`?", "see: quire --help"),
        (["config", "shwo"], "no such command `shwo`. Did you mean `show`?", "see: quire config --help"),
        (["config", "show", "--jsno"], "no such option `--jsno`", "see: quire config show --help"),
        (
            ["run", "--wach"],
            "no such option `--wach`",
            "see: quire run --help; what the notebook reads stands behind `--`",
        ),
        (
            ["script", "notebook.py", "--x=1"],
            "no such option `--x`",
            "see: quire script --help; what the notebook reads stands behind `--`",
        ),
        (
            ["script", "notebook.py", "1"],
            "got unexpected extra argument (1)",
            "see: quire script --help; what the notebook reads stands behind `--`",
        ),
        (["graph"], "missing argument `NOTEBOOK`", "see: quire graph --help"),
        (["graph", "notebok.py"], "cannot read `notebok.py`: No such file or directory", "is `notebook.py` meant?"),
        (["script", "notebook.p"], "cannot read `notebook.p`: No such file or directory", "is `notebook.py` meant?"),
    ],
)
def test_a_slip_is_told_with_what_was_meant(tmp_path, monkeypatch, arguments: list[str], message: str, hint: str):
    monkeypatch.chdir(tmp_path)
    Path("notebook.py").write_text(NOTEBOOK)

    status, printed = invoke(*arguments)

    assert status == REFUSED
    assert printed.splitlines()[0].removeprefix("quire: ").startswith(message)
    assert printed.splitlines()[1] == f"       {hint}"


COMMANDS = [
    ["check"], ["format", "--check"], ["graph"], ["convert"], ["script"], ["diff", "nb.py"], ["config", "show"],
    ["run", "--headless"], ["edit", "--headless"],
]  # fmt: skip
PLACES = {
    "none.py": lambda path: None,
    "folder.py": lambda path: path.mkdir(),
    "binary.py": lambda path: path.write_bytes(bytes(range(256)) * 3),
    "empty.ipynb": lambda path: path.write_bytes(b""),
    "broken.ipynb": lambda path: path.write_text('{"cells": 3}'),
    "loop.py": lambda path: path.symlink_to(path),
    "none/at/all.py": lambda path: None,
    "x" * 300 + ".py": lambda path: None,
}
SERVES = {("edit", "none.py"), ("edit", "folder.py"), ("edit", "empty.ipynb"), ("run", "empty.ipynb")}


@pytest.mark.parametrize(("command", "place"), list(itertools.product(COMMANDS, PLACES)), ids=str)
def test_no_file_makes_a_traceback(tmp_path, monkeypatch, command: list[str], place: str):
    if (command[0], place) in SERVES:
        return
    monkeypatch.chdir(tmp_path)
    Path("nb.py").write_text(NOTEBOOK)
    PLACES[place](Path(place))

    done = CliRunner().invoke(quire, [*command, place])

    assert done.exit_code in EXITS, done.exc_info
    assert "Traceback" not in done.output
    if done.exit_code == REFUSED:
        assert "quire: " in done.output


@pytest.mark.parametrize(
    ("arguments", "hint"),
    [
        (["new", "my note.py"], "open it: quire edit 'my note.py'"),
        (["run", "my idea.py"], "begin it: quire edit 'my idea.py'"),
        (["new", "my folder/note.py"], "make it first: mkdir -p '{folder}/my folder'"),
        (["lock", "my note.py"], "`quire edit --sandbox 'my note.py'` lets you add some"),
        (["run", "cycle of.py"], "serve what does run: quire run --no-check 'cycle of.py'"),
    ],
)
def test_a_command_in_a_hint_can_be_typed(tmp_path, monkeypatch, arguments: list[str], hint: str):
    monkeypatch.chdir(tmp_path)
    Path("my note.py").write_text(NOTEBOOK)
    Path("cycle of.py").write_text(notebook_text("a = b", "b = a"))

    _, printed = invoke(*arguments)

    assert printed.splitlines()[-1].strip() == hint.format(folder=tmp_path)


def test_a_pipe_that_nobody_reads_ends_the_command_quietly(tmp_path):
    for number in range(30):
        (tmp_path / f"nb{number}.py").write_text(NOTEBOOK)
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as closed:
        done = subprocess.run(
            [*COMMAND, "check", "."], cwd=tmp_path, stdout=closed, stderr=subprocess.PIPE, check=False
        )

    assert done.stderr == b""
    assert done.returncode == 1


def test_ctrl_c_has_a_status_of_its_own():
    commands = Commands("quire")
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # whatever other tests have left

    @commands.command()
    def wait() -> None:
        signal.raise_signal(signal.SIGINT)

    done = CliRunner().invoke(commands, ["wait"])
    signal.signal(signal.SIGINT, before)

    assert (done.exit_code, done.output.strip()) == (INTERRUPTED, "")


def _commands(group: click.Group, path: str) -> list[tuple[str, click.Command]]:
    found = []
    for name, command in group.commands.items():
        found += (
            _commands(command, f"{path} {name}") if isinstance(command, click.Group) else [(f"{path} {name}", command)]
        )
    return found


def test_every_command_and_every_option_says_what_it_is():
    for path, command in _commands(quire, "quire"):
        assert command.help, path
        for parameter in command.params:
            if isinstance(parameter, click.Option):
                assert parameter.help, f"{path} {parameter.name}"
                assert parameter.help.rstrip(" ]").endswith((".", "]")) or "[" in parameter.help, (
                    f"{path} {parameter.name}"
                )


@pytest.mark.parametrize("command", [[], ["cache"], ["config"], ["git"]])
def test_who_names_no_command_reads_which_there_are(command: list[str]):
    status, printed = invoke(*command)

    assert status == REFUSED
    assert printed.startswith("Usage: ")
    assert "Commands:" in printed
    assert "quire: usage" not in printed


def in_shell(redirected: str, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    line = f'"$@" {redirected}'
    return subprocess.run(
        ["sh", "-c", line, "sh", *COMMAND, *arguments], cwd=cwd, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("arguments", [["check", "-"], ["format", "-"], ["convert", "-", "--from", "percent"]])
def test_a_closed_standard_input_is_an_empty_one(tmp_path, arguments: list[str]):
    closed = in_shell("<&-", *arguments, cwd=tmp_path)
    empty = in_shell("</dev/null", *arguments, cwd=tmp_path)

    assert (closed.returncode, closed.stdout, closed.stderr) == (empty.returncode, empty.stdout, empty.stderr)
    assert "Traceback" not in closed.stderr


def test_a_closed_standard_output_keeps_no_command_from_its_status(tmp_path):
    (tmp_path / "a.py").write_text(NOTEBOOK)
    (tmp_path / "b.py").write_text(NOTEBOOK.replace("1", "2"))
    (tmp_path / "c.py").write_text(NOTEBOOK.replace("1", "("))

    for command, status in ((("diff", "a.py", "b.py"), 0), (("graph", "a.py"), 0), (("check", "c.py"), 1)):
        done = in_shell(">&-", *command, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (status, "")


def test_a_notebook_that_names_packages_opens_without_a_standard_input(tmp_path):
    """Nobody is there to be asked."""
    (tmp_path / "nb.py").write_text('# /// script\n# dependencies = ["tiny"]\n# ///\n\n' + NOTEBOOK)

    done = in_shell("<&-", "edit", "nb.py", "--headless", "--port", "0", "--host", "no.such.host.invalid", cwd=tmp_path)

    assert (done.returncode, "Traceback" in done.stderr) == (REFUSED, False), done.stderr
    assert done.stderr.startswith("quire: ")
    assert "`no.such.host.invalid`" in done.stderr


def test_ctrl_c_while_a_command_is_still_loaded_is_no_traceback(tmp_path):
    """The first thing that is imported strikes as a person would."""
    (tmp_path / "click.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n")
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    code = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); from quire.cli import main; main()"

    done = subprocess.run(
        [sys.executable, "-c", code, "env"], env=environment, capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (INTERRUPTED, "")


def test_what_is_no_file_in_a_folder_is_not_waited_for(tmp_path):
    """Who opens a pipe that nobody writes waits for ever."""
    os.mkfifo(tmp_path / "pipe.py")
    (tmp_path / "nb.py").write_text(NOTEBOOK)

    for command, said in (("check", ""), ("format", "1 left unchanged")):
        done = in_shell("</dev/null", command, ".", cwd=tmp_path)
        assert said in done.stdout
        assert done.returncode != REFUSED
