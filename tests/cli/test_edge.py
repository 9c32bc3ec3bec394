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

from .test_cli import NOTEBOOK

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
