"""The fake kernel keeps the promises of the real one, without a process."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from quire.ids import CellId, ElementId
from quire.kernel.fake import FakeKernel
from quire.kernel.link import Kernel
from quire.kernel.process import KernelProcess
from quire.protocol.kernel import (
    BindNotebook,
    CellSource,
    KernelIdle,
    KernelReady,
    RunKernelCells,
    RunNotice,
    SetKernelElements,
    SyncCells,
)
from quire.protocol.messages import ConsoleText, Output
from quire.protocol.notices import CellFinished, CellStarted, OutputChanged


class Session:
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.log: list[RunNotice | ConsoleText | str] = []

    def on_notices(self, notices: list[RunNotice]) -> None:
        self.log += notices

    def on_console(self, text: ConsoleText) -> None:
        self.log.append(text)

    def on_exit(self, reason: str) -> None:
        self.log.append(reason)

    async def idle(self) -> None:
        while not self.log or not isinstance(self.log[-1], KernelIdle):
            await asyncio.sleep(0)

    def kinds(self) -> list[str]:
        return [type(entry).__name__ for entry in self.log]


def cells(*codes: str) -> SyncCells:
    changed = [
        CellSource(id=CellId(name), type="cell", name="_", code=code, line=10 * index + 1)
        for index, (name, code) in enumerate(zip("abc", codes, strict=False))
    ]
    return SyncCells(order=[source.id for source in changed], changed=changed)


def tell(story: Callable[[FakeKernel, Session], Coroutine[Any, Any, None]]) -> None:
    async def run() -> None:
        kernel, session = FakeKernel(), Session()
        await kernel.start(session)
        kernel.send(BindNotebook(path="/nowhere/fake.py", directory="/nowhere"))
        await story(kernel, session)
        await kernel.close()

    asyncio.run(run())


def test_both_kernels_are_kernels():
    def take(kernel: Kernel) -> Kernel:
        return kernel

    assert take(FakeKernel())
    assert take(KernelProcess())


def test_cells_run_and_print_in_order():
    async def story(kernel: FakeKernel, session: Session) -> None:
        kernel.send(cells("x = 1\nprint('hello')\nx", "x + 1"), RunKernelCells(cells=[CellId("a")]))
        await session.idle()
        assert session.log[0] == KernelReady(pid=0)
        started = session.kinds().index("CellStarted")
        assert session.kinds()[started:] == [
            "CellStarted",
            "ConsoleText",
            "OutputChanged",
            "CellFinished",
            "CellStarted",
            "OutputChanged",
            "CellFinished",
            "KernelIdle",
        ]
        assert OutputChanged(cell=CellId("b"), output=Output(mime="text/plain", text="2")) in session.log

    tell(story)


def test_elements_react():
    async def story(kernel: FakeKernel, session: Session) -> None:
        kernel.send(cells("import quire as qr\ns = qr.ui.slider(0, 9)", "s.value"), RunKernelCells(cells=[CellId("a")]))
        await session.idle()
        session.log.clear()
        kernel.send(SetKernelElements(values={ElementId("a-0"): 5}))
        await session.idle()
        assert OutputChanged(cell=CellId("b"), output=Output(mime="text/plain", text="5")) in session.log

    tell(story)


def test_an_interrupt_comes_in_between_two_cells():
    async def story(kernel: FakeKernel, session: Session) -> None:
        kernel.send(cells("x = 1", "y = x", "z = y"), RunKernelCells(cells=[CellId("a")]))
        while "CellStarted" not in session.kinds():
            await asyncio.sleep(0)
        kernel.interrupt()
        await session.idle()
        started = [entry.cell for entry in session.log if isinstance(entry, CellStarted)]
        finished = [entry.cell for entry in session.log if isinstance(entry, CellFinished)]
        assert len(started) < 3
        assert finished == ["a", "b", "c"]

    tell(story)


def test_a_kernel_that_dies_says_so_and_one_that_is_closed_does_not():
    async def story(kernel: FakeKernel, session: Session) -> None:
        await session.idle()
        kernel.die("the kernel exited with status 3")
        assert session.log[-1] == "the kernel exited with status 3"
        kernel.send(RunKernelCells(cells=[]))
        other, quiet = FakeKernel(), Session()
        await other.start(quiet)
        await other.close()
        assert quiet.log == []

    tell(story)
