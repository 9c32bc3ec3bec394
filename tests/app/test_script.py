"""A notebook file as a script and as a module, in processes of its own."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from quire.notebook import InsertCell, apply_edit, new_notebook, write_notebook

GUARD = '\n\nif __name__ == "__main__":\n    app.run()\n'


def notebook_text(*cells: str, setup: str = "") -> str:
    notebook = new_notebook()
    if setup:
        notebook = apply_edit(notebook, InsertCell("s", None, setup, type="setup"))
    last = None
    for number, code in enumerate(cells):
        cell = f"c{number}"
        notebook = apply_edit(notebook, InsertCell(cell, last or ("s" if setup else None), code))
        last = cell
    return write_notebook(notebook)


def python(*arguments: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=cwd, env=os.environ
    )


@pytest.fixture
def write(tmp_path: Path):
    def write(*cells: str, setup: str = "", name: str = "nb.py") -> Path:
        path = tmp_path / name
        path.write_text(notebook_text(*cells, setup=setup), encoding="utf-8")
        return path

    return write


def test_cells_run_in_the_order_in_which_they_need_each_other(write):
    path = write("print('second', x)", "x = 1\nprint('first')")

    done = python(str(path))

    assert (done.returncode, done.stdout, done.stderr) == (0, "first\nsecond 1\n", "")


def test_a_cell_may_begin_with_a_blank_line(write):
    """Also one whose names are not plain to see: a class body reads what is around it."""
    path = write("\nfrom dataclasses import dataclass\n@dataclass\nclass A:\n    x: int = 1", "print(A())")

    done = python(str(path))

    assert (done.returncode, done.stdout, done.stderr) == (0, "A(x=1)\n", "")


def test_a_script_prints_nothing_of_its_own(write):
    assert python(str(write("x = 1\nx", "_y = 2"))).stdout == ""


def test_the_second_run_does_the_same_from_its_compiled_form(write):
    path = write(
        "import os\nfor i in range(2): print(i)", "print('then', os.sep)", "def f():\n    return _k\n_k = 3\nprint(f())"
    )

    first, second = python(str(path)), python(str(path))

    assert first.returncode == second.returncode == 0
    assert first.stdout == second.stdout == f"0\n1\nthen {os.sep}\n3\n"


def test_a_changed_file_is_compiled_anew(write):
    path = write("print(1)")
    python(str(path))
    path.write_text(path.read_text(encoding="utf-8").replace("print(1)", "print(2)"), encoding="utf-8")

    assert python(str(path)).stdout == "2\n"


@pytest.mark.parametrize("run", [1, 2])
def test_the_first_exception_stops_the_script_with_a_traceback_into_the_file(write, run: int):
    path = write("x = 0", "y = [\n    1,\n    2,\n]\n1 / x", "print('never', y)")
    for _ in range(run - 1):
        python(str(path))

    done = python(str(path))

    lines = path.read_text(encoding="utf-8").split("\n")
    assert done.returncode == 1
    assert "never" not in done.stdout
    assert done.stderr.endswith("ZeroDivisionError: division by zero\n")
    assert f'File "{path}", line {lines.index("    1 / x") + 1}, in <module>\n    1 / x\n    ~~^~~\n' in done.stderr
    assert done.stderr.count("File ") == 2, "the call of `app.run()` and the cell"


def test_a_traceback_from_a_function_points_into_the_file(write):
    path = write("def fail():\n    raise RuntimeError('no')\nfail()")

    done = python(str(path))

    line = path.read_text(encoding="utf-8").split("\n").index("        raise RuntimeError('no')") + 1
    assert f"line {line}, in fail\n    raise RuntimeError" in done.stderr


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        (["x = 1", "x = 2", "print(x)"], "`x` is defined in 2 cells"),
        (["x = y", "y = x", "print('other')"], "wait for each other"),
        (["x = = 1", "print('other')"], "Python cannot read this cell"),
        (["from math import *", "print('other')"], "`import *`"),
    ],
)
def test_a_notebook_with_problems_exits_1_before_any_cell(write, cells: list[str], words: str):
    done = python(str(write(*cells)))

    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_scratch_names_of_two_cells_do_not_meet(write):
    done = python(
        str(
            write(
                "for i in range(3): pass\nprint(i)",
                "try:\n    print(j)\nexcept NameError:\n    print('no j')",
                "j = 1\nfor i in 'a': pass\nprint(i)",
            )
        )
    )

    assert done.returncode == 0
    assert sorted(done.stdout.split()) == sorted(["2", "1", "a"])


def test_messages_in_scripts_show_private_names_as_written(write):
    done = python(str(write("def f():\n    return _gone\n_gone = 1\ndel _gone\nf()")))

    assert "name '_gone' is not defined" in done.stderr


def test_cells_run_in_main(write):
    done = python(
        str(
            write(
                "import pickle\nclass C: pass\nprint(C.__module__, type(pickle.loads(pickle.dumps(C()))) is C)",
                "print(__name__)",
            )
        )
    )

    assert done.stdout == "__main__ True\n__main__\n"


def test_a_string_has_the_value_that_the_file_gives_it(write):
    path = write('text = """a\n  b\nc"""\nprint(repr(text))')

    assert python(str(path)).stdout == "'a\\n  b\\nc'\n"


def test_a_text_that_is_no_file_cannot_run_and_says_why(write):
    text = write("print(1)").read_text(encoding="utf-8")

    done = subprocess.run([sys.executable, "-"], input=text, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert (
        done.stderr == "the cells of `<stdin>` cannot be read: No such file or directory; run the notebook as a file\n"
    )


def test_async_cells_are_awaited(write):
    done = python(str(write("import asyncio", "await asyncio.sleep(0)\nx = 1", "print(x)")))

    assert (done.returncode, done.stdout) == (0, "1\n")


def test_disabled_cells_and_those_below_them_are_skipped(write):
    path = write("print('a')\nx = 1", "print('b', x)", "print('c')")
    path.write_text(
        path.read_text(encoding="utf-8")
        .replace("@app.cell\ndef _(): \n", "")
        .replace("@app.cell", "@app.cell(disabled=True)", 1),
        encoding="utf-8",
    )

    assert python(str(path)).stdout == "c\n"


def test_importing_runs_setup_and_definitions_only(write):
    path = write("print('cell')", "def double(x):\n    return x * TWO", setup="TWO = 2\nprint('setup')")

    done = python("-c", "from nb import double; print(double(4))", cwd=path.parent)

    assert (done.stdout, done.stderr) == ("setup\n8\n", "")


def test_run_returns_outputs_in_file_order_and_definitions(write):
    path = write("y + 1", "y = 2\ny", "z = 3\n_p = 4", setup="K = 1")

    done = python("-c", "import nb; o, d = nb.app.run(); print(o, dict(d))", cwd=path.parent)

    assert done.stdout == "(3, 2, None) {'K': 1, 'y': 2, 'z': 3}\n"


def test_one_cell_runs_with_what_it_needs_or_is_given(write, tmp_path: Path):
    path = write("print('a')\nx = 1", "print('b')\ny = x + 1\ny", "for k in range(2): pass", "for k in range(3): pass")
    text = (
        path.read_text(encoding="utf-8")
        .replace("def _(x)", "def second(x)")
        .replace("def _():\n    for k in range(3)", "def loop():\n    for k in range(3)")
    )
    path.write_text(text, encoding="utf-8")

    done = python(
        "-c",
        "from nb import second, loop; print(second.run()); print(second.run(x=10)); print(loop.run()); print(second.refs, second.name)",
        cwd=tmp_path,
    )

    assert done.stderr == ""
    assert done.stdout.split("\n") == [
        "a",
        "b",
        "(2, mappingproxy({'y': 2}))",
        "b",
        "(11, mappingproxy({'y': 11}))",
        "(None, mappingproxy({'k': 2}))",
        "frozenset({'x'}) second",
        "",
    ]


def test_an_argument_that_the_cell_does_not_read_is_refused_with_those_it_reads(write, tmp_path: Path):
    path = write("x = 1", "y = x, print, nowhere")
    path.write_text(
        path.read_text(encoding="utf-8").replace("def _(nowhere, x)", "def second(nowhere, x)"), encoding="utf-8"
    )

    done = python("-c", "from nb import second; second.run(z=1)", cwd=tmp_path)
    given = python("-c", "from nb import second; print(second.run(nowhere=2)[1]['y'][2])", cwd=tmp_path)

    assert "UnknownName: `z` is not read by this cell; it reads `nowhere`, `x`" in done.stderr
    assert given.stdout == "2\n"


def test_an_async_cell_gives_a_coroutine(write, tmp_path: Path):
    path = write("import asyncio\nawait asyncio.sleep(0)\nx = 1", "y = x\ny")
    path.write_text(path.read_text(encoding="utf-8").replace("def _(x)", "def second(x)"), encoding="utf-8")

    done = python(
        "-c",
        "import asyncio; from nb import second; print(asyncio.run(second.run())[0], second.run(x=5)[0])",
        cwd=tmp_path,
    )

    assert done.stdout == "1 5\n"


def test_running_a_notebook_twice_leaves_the_module_alone(write, tmp_path: Path):
    write("x = []", "x.append(1)\nx")

    done = python(
        "-c", "import nb; a = nb.app.run(); b = nb.app.run(); print(a[0][1], b[0][1], hasattr(nb, 'x'))", cwd=tmp_path
    )

    assert done.stdout == "[1] [1] False\n"


def test_importing_quire_brings_nothing_of_others(tmp_path: Path):
    code = "import sys; before = set(sys.modules); import quire; new = set(sys.modules) - before; print(len(new), sorted(n for n in new if not n.startswith('quire')))"

    assert python("-c", code).stdout == "2 []\n"


def test_a_plain_script_imports_no_heavy_module(write):
    """Counted, so that nobody adds one by accident: start-up time is mostly imports."""
    path = write(
        "import quire as qr",
        "x = 1",
        "print(x)\nimport sys\nprint(sorted({'re', 'ast', 'typing', 'dataclasses', 'inspect', 'msgspec', 'symtable', 'asyncio'} & set(sys.modules)))",
    )
    text = path.read_text(encoding="utf-8")
    done = subprocess.run(
        [
            sys.executable,
            "-S",
            "-c",
            f"import sys; sys.path.insert(0, {str(Path(__file__).parents[2] / 'src')!r}); sys.argv=[{str(path)!r}]; exec(compile({text!r}, {str(path)!r}, 'exec'), {{'__name__': '__main__', '__file__': {str(path)!r}}})",
        ],
        capture_output=True,
        text=True,
        check=False,
    )

    assert (done.stdout, done.stderr) == ("1\n[]\n", "")


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_other_line_endings_and_a_byte_order_mark_run_as_well(write, ending: str):
    path = write("x = '''a\nb'''", "print(repr(x))")
    path.write_bytes(b"\xef\xbb\xbf" + path.read_text(encoding="utf-8").replace("\n", ending).encode())

    done = python(str(path))

    assert (done.stdout, done.stderr) == ("'a\\nb'\n", "")


def test_five_thousand_cells_run(tmp_path: Path):
    path = tmp_path / "many.py"
    cells = "".join(
        f"\n\n@app.cell\ndef _(x{n - 1}):\n    x{n} = x{n - 1} + 1\n    return (x{n},)\n" for n in range(1, 5000)
    )
    path.write_text(
        f"import quire\n\napp = quire.App()\n\n\n@app.cell\ndef _():\n    x0 = 1\n    return (x0,)\n{cells}\n\n@app.cell\ndef _(x4999):\n    print(x4999)\n    return\n{GUARD}",
        encoding="utf-8",
    )

    assert python(str(path)).stdout == "5000\n"


def test_every_example_runs_as_a_script():
    for path in sorted(Path("examples").glob("*.py")):
        done = python(path.name, cwd=path.parent)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_names_of_cells_are_not_names_that_cells_read(write):
    """In the editor they are not there either; behind the guard they are what the file says."""
    path = write("try:\n    second\nexcept NameError:\n    print('not there')", "x = 1")
    text = path.read_text(encoding="utf-8").replace("def _():\n    x = 1", "def second():\n    x = 1")
    path.write_text(text + "    print(second.name)\n", encoding="utf-8")

    assert python(str(path)).stdout == "not there\nsecond\n"


def test_what_depends_on_a_stopped_cell_does_not_run_and_the_script_goes_on(write):
    path = write("import quire as qr", "qr.stop(True, 'wait')\nx = 1", "print('never', x)", "print('goes on')")
    done = python(str(path))
    assert (done.stdout, done.stderr, done.returncode) == ("goes on\n", "", 0)


def test_app_run_has_what_a_stopped_cell_shows_and_nothing_that_it_defined(write):
    write("import quire as qr", "x = 1\nqr.stop(True, 'wait')", "x + 1", name="stopped.py")
    code = "import stopped; outputs, defs = stopped.app.run(); print(outputs, sorted(defs))"
    assert python("-c", code, cwd=write("1").parent).stdout == "(None, 'wait', None) ['qr']\n"


def test_a_cell_below_a_stopped_one_cannot_be_run(write):
    write("import quire as qr", "x = 1\nqr.stop(True, 'wait')", "x + 1", name="stopped.py")
    code = (
        "import stopped, quire\n"
        "_, stops, reads = stopped.app._cells.values()\n"
        "print(stops.run())\n"
        "try: reads.run()\n"
        "except quire.StopError as error: print('stopped', error.output)"
    )
    assert python("-c", code, cwd=write("1").parent).stdout == "('wait', mappingproxy({}))\nstopped None\n"


def test_a_program_without_a_file_says_that_it_cannot_run(tmp_path):
    (tmp_path / "nb.py").write_text(notebook_text("x = 1"))

    with (tmp_path / "nb.py").open() as program:
        done = subprocess.run(
            [sys.executable, "-"], stdin=program, cwd=tmp_path, capture_output=True, text=True, check=False
        )

    assert done.returncode == 1
    said = "the cells of `<stdin>` cannot be read: No such file or directory; run the notebook as a file"
    assert done.stderr.splitlines() == [said]
