"""How real kernels end: killed, closed, left behind by their server, or damaged by what a cell does; and who is told."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import Queue

import pytest

from quire.kernel.ending import Ending, describe_ending
from quire.kernel.process import GRACE
from quire.kernel.spawn import spawn
from quire.protocol.kernel import BindNotebook

from .processes import REAL_PROCESS, Notebook, is_alive, plain, until_gone, with_kernel

pytestmark = REAL_PROCESS


MB = 1_000_000


@pytest.mark.parametrize(
    ("status", "out_of_memory", "words"),
    [
        (3, None, "it exited with status 3"),
        (-signal.SIGTERM, None, "it was killed by signal 15 (SIGTERM)"),
        (-signal.SIGSEGV, None, "SIGSEGV), so compiled code crashed or recursion went too deep"),
        (-signal.SIGKILL, True, "the system has ended it (SIGKILL), because memory ran out"),
        (-signal.SIGKILL, False, "it was killed by signal 9 (SIGKILL), by a program, not for want of memory"),
        (-signal.SIGKILL, None, "it was killed by signal 9 (SIGKILL), most likely because memory ran out"),
        (-99, None, "it was killed by signal 99"),
    ],
)
def test_an_end_is_told_in_words_with_as_much_as_is_known(status: int, *, out_of_memory: bool | None, words: str):
    told = describe_ending(Ending(status, 1_234_567_890), out_of_memory=out_of_memory)
    assert words in told
    assert told.endswith("; it had used up to 1,234.6 MB of memory")
    assert "MB" not in describe_ending(Ending(status), out_of_memory=out_of_memory)


CRASHES = [
    ("os._exit(3)", "it exited with status 3"),
    ("os.kill(os.getpid(), signal.SIGKILL)", "signal 9 (SIGKILL), by a program, not for want of memory"),
    ("faulthandler._sigsegv()", "signal 11 (SIGSEGV)"),
    ("faulthandler._sigabrt()", "signal 6 (SIGABRT)"),
    ("faulthandler._stack_overflow()", "signal 11 (SIGSEGV)"),
]


@pytest.mark.parametrize(("code", "reason"), CRASHES)
def test_a_kernel_that_dies_says_why_how_much_memory_it_had_and_what_it_printed_last(
    file: Path, code: str, reason: str
):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.exits)
        (told,) = notebook.exits
        assert reason in told
        peak = re.search(r"it had used up to ([\d,.]+) MB of memory", told)
        assert peak is not None
        assert 200 < float(peak[1].replace(",", "")) < 1_000
        assert notebook.started("a")
        assert not notebook.finished("a")
        assert "last words" in notebook.printed("a")
        notebook.kernel.send(BindNotebook(path="", directory=""))  # nobody hears; nothing is raised
        notebook.kernel.interrupt()

    memory = "large = bytearray(200_000_000)\nlarge[::1000] = b'x' * 200_000\ndel large\n"
    with_kernel(file, story, a=f"import faulthandler, os, signal\n{memory}print('last words', flush=True)\n{code}")


def test_a_crash_of_compiled_code_names_the_line_of_the_file_in_the_cells_console(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.exits)
        told = notebook.printed("b", "stderr")
        assert "Fatal Python error: Segmentation fault" in told
        assert f'File "{file}", line 13 in broken\n  File "{file}", line 14 in <module>' in told
        assert notebook.printed("a", "stderr") == ""

    with_kernel(file, story, a="x = 1", b="import ctypes, os\ndef broken():\n    return ctypes.string_at(x)\nbroken()")


def test_what_a_kernel_started_ends_with_it(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run("a")
        output = notebook.output("a")
        assert output is not None
        children.append(int(output.text))
        assert is_alive(children[0])

    children: list[int] = []
    with_kernel(file, story, a="import subprocess\np = subprocess.Popen(['sleep', '1000'])\np.pid")
    asyncio.run(until_gone(children[0]))


def test_children_of_a_kernel_that_dies_do_not_stay_behind(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.exits)
        child = int(notebook.printed("a"))
        await until_gone(child)
        assert not is_alive(child)

    with_kernel(
        file,
        story,
        a="import os, subprocess\np = subprocess.Popen(['sleep', '1000'])\nprint(p.pid, flush=True)\nos._exit(1)",
    )


@pytest.mark.parametrize(
    "code",
    [
        "import time\ntime.sleep(1000)",
        "while True:\n    pass",
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()",
        "import time\nwhile True:\n    try:\n        time.sleep(1000)\n    except BaseException:\n        pass",
        "sum(iter(int, 1))",
        "import signal, time\nsignal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))\ntime.sleep(1000)",
    ],
)
def test_closing_ends_whatever_runs(file: Path, code: str):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.started("a"))
        before = time.monotonic()
        await notebook.kernel.close()
        assert time.monotonic() - before < GRACE + 10
        assert notebook.exits == []

    with_kernel(file, story, a=code)


def test_a_kernel_that_has_ended_and_is_killed_once_more_is_told_to_have_ended():
    """Only one may ask the system for the status of a process, and get it."""
    child = asyncio.run(spawn())
    os.kill(child.pid, signal.SIGKILL)
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)

    child.kill()
    told: Queue[Ending] = Queue()
    child.watch(told.put)

    assert told.get(timeout=30).status == -signal.SIGKILL
    child.close()


def test_closing_lets_code_clean_up(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.printed("a") == "begun\n")
        await notebook.kernel.close()

    with_kernel(
        file,
        story,
        a="import atexit, time\natexit.register(open('at_exit', 'w').close)\n"
        "try:\n    print('begun')\n    time.sleep(1000)\nfinally:\n    open('cleaned', 'w').close()",
    )
    assert (file.parent / "cleaned").exists()
    assert (file.parent / "at_exit").exists()


def test_closing_twice_is_closing_once(file: Path):
    async def story(notebook: Notebook) -> None:
        pid = notebook.kernel.pid
        assert pid is not None
        await asyncio.gather(notebook.kernel.close(), notebook.kernel.close())
        assert not is_alive(pid)
        assert notebook.exits == []

    with_kernel(file, story)


@pytest.mark.parametrize(
    "code",
    [
        "import time; time.sleep(1000)",
        # Only Linux tells a process that its parent has ended when the process itself cannot look.
        *(["import itertools; sum(itertools.repeat(1))"] if sys.platform == "linux" else []),
    ],
)
def test_a_kernel_ends_with_its_server(tmp_path: Path, code: str):
    """Also when the server had no time to say so, and a cell is running that lets no other thread run."""
    server = f"""
