"""Debugging in the console of a cell: real kernels, real prompts, answered like somebody who types."""

import sys
from pathlib import Path

from quire.protocol.kernel import DebugKernelCell, GiveInput, InputAsked, SetKernelElements
from quire.protocol.notices import CellFinished, CellStarted, TracebackKept

from .processes import REAL_PROCESS, Notebook, plain, with_kernel

pytestmark = REAL_PROCESS

PROMPT = "(Pdb) "


class Talk:
    """What is said at the prompts of a notebook."""

    def __init__(self, notebook: Notebook) -> None:
        self.notebook = notebook
        self._asked = 0
        self._heard = 0

    async def hear(self) -> str:
        """What was printed before the next prompt, without it."""
        self._asked += 1
        await self.notebook.until(lambda: len(self._questions()) >= self._asked)
        printed = [text.text for _, text in self.notebook.console]
        said = "".join(printed[self._heard :])
        self._heard = len(printed)
        assert said.endswith(PROMPT)
        return said.removesuffix(PROMPT)

    async def stop(self) -> str:
        """The first line after a `breakpoint()`. From Python 3.13 on, the debugger stops at the call itself."""
        said = await self.hear()
        is_call = said.rstrip().endswith(("breakpoint()", "set_trace()"))
        return await self.say("n") if is_call and sys.version_info >= (3, 13) else said

    async def say(self, *lines: str | None) -> str:
        """Answer the prompts; what was printed after the last one."""
        said = ""
        for line in lines:
            self.answer(line)
            said = await self.hear()
        return said

    def answer(self, line: str | None) -> None:
        self.notebook.kernel.send(GiveInput(number=self._questions()[-1].number, text=line))

    def _questions(self) -> list[InputAsked]:
        return [notice for notice in self.notebook.notices if isinstance(notice, InputAsked)]


async def debug(notebook: Notebook, cell: str) -> Talk:
    """Run the cell up to its first prompt."""
    notebook.ask(cell)
    return Talk(notebook)


async def end(notebook: Notebook, cell: str, count: int = 1) -> None:
    """Wait until the cell has ended so often."""
    await notebook.until(lambda: sum(isinstance(n, CellFinished) and n.cell == cell for n in notebook.notices) >= count)


def kept(notebook: Notebook) -> list[str | None]:
    return [notice.cell for notice in notebook.notices if isinstance(notice, TracebackKept)]


def test_a_cell_is_stepped_through_line_by_line_and_ends_by_itself(file: Path):
    """The last line is shown as an output by other code than the rest; stepping goes on there, and into nothing of ours."""

    async def story(notebook: Notebook) -> None:
        talk = await debug(notebook, "a")
        assert await talk.stop() == f"> {file}(2)<module>()\n-> x = 1\n"
        assert await talk.say("n") == f"> {file}(3)<module>()\n-> y = x + 1\n"
        assert await talk.say("p x") == "1\n"
        assert await talk.say("n") == f"> {file}(4)<module>()\n-> y\n"
        assert await talk.say("w") == f"> {file}(4)<module>()\n-> y\n"
        talk.answer("n")
        await end(notebook, "a")
        assert notebook.output("a") == plain(2)

    with_kernel(file, story, a="breakpoint()\nx = 1\ny = x + 1\ny")


def test_each_breakpoint_of_a_loop_and_of_the_next_cells_stops(file: Path):
    async def story(notebook: Notebook) -> None:
        talk = await debug(notebook, "a")
        await talk.hear()
        for number in range(2):
            assert await talk.say("p i") == f"{number}\n"
            await talk.say("c")
        assert await talk.say("p i") == "2\n"
        talk.answer("c")
        await end(notebook, "a")
        notebook.ask("a", "b")
        assert "-> i\n" in await talk.stop()
        await talk.say("c", "c")
        talk.answer("c")
        assert await talk.stop() == f"> {file}(12)<module>()\n-> 'b'\n"
        talk.answer("c")
        await end(notebook, "b")
        assert notebook.output("b") == plain("b")

    with_kernel(file, story, a="for i in range(3):\n    breakpoint()\n    i\n", b="import pdb; pdb.set_trace()\n'b'")


def test_a_breakpoint_in_the_last_line_stops_there(file: Path):
    async def story(notebook: Notebook) -> None:
        talk = await debug(notebook, "a")
        assert "-> breakpoint()" in await talk.hear()
        assert await talk.say("p x") == "1\n"
        talk.answer("c")
        await notebook.run("b")
        assert notebook.output("b") == plain(False)

    with_kernel(file, story, a="x = 1\nbreakpoint()", b="'__return__' in globals()")


