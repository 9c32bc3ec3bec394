"""A notebook as a module: what others import from it, run of it and embed."""

import asyncio
import json
import pickle
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module, invalidate_caches
from itertools import count
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from quire.errors import IncompleteValues, NotebookProblems, UnknownName
from tests.app.test_script import notebook_text, python

_numbers = count()


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Any]:
    sys.path.insert(0, str(tmp_path))

    def load(*cells: str, setup: str = "", functions: str = "") -> ModuleType:
        name = f"reused_{next(_numbers)}"
        text = notebook_text(*cells, setup=setup)
        guard = text.index("\n\nif __name__")
        (tmp_path / f"{name}.py").write_text(text[:guard] + functions + text[guard:], encoding="utf-8")
        invalidate_caches()
        return import_module(name)

    yield load
    sys.path.remove(str(tmp_path))


def cell(module: ModuleType, number: int) -> Any:
    return list(module.app._cells.values())[number]


# -- values in place of cells


def test_values_take_the_place_of_the_cells_that_define_them(load):
    notebook = load("raise RuntimeError\nx = 1", "y = x + 1\ny", setup="K = 3")
    outputs, defs = notebook.app.run(defs={"x": 10})
    assert outputs == (None, 11)
    assert dict(defs) == {"K": 3, "x": 10, "y": 11}


def test_a_value_for_an_unknown_name_is_refused_with_those_that_can_be_given(load):
    notebook = load("x = 1", "y = x")
    with pytest.raises(UnknownName, match=r"`z` is defined by no cell of .*; what can be given is `x`, `y`"):
        notebook.app.run(defs={"z": 1})


def test_a_name_that_cells_keep_to_themselves_cannot_be_given(load):
    notebook = load("for i in range(3): pass", "for i in range(2): pass")
    with pytest.raises(UnknownName, match="`i` cannot be given: several cells define it"):
        notebook.app.run(defs={"i": 1})


def test_a_name_of_the_setup_block_cannot_be_given(load):
    notebook = load("x = K", setup="K = 1")
    with pytest.raises(UnknownName, match="`K` cannot be given: the setup block has defined it"):
        notebook.app.run(defs={"K": 2})


def test_all_that_a_cell_defines_is_given_or_nothing(load):
    """Else its other names would have values that do not go with the one that is given."""
    notebook = load("a = 1\nb = 2 * a", "c = a + b")
    with pytest.raises(IncompleteValues, match="the cell that defines `a` does not run then, and it also defines `b`"):
        notebook.app.run(defs={"a": 5})
    assert notebook.app.run(defs={"a": 5, "b": 6})[1]["c"] == 11


def test_cells_that_contradict_each_other_are_told_whatever_is_given(load):
    notebook = load("x = 1", "x = 2", "y = x", "z = 1\nprint('ran')")
    with pytest.raises(NotebookProblems, match="`x` is defined in 2 cells"):
        notebook.app.run(defs={"z": 3})


def test_a_value_given_to_a_cell_stays_though_its_definer_runs_for_another_name(load):
    notebook = load("a = 1\nb = 2", "c = (a, b)")
    assert cell(notebook, 1).run(a=5)[1]["c"] == (5, 2)


# -- embedded outside of notebooks


def test_embedding_gives_outputs_in_file_order_and_definitions(load):
    notebook = load("f'second {x}'", "x = 1\n'first'", setup="K = 2")
    result = asyncio.run(notebook.app.embed())
    assert result.output.text.index("second 1") < result.output.text.index("first")
    assert dict(result.defs) == {"K": 2, "x": 1}


def test_embedding_awaits_and_takes_values(load):
    notebook = load("raise RuntimeError\nx = 1", "import asyncio\nawait asyncio.sleep(0)\ny = x + 1")

    async def main() -> object:
        return (await notebook.app.embed(defs={"x": 4})).defs["y"]

    assert asyncio.run(main()) == 5


def test_a_notebook_that_awaits_cannot_be_run_by_who_is_awaited(load):
    notebook = load("import asyncio\nawait asyncio.sleep(0)")

    async def main() -> None:
        with pytest.raises(RuntimeError, match=r"use `await app.embed\(\)` there"):
            notebook.app.run()

    asyncio.run(main())


def test_a_notebook_does_not_embed_itself(tmp_path: Path):
    text = notebook_text("x = 1").replace("    app.run()", "    import asyncio\n    asyncio.run(app.embed())")
    path = tmp_path / "self.py"
    path.write_text(text, encoding="utf-8")
    assert "cannot embed itself" in python(str(path)).stderr


@pytest.mark.parametrize("way", ["directly", "by way of another"])
def test_a_notebook_that_embeds_itself_by_its_name_is_refused_at_once(load, way: str):
    first = load("import importlib", "other = importlib.import_module(TARGET).app", "result = await other.embed()")
    second = load(f"from {first.__name__} import app as other", "result = await other.embed()")
    vars(first)["TARGET"] = (first if way == "directly" else second).__name__

    with pytest.raises(RuntimeError, match=rf"{first.__name__}.py cannot embed itself") as caught:
        asyncio.run(first.app.embed())
    assert len(caught.traceback) < 40


