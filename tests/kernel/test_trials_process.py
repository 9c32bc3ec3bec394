"""Tests of cells in a real kernel process: interrupts, descriptors, and the `__main__` that doctest looks through."""

import json

import pytest

from tests.kernel.processes import REAL_PROCESS, Notebook, with_kernel

pytestmark = REAL_PROCESS


@pytest.mark.parametrize("asynchronous", ["", "async "])
def test_a_test_that_takes_long_is_interrupted_in_a_real_kernel(tmp_path, asynchronous):
    wait = "import asyncio; await asyncio.sleep(1000)" if asynchronous else "import time; time.sleep(1000)"

    async def story(notebook: Notebook) -> None:
        notebook.ask("a")
        await notebook.until(lambda: "begun" in notebook.printed("a"))
        notebook.kernel.interrupt()
        await notebook.until(lambda: notebook.finished("a"))
        assert notebook.outcome("a") == "interrupted"
        await notebook.run("b")
        output = notebook.output("b")
        assert output is not None
        assert json.loads(output.text)["tests"][0]["outcome"] == "passed"

    code = f"{asynchronous}def test_it():\n    print('begun', flush=True)\n    {wait}"
    with_kernel(
        tmp_path / "notebook.py",
        story,
        a=code,
        b="def test_it(capfd):\n    print(1)\n    assert capfd.readouterr().out",
    )


def test_doctest_finds_the_functions_of_cells_in_a_real_kernel(tmp_path):
    async def story(notebook: Notebook) -> None:
        await notebook.run()
        output = notebook.output("b")
        assert output is not None
        assert output.text == "TestResults(failed=1, attempted=2)"
        assert 'notebook.py", line 5, in __main__.double' in notebook.printed("b")

    a = 'def double(x):\n    """\n    >>> double(1)\n    2\n    >>> double(2)\n    5\n    """\n    return 2 * x'
    with_kernel(tmp_path / "notebook.py", story, a=a, b="import doctest\ndouble\ndoctest.testmod()")