def test_functions_of_modules_are_entered_and_left(file: Path):
    (file.parent / "beside.py").write_text("def double(n):\n    breakpoint()\n    return 2 * n\n", encoding="utf-8")

    async def story(notebook: Notebook) -> None:
        talk = await debug(notebook, "a")
        assert await talk.stop() == f"> {file.parent / 'beside.py'}(3)double()\n-> return 2 * n\n"
        assert await talk.say("u") == f"> {file}(2)<module>()\n-> x = beside.double(4)\n"
        await talk.say("d", "n")
        assert await talk.say("n") == f"> {file}(3)<module>()\n-> x\n"
        talk.answer("c")
        await end(notebook, "a")
        assert notebook.output("a") == plain(8)

    with_kernel(file, story, a="import beside\nx = beside.double(4)\nx")


def test_steps_go_over_await_and_into_nothing_of_ours(file: Path):
    async def story(notebook: Notebook) -> None:
        talk = await debug(notebook, "a")
        await talk.stop()
        assert await talk.say("s") == f"> {file}(5)<module>()\n-> x = qr.md('text') and 1\n"
        assert await talk.say("s") == f"> {file}(6)<module>()\n-> x\n"
        talk.answer("s")
        await end(notebook, "a")
        assert notebook.output("a") == plain(1)

    code = "import asyncio\nimport quire as qr\nbreakpoint()\nawait asyncio.sleep(0.01)\nx = qr.md('text') and 1\nx"
    with_kernel(file, story, a=code)


def test_quitting_ends_the_cell_in_plain_words(file: Path):
    async def story(notebook: Notebook) -> None:
        talk = Talk(notebook)
        for count, line in enumerate(("q", None), 1):
            notebook.ask("a")
            await talk.hear()
            talk.answer(line)
            await end(notebook, "a", count)
            assert notebook.outcome("a") == "interrupted"
            output = notebook.output("a")
            assert output is not None
            assert "The debugger was told to quit" in output.text
            assert "Traceback" not in output.text
        await notebook.run("b")
        assert notebook.output("b") == plain(2)

    with_kernel(file, story, a="breakpoint()\n1 / 0", b="1 + 1")


def test_an_interrupt_ends_a_cell_at_a_prompt(file: Path):
    async def story(notebook: Notebook) -> None:
        talk = await debug(notebook, "a")
        await talk.hear()
        notebook.kernel.interrupt()
        await end(notebook, "a")
        assert notebook.outcome("a") == "interrupted"
        await notebook.run("b")
        assert notebook.output("b") == plain(2)

    with_kernel(file, story, a="breakpoint()\n1 / 0", b="1 + 1")


def test_names_are_those_that_stand_in_the_cell(file: Path):
    """Private names have others while a function of the cell reads them, and live beside the globals after its run."""

    async def story(notebook: Notebook) -> None:
        talk = await debug(notebook, "a")
        await talk.hear()
        assert await talk.say("p (_shared, _kept)") == "(1, 2)\n"
        await talk.say("!global _shared; _shared = 5")
        assert await talk.say("p missing") == "*** NameError: name 'missing' is not defined\n"
        assert "_quire_" not in await talk.say("pp sorted(globals())")
        await talk.say("u", "d")
        talk.answer("c")
        await end(notebook, "b")
        assert notebook.output("b") == plain(5)
        await notebook.run("c")
        assert notebook.output("c") == plain("[]")

    a = "_kept = 2\n_shared = 1\ndef look():\n    breakpoint()\n    return _shared"
    with_kernel(
        file, story, a=a, b="look()", c="str([name for name in list(globals()) if name in ('_kept', '_shared')])"
    )


def test_lines_are_those_that_ran_when_cells_have_moved_since(file: Path):
    async def story(notebook: Notebook) -> None:
        talk = await debug(notebook, "a")
        await talk.hear()
        talk.answer("c")
        await end(notebook, "b")
        # Ten lines come above the function; where it was compiled, there is another cell now.
        notebook.cells = {"new": "", **notebook.cells}
        notebook.sync(new="\n".join(f"n{n} = {n}" for n in range(9)))
        notebook.sync(**notebook.cells)
        notebook.ask("b")
        assert await talk.stop() == f"> {file}(3)moved()\n-> return 42\n"
        assert "  2  \t    breakpoint()\n  3  ->\t    return 42\n" in await talk.say("l")
        talk.answer("c")
        await end(notebook, "b", 2)
        assert notebook.output("b") == plain(42)

    with_kernel(file, story, a="def moved():\n    breakpoint()\n    return 42", b="moved()")


def test_breakpoints_set_at_the_prompt_hold_until_the_cell_ends(file: Path):
    async def story(notebook: Notebook) -> None:
        talk = await debug(notebook, "a")
        await talk.hear()
        assert "Breakpoint 1 at" in await talk.say("b 4")
        assert await talk.say("c") == f"> {file}(4)<module>()\n-> z = 3\n"
        talk.answer("c")
        await end(notebook, "a")
        notebook.ask("a")
        await talk.hear()
        assert await talk.say("b") == ""
        talk.answer("c")
        await end(notebook, "a", 2)

    with_kernel(file, story, a="breakpoint()\nx = 1\ny = 2\nz = 3\nz")


