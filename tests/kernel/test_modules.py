"""Modules of the user's own that change while a notebook has them."""

import importlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from quire.kernel.events import LazySet, ModulesChanged
from quire.kernel.modules import LocalModules
from quire.names.imports import modules_of
from quire.protocol.kernel import BindNotebook
from quire.protocol.messages import Reload

from .planning import Notebook as Planned
from .running import Notebook


class Folder:
    """A folder of modules, on the path of imports."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.seconds = 1_000_000_000

    def write(self, name: str, text: str) -> None:
        file = self.path / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
        self.seconds += 1  # so that no two texts have one time, however quick the test
        os.utime(file, (self.seconds, self.seconds))
        importlib.invalidate_caches()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Folder]:
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)
    yield Folder(tmp_path)
    for name in set(sys.modules) - before:
        if getattr(sys.modules[name], "__file__", None) and str(tmp_path) in str(sys.modules[name].__file__):
            del sys.modules[name]


def notebook(reload: Reload = "autorun", **cells: str) -> Notebook:
    made = Notebook()
    made.engine.bind(BindNotebook(path="/nowhere/notebook.py", directory="/nowhere", auto_reload=reload))
    made.sync(**cells)
    made.run()
    made.notices.clear()
    return made


def changed(made: Notebook) -> list[str]:
    """Look at the files; which cells run because of it."""
    made.notices.clear()
    made.engine.modules.notice()
    return made.go()


def test_exactly_the_cells_that_use_a_module_run_when_it_changes(folder: Folder):
    folder.write("mine.py", "def f():\n    return 1\n")
    made = notebook(i="import mine\nimport os", a="x = mine.f()", b="y = x", c="z = os.sep", d="1")
    folder.write("mine.py", "def f():\n    return 22\n")

    assert changed(made) == ["i", "a", "b"]
    assert made.names["y"] == 22


def test_a_name_taken_from_a_module_runs_its_readers_and_not_those_of_its_neighbours(folder: Folder):
    folder.write("mine.py", "N = 1\nM = 1\n")
    folder.write("other.py", "K = 1\n")
    made = notebook(i="from mine import N\nfrom other import K", a="x = N", b="y = K")
    folder.write("mine.py", "N = 22\nM = 1\n")

    assert changed(made) == ["i", "a"]
    assert made.names["x"] == 22


def test_what_imports_the_module_is_loaded_again_too(folder: Folder):
    folder.write("deep.py", "N = 1\n")
    folder.write("middle.py", "from deep import N\n\ndef f():\n    return N + 1\n")
    made = notebook(i="import middle", a="x = middle.f()", j="import deep as other", b="other")
    folder.write("deep.py", "N = 100\n")

    assert changed(made) == ["i", "a", "j", "b"]
    assert made.names["x"] == 101


def test_packages_and_relative_imports(folder: Folder):
    folder.write("pack/__init__.py", "from .part import f\n")
    folder.write("pack/part.py", "def f():\n    return 1\n")
    folder.write("pack/rest.py", "def g():\n    return 5\n")
    made = notebook(i="import pack", a="x = pack.f()", j="from pack import rest", b="y = rest.g()")
    folder.write("pack/part.py", "def f():\n    return 22\n")

    assert changed(made) == ["i", "a", "j", "b"]  # `pack` itself imports what changed
    assert made.names["x"] == 22
    folder.write("pack/rest.py", "def g():\n    return 66\n")
    assert changed(made) == ["j", "b"]
    assert made.names["y"] == 66


def test_a_cell_that_imports_in_a_function_runs_as_a_whole(folder: Folder):
    folder.write("mine.py", "N = 1\n")
    made = notebook(a="def f():\n    import mine\n    return mine.N\nx = f()", b="y = x")
    folder.write("mine.py", "N = 22\n")
    assert changed(made) == ["a", "b"]
    assert made.names["y"] == 22


def test_marked_only_where_somebody_wants_it_so(folder: Folder):
    folder.write("mine.py", "N = 1\n")
    made = notebook("lazy", i="import mine", a="x = mine.N")
    folder.write("mine.py", "N = 22\n")

    assert changed(made) == []
    assert made.stale() == {"i", "a"}
    assert made.run("a") == ["i", "a"]
    assert made.names["x"] == 22


def test_nothing_is_looked_at_where_nobody_wants_it(folder: Folder):
    folder.write("mine.py", "N = 1\n")
    made = notebook("off", i="import mine", a="x = mine.N")
    folder.write("mine.py", "N = 22\n")
    assert changed(made) == []
    assert made.stale() == set()


def test_functions_and_classes_that_others_hold_on_to_have_the_new_code(folder: Folder):
    folder.write(
        "mine.py", "def f():\n    return 1\n\nclass A:\n    def g(self):\n        return 1\n    def gone(self): ...\n"
    )
    import mine  # pyright: ignore[reportMissingImports]

    modules = LocalModules(lambda: None)
    modules._known.discard("mine")
    modules._seen = 0
    modules.look()
    f, a = mine.f, mine.A()
    folder.write(
        "mine.py",
        "def f(n=5):\n    return n\n\nclass A:\n    def __init__(self):\n        super().__init__()\n"
        "    def g(self):\n        return type(self) is __class__\n    @property\n    def h(self):\n        return 7\n",
    )
    modules.notice()

    assert modules.renew() == {"mine"}
    assert (f(), a.g(), a.h, hasattr(a, "gone")) == (5, True, 7, False)
    assert mine.f is f
    assert isinstance(mine.A(), type(a))
    modules.close()


def test_a_module_that_no_longer_loads_stays_as_it_was_until_it_is_imported_again(folder: Folder):
    folder.write("mine.py", "N = 1\n")
    made = notebook(i="import mine", a="x = mine.N")
    folder.write("mine.py", "N = = 2\n")

    assert changed(made) == ["i"]
    assert made.error("i")["error"] == "SyntaxError"
    assert made.outcomes()["a"] == "cancelled"
    folder.write("mine.py", "N = 3\n")
    assert changed(made) == ["i", "a"]
    assert made.names["x"] == 3


def test_a_file_that_is_written_as_it_was_has_not_changed(folder: Folder):
    folder.write("mine.py", "N = 1\n")
    made = notebook(i="import mine", a="x = mine.N")
    folder.write("mine.py", "N = 1\n")
    assert changed(made) == []


def test_a_file_that_is_deleted_changes_nothing(folder: Folder):
    folder.write("mine.py", "N = 1\n")
    made = notebook(i="import mine", a="x = mine.N")
    (folder.path / "mine.py").unlink()
    assert changed(made) == []


def test_what_is_installed_is_not_looked_at(folder: Folder):
    made = notebook(i="import tomllib\nimport hypothesis.errors")
    assert made.engine.modules._sources == {}


def test_cells_below_stale_imports_are_stale_and_others_are_not():
    planned = Planned(i="import mine\nimport os", a="mine.x", b="os.sep", c="from mine.deep import y")
    planned.run("i", "a", "b", "c")
    planned.apply(ModulesChanged(frozenset({"mine"}), run=False))
    assert planned.stale() == {"i", "a", "c"}


def test_in_lazy_mode_nothing_runs_by_itself():
    planned = Planned(i="import mine", a="mine.x")
    planned.run("i", "a")
    planned.apply(LazySet(lazy=True))
    planned.apply(ModulesChanged(frozenset({"mine"}), run=True))
    assert planned.go() == []
    assert planned.stale() == {"i", "a"}


@pytest.mark.parametrize(
    ("code", "modules"),
    [
        ("import a.b as c", {"a", "a.b"}),
        ("from a import b", {"a", "a.b"}),
        ("from . import b", {"p", "p.b"}),
        ("from .x import b", {"p", "p.x", "p.x.b"}),
        ("from ..x import b", {"x", "x.b"}),
        ("def f():\n    import a", {"a"}),
        ("x = 'import a'", set()),
        ("import = 1", set()),
    ],
)
def test_what_a_text_imports(code: str, modules: set[str]):
    assert modules_of(code, "p") == modules
