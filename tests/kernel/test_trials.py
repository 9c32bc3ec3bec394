"""Tests of cells run when their cell runs: in a real engine, by the real pytest."""

import gc
import json
import os
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest

from quire.ids import CellId
from quire.protocol.kernel import BindNotebook, CellSource, SyncCells
from tests.kernel.running import Notebook


class Proven(Notebook):
    """Cells by name, in a folder of their own; a cell whose name begins with `test` has it as its own name."""

    def __init__(self, folder: Path, *, reactive: bool = True, **cells: str) -> None:
        self.path = str(folder / "notebook.py")
        super().__init__()
        self.engine.bind(BindNotebook(path=self.path, directory=str(folder), reactive_tests=reactive))
        self.sync(**cells)

    def sync(self, remove: str = "", **cells: str) -> None:
        self.cells |= cells
        order = list(self.cells)
        changed = [
            CellSource(
                id=CellId(cell),
                type="cell",
                name=cell if cell.startswith("test") else "_",
                code=code,
                line=10 * order.index(cell) + 1,
            )
            for cell, code in cells.items()
        ]
        self.engine.obey(SyncCells(order=[CellId(cell) for cell in order], changed=changed))

    def tests(self, cell: str) -> dict[str, str]:
        return {test["name"]: test["outcome"] for test in self.report(cell)}

    def report(self, cell: str) -> list[dict[str, Any]]:
        output = self.outputs()[cell]
        assert output is not None
        assert output.mime == "application/vnd.quire.tests+json"
        return json.loads(output.text)["tests"]


def test_the_output_of_a_cell_of_tests_is_what_became_of_them(tmp_path):
    code = """\
import pytest, unittest

def test_right(): assert True

@pytest.mark.parametrize("x", [1, 2])
def test_many(x): assert x == 1

@pytest.mark.skip(reason="not now")
def test_later(): ...

@pytest.mark.xfail(reason="known")
def test_expected(): assert False

class TestClass:
    def test_method(self, tmp_path): assert tmp_path.is_dir()

class Sums(unittest.TestCase):
    def test_sum(self): self.assertEqual(1, 1)

async def test_async(): ...
"""
    notebook = Proven(tmp_path, a=code)
    notebook.run()

    assert notebook.tests("a") == {
        "test_right": "passed",
        "test_many[1]": "passed",
        "test_many[2]": "failed",
        "test_later": "skipped",
        "test_expected": "xfailed",
        "TestClass::test_method": "passed",
        "Sums::test_sum": "passed",
        "test_async": "passed",
    }
    texts = {test["name"]: test["text"] for test in notebook.report("a")}
    assert (texts["test_later"], texts["test_expected"]) == ("not now", "known")
    assert notebook.outcomes() == {"a": "failed"}


def test_a_failure_shows_values_and_the_line_in_the_file_and_nothing_of_pytests(tmp_path):
    notebook = Proven(tmp_path, a="x = 1", b="def check(y):\n    assert x == y\n\ndef test_it():\n    check(2)")
    notebook.run()

    traceback = notebook.report("b")[0]["traceback"]
    assert traceback["error"] == "AssertionError"
    assert traceback["message"] == "assert 1 == 2"
    assert [(frame["name"], frame["line"], frame["source"].strip()) for frame in traceback["frames"]] == [
        ("test_it", 15, "check(2)"),
        ("check", 12, "assert x == y"),
    ]


def test_tests_run_again_when_what_they_test_changes_and_only_then(tmp_path):
    notebook = Proven(
        tmp_path, a="def inc(x): return x + 2", b="def test_inc(): assert inc(1) == 2", c="other = 1", d="shown = other"
    )
    notebook.run()
    assert notebook.outcomes() == {"a": "succeeded", "b": "failed", "c": "succeeded", "d": "succeeded"}

    notebook.sync(a="def inc(x): return x + 1")
    assert notebook.run("a") == ["a", "b"]
    assert notebook.tests("b") == {"test_inc": "passed"}
    assert notebook.outcomes() == {"a": "succeeded", "b": "succeeded"}


def test_a_cell_that_is_a_test_fails_like_any_cell_with_its_values(tmp_path):
    notebook = Proven(
        tmp_path, a="def inc(x): return x + 1", test_right="assert inc(3) == 4", test_wrong="assert inc(3) == 5"
    )
    notebook.run()

    assert notebook.tests("test_right") == {"test_right": "passed"}
    error = notebook.error("test_wrong")
    assert error["message"] == "assert 4 == 5\n +  where 4 = inc(3)"
    assert [(frame["line"], frame["source"]) for frame in error["frames"]] == [(21, "assert inc(3) == 5")]
    assert notebook.outcomes()["test_wrong"] == "failed"


def test_a_cell_that_is_a_test_has_fixtures_and_defines_names(tmp_path):
    (tmp_path / "conftest.py").write_text("import pytest\n@pytest.fixture\ndef answer(): return 42\n")
    notebook = Proven(
        tmp_path,
        test_cell="found = answer\nassert tmp_path.is_dir()\nawait __import__('asyncio').sleep(0)",
        b="later = found + 1",
    )
    notebook.run()

    assert notebook.outcomes() == {"test_cell": "succeeded", "b": "succeeded"}
    assert notebook.names["later"] == 43
    assert "answer" not in notebook.names


def test_a_name_that_nobody_knows_is_still_missing_and_found_later(tmp_path):
    notebook = Proven(tmp_path, test_cell="assert missing")
    notebook.run()
    assert notebook.error("test_cell")["error"] == "NameError"

    notebook.sync(b="missing = 1")
    assert notebook.run("b") == ["b", "test_cell"]


