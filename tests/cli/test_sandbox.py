"""`--sandbox`, the question on a terminal, `quire lock`, and `uv run`."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from quire.cli import edit as edit_module
from quire.cli import manner, sandbox
from quire.cli.commands import quire
from quire.cli.sandbox import prepared_python
from quire.packages.environment import environments_folder
from tests.packages.wheels import make_quire_wheel, make_wheel

BODY = """import quire

app = quire.App()


@app.cell
def _():
    import tiny

    print("tiny", tiny.version)
    return (tiny,)


if __name__ == "__main__":
    app.run()
"""
HEADER = """# /// script
# requires-python = ">=3.11"
# dependencies = ["tiny"]
# [tool.uv]
# find-links = ["https://x.example/wheels"]
# ///

"""


@pytest.fixture
def notebook(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = Path("nb.py")
    path.write_text(HEADER + BODY, encoding="utf-8")
    return path


@pytest.fixture
def served(monkeypatch) -> list[bool]:
    """Whether each notebook would be served in a sandbox."""
    seen: list[bool] = []

    def serve(file: Path, options, *_):
        seen.append(sandbox.wants_sandbox(file, options.sandbox))

    monkeypatch.setattr(edit_module, "serve_file", serve)
    return seen


def on_a_terminal(monkeypatch) -> None:
    class Terminal:
        class stdin:  # noqa: N801
            isatty = staticmethod(lambda: True)

        stderr = stdin

    monkeypatch.setattr(manner, "sys", Terminal)


def edit(*arguments: str, answer: str | None = None) -> Result:
    return CliRunner().invoke(quire, ["edit", "nb.py", *arguments], input=answer)


def test_without_a_terminal_only_the_option_isolates(notebook, served):
    edit()
    edit("--sandbox")
    edit("--no-sandbox")

    assert served == [False, True, False]


def test_on_a_terminal_a_header_is_asked_about_once(notebook, served, monkeypatch):
    on_a_terminal(monkeypatch)

    first = edit(answer="\n")
    again = edit()
    notebook.write_text(HEADER.replace('"tiny"', '"tiny", "more"') + BODY, encoding="utf-8")
    changed = edit(answer="n\n")
    edit()
    never = edit("--no-sandbox")

    assert served == [True, True, False, False, False]
    assert "packages: tiny\n    Python: >=3.11\n    indexes: https://x.example/wheels" in first.stderr
    assert "packages: tiny, more" in changed.stderr
    assert again.output + never.output == ""


@pytest.mark.parametrize(
    ("block", "why"),
    [
        ("dependencies = [", "the script metadata is not TOML"),
        ('dependencies = ["tiny"]\n# tool = 3', "`tool` in the header is no table"),
        ('dependencies = ["-r x"]', "`-r x` is not the name of a package"),
    ],
)
def test_a_header_that_cannot_be_read_keeps_nobody_from_mending_it(notebook, served, monkeypatch, block: str, why: str):
    on_a_terminal(monkeypatch)
    notebook.write_text(f"# /// script\n# {block}\n# ///\n\n{BODY}", encoding="utf-8")

    done = edit()
    wanted = CliRunner().invoke(quire, ["run", "--sandbox", "nb.py", "--headless"])

    assert served == [False]
    assert f"the header of `nb.py` is left aside, for it cannot be read: {why}" in done.stderr
    assert (wanted.exit_code, why in wanted.stderr) == (2, True), wanted.exc_info


def test_a_notebook_that_names_quire_alone_is_not_asked_about(notebook, served, monkeypatch):
    """It is there: a new notebook opens without a question."""
    on_a_terminal(monkeypatch)
    notebook.write_text('# /// script\n# dependencies = ["quire[lsp]>=0.1"]\n# ///\n\n' + BODY, encoding="utf-8")

    assert edit().output == ""
    assert served == [False]


def test_a_notebook_without_packages_is_not_asked_about(notebook, served, monkeypatch):
    on_a_terminal(monkeypatch)
    for text in (BODY, '# /// script\n# requires-python = ">=3.11"\n# ///\n\n' + BODY):
        notebook.write_text(text, encoding="utf-8")
        assert edit().output == ""
    assert served == [False, False]


def test_without_uv_the_command_says_how_to_get_it(notebook, served, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda *_, **__: None)
    monkeypatch.setitem(sys.modules, "uv", None)

    done = edit("--sandbox")

    assert done.exit_code == 2
    assert "`nb.py` cannot have an environment of its own" in done.stderr
    assert "pip install 'quire[envs]'" in done.stderr


def test_a_header_that_cannot_be_read_is_one_line(notebook):
    notebook.write_text("# /// script\n# a =\n# ///\n\n" + BODY, encoding="utf-8")

    done = CliRunner().invoke(quire, ["lock", "nb.py"])

    assert done.exit_code == 2
    assert "the header of `nb.py` cannot be read: the script metadata is not TOML" in done.stderr


def test_an_app_is_not_served_without_its_environment(shelf, notebook):
    notebook.write_text((HEADER + BODY).replace('find-links = ["https://x.example/wheels"]', "no-index = true"))

    done = CliRunner().invoke(quire, ["run", "--sandbox", "nb.py", "--headless", "--port", "0"])

    assert done.exit_code == 2
    assert "tiny was not found" in done.stderr
    assert done.stderr.splitlines()[-2:] == [
        "quire: the environment of `nb.py` could not be made: nothing was installed",
        "       the lines above say why",
    ]
    assert "Using script environment" not in done.stderr, "a folder that is gone already"
    assert [path for path in environments_folder().iterdir() if path.is_dir()] == []


def test_lock_and_run_by_uv_agree(shelf, notebook):
    """`quire lock`, `uv run`, `uv run --script`: one header, one lock, the same versions."""
    wheel = make_quire_wheel(shelf.parent / "wheels")
    make_wheel(shelf, "tiny", "1.0")
    header = f"""# /// script
# requires-python = ">=3.11"
# dependencies = ["quire", "tiny"]
# [tool.uv.sources]
# quire = {{ path = "wheels/{wheel.name}" }}
# ///

"""
    notebook.write_text(header + BODY, encoding="utf-8")

    locked = CliRunner().invoke(quire, ["lock", "nb.py"])
    make_wheel(shelf, "tiny", "2.0")
    run = subprocess.run(
        ["uv", "run", "--python", sys.executable, "nb.py"],
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (locked.exit_code, "wrote nb.py.lock" in locked.output) == (0, True), locked.output
    assert (run.returncode, run.stdout) == (0, "tiny 1.0\n"), run.stderr
    ours = subprocess.run([prepared_python(notebook), "nb.py"], capture_output=True, text=True, check=False)
    assert (ours.returncode, ours.stdout) == (0, "tiny 1.0\n"), ours.stderr


def test_what_cannot_be_locked_is_told(shelf, notebook):
    notebook.write_text(BODY, encoding="utf-8")
    Path("nb.md").write_text("---\nquire-version: 1\n---\n", encoding="utf-8")
    Path("folder.py").mkdir()
    Path("latin.py").write_bytes(b"# \xe9\n")

    for name, why in (
        ("nb.py", "names no packages"),
        ("nb.md", "is markdown"),
        ("no.py", "cannot read `no.py`: No such file"),
        ("folder.py", "cannot read `folder.py`: Is a directory"),
        ("latin.py", "`latin.py` is not UTF-8 text"),
    ):
        done = CliRunner().invoke(quire, ["lock", name])
        assert (done.exit_code, why in done.stderr) == (2, True)
