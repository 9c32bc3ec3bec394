"""A program that runs a notebook again and again does not grow."""

import subprocess
import sys
from pathlib import Path

import pytest

NOTEBOOK = """import quire

app = quire.App()

with app.setup:
    import quire as qr


@app.cell
def load():
    rows = [object() for _ in range(100)]
    for i in rows:
        pass
    return (rows,)


@app.cell
def total(rows):
    n = len(rows)
    s = qr.ui.slider(0, n)
    qr.md(f"{s} of {n}")
    return n, s


@app.cell
async def _(s):
    import asyncio
    await asyncio.sleep(0)
    s.value
    return


@app.cell
def _(n):
    qr.stop(n > 5, "enough")
    return
"""
FAILING = NOTEBOOK + "\n\n@app.cell\ndef _(n):\n    n / 0\n    return\n"
PROGRAM = """
import gc, importlib.util, sys
from itertools import pairwise

def imported():
    spec = importlib.util.spec_from_file_location("nb", "nb.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module

def run_failing():
    try:
        module.app.run()
    except ZeroDivisionError:
        return
    raise AssertionError

how, rounds = sys.argv[1], int(sys.argv[2])
module = imported()
acts = {
    "app.run": module.app.run,
    "cell.run": module.total.run,
    "that fails": run_failing,
    "imported anew": lambda: imported().app.run(),
}
sizes = []
for _ in range(5):
    for _ in range(rounds):
        acts[how]()
    gc.collect()
    sizes.append((len(gc.get_objects()), sys.getallocatedblocks()))
# Python's own caches make the process larger once; a leak does it each time.
print(*(min(after[what] - before[what] for before, after in pairwise(sizes)) for what in (0, 1)))
"""


@pytest.mark.parametrize("rounds", [50, pytest.param(2_000, marks=pytest.mark.long)])
@pytest.mark.parametrize("how", ["app.run", "cell.run", "that fails", "imported anew"])
def test_a_notebook_that_is_run_many_times_leaves_no_memory_behind(tmp_path: Path, how: str, rounds: int):
    """Five times so many rounds."""
    (tmp_path / "nb.py").write_text(FAILING if how == "that fails" else NOTEBOOK, encoding="utf-8")
    command = [sys.executable, "-c", PROGRAM, how, str(rounds)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    objects, blocks = map(int, done.stdout.split())

    assert objects <= 0
    assert blocks < rounds  # less than one in each round
