"""What cells read from standard input, asked for and answered while they wait, in a real kernel."""

import asyncio
from pathlib import Path

from quire.kernel.process import KernelProcess
from quire.protocol.kernel import GiveInput, InputAsked, InputWithdrawn, Shutdown
from quire.protocol.notices import ConsoleWritten

from .processes import PATIENCE, REAL_PROCESS, Notebook, plain, with_kernel

pytestmark = REAL_PROCESS


async def asked(notebook: Notebook, number: int = 1) -> InputAsked:
    """The question with this number."""
    await notebook.until(lambda: number <= len(questions(notebook)))
    return questions(notebook)[number - 1]


def questions(notebook: Notebook) -> list[InputAsked]:
    return [notice for notice in notebook.notices if isinstance(notice, InputAsked)]


async def answer(notebook: Notebook, *texts: str | None) -> None:
    """Run all cells; each question gets the next text."""
    notebook.ask()
    for count, text in enumerate(texts, 1):
        question = await asked(notebook, count)
        notebook.kernel.send(GiveInput(number=question.number, text=text))
    await notebook.until(lambda: all(notebook.finished(cell) for cell in notebook.cells))


def test_the_prompt_is_seen_before_the_question_and_the_answer_is_what_input_gives(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        question = await asked(notebook)
        assert notebook.printed("a") == "Name: "
        assert notebook.log.index(question) > notebook.log.index(notebook.console[-1][1])
        notebook.kernel.send(GiveInput(number=question.number, text="Ada"))
        await notebook.until(lambda: notebook.finished("a"))
        assert notebook.output("a") == plain("Ada")

    with_kernel(file, story, a="input('Name: ')")


def test_reads_of_every_kind_see_lines_until_the_end(file: Path):
    """The end of one read is not the end of the next, as in a terminal."""

    async def story(notebook: Notebook) -> None:
        await answer(notebook, "1", "2", None, "3", "4", None, "é", "5", "6", None)
        assert notebook.output("a") == plain("['1', '2']")
        assert notebook.output("b") == plain("3\n4\n")
        assert notebook.output("c") == plain("é|5")
        assert notebook.output("d") == plain("b'6\\n'")

    with_kernel(
        file,
        story,
        a="import sys\nstr([line.strip() for line in sys.stdin])",
        b="import sys\nsys.stdin.read()",
        c="f'{input()}|{input()}'",
        d="import sys\nrepr(sys.stdin.buffer.read())",
    )


def test_lines_that_come_together_answer_one_read_after_the_other(file: Path):
    async def story(notebook: Notebook) -> None:
        await answer(notebook, "1\n2\n3")
        assert notebook.output("a") == plain("['1', '2', '3']")

    with_kernel(file, story, a="str([input(), input(), input()])")


def test_a_password_is_asked_for_as_one(file: Path):
    async def story(notebook: Notebook) -> None:
        await answer(notebook, "secret", "name")
        assert [question.password for question in questions(notebook)] == [True, False]
        assert notebook.printed("a") == "Password: Name: "
        assert notebook.printed("a", "stderr") == ""
        assert notebook.output("a") == plain("('secret', 'name')")

    with_kernel(file, story, a="import getpass\nstr((getpass.getpass(), input('Name: ')))")


def test_the_end_of_the_input_is_an_eof_error(file: Path):
    async def story(notebook: Notebook) -> None:
        await answer(notebook, None, None)
        assert notebook.outcome("a") == "failed"
        assert notebook.outcome("b") == "failed"
        for cell in "ab":
            output = notebook.output(cell)
            assert output is not None
            assert "EOFError" in output.text
            assert "in an app" not in output.text

    with_kernel(file, story, a="input()", b="import getpass\ngetpass.getpass()")


def test_a_cell_that_waits_can_be_interrupted_and_asks_no_more(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        question = await asked(notebook)
        notebook.kernel.interrupt()
        await notebook.until(lambda: notebook.finished("a"))
        assert notebook.outcome("a") == "interrupted"
        await notebook.until(lambda: InputWithdrawn(number=question.number) in notebook.notices)
        notebook.kernel.send(GiveInput(number=question.number, text="too late"))
        await notebook.run("b")
        assert notebook.output("b") == plain(2)

    with_kernel(file, story, a="input()", b="1 + 1")


def test_asynchronous_cells_and_threads_can_ask(file: Path):
    async def story(notebook: Notebook) -> None:
        await answer(notebook, "of a task", "of a thread")
        assert notebook.output("a") == plain("of a task")
        assert notebook.output("b") == plain("of a thread")

    thread = (
        "import threading\nread = []\nt = threading.Thread(target=lambda: read.append(input()))\nt.start(); t.join()\n"
    )
    with_kernel(file, story, a="import asyncio\nawait asyncio.sleep(0)\ninput()", b=f"{thread}read[0]")


def test_a_thread_may_ask_when_its_cell_has_ended_and_does_not_hold_up_the_kernels_end(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask("a")
        question = await asked(notebook)
        await notebook.until(lambda: notebook.finished("a"))
        notebook.ask("b")
        await notebook.until(lambda: notebook.finished("b"))
        notebook.kernel.send(GiveInput(number=question.number, text="later"))
        await notebook.until(lambda: "later" in notebook.printed("b", late=True))
        await asked(notebook, 2)

    code = "import threading\ndef ask():\n    print(input())\n    input()\nthreading.Thread(target=ask).start()"
    with_kernel(file, story, a=code, b="1")


def test_a_thread_of_a_cell_asks_in_its_cell(file: Path):
    """Whichever cell runs."""

    async def story(notebook: Notebook) -> None:
        notebook.ask("a")
        await notebook.until(lambda: notebook.finished("a"))
        notebook.ask("b")
        await notebook.until(lambda: notebook.started("b"))
        (file.parent / "go").touch()
        question = await asked(notebook)
        assert question.cell == "a"
        prompt = next(n for n in notebook.notices if isinstance(n, ConsoleWritten) and "Who? " in n.console.text)
        assert prompt.cell == "a"
        assert notebook.log.index(prompt) < notebook.log.index(question)
        notebook.kernel.send(GiveInput(number=question.number, text="Ada"))
        await notebook.until(lambda: notebook.finished("b"))
        assert notebook.output("b") == plain("Ada")

    thread = """
import os, time
import quire as qr
said = []
def ask():
    while not os.path.exists("go"):
        time.sleep(0.01)
    said.append(input("Who? "))
thread = qr.Thread(target=ask)
thread.start()
"""
    with_kernel(file, story, a=thread, b="thread.join()\nsaid[0]")


def test_a_cell_that_waits_ends_with_the_kernel(file: Path):
    async def story(notebook: Notebook) -> None:
        notebook.ask()
        await asked(notebook)
        notebook.kernel.send(Shutdown())
        await notebook.until(lambda: notebook.exits)
        assert notebook.exits[0].startswith("it exited with status 0")

    with_kernel(file, story, a="input()")


def test_child_processes_find_their_input_empty(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        assert notebook.output("a") == plain(b"")
        assert notebook.output("b") == plain(0)

    code = "import subprocess\nsubprocess.check_output('cat')"
    fork = "import os, sys\npid = os.fork()\nif pid == 0:\n    os._exit(len(sys.stdin.read()))\nos.waitpid(pid, 0)[1]"
    with_kernel(file, story, a=code, b=fork)


def test_nobody_waits_for_the_visitors_of_an_app(file: Path):
    """They could hold up the kernel for ever: reading finds the end, and the error says what to do instead."""

    async def story() -> None:
        notebook = Notebook(KernelProcess(), a="input('Name: ')")
        await notebook.open(file, mode="run")
        await notebook.run()
        output = notebook.output("a")
        assert output is not None
        assert "EOFError" in output.text
        assert "show `qr.ui.text()`" in output.text
        assert questions(notebook) == []
        await notebook.kernel.close()

    asyncio.run(asyncio.wait_for(story(), PATIENCE))
