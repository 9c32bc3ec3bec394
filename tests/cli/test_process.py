"""`quire edit` as a person runs it: real processes from start to end, and none left afterwards."""

import asyncio
import contextlib
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.codec import decode_notices, encode
from quire.protocol.messages import Update

from .serving import DEADLINE, Command, command, wait_for

NOTEBOOK = """import quire

app = quire.App()


@app.cell
def _():
    x = 1
    x
    return (x,)


@app.cell
def _(x):
    print("y is", x + 1)
    return


if __name__ == "__main__":
    app.run()
"""


async def until(page, found: Callable[[object], bool]):
    """The first notice for which this is so."""
    while True:
        for notice in decode_notices(await asyncio.wait_for(page.recv(), DEADLINE)):
            if found(notice):
                return notice


def has_printed(text: str) -> Callable[[object], bool]:
    """True of the notice that shows this text in a console, or of an opening in which a cell has printed already."""
    return lambda m: (
        (isinstance(m, n.ConsoleWritten) and text in m.console.text)
        or (isinstance(m, n.NotebookOpened) and any(cell.console for cell in m.cells))
    )


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "nb.py"
    path.write_text(NOTEBOOK)
    return path


def test_a_notebook_is_served_run_edited_and_saved(notebook):
    async def work(quire: Command):
        async with quire.page() as page:
            opened = await until(page, lambda notice: isinstance(notice, n.NotebookOpened))
            first = opened.cells[0].id
            update = Update(client_id="me", changes=[4, [1, "5"], 2])
            await page.send(encode([c.PushUpdates(cell=first, version=0, updates=[update]), c.RunCells(cells=[first])]))
            printed = await until(page, lambda m: isinstance(m, n.ConsoleWritten) and "6" in m.console.text)
            return printed.console.text

    with command("edit", "nb.py", "--port", "0", cwd=notebook.parent) as quire:
        assert quire.status() in {200, 503}
        assert asyncio.run(work(quire)) == "y is 6\n"
        assert len(quire.relatives()) >= 2
        status, printed = quire.stop()  # before the second after the edit is over
        assert (status, "Traceback" in printed) == (0, False), printed
        wait_for(lambda: quire.relatives() == [])
    assert "    x = 5\n" in notebook.read_text()
    assert sorted(path.name for path in notebook.parent.iterdir() if path.name != "__pycache__") == ["nb.py"]


def test_a_notebook_that_nobody_has_open_any_more_ends_and_comes_back_with_its_page(notebook):
    notebook.write_text(NOTEBOOK.replace('print("y is", x + 1)', 'print("y is", __import__("os").getpid())'))

    async def kernel(quire: Command) -> int:
        async with quire.page() as page:
            notice = await until(page, has_printed("y is"))
            console = notice.console if isinstance(notice, n.ConsoleWritten) else notice.cells[1].console[0]
            return int(console.text.split()[-1])

    with command("edit", "nb.py", "--port", "0", "--session-ttl", "0", cwd=notebook.parent) as quire:
        first = asyncio.run(kernel(quire))
        assert first in quire.relatives()
        wait_for(lambda: first not in quire.relatives())
        assert quire.status() in {200, 503}
        assert asyncio.run(kernel(quire)) != first
        status, printed = quire.stop()
        assert (status, "Traceback" in printed) == (0, False), printed


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_everything_at_once_also_in_the_middle_of_a_cell(notebook, number):
    notebook.write_text(
        NOTEBOOK.replace("    x = 1\n", "    print('begun', flush=True)\n    while True:\n        x = 1\n")
    )

    async def begun(quire: Command):
        async with quire.page() as page:
            await until(page, has_printed("begun"))

    with command("edit", "nb.py", "--port", "0", cwd=notebook.parent) as quire:
        asyncio.run(begun(quire))
        status, printed = quire.stop(number)
        assert (status, "Traceback" in printed) == (0, False), printed
        wait_for(lambda: quire.relatives() == [])


def test_a_closed_terminal_is_nothing_to_an_editor_that_was_started_by_nohup(notebook):
    with command("edit", "nb.py", "--port", "0", cwd=notebook.parent, by=("nohup",)) as quire:
        quire.process.send_signal(signal.SIGHUP)
        assert quire.status() in {200, 503}
        assert quire.stop()[0] == 0


def test_a_signal_before_anything_has_started_ends_it_too(notebook):
    with command("edit", "nb.py", "--port", "0", cwd=notebook.parent) as quire:
        status, printed = quire.stop()
        assert (status, "Traceback" in printed) == (0, False), printed
        wait_for(lambda: quire.relatives() == [])