import asyncio, os, sys
sys.path.insert(0, {str(Path(__file__).parent.parent.parent)!r})
from pathlib import Path
from tests.kernel.processes import Notebook
from quire.kernel.printed import FREELY
from quire.kernel.process import KernelProcess
async def main():
    notebook = Notebook(KernelProcess(), a={code!r})
    await notebook.open(Path({str(tmp_path / "notebook.py")!r}))
    notebook.ask()
    await notebook.until(lambda: notebook.started("a"))
    print(notebook.kernel.pid, flush=True)
    await asyncio.sleep(1000)
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", server], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        pid = int(process.stdout.readline())
        assert is_alive(pid)
        process.kill()
    asyncio.run(until_gone(pid))


def test_a_link_that_somebody_writes_into_ends_the_kernel(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.exits)
        assert "written into its connection" in notebook.exits[0]

    code = """
import os, stat
for fd in range(3, 64):
    try:
        if stat.S_ISSOCK(os.fstat(fd).st_mode):
            os.write(fd, b"rubbish, and not a frame")
    except OSError:
        pass
import time; time.sleep(1000)
"""
    with_kernel(file, story, a=code)


def test_a_cell_that_closes_the_link_ends_the_kernel_and_is_told_why(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.exits)
        assert "closed the kernel's connection" in notebook.printed("a", "stderr")

    with_kernel(file, story, a="import os\nos.closerange(3, 256)")


@pytest.mark.parametrize(
    "damage",
    [
        "import sys\nsys.setrecursionlimit(60)",
        "import time\ntime.time = time.perf_counter = None",
        "import builtins\nbuiltins.__import__ = None",
        "import sys\nsys.meta_path.clear()",
    ],
)
def test_what_a_cell_does_to_python_does_not_end_the_kernel(file: Path, damage: str):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        await asyncio.sleep(0.6)  # the kernel imports ahead while nothing is to do
        await notebook.run("b")
        assert notebook.output("b") == plain(2)
        assert notebook.exits == []

    with_kernel(file, story, a=damage, b="1 + 1")
