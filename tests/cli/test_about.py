"""What an installation says of itself, what it keeps, and how a shell completes it."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from quire.cli.commands import quire
from quire.version import __version__
from tests.app.test_script import notebook_text

COMMAND = f"{sys.executable} -m quire"


def invoke(*arguments: str) -> str:
    done = CliRunner().invoke(quire, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


def test_env_says_what_a_report_needs_and_no_secret(monkeypatch, tmp_path):
    monkeypatch.setenv("MY_TOKEN", "s3cret")
    monkeypatch.chdir(tmp_path)
    (tmp_path / "pyproject.toml").write_text('[tool.quire.display]\ntheme = "dark"\n')

    found = json.loads(invoke("env", "--json"))

    assert found["quire"] == __version__
    assert found["executable"] == sys.executable
    assert found["dependencies"]["click"]
    assert found["settings"] == [str(tmp_path / "pyproject.toml")]
    assert found["cache"] == os.environ["QUIRE_CACHE_DIR"]
    text = invoke("env")
    assert "s3cret" not in text + json.dumps(found)
    assert set(found) - {"dependencies"} <= {line.split()[0] for line in text.splitlines()}


def test_what_scripts_leave_is_counted_and_removed(monkeypatch, tmp_path):
    monkeypatch.setenv("QUIRE_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache/not-ours").write_text("")
    assert invoke("cache", "size") == "0 compiled notebooks, 0 bytes\n"
    (tmp_path / "nb.py").write_text(notebook_text("x = 1"))
    subprocess.run([sys.executable, "nb.py"], cwd=tmp_path, check=True)

    assert invoke("cache", "dir") == f"{tmp_path / 'cache'}\n"
    size = json.loads(invoke("cache", "size", "--json"))
    assert size["files"] == 1
    assert size["bytes"] > 0
    assert invoke("cache", "clear") == "1 compiled notebook removed\n"
    assert json.loads(invoke("cache", "size", "--json"))["files"] == 0
    assert (tmp_path / "cache/not-ours").exists()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_shell_has_its_lines(shell: str):
    lines = invoke("completion", shell)

    assert f"_QUIRE_COMPLETE={shell}_complete" in lines


def test_the_shell_in_use_needs_no_name(monkeypatch):
    monkeypatch.setenv("SHELL", "/usr/bin/fish")
    assert "fish_complete" in invoke("completion")
    monkeypatch.setenv("SHELL", "/usr/bin/tcsh")
    done = CliRunner().invoke(quire, ["completion"])
    assert (done.exit_code, done.output.splitlines()[0]) == (2, "quire: which shell is this?")


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (["quire", "comp"], ["completion"]),
        (["quire", "config", "s"], ["set", "show"]),
        (["quire", "script", "--rec"], ["--record"]),
    ],
)
def test_bash_completes_commands_and_options(tmp_path: Path, words: list[str], found: list[str]):
    """A real bash with the lines that we print, and a `quire` in its path."""
    program = tmp_path / "quire"
    program.write_text(f'#!/bin/sh\nexec {COMMAND} "$@"\n')
    program.chmod(0o755)
    typed = " ".join(f"'{word}'" for word in words)
    script = (
        f'eval "$(quire completion bash)"; COMP_WORDS=({typed}); COMP_CWORD={len(words) - 1}; '
        '_quire_completion quire; printf "%s\\n" "${COMPREPLY[@]}"'
    )

    done = subprocess.run(
        ["bash", "-c", script],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert sorted(done.stdout.split()) == found
