"""A kernel that stands ready for the next notebook, where none can be forked."""

import asyncio
import os
import signal
from pathlib import Path

from quire.kernel.ending import Ending
from quire.kernel.spare import SpareKernels
from quire.kernel.spawn import Child, spawn

from .processes import PATIENCE, REAL_PROCESS, Notebook, is_alive, plain

pytestmark = REAL_PROCESS


def test_a_spare_kernel_is_handed_over_and_another_one_started(file: Path):
    async def tell() -> None:
        spares = SpareKernels()
        spares.prepare()
        first = Notebook(spares.make_kernel(), a="import os\nos.getpid()")
        await first.open(file)
        await first.run()
        assert first.output("a") == plain(first.kernel.pid)
        spares.prepare()
        second = Notebook(spares.make_kernel(), a="1 + 1")
        await second.open(file)
        await second.run()
        assert second.output("a") == plain(2)
        assert second.kernel.pid != first.kernel.pid
        await asyncio.gather(first.kernel.close(), second.kernel.close())
        await spares.discard()

    asyncio.run(tell())


def test_a_spare_kernel_that_died_is_replaced(file: Path):
    async def tell() -> None:
        spares = SpareKernels()
        spares.prepare()
        child = await spares.take()
        child.kill()
        await asyncio.to_thread(os.waitid, os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

        async def dead() -> Child:
            return child

        spares._next = asyncio.ensure_future(dead())
        notebook = Notebook(spares.make_kernel(), a="1 + 1")
        await notebook.open(file)
        await notebook.run()
        assert notebook.output("a") == plain(2)
        await notebook.kernel.close()
        await spares.discard()

    asyncio.run(tell())


def test_a_discarded_spare_kernel_is_gone():
    async def tell() -> int:
        spares = SpareKernels()
        child = await spares.take()
        pid = child.pid

        async def waiting() -> Child:
            return child

        spares._next = asyncio.ensure_future(waiting())
        await spares.discard()
        spares.prepare()
        assert spares._next is None
        return pid

    assert not is_alive(asyncio.run(tell()))


def test_the_end_of_a_kernel_is_told_also_when_it_is_killed_as_it_ends():
    """It has ended, nobody has heard of that yet, and then it is killed for not ending in time."""

    async def story() -> Ending:
        child = await spawn()
        loop, told = asyncio.get_running_loop(), asyncio.Event()
        endings: list[Ending] = []
        os.kill(child.pid, signal.SIGTERM)
        await asyncio.to_thread(os.waitid, os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        child.kill()

        def ended(ending: Ending) -> None:
            endings.append(ending)
            loop.call_soon_threadsafe(told.set)

        child.watch(ended)
        await told.wait()
        child.close()
        return endings[0]

    assert asyncio.run(asyncio.wait_for(story(), PATIENCE)).status == -signal.SIGTERM
