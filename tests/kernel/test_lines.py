"""What looks at running code from outside names the lines of the notebook's file: coverage, cProfile, py-spy, `inspect`."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.conftest import forbidden

from .processes import REAL_PROCESS, Notebook, plain, with_kernel

pytestmark = REAL_PROCESS

TEXT = """import quire

app = quire.App()


@app.cell
def _():
    def slow(n):
        if n > 1:
            return n
        return 0

    slow(2)
    return (slow,)


@app.cell
def _(slow):
    total = 0
    for i in range(2, 4):
        total += slow(i)
    total
    return


if __name__ == "__main__":
    app.run()
"""
RAN = {8, 9, 10, 13, 19, 20, 21, 22}
"""Lines of the cells; 11 is never reached."""


def test_coverage_of_a_script_names_the_lines_of_its_cells(tmp_path: Path):
    (tmp_path / "nb.py").write_text(TEXT, encoding="utf-8")
    for words in (["run", "nb.py"], ["json", "-q", "-o", "found.json"]):
        subprocess.run([sys.executable, "-m", "coverage", *words], cwd=tmp_path, check=True, capture_output=True)
    found = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))["files"]["nb.py"]

    assert set(found["executed_lines"]) >= RAN
    assert 11 in found["missing_lines"]


def test_a_profile_of_a_script_names_the_lines_of_its_functions(tmp_path: Path):
    (tmp_path / "nb.py").write_text(TEXT, encoding="utf-8")
    words = [sys.executable, "-m", "cProfile", "nb.py"]
    printed = subprocess.run(words, cwd=tmp_path, check=True, capture_output=True, text=True).stdout

    assert re.search(r"^ +3 .* nb\.py:8\(slow\)$", printed, re.MULTILINE)


COVERAGE = """
import coverage
measured = coverage.Coverage(data_file=None, include=[__file__])
measured.start()
"""
COVERED = """
from coverage import Coverage
ended = Coverage.current()
ended.stop()
str(sorted(line for line in ended.get_data().lines(__file__) if line < 20))
"""
PROFILED = """
import cProfile, pstats
profile = cProfile.Profile()
profile.runcall(work, 3)
str([(line, name) for file, line, name in pstats.Stats(profile).stats if file == __file__])
"""


def test_coverage_and_cprofile_in_a_kernel_name_the_lines_of_the_file(tmp_path: Path):
    """The cells stand in the file ten lines below each other."""
    work = "def work(n):\n    if n:\n        return n\n    return 0"

    async def story(notebook: Notebook) -> None:
        for cell in ("start", "work", "stop", "profile"):
            await notebook.run(cell)
        assert notebook.output("stop") == plain("[11, 12, 13, 15]")
        assert notebook.output("profile") == plain("[(11, 'work')]")

    (tmp_path / "nb.py").write_text("\n" * 60, encoding="utf-8")
    cells = {"start": COVERAGE, "work": f"{work}\nwork(1)", "stop": COVERED, "profile": PROFILED}
    with_kernel(tmp_path / "nb.py", story, **cells)


def test_functions_know_where_they_stand(tmp_path: Path):
    """What shows source, such as `help` and `??`, reads it from there, saved or not."""

    async def story(notebook: Notebook) -> None:
        await notebook.run()
        assert notebook.output("b") == plain("('def work(n):\\n    return n\\n', 2)")

    look = "import inspect\nstr((inspect.getsource(work), work.__code__.co_firstlineno))"
    with_kernel(tmp_path / "nb.py", story, a="\ndef work(n):\n    return n", b=look)


def test_py_spy_sees_the_line_that_runs(tmp_path: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask("a")
        await notebook.until(lambda: "deep" in notebook.printed("a"))
        spy = shutil.which("py-spy", path=str(Path(sys.executable).parent))
        assert spy is not None
        seen = subprocess.run(
            [spy, "dump", "--pid", str(notebook.kernel.pid)], check=False, capture_output=True, text=True
        )
        notebook.kernel.interrupt()
        await notebook.until(lambda: notebook.finished("a"))
        if seen.returncode != 0 and re.search("(?i)permission denied|not permitted", seen.stderr):
            forbidden("py-spy may not look into other processes (ptrace)")
        assert seen.returncode == 0, seen.stderr
        assert f"wait_long ({path.name}:4)" in seen.stdout.replace(f"{path.parent}/", "")
        assert f"<module> ({path.name}:5)" in seen.stdout.replace(f"{path.parent}/", "")

    path = tmp_path / "nb.py"
    code = "import time\ndef wait_long():\n    print('deep', flush=True)\n    time.sleep(60)\nwait_long()"
    with_kernel(path, story, a=code)