def test_asynchronous_tests_run_in_the_loop_of_the_cells(tmp_path):
    notebook = Proven(
        tmp_path,
        a="import asyncio\nawait asyncio.sleep(0)\nloop = asyncio.get_running_loop()",
        b="async def test_it(): assert asyncio.get_running_loop() is loop",
        test_c="await asyncio.sleep(0)\nassert asyncio.get_running_loop() is loop",
    )
    notebook.run()
    assert notebook.tests("b") == {"test_it": "passed"}
    assert notebook.outcomes()["test_c"] == "succeeded"


def test_fixtures_of_other_cells_are_known(tmp_path):
    notebook = Proven(
        tmp_path,
        a="import pytest\n\n@pytest.fixture\ndef value(): return 1",
        b="def test_it(value): assert value == 1\n\ndef test_other(nothing): ...",
    )
    notebook.run()

    assert notebook.tests("b") == {"test_it": "passed", "test_other": "failed"}
    assert notebook.report("b")[1]["text"] == "fixture 'nothing' not found"


def test_fixtures_of_other_cells_count_as_what_is_tested_wherever_they_stand(tmp_path):
    notebook = Proven(
        tmp_path,
        a="def test_it(value): assert value == 1",
        b="import pytest\n\n@pytest.fixture\ndef value(base): return base",
        c="from pytest import fixture\n\n@fixture\ndef base(): return 2",
        d="other = 1",
    )
    notebook.run()
    assert notebook.tests("a") == {"test_it": "failed"}

    notebook.sync(c="from pytest import fixture\n\n@fixture\ndef base(): return 1")
    assert notebook.run("c") == ["c", "b", "a"]
    assert notebook.tests("a") == {"test_it": "passed"}


def test_a_value_is_shown_as_long_as_the_tests_pass(tmp_path):
    notebook = Proven(tmp_path, a="limit = 1", b="def test_it(): assert limit == 1\n\nlimit")
    notebook.run()
    assert notebook.outputs()["b"].text == "1"

    notebook.sync(a="limit = 2")
    notebook.run("a")
    assert notebook.tests("b") == {"test_it": "failed"}


def test_what_tests_print_belongs_to_nobody_but_the_cell_and_pytest_says_nothing(tmp_path, capfd):
    Proven(tmp_path, a='def test_it(): print("from the test")').run()

    assert capfd.readouterr().out == "from the test\n"


def test_arguments_of_a_test_are_its_own(tmp_path):
    notebook = Proven(tmp_path, a="def test_it(tmp_path, **more): assert tmp_path.is_dir()")
    notebook.run()

    assert notebook.tests("a") == {"test_it": "passed"}


def test_what_a_test_has_raised_does_not_live_on(tmp_path):
    code = """\
import weakref

class Big: ...

def test_it():
    big = Big()
    alive.append(weakref.ref(big))
    raise ValueError
"""
    notebook = Proven(tmp_path, a="alive = []", b=code)
    notebook.run()
    gc.collect()

    assert notebook.names["alive"][0]() is None


def test_tests_only_run_where_somebody_wants_them(tmp_path):
    notebook = Proven(tmp_path, reactive=False, a="def test_it(): raise ValueError", test_b="assert True")
    notebook.run()

    assert notebook.outcomes() == {"a": "succeeded", "test_b": "succeeded"}
    assert set(notebook.outputs().values()) == {None}


def test_without_pytest_tests_are_defined_and_a_line_says_so(tmp_path, monkeypatch):
    for name in ("pytest", "quire.kernel.pytest_nodes", "quire.kernel.pytest_session"):
        monkeypatch.setitem(sys.modules, name, None)
    notebook = Proven(tmp_path, a="def test_it(): raise ValueError", test_b="assert True")
    notebook.run()

    assert "pytest is not installed" in notebook.outputs()["a"].text
    assert notebook.outcomes() == {"a": "succeeded", "test_b": "succeeded"}


def test_the_process_stays_as_it_was(tmp_path, monkeypatch):
    (tmp_path / "conftest.py").write_text("import sys\nsys.path.insert(0, 'nowhere')\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\npythonpath = lib\nfilterwarnings = error\n")
    monkeypatch.setenv("PYTEST_ADDOPTS", "--more-nonsense")
    notebook = Proven(tmp_path, a="import sys\n\ndef test_it(): assert any(path.endswith('lib') for path in sys.path)")
    notebook.run()  # what pytest imports by itself is imported now
    modules, path, hooks = set(sys.modules), sys.path[:], sys.meta_path[:]
    filters, environment = warnings.filters[:], dict(os.environ)
    notebook.run()

    assert notebook.tests("a") == {"test_it": "passed"}
    assert not {name for name in sys.modules.keys() - modules if "conftest" in name}
    assert (sys.path, sys.meta_path) == (path, hooks)
    assert warnings.filters == filters
    assert dict(os.environ) == environment
    assert not list(tmp_path.rglob(".pytest_cache"))


def test_conftest_that_fails_is_told(tmp_path):
    (tmp_path / "conftest.py").write_text("1 / 0\n")
    notebook = Proven(tmp_path, a="def test_it(): ...")
    notebook.run()

    assert notebook.outcomes() == {"a": "failed"}
    assert notebook.report("a")[0]["outcome"] == "failed"


@pytest.mark.parametrize("name", ["a", "test_cell"])
def test_an_interrupt_ends_the_tests(tmp_path, name):
    code = "raise KeyboardInterrupt" if name.startswith("test") else "def test_it(): raise KeyboardInterrupt"
    notebook = Proven(tmp_path, **{name: code})
    notebook.run()

    assert notebook.outcomes() == {name: "interrupted"}
