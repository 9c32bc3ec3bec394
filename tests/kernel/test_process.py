"""The real kernel: a process that runs, prints, hangs, and is interrupted."""

import asyncio
import json
import os
import signal
import textwrap
from pathlib import Path

import pytest

from quire.ids import CellId, ElementId
from quire.kernel.printed import FREELY
from quire.kernel.process import KernelProcess
from quire.protocol.kernel import BindNotebook, KernelIdle, KernelReady, SetKernelElements
from quire.protocol.messages import Output
from quire.protocol.notices import CellFinished, CellStarted, OutputChanged

from .processes import REAL_PROCESS, Notebook, plain, with_kernel

pytestmark = REAL_PROCESS


# -- where cells run


def test_cells_run_as_the_main_program_in_the_notebooks_directory(file: Path):
    (file.parent / "beside.py").write_text("answer = 42\n", encoding="utf-8")

    async def story(notebook: Notebook) -> None:
        await notebook.run()
        directory = str(file.parent)
        expected = ("__main__", str(file), [str(file), "--fast"], directory, directory)
        assert notebook.output("a") == plain(repr(expected))
        assert notebook.output("b") == plain(True)
        assert notebook.output("c") == plain(42)
        assert notebook.output("d") == plain(True)

    with_kernel(
        file,
        story,
        a="import os, sys\nrepr((__name__, __file__, sys.argv, sys.path[0], os.getcwd()))",
        b="sys.modules['__main__'].__dict__ is globals()",
        c="import beside\nbeside.answer",
        d="import pickle\nclass P: pass\nisinstance(pickle.loads(pickle.dumps(P())), P)",
    )