def test_on_change_and_threads_stop_too(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run("a")
        talk = Talk(notebook)
        notebook.kernel.send(SetKernelElements(values={"a-0": 5}))
        assert "-> got.append(value)\n" in await talk.stop()
        assert await talk.say("p value") == "5\n"
        assert "quire" not in await talk.say("w")
        talk.answer("c")
        notebook.ask("b")
        assert "-> got.append('thread')\n" in await talk.stop()
        talk.answer("c")
        await end(notebook, "b")
        assert notebook.output("b") == plain("['thread']")

    a = """
import quire as qr
got = []
def change(value):
    breakpoint()
    got.append(value)
qr.ui.slider(1, 9, on_change=change)
"""
    b = """
import threading
got = []
def work():
    breakpoint()
    got.append('thread')
t = threading.Thread(target=work)
t.start()
t.join()
str(got)
"""
    with_kernel(file, story, a=a, b=b)


def test_nobody_debugs_in_an_app(file: Path):
    """A `breakpoint()` left behind must not end the visitor's cell."""
    import asyncio

    from quire.kernel.process import KernelProcess

    async def story() -> None:
        notebook = Notebook(KernelProcess(), a="breakpoint()\n1 + 1", b="1 / 0")
        await notebook.open(file, mode="run")
        await notebook.run()
        assert notebook.output("a") == plain(2)
        assert "passed over" in notebook.printed("a", "stderr")
        assert kept(notebook) == []
        await notebook.kernel.close()

    asyncio.run(asyncio.wait_for(story(), 60))


# -- looking into a failure


def test_a_failure_can_be_looked_into_as_often_as_somebody_likes(file: Path):
    """Nothing runs meanwhile, and the cell stays what it was."""

    async def story(notebook: Notebook) -> None:
        await notebook.run("a")
        assert kept(notebook) == ["a"]
        talk = Talk(notebook)
        for count in range(2):
            notebook.kernel.send(DebugKernelCell(cell="a"))
            assert await talk.hear() == f"> {file}(3)divide()\n-> return _top / n\n"
            assert await talk.say("p (n, _top)") == "(0, 7)\n"
            assert await talk.say("u") == f"> {file}(5)<module>()\n-> divide(zero)\n"
            assert await talk.say("p zero") == "0\n"
            notebook.ask("b")
            assert not notebook.finished("b") or count
            talk.answer("q")
            await end(notebook, "a", count + 2)
        looked = [n for n in notebook.notices if isinstance(n, CellStarted) and n.debugs]
        assert [notice.cell for notice in looked] == ["a", "a"]
        last = [n for n in notebook.notices if isinstance(n, CellFinished) and n.cell == "a"][-1]
        assert (last.outcome, last.duration, last.stale) == ("failed", None, True)
        await notebook.until(lambda: notebook.finished("b"))

    with_kernel(file, story, a="_top = 7\ndef divide(n):\n    return _top / n\nzero = 0\ndivide(zero)", b="1")


def test_an_interrupt_ends_looking_into_a_failure(file: Path):
    async def story(notebook: Notebook) -> None:
        await notebook.run("a")
        notebook.kernel.send(DebugKernelCell(cell="a"))
        await Talk(notebook).hear()
        notebook.kernel.interrupt()
        await end(notebook, "a", 2)
        await notebook.run("b")
        assert notebook.output("b") == plain(2)
        assert notebook.outcome("a") == "failed"

    with_kernel(file, story, a="1 / 0", b="1 + 1")


def test_the_last_failure_is_kept_until_its_cell_runs_again_or_is_gone(file: Path):
    """With it go the values in its frames."""

    async def story(notebook: Notebook) -> None:
        await notebook.run("a")
        await notebook.run("b")
        assert kept(notebook) == ["a", "b"]
        notebook.kernel.send(DebugKernelCell(cell="a"))  # passed over
        await notebook.run("syntax")
        assert kept(notebook) == ["a", "b"]
        notebook.sync(b="2")
        await notebook.run("b")
        assert kept(notebook) == ["a", "b", None]
        await notebook.run("dead")
        assert notebook.output("dead") == plain("[]")

    cells = {
        "alive": "import gc, weakref\nclass Large: pass\nseen = weakref.WeakSet()",
        "a": "1 / 0",
        "b": "def f():\n    large = Large()\n    seen.add(large)\n    1 / 0\nf()",
        "syntax": "1 +",
        "dead": "gc.collect()\nstr(list(seen))",
    }
    with_kernel(file, story, **cells)
