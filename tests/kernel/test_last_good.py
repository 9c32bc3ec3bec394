"""What a cell defined before stays to be looked at when a run of it does not succeed; no cell ever runs on it."""

import subprocess
import sys
from array import array

import pytest

from quire.kernel.memory import free_memory
from quire.kernel.sizes import fit_beside, size_of
from quire.protocol.kernel import BindNotebook

from .running import Notebook

ENDS = {
    "failed": "1 / 0",
    "interrupted": "raise KeyboardInterrupt",
    "stopped": "import quire\nquire.stop(True)",
}


@pytest.mark.parametrize("outcome", ENDS)
def test_values_are_put_back_together_after_a_run_that_does_not_succeed(outcome: str):
    notebook = Notebook(a="x = 1\n_y = 2\nz = [x]", b="w = x")
    notebook.run()
    kept = notebook.names["z"]
    notebook.sync(a=f"x = 10\n_y = 20\nz = [x]\n{ENDS[outcome]}")
    notebook.run("a")

    assert notebook.outcomes()["a"] == outcome
    assert notebook.names["x"] == 1
    assert notebook.names["z"] is kept
    assert notebook.engine.namespace.private("a")["_y"] == 2  # type: ignore[arg-type]
    assert notebook.stale() == ({"b"} if outcome == "stopped" else {"a", "b"})


@pytest.mark.parametrize("outcome", ENDS)
def test_no_cell_runs_on_values_that_were_put_back_even_when_asked(outcome: str):
    notebook = Notebook(a="x = 1", b="w = x")
    notebook.run()
    notebook.sync(a=f"x = 2\n{ENDS[outcome]}")
    notebook.run("a")

    assert notebook.run("b") == ([] if outcome == "stopped" else ["a"])
    assert notebook.names["w"] == 1


def test_what_the_new_code_no_longer_defines_goes_at_once():
    notebook = Notebook(a="x = 1\ny = 2")
    notebook.run()
    notebook.sync(a="x = 1 / 0")
    notebook.run("a")
    assert notebook.names["x"] == 1
    assert "y" not in notebook.names


def test_a_run_never_sees_its_own_old_values():
    notebook = Notebook(a="x = 1")
    notebook.run()
    notebook.sync(a="seen = 'x' in globals()\nx = 1")
    notebook.run("a")
    assert notebook.names["seen"] is False


def test_apps_keep_no_old_values():
    notebook = Notebook(a="import quire as qr", s="bad = qr.ui.checkbox()", b="x = 1 / (not bad.value)")
    notebook.engine.bind(BindNotebook(path="/nowhere/notebook.py", directory="/nowhere", mode="run"))
    notebook.run()
    notebook.set(s_0=True)
    assert notebook.outcomes() == {"b": "failed"}
    assert "x" not in notebook.names


LOW = """
import resource
from tests.kernel.running import Notebook

notebook = Notebook(a="x = bytearray(60 << 20)", b="y = 1")
notebook.run()
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + (300 << 20), resource.RLIM_INFINITY))
notebook.sync(a="x = bytearray(290 << 20)\\n1 / 0", b="y = 1 / 0")
notebook.run()
print(notebook.outcomes(), notebook.error("a")["error"], sorted({"x", "y"} & notebook.names.keys()))
"""


def test_where_memory_is_short_old_values_make_room_for_new_ones():
    """With the 60 MB in place, there would be no room for 290."""
    done = subprocess.run([sys.executable, "-c", LOW], capture_output=True, text=True, check=False)
    assert done.stdout == "{'a': 'failed', 'b': 'failed'} ZeroDivisionError ['y']\n", done.stderr


def test_sizes_are_about_right():
    numpy, polars = pytest.importorskip("numpy"), pytest.importorskip("polars")
    million = numpy.zeros(1_000_000)
    assert size_of(million) == 8_000_000
    assert size_of({"a": [million, million]}) == pytest.approx(16_000_000, rel=0.01)
    assert size_of(polars.DataFrame({"a": million})) == 8_000_000
    assert size_of(["x" * 1000] * 1000) == pytest.approx(1_050_000, rel=0.05)
    assert size_of([]) == sys.getsizeof([])


def test_objects_of_the_users_own_are_not_asked():
    class Loud:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

        def __sizeof__(self) -> int:
            raise AssertionError

        def __len__(self) -> int:
            raise AssertionError

    assert size_of(Loud()) == 0
    assert fit_beside([Loud(), [Loud()], array("d", [1.0])])


def test_something_is_free():
    assert free_memory() > 1 << 20
