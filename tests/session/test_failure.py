"""Kernels that crash or do not listen, with real processes: what is said, what is kept, what runs again."""

import asyncio
import os
import random
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from quire.protocol import commands as c
from quire.session import session as session_module
from tests.kernel.processes import REAL_PROCESS

from .model import codes, ids, notebook_text
from .real import World, control_group, story

pytestmark = REAL_PROCESS
SOAK = 3600.0
LONG = [pytest.mark.long, pytest.mark.timeout(SOAK)]

CRASHES = {
    "segfault": "import ctypes\nctypes.string_at(y)",
    "exit": "import os\nos._exit(y)",
    "stack overflow": "import faulthandler\nfaulthandler._stack_overflow()",
}


@pytest.mark.parametrize("how", CRASHES)
def test_after_a_crash_the_cell_is_named_all_is_kept_and_one_click_brings_the_rest_back(tmp_path: Path, how: str):
    async def tell(world: World) -> None:
        await world.idle()
        world.write(1, f"y = x\n{CRASHES[how]}")
        world.run(1)
        await world.dead()
        assert "while cell 2 was running: it " in world.said
        assert "MB of memory" in world.said
        assert world.outcomes() == ["succeeded", "crashed", "cancelled", "succeeded"]
        assert [world.shown(number) for number in range(4)] == ["1", "'quiet'", "'below'", "2"]

        world.ask(c.RestartKernel(run="again"))
        await world.until(lambda: world.state.kernel == "idle" and not world.cell(3).stale)
        assert world.outcomes() == ["succeeded", "crashed", "cancelled", "succeeded"]
        assert [world.cell(number).stale for number in range(4)] == [False, True, True, False]
        assert [world.shown(number) for number in range(4)] == ["1", "'quiet'", "'below'", "2"]
        assert world.said == ""

        world.write(1, "y = x\n'mended'")
        world.run(1)
        await world.until(lambda: world.shown(1) == "'mended'" and not world.cell(2).stale)
        assert world.outcomes() == ["succeeded"] * 4

    story(tmp_path, tell, "x = 1\nx", "y = x\n'quiet'", "y\n'below'", "z = x + 1\nz")
    assert "mended" in (tmp_path / "nb.py").read_text(encoding="utf-8")


def test_running_a_cell_of_a_dead_kernel_starts_one_and_runs_what_the_cell_needs(tmp_path: Path):
    async def tell(world: World) -> None:
        await world.idle()
        os.kill(world.session.kernel_pid or 0, signal.SIGKILL)
        await world.dead()
        world.run(1)
        await world.until(lambda: world.state.kernel == "idle" and not world.cell(1).stale)
        assert [world.cell(number).stale for number in range(3)] == [False, False, True]

    story(tmp_path, tell, "x = 1", "x + 1", "x + 2")


def test_elements_keep_what_people_set_over_the_end_of_a_kernel_and_begin_anew_when_asked(tmp_path: Path):
    async def tell(world: World) -> None:
        await world.idle()
        cell = ids(world.state)[1]
        world.ask(c.SetElements(values={f"{cell}-0": 7, f"{cell}-1": 2, f"{cell}-2": "blue"}))
        await world.until(lambda: world.shown(2) == "'7 2 blue'")
        os.kill(world.session.kernel_pid or 0, signal.SIGKILL)
        await world.dead()
        world.ask(c.RestartKernel(run="again"))
        await world.until(lambda: world.state.kernel == "idle" and not world.cell(2).stale)
        assert world.shown(2) == "'7 0 blue'"
        assert world.state.elements == {f"{cell}-0": 7, f"{cell}-1": 0, f"{cell}-2": "blue"}

        world.ask(c.RestartKernel(run="all"))
        await world.until(lambda: world.state.kernel == "idle" and not world.cell(2).stale)
        assert world.shown(2) == "'1 0 red'"

    elements = [
        "s = qr.ui.slider(0, 9, value=1)",
        "b = qr.ui.button(value=0, on_click=lambda n: n + 1)",
        "d = qr.ui.dropdown(['red', 'blue'], value='red')",
    ]
    story(tmp_path, tell, "import quire as qr", "\n".join(elements), "f'{s.value} {b.value} {d.value}'")


def test_a_cell_that_does_not_listen_is_named_and_a_restart_offered_until_it_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(session_module, "REACTION_SECONDS", 0.2)

    async def tell(world: World) -> None:
        await world.idle()
        # The first holds the interpreter's lock, the second catches what interrupts it until it is let go.
        world.write(0, "sum(iter(int, 1))")
        world.write(1, "import os, time\nwhile not os.path.exists('go'):\n    try:\n        time.sleep(0.01)\n"
                       "    except KeyboardInterrupt:\n        pass")  # fmt: skip
        world.run(1)
        await world.busy(1)
        world.ask(c.Interrupt())
        await world.until(lambda: world.said)
        assert world.said.startswith("cell 2 was interrupted and goes on")
        assert world.state.kernel == "busy"
        (tmp_path / "go").touch()
        await world.idle()
        assert world.said == ""

        world.run(0)
        await world.busy(0)
        world.ask(c.Interrupt())
        await world.until(lambda: world.said)
        assert world.said.startswith("cell 1 was interrupted and goes on")
        world.ask(c.RestartKernel(run="again"))
        await world.until(lambda: world.state.kernel == "idle" and not world.cell(2).stale)
        assert world.outcomes() == ["interrupted", "succeeded", "succeeded"]

    story(tmp_path, tell, "1", "2", "3")


