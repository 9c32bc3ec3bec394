"""The kernel: what a run costs beside the cell itself, chains of cells, how soon a kernel is there, what it takes at rest,
and how soon it answers while a cell runs.
"""

import asyncio
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from corpora import chain
from footprint import MIB, REST, pss
from in_process import inner
from servers import PYTHON, serve_marimo, serve_quire
from table import Row, best, command
from wire import marimo_page, quire_page

from quire.ids import CellId
from quire.kernel.forking import ForkingKernels
from quire.kernel.link import Kernel
from quire.kernel.process import KernelProcess
from quire.protocol.kernel import (
    AskKernel,
    BindNotebook,
    CellSource,
    KernelReady,
    ListVariables,
    Question,
    QuestionAnswered,
    RunKernelCells,
    RunNotice,
    SyncCells,
    VariablesListed,
)
from quire.protocol.messages import About, ConsoleText
from quire.protocol.notices import CellStarted

RUNS = 9
QUIET = 0.1
"""Seconds between two runs."""

ENDLESS = "import json\ntext = 'x' * 1000\nwhile True: sum(range(1000))"

METER = """
import time
from quire.kernel.costs import Meter
meter = Meter()
best = 1e9
for _ in range(20):
    started = time.perf_counter()
    for _ in range(1000):
        meter.begin()
        meter.end()
    best = min(best, (time.perf_counter() - started) * 1000)
print(best)
"""
FLOOR = """
import sys, time
codes = [compile(line, "cell", "exec") for line in ("x0 = 1", *(f"x{n} = x{n - 1} + 1" for n in range(1, CELLS)))]
names = {}
best = 1e9
for _ in range(20):
    started = time.perf_counter()
    for code in codes:
        exec(code, names)
    best = min(best, (time.perf_counter() - started) * 1000)
print(best)
"""


def measure_kernel(repeat: int, scratch: Path, *, full: bool) -> list[Row]:
    meter = inner(PYTHON, METER, scratch)()
    rows = [Row("measuring what a run takes: µs", None, meter, None, "≤ 100", met=meter <= 100)]
    for cells in (1, 10, 100, 1000):
        floor = inner(PYTHON, FLOOR.replace("CELLS", str(cells)), scratch)()
        ours = quire_chain(scratch, cells)
        marimo = marimo_chain(scratch, cells) if cells < 1000 or full else None
        limit = 5 + 0.2 * cells
        what = f"run a chain of {cells:,} cell{'s' if cells > 1 else ''} again, over the socket"
        rows.append(Row(what, floor, ours, marimo, "≤ 5 ms + 200 µs a cell", met=ours <= limit))
    bare = best(repeat, bare=command(PYTHON, "-c", "pass"))["bare"]
    warm, cold, memory = asyncio.run(kernels(scratch))
    rows.append(Row("kernel ready, one is kept in reserve", bare, warm, None, "≤ 2× bare Python", met=warm <= 2 * bare))
    rows.append(Row("kernel ready, nothing is there", bare, cold, None, "≤ 15× bare Python", met=cold <= 15 * bare))
    rows.append(Row("kernel at rest: MiB (PSS)", None, memory, None, "≤ 20", met=memory <= 20))
    for what, took in asyncio.run(answers(scratch)).items():
        rows.append(Row(f"{what} while a cell computes in Python", None, took, None, "≤ 100 ms", met=took <= 100))
    return rows


# -- chains


def quire_chain(scratch: Path, cells: int) -> float:
    """Milliseconds from asking for the first cell to hearing that the last one has run; all others follow from it."""
    notebook = chain([("x0 = 1",), *((f"x{n} = x{n - 1} + 1",) for n in range(1, cells))])
    with serve_quire(scratch, notebook) as server:
        server.wait()
        with quire_page(server) as page:
            page.hear_until(lambda: bool(page.cells))
            first, last = page.cells[0], page.cells[-1]
            page.hear_until(lambda: page.finished[last] > 0)

            def run() -> None:
                before = page.finished[last]
                page.ask({"kind": "runCells", "cells": [first], "request": 0})
                page.hear_until(lambda: page.finished[last] > before)

            return _median(run)


