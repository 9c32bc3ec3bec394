"""One kernel in reserve: a process that has imported what a kernel needs, and waits to be bound to a notebook."""

import asyncio
import contextlib

from quire.kernel.ending import Ending
from quire.kernel.process import KernelProcess
from quire.kernel.spawn import Child, spawn

PAUSE = 1.0
"""Seconds after a kernel was handed over until the next one is started: the first run goes before."""


class SpareKernels:
    """Makes kernels that start at once. Use on one event loop; `discard` at its end."""

    def __init__(self) -> None:
        self._next: asyncio.Task[Child] | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._discarded = False

    def make_kernel(self) -> KernelProcess:
        """A kernel whose `start` takes the spare process."""
        return KernelProcess(self.take)

    async def begun(self) -> None:
        """Until the processes that somebody waits for are on their way."""
        await asyncio.sleep(0)

    def prepare(self) -> None:
        """Start the spare process, unless there is one."""
        self._timer = None
        if self._next is None and not self._discarded:
            self._next = asyncio.get_running_loop().create_task(spawn())

    async def take(self) -> Child:
        """The spare process, or one that is started now."""
        waiting, self._next = self._next, None
        child: Child | None = None
        if waiting is not None:
            with contextlib.suppress(OSError):
                child = await waiting
        if child is not None and not child.is_alive:
            child.close()
            child = None
        if child is None:
            child = await spawn()
        if self._timer is None and not self._discarded:
            self._timer = asyncio.get_running_loop().call_later(PAUSE, self.prepare)
        return child

    async def discard(self) -> None:
        """End the spare process, and start no other."""
        self._discarded = True
        if self._timer is not None:
            self._timer.cancel()
        waiting, self._next = self._next, None
        if waiting is None:
            return
        with contextlib.suppress(OSError):
            child = await waiting
            ended = asyncio.Event()
            loop = asyncio.get_running_loop()

            def tell(_: Ending) -> None:
                loop.call_soon_threadsafe(ended.set)

            child.watch(tell)
            child.kill()
            await ended.wait()
            child.close()
