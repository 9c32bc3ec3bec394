"""Kernels forked from the template: as much on their own as those that were started, and sooner there."""

import asyncio
import contextlib
import errno
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from quire.kernel.child import WARM_UP
from quire.kernel.forking import ForkingKernels, ready_kernels
from quire.kernel.process import KernelProcess
from quire.kernel.spare import SpareKernels
from tests.kernel.processes import PATIENCE, Notebook, is_alive, until_gone

if sys.platform != "linux":
    pytest.skip("kernels are forked on Linux only", allow_module_level=True)

T = TypeVar("T")


class Recorded(ForkingKernels):
    """Remembers its kernels, so that a story that fails ends them too."""

    def __init__(self) -> None:
        super().__init__()
        self.made: list[KernelProcess] = []

    def make_kernel(self) -> KernelProcess:
        self.made.append(super().make_kernel())
        return self.made[-1]


def with_forks(story: Callable[[ForkingKernels], Coroutine[Any, Any, T]]) -> T:
    """Tell a story of a template; afterwards none of its processes is left."""

    async def tell() -> T:
        kernels = Recorded()
        kernels.prepare()
        try:
            return await asyncio.wait_for(story(kernels), PATIENCE)
        finally:
            await asyncio.gather(*(kernel.close() for kernel in kernels.made))
            await asyncio.wait_for(kernels.discard(), PATIENCE)

    return asyncio.run(tell())


def parent_of(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[1])


def pid_of(kernel: KernelProcess) -> int:
    assert kernel.pid is not None
    return kernel.pid


def value(notebook: Notebook, cell: str) -> object:
    output = notebook.output(cell)
    assert output is not None
    return output.text


def test_linux_forks_its_kernels():
    assert isinstance(ready_kernels(), ForkingKernels)
    assert not isinstance(ready_kernels(), SpareKernels)


def test_a_kernel_is_forked_while_the_server_is_still_busy_with_its_imports(file: Path):
    """Nothing turns the event loop between what asks for the kernel and the kernel's being there."""

    async def story(kernels: ForkingKernels) -> None:
        opening = asyncio.create_task(Notebook(kernels.make_kernel()).open(file))
        await kernels.begun()
        until = time.monotonic() + PATIENCE
        while not has_grandchild(os.getpid()):
            assert time.monotonic() < until
        await opening

    with_forks(story)


def has_grandchild(pid: int) -> bool:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            with contextlib.suppress(OSError):  # it ends while one looks
                parents[int(entry.name)] = parent_of(int(entry.name))
    return any(parents.get(parent) == pid for parent in parents.values())


def test_kernels_of_one_template_share_nothing_that_a_cell_can_change(file: Path):
    """Globals, modules, directory, random numbers, environment: each has its own."""
    cells = {
        "a": "import os, sys, random, quire\nseen = getattr(quire, 'left_behind', None)\nquire.left_behind = 1",
        "b": "os.environ['LEFT_BEHIND'] = '1'\nos.chdir('/')\nsys.path.append('/left/behind')",
        "c": "print(seen, random.random())",
    }

    async def story(kernels: ForkingKernels) -> list[str]:
        found: list[str] = []
        for _ in range(2):
            notebook = Notebook(kernels.make_kernel(), **cells)
            await notebook.open(file)
            await notebook.run()
            found.append(notebook.printed("c"))
            await notebook.kernel.close()
        second = Notebook(
            kernels.make_kernel(),
            a="import os, sys\nprint(os.getcwd(), '/left/behind' in sys.path, 'LEFT_BEHIND' in os.environ)",
        )
        await second.open(file)
        await second.run()
        assert second.printed("a") == f"{file.parent} False False\n"
        await second.kernel.close()
        return found

    first, second = with_forks(story)
    assert first.startswith("None ")
    assert second.startswith("None ")
    assert first != second  # their random numbers differ


def test_the_template_imports_for_many_kernels_when_there_is_more_than_one(file: Path):
    async def imported(kernels: ForkingKernels) -> list[str]:
        notebook = Notebook(kernels.make_kernel(), a=f"import sys\nprint(*({set(WARM_UP)} & sys.modules.keys()))")
        await notebook.open(file)
        await notebook.run()
        await notebook.kernel.close()
        return notebook.printed("a").split()

    async def story(kernels: ForkingKernels) -> None:
        first = await imported(kernels)
        assert await imported(kernels) == first  # between the two, there was nothing else to do
        while len(await imported(kernels)) < len(WARM_UP):
            pass

    with_forks(story)


