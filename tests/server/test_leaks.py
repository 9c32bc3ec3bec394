"""A notebook that was opened, run and closed leaves nothing behind: on this machine, in this process, and in its own folder."""

import asyncio
import gc
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import pytest

from quire.kernel.forking import ForkingKernels, ready_kernels
from quire.kernel.spare import SpareKernels
from quire.protocol import commands as c
from quire.server.notebooks import Notebooks
from quire.server.workspace import open_workspace
from quire.session.session import Session
from tests.kernel.processes import REAL_PROCESS, is_alive
from tests.session.model import notebook_text

pytestmark = REAL_PROCESS
SOAK = 3600.0
SHARED = Path("/dev/shm")
POOLS = ("asyncio_", "AnyIO worker")
"""Threads that wait for the next thing to do: there are a few of them, and more when the machine is slow."""
PATIENCE = 60.0

CELLS = [
    "import multiprocessing, quire as qr, subprocess, tempfile, threading\nfrom multiprocessing.shared_memory import SharedMemory",
    "s = qr.ui.slider(0, 9)\ns",
    "for i in range(10_000):\n    print(s.value)",
    "folder = tempfile.TemporaryDirectory()\nopen(folder.name + '/file', 'w').close()",
    "child = subprocess.Popen(['sleep', '1000'])\nthread = threading.Thread(target=threading.Event().wait, daemon=True)\nthread.start()",
    """
shared = SharedMemory(create=True, size=1000)
lock = multiprocessing.get_context("spawn").Lock()
print(shared.name, lock._semlock.name)
""",
]
ENDS = ["", "", "import os\nfolder.cleanup()\nos._exit(1)", "import ctypes\nfolder.cleanup()\nctypes.string_at(0)"]
"""How kernels end before they are closed."""


class Left(NamedTuple):
    """What there is."""

    processes: int
    threads: int
    descriptors: int
    folders: int
    tasks: int


def count() -> Left:
    gc.collect()
    return Left(
        processes=len(processes_below(os.getpid())),
        threads=len([thread for thread in threading.enumerate() if not thread.name.startswith(POOLS)]),
        descriptors=len(list(Path("/proc/self/fd").iterdir())) if sys.platform == "linux" else 0,
        folders=len(list(Path(tempfile.gettempdir()).iterdir())),
        tasks=len(asyncio.all_tasks()),
    )


def processes_below(top: int) -> set[int]:
    """Its children, and theirs, as far as they live."""
    parents: dict[int, int] = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
    found, wave = set[int](), {top}
    while wave:
        wave = {pid for pid, parent in parents.items() if parent in wave}
        found |= {pid for pid in wave if is_alive(pid)}
    return found


async def until(fact) -> None:
    deadline = time.monotonic() + PATIENCE
    while not fact():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


async def open_run_and_close(notebooks: Notebooks, number: int) -> list[str]:
    """The names of what its kernels shared."""
    session = await notebooks.session(notebooks.workspace.path("nb.py"))
    page = session.connect()
    await settled(session)
    shared = printed(session).split()
    if end := ENDS[number % len(ENDS)]:
        session.submit(page, c.AddCells(cells=[c.NewCell(cell="end", code=end)], after=None))
        session.submit(page, c.RunCells(cells=["end"]))
        await until(lambda: session.state.kernel == "dead")
        session.submit(page, c.RestartKernel(run="again"))
        session.submit(page, c.DeleteCells(cells=["end"]))
        await settled(session)
        shared += printed(session).split()
    session.submit(page, c.SetElements(values={f"{session.state.order()[1]}-0": number % 10}))
    session.submit(page, c.Interrupt())
    session.disconnect(page)
    await notebooks.stop(session)
    return shared


async def settled(session: Session) -> None:
    """All has run. (Whoever is interrupted while they make a folder leaves it behind.)"""
    await until(lambda: session.state.kernel == "idle" and not any(run.stale for run in session.state.runs.values()))


def printed(session: Session) -> str:
    """By the last cell."""
    return "".join(text.text for text in session.state.runs[session.state.order()[-1]].console)


@pytest.mark.parametrize("rounds", [6, pytest.param(1000, marks=[pytest.mark.long, pytest.mark.timeout(SOAK)])])
def test_nothing_is_left_of_notebooks_that_were_opened_run_and_closed(
    tmp_path: Path, rounds: int, monkeypatch: pytest.MonkeyPatch
):
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr(tempfile, "tempdir", None)
    folder = tmp_path / "notebooks"
    folder.mkdir()
    path = folder / "nb.py"
    path.write_text(notebook_text(*CELLS), encoding="utf-8")

    async def whole(kernels: ForkingKernels | SpareKernels) -> tuple[Left, Left]:
        notebooks = Notebooks(open_workspace(folder), kernels.make_kernel)
        shared = await open_run_and_close(notebooks, 0)
        before = count()
        for number in range(1, rounds):
            shared += await open_run_and_close(notebooks, number)
        after = count()
        await notebooks.close()
        await kernels.discard()
        assert len(shared) > 2 * rounds
        assert [name for name in shared if (SHARED / name.lstrip("/").replace("mp-", "sem.mp-")).exists()] == []
        return before, after

    before, after = asyncio.run(whole(ready_kernels()))
    assert after == before
    assert processes_below(os.getpid()) == set()
    assert sorted(entry.name for entry in folder.iterdir()) == ["nb.py"]
