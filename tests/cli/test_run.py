"""`quire run`: which notebooks are served as apps, and with what."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from quire.cli.commands import quire
from quire.cli.run import name_apps
from quire.server.visitors import AppOptions
from quire.session.screen import Shown

from .invoking import NOTEBOOK, refusal, served


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "nb.py"
    path.write_text(NOTEBOOK)
    return path


def test_an_app_is_open_to_visitors_and_takes_its_options(monkeypatch, notebook):
    seen: dict = {}
    monkeypatch.setattr(
        "quire.server.serve.serve_apps",
        lambda *given, **_: seen.update(zip(("apps", "options", "entrance"), given, strict=True)),
    )
    done = CliRunner().invoke(
        quire,
        ["run", str(notebook), "--headless", "--port", "0", "--include-code", "--session-ttl", "7", "--show-tracebacks",
         "--redirect-console-to-browser", "--watch", "--", "--port", "x"],
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    assert list(seen["apps"]) == ["nb"]
    assert seen["apps"]["nb"].place.arguments == ("--port", "x")
    options, settings = seen["options"], seen["apps"]["nb"].settings
    assert (settings.session_ttl, settings.watch) == (7.0, True)
    assert options.shown.code
    assert options.shown.tracebacks
    assert options.shown.console
    assert seen["entrance"].token is None
    assert "?token" not in done.output


def test_what_the_command_does_not_say_the_settings_do(monkeypatch, notebook, tmp_path):
    settings = tmp_path / "config" / "quire" / "quire.toml"
    settings.parent.mkdir(parents=True)
    settings.write_text("[server]\nport = 0\nheadless = true\nhots = 1\n[run]\nsession_ttl = 9\n")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    notebook.write_text("# /// script\n# [tool.quire]\n# run.watch = true\n# server.port = 80\n# ///\n" + NOTEBOOK)
    seen: dict = {}
    monkeypatch.setattr("quire.server.serve.serve_apps", lambda apps, *_: seen.update(apps))
    done = CliRunner().invoke(quire, ["run", str(notebook)])

    assert done.exit_code == 0, done.output
    assert (seen["nb"].settings.session_ttl, seen["nb"].settings.watch) == (9.0, True)
    assert done.stderr.count("there is no setting `server.hots`") == 1
    assert "`nb.py`, line 4: `server.port` cannot be set by a notebook" in done.stderr
    CliRunner().invoke(quire, ["run", str(notebook), "--no-watch", "--session-ttl", "3"])
    assert (seen["nb"].settings.session_ttl, seen["nb"].settings.watch) == (3.0, False)
    options = served(monkeypatch, "edit", str(notebook), "--host", "::1", "--no-headless")["options"]
    assert (options.host, options.port, options.headless) == ("::1", 0, False)


def test_visitors_see_nothing_more_unless_somebody_says_so(monkeypatch, notebook):
    seen: dict = {}
    monkeypatch.setattr("quire.server.serve.serve_apps", lambda _apps, options, _entrance: seen.update(options=options))
    CliRunner().invoke(quire, ["run", str(notebook), "--headless", "--port", "0"])

    assert seen["options"] == AppOptions()
    assert AppOptions().shown == Shown()


def test_a_folder_is_served_with_all_its_notebooks(monkeypatch, tmp_path):
    for name in ("b.py", "sub/a.py", "node_modules/x.py", ".hidden/y.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(NOTEBOOK)
    (tmp_path / "plain.py").write_text("print(1)\n")
    seen: dict = {}
    monkeypatch.setattr("quire.server.serve.serve_apps", lambda apps, *_: seen.update(apps))
    done = CliRunner().invoke(quire, ["run", str(tmp_path), "--headless", "--port", "0"])

    assert done.exit_code == 0, done.output
    assert sorted(seen) == ["b", "sub/a"]
    assert "a page with 2 apps" in done.output
    assert seen["sub/a"].place.directory == str(tmp_path / "sub")


def test_apps_of_one_name_in_two_folders_are_told_apart():
    named = name_apps([Path("/x/a/app.py"), Path("/x/b/app.py"), Path("/x/b/other.py")])

    assert list(named) == ["a/app", "b/app", "b/other"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "quire run NAME.py"),
        (["missing.py"], "there is no `missing.py`"),
        (["other.py"], "not a Quire notebook"),
        (["empty"], "there is no notebook in `empty`"),
    ],
)
def test_what_cannot_be_served_is_refused(monkeypatch, tmp_path, arguments, said):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "other.py").write_text("print(1)\n")
    (tmp_path / "empty").mkdir()

    assert said in refusal("run", *arguments, "--headless", "--port", "0")


BROKEN = NOTEBOOK.replace("data = [1, 2]", "data = (")


def test_a_notebook_that_cannot_run_is_not_served_unless_one_insists(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nb.py").write_text(BROKEN)
    seen: dict = {}
    monkeypatch.setattr("quire.server.serve.serve_apps", lambda apps, *_: seen.update(apps))
    serve = ["run", "nb.py", "--headless", "--port", "0"]

    refused = CliRunner().invoke(quire, serve)
    assert (refused.exit_code, refused.stdout, seen) == (2, "", {})
    assert "nb.py:8:12 QB005" in refused.stderr
    assert "quire: `nb.py` has a mistake that would keep cells from running" in refused.stderr
    assert "quire run --no-check nb.py" in refused.stderr

    assert CliRunner().invoke(quire, [*serve, "--no-check"]).exit_code == 0
    assert list(seen) == ["nb"]


@pytest.mark.parametrize("way", ["settings", "comment", "folder"])
def test_whether_a_notebook_may_be_served_follows_what_its_project_wants_to_hear(monkeypatch, tmp_path, way):
    monkeypatch.chdir(tmp_path)
    starred = NOTEBOOK.replace("data = [1, 2]", "from json import *\n    data = [1]")
    (tmp_path / "nb.py").write_text(
        starred.replace("import *", "import *  # quire: ignore[QB006]") if way == "comment" else starred
    )
    if way == "settings":
        (tmp_path / "pyproject.toml").write_text("[tool.quire.check]\nignore = ['QB006']\n")
    monkeypatch.setattr("quire.server.serve.serve_apps", lambda *_: None)

    named = "." if way == "folder" else "nb.py"
    done = CliRunner().invoke(quire, ["run", named, "--headless", "--port", "0"])

    assert done.exit_code == 0, done.output