def test_a_forked_kernel_is_in_a_session_of_its_own_and_a_child_of_the_template(file: Path):
    async def story(kernels: ForkingKernels) -> None:
        first, second = Notebook(kernels.make_kernel(), a="1"), Notebook(kernels.make_kernel(), a="1")
        await asyncio.gather(first.open(file), second.open(file))
        pids = [pid_of(notebook.kernel) for notebook in (first, second)]
        await asyncio.gather(first.run(), second.run())
        assert [os.getsid(pid) for pid in pids] == pids
        assert parent_of(pids[0]) == parent_of(pids[1]) != os.getpid()
        await asyncio.gather(first.kernel.close(), second.kernel.close())
        assert [is_alive(pid) for pid in pids] == [False, False]

    with_forks(story)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import os\nos._exit(7)", "it exited with status 7"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)", "SIGSEGV"),
    ],
)
def test_the_end_of_a_forked_kernel_is_told_with_its_reason(file: Path, code: str, reason: str):
    async def story(kernels: ForkingKernels) -> str:
        notebook = Notebook(kernels.make_kernel(), a=code)
        await notebook.open(file)
        notebook.ask()
        await notebook.until(lambda: notebook.exits)
        return notebook.exits[0]

    assert reason in with_forks(story)


def test_what_cells_of_a_forked_kernel_started_ends_with_it(file: Path):
    async def story(kernels: ForkingKernels) -> None:
        notebook = Notebook(kernels.make_kernel(), a="import subprocess\nsubprocess.Popen(['sleep', '1000']).pid")
        await notebook.open(file)
        await notebook.run()
        sleeper = int(str(value(notebook, "a")))
        os.kill(pid_of(notebook.kernel), signal.SIGKILL)
        await notebook.until(lambda: notebook.exits)
        await until_gone(sleeper)
        assert not is_alive(sleeper)

    with_forks(story)


def test_a_forked_kernel_can_be_interrupted(file: Path):
    async def story(kernels: ForkingKernels) -> str:
        notebook = Notebook(kernels.make_kernel(), a="import time\nprint('on', flush=True)\ntime.sleep(1000)")
        await notebook.open(file)
        notebook.ask()
        await notebook.until(lambda: notebook.printed("a"))
        notebook.kernel.interrupt()
        await notebook.until(lambda: notebook.finished("a"))
        await notebook.kernel.close()
        return notebook.outcome("a")

    assert with_forks(story) == "interrupted"


def test_a_template_that_was_killed_takes_its_kernels_along_and_is_replaced(file: Path):
    async def story(kernels: ForkingKernels) -> None:
        first = Notebook(kernels.make_kernel(), a="1 + 1")
        await first.open(file)
        await first.run()
        kernel = pid_of(first.kernel)
        template = parent_of(kernel)
        os.kill(template, signal.SIGKILL)
        await first.until(lambda: first.exits)
        assert "SIGKILL" in first.exits[0]
        await until_gone(kernel)
        second = Notebook(kernels.make_kernel(), a="1 + 1")
        await second.open(file)
        await second.run()
        assert value(second, "a") == "2"
        assert parent_of(pid_of(second.kernel)) not in {template, os.getpid()}
        await second.kernel.close()

    with_forks(story)


def test_a_template_that_cannot_fork_says_so_and_serves_on(monkeypatch: pytest.MonkeyPatch):
    """Its kernel is then started as a program of its own."""
    from quire.kernel.template import _Template

    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    before = signal.getsignal(signal.SIGCHLD)
    try:
        template = _Template(theirs)

        def refuse() -> int:
            raise OSError(errno.EAGAIN, "no more processes")

        monkeypatch.setattr(os, "fork", refuse)
        assert template._obey(["fork", "token"], []) is False
        assert ours.recv(100).decode() == f"failed token {errno.EAGAIN}"
    finally:
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, before)
        ours.close()
        theirs.close()


def test_a_kernel_that_closes_while_it_is_being_forked_leaves_nothing(file: Path):
    async def story(kernels: ForkingKernels) -> None:
        notebook = Notebook(kernels.make_kernel(), a="1")
        opening = asyncio.ensure_future(notebook.open(file))
        await asyncio.sleep(0)
        await notebook.kernel.close()
        await opening
        await until_gone(pid_of(notebook.kernel))
        assert not is_alive(pid_of(notebook.kernel))

    with_forks(story)
