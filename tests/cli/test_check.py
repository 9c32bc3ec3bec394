"""`quire check` as people, programs and CI call it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from quire.cli.texts import find_files

GOOD = """import quire

__generated_with = "0.1.0"
app = quire.App()


@app.cell
def _():
    print(1)
    return


if __name__ == "__main__":
    app.run()
"""
BAD = GOOD.replace("print(1)", "list = [1]\n    print(list)").replace("return\n", "return (list,)\n")
UNFINISHED = GOOD.replace('__generated_with = "0.1.0"\n', "")


def call(folder: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "quire", *arguments],
        cwd=folder,
        input=given,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "good.py").write_text(GOOD)
    (tmp_path / "module.py").write_text("x = 1\n")
    for name in (".hidden", "__quire__", "node_modules", "mine"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "bad.py").write_text(BAD)
    environment = tmp_path / "python311"
    environment.mkdir()
    (environment / "pyvenv.cfg").touch()
    (environment / "bad.py").write_text(BAD)
    return tmp_path


def test_a_clean_notebook_exits_with_0(folder):
    done = call(folder, "check", "good.py")
    assert (done.returncode, done.stdout) == (0, "nothing found in 1 notebook\n")


def test_a_finding_is_shown_with_its_line_and_exits_with_1(folder):
    done = call(folder, "check", "mine/bad.py")
    assert done.returncode == 1
    assert done.stdout.startswith("mine/bad.py:9:5 QR005 `list` is Python's own name")
    assert "    9 |     list = [1]\n      |     ^^^^\n      = see docs/check/qr005.md\n" in done.stdout


def test_folders_are_searched_for_notebooks_of_ones_own(folder):
    assert sorted(str(path) for path, _ in find_files([folder])) == [
        str(folder / name) for name in ("good.py", "mine/bad.py", "module.py")
    ]
    done = call(folder, "check", "--output-format", "json")
    assert [finding["filename"] for finding in json.loads(done.stdout)] == ["mine/bad.py"]


def test_many_files_are_checked_by_several_processes_with_the_same_result(folder):
    many = folder / "many"
    many.mkdir()
    for number in range(60):
        (many / f"n{number:02}.py").write_text(BAD if number % 2 else GOOD)
    done = call(folder, "check", "many", "--output-format", "json")
    assert [finding["filename"] for finding in json.loads(done.stdout)] == [f"many/n{n:02}.py" for n in range(1, 60, 2)]


@pytest.mark.parametrize("name", ["module.py", "nothing.py"])
def test_a_named_file_that_is_no_notebook_is_an_error(folder, name):
    done = call(folder, "check", "good.py", name)
    assert done.returncode == 2
    assert name in done.stderr
    assert "Traceback" not in done.stderr


def test_an_unknown_rule_is_an_error(folder):
    done = call(folder, "check", "--select", "QX")
    assert (done.returncode, done.stderr.split("\n")[0]) == (2, "quire: there is no rule `QX`")


def test_programs_get_places_and_fixes(folder):
    done = call(folder, "check", "-", "--stdin-filename", "a.py", "--output-format", "json", given=UNFINISHED)
    (finding,) = json.loads(done.stdout)
    assert (finding["code"], finding["name"], finding["filename"]) == ("QF002", "missing-version", "a.py")
    assert finding["location"] == {"line": 3, "column": 1, "end_line": 3, "end_column": 1}
    assert finding["fix"] == {"label": "add this version", "safe": True}


def test_github_gets_annotations(folder):
    done = call(folder, "check", "mine", "--output-format", "github")
    assert done.stdout.startswith("::warning title=quire (QR005),file=mine/bad.py,line=9,col=5,endLine=9,endColumn=9::")


def test_fixes_are_written_and_counted(folder):
    (folder / "new.py").write_bytes(UNFINISHED.replace("\n", "\r\n").encode())
    done = call(folder, "check", "new.py", "--fix")
    assert (done.returncode, done.stdout) == (0, "1 fixed; nothing found in 1 notebook\n")
    assert (folder / "new.py").read_bytes() == GOOD.replace("\n", "\r\n").encode()


def test_fixed_standard_input_goes_to_standard_output(folder):
    done = call(folder, "check", "-", "--fix", given=UNFINISHED)
    assert (done.returncode, done.stdout) == (0, GOOD)


def test_options_of_rules_hold(folder):
    assert call(folder, "check", "mine", "--ignore", "QR").returncode == 0
    assert call(folder, "check", "mine", "--select", "QB,QF").returncode == 0


def test_rules_are_those_of_the_project_that_a_file_is_in_unless_somebody_names_them(folder):
    other = folder / "other"
    other.mkdir()
    (other / "bad.py").write_text(BAD)
    (other / "pyproject.toml").write_text('[tool.quire.check]\nignore = ["QR005", "QX"]\n')
    done = call(folder, "check", "--output-format", "json")

    assert [finding["filename"] for finding in json.loads(done.stdout)] == ["mine/bad.py"]
    assert (
        done.stderr
        == f"quire: `{other}/pyproject.toml`, line 2: `check.ignore` names `QX`, and there is no such rule\n"
    )
    assert call(folder, "check", "other", "--ignore", "QF").returncode == 1
    assert call(other, "check", "-", given=BAD).returncode == 0


def test_a_notebook_does_not_choose_what_it_is_checked_for(folder):
    (folder / "sly.py").write_text('# /// script\n# [tool.quire]\n# check.ignore = ["QR"]\n# ///\n' + BAD)

    assert call(folder, "check", "sly.py").returncode == 1