def test_impatience_leaves_no_process(notebook):
    """The kernel does not hear that it should end, and somebody presses ctrl-c again and again."""
    notebook.write_text(NOTEBOOK.replace("    x = 1\n", "    x = sum(iter(int, 1))\n"))

    with command("edit", "nb.py", "--port", "0", cwd=notebook.parent) as quire:
        wait_for(lambda: quire.status() in {200, 503})
        deadline = time.monotonic() + DEADLINE
        while quire.process.poll() is None:
            assert time.monotonic() < deadline
            quire.process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                quire.process.wait(0.05)
        wait_for(lambda: quire.relatives() == [])


def test_a_kernel_that_is_killed_is_told_and_replaced(notebook):
    async def work(quire: Command):
        async with quire.page() as page:
            await until(page, has_printed("y is 2"))
            for process in quire.relatives():
                if process != quire.process.pid:
                    os.kill(process, signal.SIGKILL)
            dead = await until(page, lambda m: isinstance(m, n.KernelChanged) and m.status == "dead")
            await page.send(encode([c.RestartKernel()]))
            await until(page, lambda m: isinstance(m, n.ConsoleWritten) and "y is 2" in m.console.text)
            return dead.message

    with command("edit", "nb.py", "--port", "0", cwd=notebook.parent) as quire:
        assert "SIGKILL" in asyncio.run(work(quire))
        assert quire.stop()[0] == 0
        wait_for(lambda: quire.relatives() == [])


def test_a_cell_that_ends_its_process_hurts_nobody_else(notebook):
    notebook.write_text(NOTEBOOK.replace("    x = 1\n", "    import os\n    x = 1\n    os._exit(3)\n"))

    async def work(quire: Command):
        async with quire.page() as page:
            is_dead = lambda m: isinstance(m, n.KernelChanged) and m.status == "dead"  # noqa: E731
            return (await until(page, is_dead)).message

    with command("edit", "nb.py", "--port", "0", cwd=notebook.parent) as quire:
        message = asyncio.run(work(quire))
        assert "status 3" in message
        assert quire.status() in {200, 503}


def test_a_port_in_use_gives_the_next_one_and_says_so(notebook):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with command("edit", "nb.py", "--port", str(port), cwd=notebook.parent) as quire:
            assert f"port {port} is in use; this is on port " in quire.printed
            assert f":{port}/" not in quire.url
            assert quire.status() in {200, 503}


def test_the_token_and_the_base_are_those_given(notebook):
    arguments = ("edit", "nb.py", "--port", "0", "--token", "a/b?c", "--base-url", "notes")
    with command(*arguments, cwd=notebook.parent) as quire:
        assert quire.url.endswith("/notes/?token=a%2Fb%3Fc")
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(quire.address, timeout=DEADLINE)
        quire.token = "a/b?c"
        assert quire.status() in {200, 503}


def test_without_a_token_the_address_is_plain(notebook):
    with command("edit", "nb.py", "--port", "0", "--no-token", cwd=notebook.parent) as quire:
        assert "?" not in quire.url
        request = urllib.request.Request(quire.address, headers={"Host": "evil.example"})
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(request, timeout=DEADLINE)


def test_the_kernel_does_not_know_the_token(notebook):
    notebook.write_text(
        NOTEBOOK.replace("    x = 1\n", "    import os\n    x = 1\n    print(dict(os.environ), flush=True)\n")
    )

    async def work(quire: Command):
        async with quire.page() as page:
            return await until(page, has_printed("QUIRE_TEST_MARK"))

    with command("edit", "nb.py", "--port", "0", cwd=notebook.parent) as quire:
        assert quire.token not in repr(asyncio.run(work(quire)))
        for process in quire.relatives():
            assert quire.token.encode() not in Path(f"/proc/{process}/cmdline").read_bytes()


def test_arguments_after_two_hyphens_are_the_notebooks(notebook):
    notebook.write_text(
        NOTEBOOK.replace("    x = 1\n", "    import sys\n    x = 1\n    print(sys.argv[1:], flush=True)\n")
    )

    async def printed(quire: Command) -> str:
        async with quire.page() as page:
            notice = await until(page, has_printed("["))
            return notice.console.text if isinstance(notice, n.ConsoleWritten) else notice.cells[0].console[0].text

    with command("edit", "--port", "0", "nb.py", "--", "--port", "7", cwd=notebook.parent) as quire:
        assert asyncio.run(printed(quire)) == "['--port', '7']\n"
