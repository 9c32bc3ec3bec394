"""A notebook in a real kernel process, for tests: what was told, in order, and ways to wait for it."""

import asyncio
import contextlib
import os
import time
from collections.abc import Awaitable, Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from quire.ids import CellId
from quire.kernel.process import KernelProcess
from quire.protocol.kernel import BindNotebook, CellSource, KernelIdle, RunKernelCells, RunNotice, SyncCells
from quire.protocol.messages import ConsoleText, Mode, Output
from quire.protocol.notices import CellFinished, CellStarted, OutputChanged

T = TypeVar("T")
PATIENCE = 60.0
"""Seconds after which a test gives up; nothing here takes as long on any machine."""
REAL_PROCESS = [
    pytest.mark.timeout(2 * PATIENCE),
    pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning"),
]


def plain(value: object) -> Output:
    """What a value without a look of its own shows."""
    return Output(mime="text/plain", text=repr(value))


class Notebook:
    """The session's side of a kernel."""

    def __init__(self, kernel: KernelProcess, **cells: str) -> None:
        self.kernel = kernel
        self.cells = cells
        self.notices: list[RunNotice] = []
        self.console: list[tuple[str, ConsoleText]] = []
        """With the cell that was running, or the last one that ran."""
        self.exits: list[str] = []
        self.log: list[RunNotice | ConsoleText] = []
        self._speaking = ""
        self._changed = asyncio.Event()

    def on_notices(self, notices: list[RunNotice]) -> None:
        self.notices += notices
        self.log += notices
        for notice in notices:
            if isinstance(notice, CellStarted):
                self._speaking = notice.cell
        self._changed.set()

    def on_console(self, text: ConsoleText) -> None:
        self.console.append((self._speaking, text))
        self.log.append(text)
        self._changed.set()

    def on_exit(self, reason: str) -> None:
        self.exits.append(reason)
        self._changed.set()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something that was told makes it true."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            self._changed.clear()
            left = deadline - time.monotonic()
            assert left > 0, f"still waiting; told so far: {self.log[-5:]}"
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), min(left, 0.2))

    async def open(self, path: Path, mode: Mode = "edit") -> None:
        await self.kernel.start(self)
        bind = BindNotebook(
            path=str(path),
            directory=str(path.parent),
            arguments=["--fast"],
            mode=mode,
            reactive_tests=mode == "edit",
        )
        self.kernel.send(bind)
        self.sync(**self.cells)

    def sync(self, **cells: str) -> None:
        self.cells |= cells
        order = [CellId(cell) for cell in self.cells]
        changed = [
            CellSource(id=CellId(cell), type="cell", name="_", code=code, line=10 * order.index(CellId(cell)) + 1)
            for cell, code in cells.items()
        ]
        self.kernel.send(SyncCells(order=order, changed=changed))

    def ask(self, *cells: str) -> None:
        self.kernel.send(RunKernelCells(cells=[CellId(cell) for cell in cells or self.cells]))

    async def run(self, *cells: str) -> None:
        """Run these (or all) to the end."""
        idles = self.idles()
        self.ask(*cells)
        # One for what was sent before, at most; the last belongs to this command once all asked cells have ended.
        wanted = set(cells or self.cells)
        start = len(self.notices)
        await self.until(
            lambda: (
                self.idles() > idles
                and wanted <= {n.cell for n in self.notices[start:] if isinstance(n, CellFinished)}
                and isinstance(self.notices[-1], KernelIdle)
            )
        )

    def idles(self) -> int:
        return sum(isinstance(notice, KernelIdle) for notice in self.notices)

    def output(self, cell: str) -> Output | None:
        """The last one."""
        return [n.output for n in self.notices if isinstance(n, OutputChanged) and n.cell == cell][-1]

    def outcome(self, cell: str) -> str:
        return [n.outcome for n in self.notices if isinstance(n, CellFinished) and n.cell == cell][-1]

    def finished(self, cell: str) -> bool:
        return any(isinstance(n, CellFinished) and n.cell == cell for n in self.notices)

    def started(self, cell: str) -> bool:
        return any(isinstance(n, CellStarted) and n.cell == cell for n in self.notices)

    def printed(self, cell: str, stream: str = "stdout", *, late: bool = False) -> str:
        return "".join(
            text.text
            for speaking, text in self.console
            if speaking == cell and (text.stream, text.late) == (stream, late)
        )


def with_kernel(path: Path, story: Callable[[Notebook], Coroutine[Any, Any, T]], **cells: str) -> T:
    """Tell a story of a notebook in a real kernel. Afterwards, its process is gone."""

    async def tell() -> T:
        notebook = Notebook(KernelProcess(), **cells)
        await notebook.open(path)
        try:
            return await asyncio.wait_for(story(notebook), PATIENCE)
        finally:
            await notebook.kernel.close()
            assert notebook.kernel.pid is not None
            assert not is_alive(notebook.kernel.pid)

    return asyncio.run(tell())


def is_alive(pid: int) -> bool:
    """True for a process that has not ended; one that has ended and waits to be reaped is not alive."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{pid}/stat")
    return not status.exists() or status.read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in {"Z", "X"}


async def until_gone(pid: int) -> None:
    """Wait until the process has ended."""
    deadline = time.monotonic() + PATIENCE
    while is_alive(pid):
        assert time.monotonic() < deadline, f"process {pid} is still there"
        await asyncio.sleep(0.02)


Story = Callable[[Notebook], Awaitable[None]]
