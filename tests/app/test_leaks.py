"""A program that runs a notebook again and again does not grow."""

import gc
import importlib.util
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from types import ModuleType

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
ROUNDS = [120, pytest.param(10_000, marks=pytest.mark.long)]
BATCHES = 4


def imported(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run_failing(module: ModuleType) -> None:
    with pytest.raises(ZeroDivisionError):
        module.app.run()


def growth(act: Callable[[], object], rounds: int) -> tuple[int, int]:
    """By how many objects and blocks of memory the process is larger after so many rounds, at least. Python's own caches
    make it larger once; a leak does it each time.
    """
    sizes: list[tuple[int, int]] = []
    for _ in range(BATCHES + 1):
        for _ in range(rounds // BATCHES):
            act()
        gc.collect()
        sizes.append((len(gc.get_objects()), sys.getallocatedblocks()))
    steps = [(after[0] - before[0], after[1] - before[1]) for before, after in pairwise(sizes)]
    return min(objects for objects, _ in steps), min(blocks for _, blocks in steps)


@pytest.mark.parametrize("rounds", ROUNDS)
@pytest.mark.parametrize("how", ["app.run", "cell.run", "that fails", "imported anew"])
def test_a_notebook_that_is_run_many_times_leaves_no_memory_behind(tmp_path: Path, how: str, rounds: int):
    path = tmp_path / "nb.py"
    path.write_text(FAILING if how == "that fails" else NOTEBOOK, encoding="utf-8")
    module = imported(path)
    acts: dict[str, Callable[[], object]] = {
        "app.run": module.app.run,
        "cell.run": module.total.run,
        "that fails": lambda: run_failing(module),
        "imported anew": lambda: imported(path).app.run(),
    }
    objects, blocks = growth(acts[how], rounds)

    assert objects <= 0
    assert blocks < rounds // BATCHES  # less than one in each round
