"""The command line says what it does, and when it cannot, why: one line, a hint, status 2, no traceback."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from quire.cli import tutorials
from quire.cli.commands import quire
from quire.cli.edit import free_path
from quire.cli.serving import browser_hint, choose_options
from quire.version import __version__

from .invoking import NOTEBOOK, refusal, served


def call(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    return subprocess.run(
        [sys.executable, "-m", "quire", *arguments], capture_output=True, text=True, cwd=cwd, timeout=60, check=False
    )


def imported_by(*arguments: str) -> set[str]:
    """The modules that a command imports."""
    code = f"import sys; sys.argv = ['quire', *{arguments!r}]\ntry:\n    from quire.cli import main; main()\nexcept SystemExit:\n    pass\nfinally:\n    print('\\n' + ' '.join(sys.modules), file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    return set(done.stderr.split("\n")[-2].split())


# -- version, help


def test_the_version_is_told():
    done = call("--version")

    assert (done.returncode, done.stdout, done.stderr) == (0, f"quire {__version__}\n", "")


def test_the_version_costs_nothing():
    ours = {name for name in imported_by("--version") if name.split(".")[0] == "quire"}

    assert ours == {"quire", "quire.cli", "quire.version"}
    assert "click" not in imported_by("--version")


def test_help_lists_the_commands():
    done = CliRunner().invoke(quire, ["--help"])

    assert done.exit_code == 0
    for name in ("edit", "new", "run", "graph", "tutorial", "--version"):
        assert name in done.output


def test_an_unknown_command_is_named():
    done = CliRunner().invoke(quire, ["eddit"])

    assert done.exit_code == 2
    assert "eddit" in done.output


# -- graph


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "nb.py"
    path.write_text(NOTEBOOK)
    return path


def test_the_graph_is_told_as_json(notebook):
    done = call("graph", str(notebook), "--json")
    told = json.loads(done.stdout)
    first, second = told["cells"]

    assert done.stderr == ""
    assert set(told) == {"cells", "problems"}
    assert set(first) == {"id", "name", "defs", "private", "refs", "parents", "children"}
    assert (first["name"], first["defs"], first["private"]) == ("load", ["data"], ["_row"])
    assert (second["defs"], second["refs"], second["parents"]) == (["total"], ["data", "sum"], [first["id"]])
    assert first["children"] == [second["id"]]
    assert told["problems"] == []


def test_problems_are_told(tmp_path):
    path = tmp_path / "nb.py"
    path.write_text(NOTEBOOK.replace("total = sum(data)", "total = data = sum(data)"))
    told = json.loads(call("graph", str(path), "--json").stdout)

    assert {problem["kind"] for problem in told["problems"]} <= {"DefinedTwice", "Cycle"}
    assert told["problems"]
    assert all(set(problem) == {"kind", "name", "cells", "message"} for problem in told["problems"])


def test_the_graph_is_shown_as_a_table(notebook):
    lines = call("graph", str(notebook)).stdout.split("\n")

    assert lines[0].split() == ["cell", "defines", "private", "reads"]
    assert lines[1].split() == ["load", "data", "_row"]
    assert lines[2].split()[1:] == ["total", "data"]


def test_the_socket_waits_for_nothing_that_only_the_notebook_needs(notebook):
    """Where nobody can listen, nothing has been imported but what listening needs."""
    modules = imported_by("edit", str(notebook), "--host", "203.0.113.1", "--headless")

    assert modules.isdisjoint({"quire.notebook", "quire.session.session", "starlette", "uvicorn", "tomllib", "json"})


def test_the_graph_needs_no_server(notebook):
    modules = imported_by("graph", str(notebook))

    assert not modules & {
        "starlette",
        "uvicorn",
        "websockets",
        "asyncio",
        "quire.session.session",
        "quire.kernel.engine",
    }


def test_a_graph_of_something_else_is_refused(tmp_path):
    other = tmp_path / "other.py"
    other.write_text("print(1)\n")

    assert "not a Quire notebook" in refusal("graph", str(other))
    assert "No such file" in refusal("graph", str(tmp_path / "missing.py"))
    assert "directory" in refusal("graph", str(tmp_path))


# -- edit


def test_a_file_is_opened_with_its_arguments(monkeypatch, notebook):
    seen = served(monkeypatch, "edit", str(notebook), "--headless", "--", "--port", "1", "x")

    assert seen["file"] == notebook
    assert seen["arguments"] == ("--port", "1", "x")
    assert seen["options"].headless


def test_a_missing_file_is_opened_as_a_new_one(monkeypatch, tmp_path):
    assert served(monkeypatch, "edit", str(tmp_path / "new.py"))["file"] == tmp_path / "new.py"


@pytest.mark.parametrize("named", [True, False])
def test_a_folder_is_opened_at_home(monkeypatch, tmp_path, named):
    seen: dict = {}
    monkeypatch.setattr(
        "quire.server.serve.serve_notebooks",
        lambda workspace, main, _, **__: seen.update(root=workspace.root, main=main),
    )
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(quire, ["edit", *([str(tmp_path)] if named else []), "--headless", "--port", "0"])

    assert done.exit_code == 0, done.output
    assert seen == {"root": tmp_path, "main": None}
    assert "?token=" in done.output


def test_a_directory_that_is_missing_is_named(tmp_path):
    for command in ("edit", "new"):
        said = refusal(command, str(tmp_path / "no" / "new.py"))
        assert "there is no directory" in said
        assert "mkdir" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"print(1)\n", "not a Quire notebook"),
        (b'{"cells": []}', "Jupyter"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8"),
        (b"a\x00b", "not a Quire notebook"),
    ],
)
def test_something_else_is_not_opened(tmp_path, data, said):
    other = tmp_path / "other.py"
    other.write_bytes(data)

    assert said in refusal("edit", str(other), "--headless", "--port", "0")
    assert other.read_bytes() == data


def test_a_broken_link_opens_as_what_it_points_to(monkeypatch, tmp_path):
    (tmp_path / "link.py").symlink_to(tmp_path / "target.py")

    assert served(monkeypatch, "edit", str(tmp_path / "link.py"))["file"] == tmp_path / "link.py"


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "0.0.0.0", "--no-token"], "everybody who can reach `0.0.0.0`"),
        (["--host", "192.168.1.5", "--no-token"], "listen on 127.0.0.1"),
        (["--token", ""], "empty token"),
        (["--token", "x", "--no-token"], "contradict"),
        (["--base-url", "a b"], "base URL"),
        (["--proxy", "notes.example.com", "--no-token"], "everybody who can reach `notes.example.com`"),
        (["--proxy", "https://notes.example.com/path"], "is no address of a proxy"),
        (["--proxy", "ftp://notes.example.com"], "is no address of a proxy"),
        (["--proxy", "https://me@notes.example.com"], "is no address of a proxy"),
        (["--proxy", "https://notes.example.com:none"], "is no address of a proxy"),
        (["--proxy", "not an address"], "is no address of a proxy"),
        (["--token", "x", "--token-password-file", "-"], "says what the token is, and so does another option"),
        (["--token-password-file", "/none/at/all"], "cannot read `/none/at/all`"),
        (["--token-password-file", "/dev/null"], "empty token"),
        (["--host", "host.invalid"], "cannot listen on `host.invalid`"),
    ],
)
def test_unsafe_or_impossible_options_are_refused(notebook, options, said):
    assert said in refusal("edit", str(notebook), "--headless", "--port", "0", *options)


def test_a_token_is_read_from_a_file_without_its_end_of_line(tmp_path):
    (tmp_path / "token").write_text("a secret\n")
    given = dict.fromkeys(["host", "port", "headless", "token"])

    options = choose_options(
        {**given, "token_password_file": tmp_path / "token", "no_token": False, "base_url": "", "proxy": ""}
    )

    assert options.token == "a secret"


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_a_port_is_a_port(notebook, port):
    done = CliRunner().invoke(quire, ["edit", str(notebook), "--port", port])

    assert done.exit_code == 2
    assert "--port" in done.output


# -- new, tutorial


def test_a_new_notebook_takes_a_free_name(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert served(monkeypatch, "new")["file"] == Path("untitled.py")
    (tmp_path / "untitled.py").touch()
    assert served(monkeypatch, "new")["file"] == Path("untitled_2.py")


def test_a_new_notebook_is_never_an_old_one(notebook):
    said = refusal("new", str(notebook))

    assert "exists already" in said
    assert "quire edit" in said


def test_a_tutorial_is_opened_as_a_copy(monkeypatch, tmp_path):
    (tmp_path / "packaged").mkdir()
    (tmp_path / "packaged" / "intro.py").write_text(NOTEBOOK)
    (tmp_path / "work").mkdir()
    (tmp_path / "work" / "intro.py").write_text("mine")
    monkeypatch.chdir(tmp_path / "work")
    monkeypatch.setattr(tutorials, "TUTORIALS", tmp_path / "packaged")
    seen = served(monkeypatch, "tutorial")

    assert seen["file"] == Path("intro_2.py")
    assert seen["template"] == tmp_path / "packaged" / "intro.py"
    assert (tmp_path / "work" / "intro.py").read_text() == "mine"


def test_a_tutorial_that_is_not_there_is_refused(monkeypatch, tmp_path):
    (tmp_path / "intro.py").write_text(NOTEBOOK)
    monkeypatch.setattr(tutorials, "TUTORIALS", tmp_path)

    assert "there are: `intro`" in refusal("tutorial", "outro")
    assert "there is no tutorial `../../etc/passwd`" in refusal("tutorial", "../../etc/passwd")


def test_free_names_never_follow_a_dangling_link(tmp_path):
    (tmp_path / "a.py").symlink_to(tmp_path / "elsewhere.py")

    assert free_path(tmp_path / "a.py") == tmp_path / "a_2.py"


# -- the first minute


def test_over_ssh_the_way_to_the_page_is_told():
    hint = browser_hint({"SSH_CONNECTION": "10.0.0.2 51000 10.0.0.9 22", "USER": "ada"}, "linux", 2718)

    assert "ssh -N -L 2718:localhost:2718 ada@10.0.0.9" in hint
    assert browser_hint({"SSH_CONNECTION": "a b c d", "DISPLAY": ":10"}, "linux", 1) == ""
    assert browser_hint({"SSH_CONNECTION": ""}, "darwin", 1).count("this-machine") == 1


def test_without_a_screen_nothing_is_opened_and_that_is_told():
    assert "no screen" in browser_hint({}, "linux", 1)
    for environment in (
        {"DISPLAY": ":0"},
        {"WAYLAND_DISPLAY": "w"},
        {"BROWSER": "lynx"},
        {"WSL_DISTRO_NAME": "Debian"},
    ):
        assert browser_hint(environment, "linux", 1) == ""
    assert browser_hint({}, "darwin", 1) == browser_hint({}, "win32", 1) == ""


def test_the_package_says_which_python_it_needs():
    from importlib.metadata import metadata

    assert metadata("quire")["Requires-Python"] == ">=3.11"


def test_the_checkout_says_which_python_it_needs(tmp_path):
    """`./quire` with nothing but an old Python: one line, before anything is fetched."""
    root = Path(__file__).parents[2]
    bin_, checkout = tmp_path / "bin", tmp_path / "checkout"
    bin_.mkdir()
    (checkout / "scripts").mkdir(parents=True)
    for name in ("quire", "scripts/setup.sh"):
        (checkout / name).write_bytes((root / name).read_bytes())
        (checkout / name).chmod(0o755)
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14", "python"):
        fake = bin_ / name
        fake.write_text('#!/bin/sh\ncase "$*" in *version_info*) exit 1;; esac\necho "Python 3.9.1"\nexit 1\n')
        fake.chmod(0o755)
    for tool in ("sh", "bash", "env", "dirname", "basename", "cat", "uname", "rm", "mkdir"):
        found = shutil.which(tool)
        if found:
            (bin_ / tool).symlink_to(found)
    done = subprocess.run(
        [str(checkout / "quire"), "--version"],
        env={"PATH": str(bin_), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode != 0
    assert "3.11" in done.stderr
    assert not (checkout / ".venv").exists()


@pytest.mark.parametrize("command", ["edit", "run"])
@pytest.mark.parametrize(("options", "token"), [(["--token"], None), (["--token", "mine"], "mine")])
def test_a_token_without_a_value_is_a_random_one(monkeypatch, notebook, command, options, token):
    seen: list = []
    monkeypatch.setattr("quire.server.serve.serve_apps", lambda *given: seen.append(given[-1].token))
    monkeypatch.setattr("quire.server.serve.serve_notebooks", lambda *given, **_: seen.append(given[-1].token))
    done = CliRunner().invoke(quire, [command, str(notebook), *options, "--headless", "--port", "0"])

    assert done.exit_code == 0, done.output
    assert len(seen[0]) >= 32 if token is None else seen == [token]