def test_a_notebook_may_be_embedded_again_beside_itself(load):
    inner = load("x = 1\nx")
    outer = load(
        f"from {inner.__name__} import app as inner",
        "both = [await inner.embed() for _ in range(2)]",
        "import asyncio\nmore = await asyncio.gather(inner.embed(), inner.embed())",
    )
    result = asyncio.run(outer.app.embed())
    assert [one.defs["x"] for one in (*result.defs["both"], *result.defs["more"])] == [1, 1, 1, 1]


# -- imported


FUNCTIONS = """

@app.function
def double(x: int) -> int:
    return 2 * x


@app.class_definition
class Point:
    x = 1
"""


def test_imported_definitions_are_plain_objects_pickled_by_reference(load):
    notebook = load("print(double(2))", functions=FUNCTIONS)
    assert notebook.double(4) == 8
    assert notebook.double.__module__ == notebook.Point.__module__ == notebook.__name__
    assert pickle.loads(pickle.dumps(notebook.double)) is notebook.double
    assert type(pickle.loads(pickle.dumps(notebook.Point()))) is notebook.Point
    assert notebook.__name__.encode() in pickle.dumps(notebook.double)


def test_importing_a_notebook_reads_its_cells_only_when_one_is_to_run(tmp_path: Path):
    """Counted: a library that imports a function of a large notebook pays for Python's own parsing of it."""
    text = notebook_text("x0 = 1").replace(
        "\n\nif __name__",
        "".join(
            f"\n\n@app.cell\ndef _(x{n - 1}):\n    x{n} = x{n - 1} + 1\n    return (x{n},)\n" for n in range(1, 200)
        )
        + FUNCTIONS
        + "\n\nif __name__",
    )
    (tmp_path / "large.py").write_text(text, encoding="utf-8")
    code = (
        "import sys, builtins; opened = []; real = open\n"
        "builtins.open = lambda path, *a, **k: (opened.append(path), real(path, *a, **k))[1]\n"
        "from large import double; print(double(2), opened, "
        "sorted({'ast', 'symtable', 're', 'quire.dataflow.graph', 'quire.names.quick', 'quire.notebook'} & set(sys.modules)))"
    )
    assert python(
        "-S", "-c", f"import sys; sys.path.insert(0, {str(Path('src').absolute())!r})\n{code}", cwd=tmp_path
    ).stdout == ("4 [] []\n")


def test_a_file_that_changes_after_the_import_is_never_cut_in_the_lines_of_the_old_one(load, tmp_path: Path):
    notebook = load("x = 1", "y = x + 1\ny")
    path = tmp_path / f"{notebook.__name__}.py"
    text = path.read_text(encoding="utf-8")

    path.write_text(text.replace("x = 1", "z = 0\n    x = 1"), encoding="utf-8")
    with pytest.raises(NotebookProblems, match=r"has changed since it was imported; import it again"):
        cell(notebook, 1).run()
    with pytest.raises(NotebookProblems, match="import it again"):
        notebook.app.run()

    path.write_text(text, encoding="utf-8")  # saved once more, as it was
    assert cell(notebook, 1).run() == (2, {"y": 2})
    path.write_text("nothing", encoding="utf-8")  # what has run once is known
    assert cell(notebook, 1).run() == (2, {"y": 2})


def test_what_a_notebook_was_when_it_ran_first_is_what_it_stays(load, tmp_path: Path):
    """Also where it ran from its compiled form, and its graph is asked for after a change."""
    name = load("x = 1", "y = x + 1\ny").__name__
    python("-c", f"import {name}; {name}.app.run()", cwd=tmp_path)
    code = f"import {name} as nb, pathlib\nnb.app.run()\npathlib.Path('{name}.py').write_text('')\n"
    done = python("-c", f"{code}print(nb.app.run(defs={{'x': 5}})[0])", cwd=tmp_path)
    assert done.stdout == "(None, 6)\n", done.stderr


def test_type_checkers_see_the_signatures_of_what_is_imported(load, tmp_path: Path):
    notebook = load("x = 1", functions=FUNCTIONS)
    (tmp_path / "uses.py").write_text(
        f"""from collections.abc import Callable, Mapping, Sequence
from typing import assert_type

from {notebook.__name__} import Point, app, double

assert_type(double(3), int)
assert_type(Point().x, int)
assert_type(app.run(), tuple[Sequence[object], Mapping[str, object]])


async def embedded() -> None:
    assert_type((await app.embed()).defs, Mapping[str, object])
    double("text")
""",
        encoding="utf-8",
    )
    checker = Path(sys.executable).parent / "basedpyright"
    found = subprocess.run(
        [checker, "--pythonpath", sys.executable, "--level", "error", "--outputjson", "uses.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    assert [one["rule"] for one in json.loads(found)["generalDiagnostics"]] == ["reportArgumentType"]