def marimo_chain(scratch: Path, cells: int) -> float:
    notebook = chain([("x0 = 1",), *((f"x{n} = x{n - 1} + 1",) for n in range(1, cells))])
    with serve_marimo(scratch, notebook) as server, marimo_page(server, server.wait()) as page:
        page.run_all()
        page.hear_until(lambda: page.completed > 0)

        def run() -> None:
            completed = page.completed
            page.run_cell(page.cells[0], "x0 = 1")
            page.hear_until(lambda: page.completed > completed)

        return _median(run)


def _median(run: Callable[[], None]) -> float:
    times: list[float] = []
    for _ in range(RUNS):
        time.sleep(QUIET)
        started = time.perf_counter()
        run()
        times.append(time.perf_counter() - started)
    return statistics.median(times) * 1000


# -- kernels themselves


class _Ready:
    """Hears when the kernel is bound, when a cell begins, and when a question is answered."""

    def __init__(self) -> None:
        self.ready, self.started, self.answered = asyncio.Event(), asyncio.Event(), asyncio.Event()

    def on_notices(self, notices: list[RunNotice]) -> None:
        for notice in notices:
            match notice:
                case KernelReady():
                    self.ready.set()
                case CellStarted():
                    self.started.set()
                case QuestionAnswered() | VariablesListed():
                    self.answered.set()
                case _:
                    pass

    def on_console(self, text: ConsoleText) -> None:
        pass

    def on_exit(self, reason: str) -> None:
        raise AssertionError(reason)


async def kernels(scratch: Path) -> tuple[float, float, float]:
    """Milliseconds until a kernel is bound: forked or in reserve, and started; MiB of one at rest."""
    reserve = ForkingKernels()
    reserve.prepare()
    memory = 0.0

    async def time_to_ready(kernel: Kernel, *, rests: bool = False) -> float:
        nonlocal memory
        hears = _Ready()
        started = time.perf_counter()
        await kernel.start(hears)
        kernel.send(BindNotebook(path=str(scratch / "nb.py"), directory=str(scratch)))
        await hears.ready.wait()
        took = time.perf_counter() - started
        if rests and kernel.pid is not None:
            await asyncio.sleep(REST)
            memory = pss(kernel.pid) / MIB
        await kernel.close()
        return took * 1000

    await time_to_ready(reserve.make_kernel(), rests=True)
    warm = [await time_to_ready(reserve.make_kernel()) for _ in range(RUNS)]
    cold = [await time_to_ready(KernelProcess()) for _ in range(RUNS)]
    await reserve.discard()
    return statistics.median(warm), statistics.median(cold), memory


async def answers(scratch: Path) -> dict[str, float]:
    """Milliseconds from a question to its answer while a cell never ends; the worst of several, after the first."""
    hears, kernel, cell = _Ready(), KernelProcess(), CellId("a")
    await kernel.start(hears)
    kernel.send(
        BindNotebook(path=str(scratch / "nb.py"), directory=str(scratch)),
        SyncCells(order=[cell], changed=[CellSource(id=cell, type="cell", name="_", code=ENDLESS, line=1)]),
        RunKernelCells(cells=[cell]),
    )
    await hears.started.wait()

    async def worst(ask: Callable[[int], Question]) -> float:
        times: list[float] = []
        for number in range(RUNS + 1):
            hears.answered.clear()
            started = time.perf_counter()
            kernel.send(ask(number))
            await hears.answered.wait()
            times.append(time.perf_counter() - started)
        return max(times[1:]) * 1000  # the first imports what answers

    def about_code(about: About, code: str) -> Callable[[int], Question]:
        return lambda number: AskKernel(
            question=number, asker="page", cell=cell, about=about, code=code, line=1, column=len(code)
        )

    found = {
        "completion": await worst(about_code("completions", "json.du")),
        "documentation": await worst(about_code("documentation", "json.dumps")),
        "values of variables": await worst(lambda _: ListVariables()),
    }
    await kernel.close()
    return found