LIMIT = """
import numpy, resource, sys
size = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize() + 150_000_000
resource.setrlimit(resource.RLIMIT_AS, (size, size))
"""
HOGS = {
    "one piece": "b = bytearray(10**9)",
    "numpy": "numpy.ones(10**9)",
    "in a function": "def load():\n    rows = []\n    while True:\n        rows.append(bytes(5_000))\nload()",
}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such limit")
def test_a_cell_that_wants_more_memory_than_there_is_fails_and_the_kernel_lives_on(tmp_path: Path):
    async def tell(world: World) -> None:
        await world.idle()
        pid = world.session.kernel_pid
        for code in HOGS.values():
            world.write(1, code)
            world.run(1)
            await world.until(lambda: world.state.kernel == "idle" and world.cell(1).outcome != "succeeded")
            assert world.outcomes() == ["succeeded", "failed", "succeeded"]
            assert "MemoryError" in world.error(1)["error"]
            assert "the kernel has used up to" in world.error(1)["note"]
            world.write(1, "1")
            world.run(1, 2)
            await world.until(lambda: world.outcomes() == ["succeeded"] * 3)
        assert world.session.kernel_pid == pid

    story(tmp_path, tell, LIMIT, "1", "print('still here')")


def test_where_memory_is_gone_for_good_the_kernel_lives_on_or_ends_and_says_which_cell_it_was(tmp_path: Path):
    """Which of the two is decided by the few bytes that are left."""

    async def tell(world: World) -> None:
        await world.idle()
        world.write(1, "rows = sys.kept_for_ever = []\nwhile True:\n    rows.append(bytes(5_000))")
        world.run(1)
        await world.until(lambda: world.state.kernel == "dead" or world.cell(1).outcome == "failed")
        if world.state.kernel == "dead":
            assert "cell 2" in world.said
        world.write(1, "1")
        world.ask(c.RestartKernel(run="all"))
        await world.until(lambda: world.outcomes() == ["succeeded"] * 3)

    story(tmp_path, tell, LIMIT, "1", "print('still here')")


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="control groups are Linux's")
def test_a_kernel_that_the_system_ends_for_want_of_memory_is_told_as_that(tmp_path: Path):
    """In a control group of 300 MB, as in a container. Only root may make one."""
    with control_group(300_000_000) as tasks:
        enter = f"echo $$ > {tasks} && exec {sys.executable} -m tests.session.hungry {tmp_path}"
        done = subprocess.run(["sh", "-c", enter], capture_output=True, text=True, timeout=60, check=True)
    said, outcomes, again = done.stdout.splitlines()
    assert said.startswith(
        "the kernel stopped while cell 2 was running: the system has ended it (SIGKILL), because memory ran out"
    )
    peak = re.search(r"up to ([\d.]+) MB", said)
    assert peak is not None
    assert 150 < float(peak[1]) < 310
    assert outcomes == "succeeded crashed succeeded"
    assert again == "idle: succeeded crashed succeeded"


@pytest.mark.parametrize("rounds", [4, pytest.param(1000, marks=LONG)])
def test_a_kernel_killed_at_any_time_is_told_and_nothing_but_its_values_is_lost(tmp_path: Path, rounds: int):
    """Idle, in the middle of a cell, of printing, of an output, of a slider's move, of its own start."""
    cells = [
        "import quire as qr\ns = qr.ui.slider(0, 9)\ns",
        "for i in range(300):\n    print(i, s.value)",
        "x = sum(range(100_000))\nqr.Html('<b>' + 'x' * 100_000 + '</b>')",
        "import time\ntime.sleep(0.01)\nx",
    ]
    dice = random.Random(rounds)

    async def tell(world: World) -> None:
        await world.idle()
        written = codes(world.state)
        for number in range(rounds):
            if number % 3:
                world.ask(c.RunAll())
            if number % 2:
                world.ask(c.SetElements(values={f"{ids(world.state)[0]}-0": number % 10}))
            await asyncio.sleep(dice.random() * 0.1)
            await world.until(lambda: world.session.kernel_pid)
            os.kill(world.session.kernel_pid or 0, signal.SIGKILL)
            await world.dead()
            assert "SIGKILL" in world.said
            assert codes(world.state) == written
            assert world.shown(2)
            world.ask(c.RestartKernel(run="all" if number % 4 else "again"))
            if number % 5:
                await world.until(lambda: world.state.kernel == "idle")
        world.ask(c.RunAll())
        await world.until(lambda: world.state.kernel == "idle" and world.outcomes() == ["succeeded"] * 4)
        assert world.printed(1).count("\n") == 300
        assert world.shown(3) == "4999950000"

    story(tmp_path, tell, *cells, patience=SOAK)
    assert (tmp_path / "nb.py").read_text(encoding="utf-8") == notebook_text(*cells)
