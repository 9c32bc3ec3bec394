"""A session with real kernels and one page, for tests of how things fail."""

import asyncio
import json
import secrets
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from quire.ids import CellId
from quire.kernel.forking import ReadyKernels, ready_kernels
from quire.protocol import commands as c
from quire.protocol.commands import AnyCommand
from quire.protocol.messages import CellView
from quire.session.session import Session, open_notebook
from quire.session.state import Place, SessionState, view_cell

from .model import ids, notebook_text, typed

T = TypeVar("T")
PATIENCE = 60.0


class World:
    """One notebook, open."""

    def __init__(self, path: Path, kernels: ReadyKernels, session: Session | None = None) -> None:
        self.path = path
        place = Place(str(path), path.name, str(path.parent))
        self.session = session or Session(open_notebook(place), kernels.make_kernel)
        self.session.start()
        self.page = self.session.connect()

    @property
    def state(self) -> SessionState:
        return self.session.state

    @property
    def said(self) -> str:
        """What the banner says."""
        return self.state.kernel_message

    def cell(self, number: int) -> CellView:
        return view_cell(self.state, self.state.notebook.cells[number])

    def shown(self, number: int) -> str:
        """The text of the cell's output."""
        output = self.cell(number).output
        return "" if output is None else output.text

    def error(self, number: int) -> dict[str, str]:
        return json.loads(self.shown(number))

    def printed(self, number: int) -> str:
        return "".join(text.text for text in self.cell(number).console)

    def outcomes(self) -> list[str]:
        return [self.cell(number).outcome for number in range(len(ids(self.state)))]

    def ask(self, command: AnyCommand) -> None:
        self.session.submit(self.page, command)

    def run(self, *numbers: int) -> None:
        self.ask(c.RunCells(cells=[ids(self.state)[number] for number in numbers]))

    def write(self, number: int, code: str) -> CellId:
        cell = ids(self.state)[number]
        self.ask(typed(self.state, cell, code))
        return cell

    async def until(self, fact: Callable[[], object]) -> None:
        deadline = time.monotonic() + PATIENCE
        while not fact():
            assert time.monotonic() < deadline, (self.state.kernel, self.said, self.outcomes())
            await asyncio.sleep(0.005)

    async def idle(self) -> None:
        await self.until(lambda: self.state.kernel == "idle")

    async def busy(self, number: int) -> None:
        """The cell runs."""
        await self.until(lambda: self.cell(number).activity == "running")

    async def dead(self) -> None:
        await self.until(lambda: self.state.kernel == "dead")


@contextmanager
def control_group(limit: int) -> Iterator[Path]:
    """A group whose processes may have so many bytes of memory together; whoever is written into the file joins it."""
    first = Path("/sys/fs/cgroup/memory")
    folder = (first if first.exists() else first.parent) / f"quire-{secrets.token_hex(4)}"
    folder.mkdir()
    try:
        name = "memory.limit_in_bytes" if first.exists() else "memory.max"
        (folder / name).write_text(str(limit), encoding="ascii")
        yield folder / "cgroup.procs"
    finally:
        folder.rmdir()


def story(folder: Path, tell: Callable[[World], Awaitable[T]], *cells: str, patience: float = 2 * PATIENCE) -> T:
    """Tell it with an open notebook of these cells; afterwards everything is closed."""
    path = folder / "nb.py"
    path.write_text(notebook_text(*cells), encoding="utf-8")

    async def whole() -> T:
        kernels = ready_kernels()
        world = World(path, kernels)
        try:
            return await tell(world)
        finally:
            await world.session.close()
            await kernels.discard()

    return asyncio.run(asyncio.wait_for(whole(), patience))