def test_a_kernel_is_ready_once_it_is_bound(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.until(lambda: notebook.notices)
        assert notebook.notices[0] == KernelReady(pid=notebook.kernel.pid or 0)

    with_kernel(file, story)


def test_idle_comes_after_everything_that_was_asked(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        assert isinstance(notebook.notices[-1], KernelIdle)
        before = [notice for notice in notebook.notices if isinstance(notice, CellFinished)]
        assert [notice.cell for notice in before] == ["a", "b"]

    with_kernel(file, story, a="x = 1", b="x")


def test_a_traceback_names_the_line_of_the_file(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        output = notebook.output("b")
        assert output is not None
        frame = json.loads(output.text)["frames"][-1]
        assert (frame["file"], frame["line"], frame["cellLine"], frame["cell"]) == (str(file), 12, 2, "b")
        assert len(json.loads(output.text)["frames"]) == 1

    with_kernel(file, story, a="x = 1", b="y = x\n1 / 0")


# -- printing


def test_text_belongs_to_the_cell_that_printed_it_and_comes_before_its_end(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        for number in range(30):
            assert notebook.printed(f"c{number}") == f"out {number}\n"
            assert notebook.printed(f"c{number}", "stderr") == f"err {number}\n"
        assert not any(text.late for _, text in notebook.console)

    with_kernel(
        file,
        story,
        **{f"c{n}": f"import sys\nprint('out {n}')\nprint('err {n}', file=sys.stderr)" for n in range(30)},
    )


def test_text_is_told_while_its_cell_runs(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.printed("a") == "so far\n")
        assert not notebook.finished("a")
        notebook.kernel.interrupt()
        await notebook.until(lambda: notebook.finished("a"))

    with_kernel(file, story, a="import time\nprint('so far')\ntime.sleep(1000)")


def test_what_c_code_and_other_processes_print_is_captured(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        assert sorted(notebook.printed("a").split()) == ["c", "child", "fd", "python"]
        assert notebook.printed("a", "stderr") == "child err\n"

    with_kernel(
        file,
        story,
        a="""
import ctypes, os, subprocess
print("python")
os.write(1, b"fd\\n")
ctypes.CDLL(None).puts(b"c")
subprocess.run("echo child; echo child err >&2", shell=True)
""",
    )


def test_a_thread_that_prints_after_its_cell_is_late(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        await notebook.until(lambda: "from the thread" in notebook.printed("a", late=True))
        assert notebook.printed("a") == "from the cell\n"

    with_kernel(
        file,
        story,
        a="""
import threading, time
def later():
    time.sleep(0.3)
    print("from the thread")
threading.Thread(target=later).start()
print("from the cell")
""",
    )


def test_a_thread_is_heard_after_its_cell_without_ending_a_line(file: Path):
    """The kernel sleeps then; what is written wakes it."""

    async def story(notebook: Notebook) -> None:
        await notebook.run()
        for number in range(3):
            (file.parent / f"go{number}").touch()
            await notebook.until(lambda number=number: notebook.printed("a", late=True) == "." * (number + 1))

    with_kernel(
        file,
        story,
        a="""
import os, threading, time
def later():
    for number in range(3):
        while not os.path.exists(f"go{number}"):
            time.sleep(0.01)
        print(".", end="")
threading.Thread(target=later).start()
""",
    )


def test_a_million_lines_are_bounded_and_the_last_ones_are_there(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        told = notebook.printed("a")
        assert notebook.outcome("a") == "succeeded"
        assert told.endswith("999998\n999999\n")
        assert told.startswith("0\n1\n2\n")
        assert len(notebook.console) < 2_000
        assert max(len(text.text) for _, text in notebook.console) <= FREELY
        assert notebook.output("b") == plain(2)

    with_kernel(file, story, a="for i in range(1_000_000):\n    print(i)", b="1 + 1")


@pytest.mark.parametrize(
    "damage",
    [
        "import os; os.close(1); os.close(2)",
        "import os; os.dup2(os.open(os.devnull, os.O_WRONLY), 1)",
        "import sys; sys.stdout.close()",
        "import sys; sys.stdout = sys.stderr = None",
        "import os; os.set_blocking(1, False)",
        "import sys\nclass S:\n    closed = False\n    def write(self, t): pass\n    def flush(self): raise OSError\nsys.stderr = S()",
    ],
)
def test_a_cell_cannot_break_the_streams_of_the_next(file: Path, damage: str):
    async def story(notebook: Notebook) -> None:
        await notebook.run("a")
        await notebook.run("b")
        assert notebook.printed("b") == "still here\n"

    with_kernel(file, story, a=damage, b="import os\nos.write(1, b'still here\\n');")


def test_a_kernel_without_any_stream_still_runs_cells(file: Path):
    """Code that makes itself a daemon closes every descriptor, also those it does not know: the link stays."""

    async def story(notebook: Notebook) -> None:
        await notebook.run("a")
        await notebook.run("b")
        assert notebook.output("b") == plain(2)

    code = textwrap.dedent("""
        import os
        def close():
            for fd in range(3, 256):
                try:
                    if 'pipe' in os.readlink(f'/proc/self/fd/{fd}'):
                        os.close(fd)
                except OSError:
                    pass
        close()
    """)
    with_kernel(file, story, a=code, b="1 + 1")


# -- interrupting


@pytest.mark.parametrize(
    "code",
    [
        "while True:\n    pass",
        "import time\ntime.sleep(1000)",
        "import asyncio\nawait asyncio.sleep(1000)",
        "import asyncio\nawait asyncio.sleep(0)\nwhile True:\n    pass",
        "import subprocess\nsubprocess.run(['sleep', '1000'])",
        "import subprocess\nsubprocess.run(['sh', '-c', \"trap '' INT; sleep 1000\"])",
        "import ctypes\nctypes.CDLL(None).sleep(1000)",
        "import threading\nthreading.Event().wait()",
        "import signal, time\nsignal.signal(signal.SIGINT, signal.default_int_handler)\ntime.sleep(1000)",
    ],
)
def test_whatever_runs_can_be_interrupted(file: Path, code: str):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.started("a"))
        await asyncio.sleep(0.2)  # let it begin to wait; an earlier interrupt works too
        notebook.kernel.interrupt()
        await notebook.until(lambda: notebook.finished("b"))
        assert notebook.outcome("a") == "interrupted"
        assert not notebook.started("b")
        output = notebook.output("a")
        assert output is not None
        assert json.loads(output.text)["error"] == "KeyboardInterrupt"
        await notebook.run("c")
        assert notebook.output("c") == plain(2)

    with_kernel(file, story, a=code, b="'not run'", c="1 + 1")


def test_an_interrupt_of_an_idle_kernel_does_nothing(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        for _ in range(5):
            notebook.kernel.interrupt()
        await notebook.run("a")
        assert notebook.outcome("a") == "succeeded"
        assert notebook.exits == []

    with_kernel(file, story, a="1")


def test_an_interrupt_before_the_kernel_is_ready_does_no_harm(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.kernel.interrupt()
        await notebook.run()
        assert notebook.exits == []

    with_kernel(file, story, a="1")


def test_an_output_that_takes_for_ever_can_be_interrupted(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: "showing" in notebook.printed("a"))
        notebook.kernel.interrupt()
        await notebook.until(lambda: notebook.finished("a"))
        assert notebook.outcome("a") == "succeeded"
        output = notebook.output("a")
        assert output is not None
        assert "interrupted" in output.text

    code = "class A:\n    def __repr__(self):\n        print('showing')\n        while True: pass\nA()"
    with_kernel(file, story, a=code)


# -- large and slow


def test_a_gigabyte_of_text_is_replaced_by_a_message(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run("a")
        output = notebook.output("a")
        assert output is not None
        assert "1,000.0 MB" in output.text
        await notebook.run("b")
        assert notebook.output("b") == plain(1_000_000_000)

    with_kernel(file, story, a="x = 'x' * 1_000_000_000\nx", b="len(x)")


def test_a_large_command_and_a_large_output_pass_the_link(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        output = notebook.output("a")
        assert output is not None
        assert len(output.text) == 7_000_000 + 2

    with_kernel(file, story, a=f"text = '{'x' * 7_000_000}'\ntext")


def test_new_values_that_arrive_while_a_cell_runs_are_merged(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        start = len(notebook.notices)
        for value in range(1, 101):
            notebook.kernel.send(SetKernelElements(values={ElementId("a-0"): value}))
            await asyncio.sleep(0)
        await notebook.until(
            lambda: notebook.output("b") == plain(100) and isinstance(notebook.notices[-1], KernelIdle)
        )
        runs = [n for n in notebook.notices[start:] if isinstance(n, CellStarted) and n.cell == "b"]
        assert len(runs) < 50
        assert not any(isinstance(n, CellStarted) and n.cell == "a" for n in notebook.notices[start:])

    slow = "import time\ntime.sleep(0.05)\ns.value"
    with_kernel(file, story, a="import quire as qr\ns = qr.ui.slider(0, 100)", b=slow)


def test_results_are_told_while_later_cells_still_run(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await notebook.until(lambda: notebook.started("b"))
        assert notebook.output("a") == plain(1)
        notebook.kernel.interrupt()
        await notebook.until(lambda: notebook.finished("b"))

    with_kernel(file, story, a="x = 1\nx", b="import time\nx\ntime.sleep(1000)")


# -- the rest of a kernel's life


def test_commands_sent_before_the_start_are_not_lost(file: Path):
    async def tell() -> None:
        kernel = KernelProcess()
        notebook = Notebook(kernel, a="1 + 1")
        kernel.send(BindNotebook(path=str(file), directory=str(file.parent)))
        notebook.sync(a="1 + 1")
        notebook.ask()
        await kernel.start(notebook)
        await notebook.until(lambda: notebook.finished("a"))
        assert notebook.output("a") == plain(2)
        await kernel.close()

    asyncio.run(tell())


def test_tasks_of_an_asynchronous_cell_go_on_while_the_kernel_is_idle(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run("a")
        await notebook.until(lambda: "tick 3" in notebook.printed("a", late=True))
        await notebook.run("b")
        assert notebook.output("b") == plain(2)

    code = """
import asyncio
async def tick():
    for number in range(4):
        await asyncio.sleep(0.02)
        print("tick", number)
    return "done"
task = asyncio.create_task(tick())
await asyncio.sleep(0)
"""
    with_kernel(file, story, a=code, b="1 + 1")


def test_elements_and_figures_arrive(file: Path):

    async def story(notebook: Notebook) -> None:
        await notebook.run()
        figure = notebook.output("b")
        assert figure is not None
        assert figure.mime == "image/png"
        assert notebook.printed("b", "stderr") == ""
        assert isinstance(notebook.output("a"), Output)
        assert CellId("a") in {n.cell for n in notebook.notices if isinstance(n, OutputChanged)}

    with_kernel(
        file,
        story,
        a="import quire as qr\nqr.ui.slider(0, 10)",
        b="import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()",
    )


def test_signals_of_the_terminal_do_not_reach_the_kernel(file: Path):
    """Ctrl-C in the terminal of the server is the server's affair."""

    async def story(notebook: Notebook) -> None:
        await notebook.run()
        assert notebook.kernel.pid is not None
        assert os.getpgid(notebook.kernel.pid) != os.getpgid(0)
        assert os.getsid(notebook.kernel.pid) != os.getsid(0)
        assert signal.getsignal(signal.SIGINT) is not signal.SIG_IGN

    with_kernel(file, story, a="1")
