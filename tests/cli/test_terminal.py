"""Commands on a real terminal: the question about a header, ctrl-c in it, and completion in the shells that are here."""

import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from quire.cli.exits import INTERRUPTED
from tests.packages.wheels import make_wheel

from .serving import wait_for
from .test_sandbox import BODY

DEADLINE = 20.0
CTRL_C, CTRL_U, TAB = "\x03", "\x15", "\t"
CUT = "''"
"""Nothing to a shell, so that what is typed and what it prints are not alike."""
_SEQUENCES = re.compile(r"\x1b\[[0-9;?>=]*[A-Za-z]|\x1b\][^\x07]*\x07|\x1b[=>()][0-9A-B]?")


class Terminal:
    """A program on a terminal of its own, and somebody who types."""

    def __init__(self, *command: str, cwd: Path, variables: Mapping[str, str]) -> None:
        self._descriptor, theirs = pty.openpty()
        self.process = subprocess.Popen(
            ["setsid", "--ctty", *command],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=cwd,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "200", **variables},
        )
        os.close(theirs)
        self._shown = ""

    def type(self, keys: str) -> None:
        os.write(self._descriptor, keys.encode())

    def until(self, pattern: str) -> str:
        """What is shown up to this, which may not have been waited for already."""
        deadline = time.monotonic() + DEADLINE
        while not (found := re.search(pattern, self._shown)):
            assert time.monotonic() < deadline, self._shown
            if select.select([self._descriptor], [], [], 0.1)[0]:
                self._read()
        before, self._shown = self._shown[: found.end()], self._shown[found.end() :]
        return before

    def wait_until_it_reads(self) -> None:
        """Python hears of a signal only at the end of a read that it comes just before."""
        wait_for(lambda: Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0] == "S")

    def rest(self) -> str:
        """What is shown until the program ends."""
        while select.select([self._descriptor], [], [], DEADLINE)[0]:
            try:
                self._read()
            except OSError:  # Linux: nobody has the other end any more
                break
        self.process.wait(DEADLINE)
        return self._shown

    def hang_up(self) -> int:
        """Close the window. The status of the program, which can print nowhere any more."""
        os.close(self._descriptor)
        self._descriptor = os.open(os.devnull, os.O_RDONLY)
        return self.process.wait(DEADLINE)

    def close(self) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        os.close(self._descriptor)

    def _read(self) -> None:
        data = os.read(self._descriptor, 65536)
        if b"\x1b[c" in data or b"\x1b[0c" in data:  # fish asks what it is talking to
            os.write(self._descriptor, b"\x1b[?62;c")
        self._shown += _SEQUENCES.sub("", data.decode(errors="replace"))


@contextmanager
def terminal(*command: str, cwd: Path, variables: Mapping[str, str] | None = None) -> Iterator[Terminal]:
    opened = Terminal(*command, cwd=cwd, variables=variables or {})
    try:
        yield opened
    finally:
        opened.close()


# -- the question

EDIT = (sys.executable, "-m", "quire", "edit", "nb.py", "--headless", "--port", "0")
QUESTION = r"Install them, and run it in an environment of its own\? \[Y/n\]: "


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "nb.py").write_text('# /// script\n# dependencies = ["tiny"]\n# ///\n\n' + BODY, encoding="utf-8")
    return tmp_path


def test_a_header_is_asked_about_once_and_no_is_an_answer(folder):
    with terminal(*EDIT, cwd=folder) as first:
        assert "The header of `nb.py` asks for\r\n    packages: tiny\r\n" in first.until(QUESTION)
        first.type("n\r")
        first.until("http://")
        first.type(CTRL_C)
        first.rest()
        assert first.process.returncode == 0
    with terminal(*EDIT, cwd=folder) as again:
        assert "asks for" not in again.until("http://")


def test_ctrl_c_is_no_answer(folder):
    for _ in range(2):
        with terminal(*EDIT, cwd=folder) as asked:
            asked.until(QUESTION)
            asked.wait_until_it_reads()
            asked.type(CTRL_C)
            assert "Traceback" not in asked.rest()
            assert asked.process.returncode == INTERRUPTED


def test_yes_serves_an_app_in_its_environment(shelf, folder):
    make_wheel(shelf, "tiny")
    run = (*EDIT[:3], "run", *EDIT[4:])
    with terminal(*run, cwd=folder) as asked:
        asked.until(QUESTION)
        asked.type("\r")
        assert r"+ tiny==1.0" in asked.until("http://")


def test_closing_the_window_ends_an_editor_as_ctrl_c_does(folder):
    with terminal(*EDIT, "--no-sandbox", cwd=folder) as editor:
        editor.until("ctrl-c stops it")
        assert editor.hang_up() == 0


# -- completion

SHELLS = {
    "bash": (("bash", "--norc", "-i"), ('eval "$(quire completion bash)"',)),
    "zsh": (("zsh", "-f", "-i"), ("autoload -Uz compinit; compinit -u", 'eval "$(quire completion zsh)"')),
    "fish": (("fish", "-N", "-i"), ("set -g fish_autosuggestion_enabled 0", "quire completion fish | source")),
}
"""How each begins without anybody's settings, and what stands in them as `docs/commands.md` says."""


@pytest.mark.parametrize("shell", [name for name in SHELLS if shutil.which(name)])
def test_a_shell_completes_commands_options_values_and_files(shell: str, tmp_path):
    programs, work = tmp_path / "bin", tmp_path / "work"
    programs.mkdir()
    work.mkdir()
    program = programs / "quire"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m quire "$@"\n', encoding="ascii")
    program.chmod(0o755)
    (work / "a report.py").touch()
    command, lines = SHELLS[shell]
    variables = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "HOME": str(tmp_path)}

    with terminal(*command, cwd=work, variables=variables) as typed:
        for number, line in enumerate(lines):
            typed.type(f"{line}; echo ready{CUT}{number}\r")
            typed.until(f"ready{number}")
        for begun, completed in {
            "quire comp": r"quire completion \r?$",
            "quire script --rec": r"quire script --record \r?$",
            "quire --log-level d": r"quire --log-level debug \r?$",
            "quire edit a": r"quire edit a\\ report.py \r?$",
        }.items():
            typed.type(begun + TAB)
            typed.until(completed)
            typed.type(CTRL_U)
