"""`quire script` is `python NB`, and can be asked for more: real processes of both, byte for byte."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from click.testing import CliRunner

from quire.cli.commands import quire
from tests.app.test_script import notebook_text

SCRIPT = [sys.executable, "-m", "quire", "script"]
ELEMENTS = """
n = qr.ui.slider(0, 10)
odd = qr.ui.slider(steps=[1, 3, 5])
word = qr.ui.text()
city = qr.ui.dropdown({"Oslo": 1, "Rome": 2}, value="Oslo")
on = qr.ui.checkbox()
go = qr.ui.run_button()
heard = []
told = qr.ui.number(0, 9, on_change=heard.append)
"""
TELL = "print(n.value, odd.value, repr(word.value), city.value, on.value, go.value, told.value, heard)"


def call(command: list[str], *arguments: str, cwd: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([*command, *arguments], cwd=cwd, input=given, capture_output=True, check=False, timeout=60)


def write(folder: Path, *cells: str, setup: str = "", name: str = "nb.py") -> Path:
    path = folder / name
    path.write_text(notebook_text(*cells, setup=setup), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("cells", "setup"),
    [
        (["print(sys.argv, __name__, __file__, sys.path[0], 'click' in globals())", "import sys"], ""),
        (["print(input('? ')); print(sys.stdin.read())"], "import sys"),
        (["import os\nos.write(1, b'\\xff raw'); print('late', file=sys.stderr)", "import sys"], ""),
        (["import sys\nsys.exit(3)"], ""),
        (["raise SystemExit('a word')"], ""),
        (["def f(x):\n    return 1 / x\nf(0)", "print('never')"], ""),
        (["1"], "raise ValueError('in setup')"),
        (["import asyncio\nawait asyncio.sleep(0)\n{}['none']"], ""),
        (["x = 1", "x = 2", "x"], ""),
        (["raise KeyboardInterrupt"], ""),
        (["import os, signal\nos.kill(os.getpid(), signal.SIGTERM)"], ""),
        (
            [
                "import atexit, threading\natexit.register(print, 'end')\nthreading.Thread(target=print, args=('t',)).start()"
            ],
            "",
        ),
        (["try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise OSError(2, 'x') from e"], ""),
        (["import gc, os\nprint(gc.isenabled(), os.environ['MY_OWN'])"], ""),
    ],
)
def test_it_does_byte_for_byte_what_python_does(tmp_path, cells: list[str], setup: str):
    write(tmp_path, *cells, setup=setup)
    (tmp_path / ".env").write_text("MY_OWN=1\n")
    given = b"first\nsecond\n"

    python = call([sys.executable], "nb.py", "--", "-x=1", "a b", cwd=tmp_path, given=given)
    ours = call(SCRIPT, "nb.py", "--", "-x=1", "a b", cwd=tmp_path, given=given)

    assert (ours.returncode, ours.stdout, ours.stderr) == (python.returncode, python.stdout, python.stderr)
    assert b"/quire/" not in ours.stderr


def test_watching_changes_no_byte_of_what_is_printed(tmp_path):
    write(
        tmp_path,
        "print('x', end=''); print('y', file=sys.stderr)\nsys.stdout.writelines(['a', 'b'])\n1 / 0",
        setup="import sys",
    )

    plain = call(SCRIPT, "nb.py", cwd=tmp_path)
    recorded = call(SCRIPT, "nb.py", "--record", "out.html", cwd=tmp_path)

    assert (recorded.returncode, recorded.stdout, recorded.stderr) == (1, plain.stdout, plain.stderr)


def test_ctrl_c_ends_it_as_it_ends_a_script(tmp_path):
    write(tmp_path, "print('begun', flush=True)\nimport time\ntime.sleep(60)")
    for command in ([sys.executable], SCRIPT):
        process = subprocess.Popen([*command, "nb.py"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert process.stdout is not None
        assert process.stdout.readline() == b"begun\n"
        process.send_signal(signal.SIGINT)
        _, error = process.communicate(timeout=30)
        assert process.returncode == -signal.SIGINT
        assert error.endswith(b"KeyboardInterrupt\n")
        assert b"Abort" not in error


def test_an_element_begins_with_the_value_that_is_given(tmp_path):
    write(tmp_path, ELEMENTS, TELL, setup="import quire as qr")
    values = ["n=7", "odd=3", "word=5", "city=Rome", "on=true", "go=true", "told=4"]

    done = call(SCRIPT, "nb.py", *(f"--ui={value}" for value in values), cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"7 3 '5' 2 True True 4 [4]\n"


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("n=11", "`--ui n=11`: a `slider` cannot be set to 11; it takes whole numbers from 0 to 10"),
        ("odd=2", "`--ui odd=2`: a `slider` cannot be set to 2; it takes one of its steps: 1, 3, 5"),
        ("city=Paris", "`--ui city=Paris`: a `dropdown` cannot be set to 'Paris'; it takes one of its options: 'Oslo', 'Rome'"),
        ("heard=1", "`--ui heard=1`: `heard` is no element, but a `list`"),
        ("m=1", "`--ui m=…`: no cell defines `m` for others; they define `city`, `go`, `heard`, `n`, `odd`, `on`, `told`, `word`"),
    ],
)  # fmt: skip
def test_a_value_that_fits_nothing_is_refused_with_what_would(tmp_path, value: str, message: str):
    write(tmp_path, ELEMENTS, TELL, setup="import quire as qr")

    done = call(SCRIPT, "nb.py", "--ui", value, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == f"quire: {message}\n"


def test_elements_of_the_setup_block_are_set_too(tmp_path):
    write(tmp_path, "print(s.value)", setup="import quire as qr\ns = qr.ui.text()")

    assert call(SCRIPT, "nb.py", "--ui", "s=here", cwd=tmp_path).stdout == b"here\n"
    assert call(SCRIPT, "nb.py", "--ui", "t=1", cwd=tmp_path).stderr.endswith(b"they define `s`\n")


def test_what_does_not_need_a_failed_cell_runs_on_request(tmp_path):
    write(tmp_path, "x = 1 / 0", "print('below', x)", "print('beside')", "y = x", "import quire as qr\nqr.stop(True)")

    done = call(SCRIPT, "nb.py", "--continue-on-error", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (1, b"beside\n")
    error = done.stderr.decode().splitlines()
    assert error[0] == "Traceback (most recent call last):"
    assert error[-3] == "ZeroDivisionError: division by zero"
    assert [line.partition(" (line ")[0] for line in error[-2:]] == ["quire: a cell"] * 2
    assert error[-1].endswith(") did not run: it needs a cell that failed")


RECORDED = [
    "import quire as qr\nimport sys",
    "qr.md('# A heading')",
    "n = qr.ui.slider(0, 10, label='size')\nn",
    "print('out', n.value); print('err', file=sys.stderr)\n{'a': [1, (2,)], 'b': n}",
    "qr.iframe('<script>1</script>')",
    "def f():\n    raise ValueError('wrong <here>')\nz = f()",
    "z",
    "'text < 5'",
]


def test_a_record_is_a_page_that_needs_nothing_else(tmp_path):
    write(tmp_path, *RECORDED)

    done = call(SCRIPT, "nb.py", "--record", "out.html", "--continue-on-error", "--ui", "n=7", cwd=tmp_path)

    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert done.returncode == 1
    assert "<title>nb.py</title>" in page
    assert "<output>7</output>" in page
    assert '<span class="stdout">out 7\n</span><span class="stderr">err\n</span>' in page
    assert page.count("ValueError: wrong &lt;here&gt;") == 1
    assert "did not run, because a cell that it needs failed" in page
    assert "text &lt; 5" in page
    assert '<iframe title="output" sandbox="allow-scripts" srcdoc="&lt;script&gt;1&lt;/script&gt;">' in page
    assert "<script" not in page
    assert "qr.md(" not in page  # prose is read, not its code
    assert not any(word in page for word in ("http://", "https://", "<link", "@import"))
    assert sorted(path.name for path in tmp_path.iterdir() if path.suffix != ".pyc") == ["nb.py", "out.html"]


def test_a_record_is_a_jupyter_notebook_with_outputs(tmp_path):
    write(tmp_path, *RECORDED)

    done = call(SCRIPT, "nb.py", "--record", "out.ipynb", "--ui", "n=7", cwd=tmp_path)

    assert done.returncode == 1
    written = nbformat.read(tmp_path / "out.ipynb", 4)
    nbformat.validate(written)
    outputs = [cell.outputs for cell in written.cells if cell.cell_type == "code" and cell.outputs]
    kinds = [[output.output_type for output in cell] for cell in outputs]
    assert kinds == [["display_data"], ["stream", "stream", "display_data"], ["display_data"], ["error"]]
    assert outputs[1][0].text == "out 7\n"
    assert outputs[1][2].data["text/plain"] == "{'a': [1, (2,)], 'b': (markup)}"
    assert outputs[3][0].evalue == "wrong <here>"
    counts = [cell.execution_count for cell in written.cells if cell.cell_type == "code" and cell.execution_count]
    assert counts == sorted(counts)


INTERRUPTED = "import signal\nsignal.raise_signal(signal.SIGINT)"


WAITING = """
import asyncio, signal
asyncio.get_running_loop().call_soon(signal.raise_signal, signal.SIGINT)
await asyncio.sleep(99)
"""


@pytest.mark.parametrize(
    ("cells", "setup", "end", "told", "unrun"),
    [
        (["1 / 0", "'last'"], "", "", "nb.py, line 9\n    1 / 0", 1),
        (["import sys\nsys.exit(3)", "'last'"], "", "", "SystemExit: 3", 1),
        (["import sys\nsys.exit()", "'last'"], "", "", "", 1),
        ([INTERRUPTED, "'last'"], "", "", "this cell was interrupted", 1),
        ([WAITING, "'last'"], "", "", "this cell was interrupted", 1),
        (["'first'", "'last'"], "import sys\nsys.exit(2)", "", "SystemExit: 2", 2),
        (["'first'", "'last'"], "import sys\nsys.exit()", "", "", 2),
        (["'first'", "'last'"], "x = 1 / 0", "", "\n    x = 1 / 0</pre>", 2),
        (["a = b", "b = a"], "", "", "2 cells wait for each other", 2),
        (["'first'"], "", "    raise ValueError('at the end')", "ValueError: at the end", 0),
        (["'first'", "x = 1"], "", "    1 +", "SyntaxError: invalid syntax", 2),
    ],
)
def test_a_record_says_what_ended_the_notebook_and_which_cells_did_not_run(
    tmp_path, cells: list[str], setup: str, end: str, told: str, unrun: int
):
    write(tmp_path, *cells, setup=setup)
    path = tmp_path / "nb.py"
    path.write_text(path.read_text(encoding="utf-8") + end, encoding="utf-8")

    plain = call([sys.executable], "nb.py", cwd=tmp_path)
    done = call(SCRIPT, "nb.py", "--record", "out.html", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (plain.returncode, plain.stdout)
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert told in page
    assert page.count("did not run") == unrun
    call(SCRIPT, "nb.py", "--record", "out.ipynb", cwd=tmp_path)
    written = nbformat.read(tmp_path / "out.ipynb", 4)
    nbformat.validate(written)
    assert not setup.endswith("0") or written.cells[0].outputs[0].ename == "ZeroDivisionError"


def test_a_markdown_notebook_runs_and_is_recorded(tmp_path):
    (tmp_path / "nb.md").write_text("# Title\n\n```python {.quire}\nx = 1 / y\n```\n\n```python {.quire}\ny = 0\n```\n")

    done = call(SCRIPT, "nb.md", "--record", "out.html", cwd=tmp_path)

    assert done.returncode == 1
    assert b'nb.md", line 4, in <module>\n    x = 1 / y' in done.stderr
    page = (tmp_path / "out.html").read_text(encoding="utf-8")
    assert ">Title</h1>" in page
    assert "nb.md, line 4" in page
    assert call(SCRIPT, "nb.md", "--record", "out.ipynb", cwd=tmp_path).returncode == 1
    assert json.loads((tmp_path / "out.ipynb").read_text())["cells"][0]["cell_type"] == "markdown"


def test_a_record_is_written_where_nobody_reads_what_is_printed(tmp_path):
    write(tmp_path, "print('heard')")
    command = [*SCRIPT, "nb.py", "--record", "out.html"]

    done = subprocess.run(["sh", "-c", 'exec "$@" >&-', "sh", *command], cwd=tmp_path, check=False, timeout=60)

    assert done.returncode == 0
    assert "heard\n" in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_a_record_is_where_it_was_asked_for_though_the_notebook_goes_elsewhere(tmp_path):
    (tmp_path / "sub").mkdir()
    write(tmp_path, "import os\nos.chdir('sub')")

    assert call(SCRIPT, "nb.py", "--record", "out.html", cwd=tmp_path).returncode == 0
    assert (tmp_path / "out.html").exists()
    assert not list((tmp_path / "sub").iterdir())


def test_a_record_that_cannot_be_written_is_told_and_nothing_is_left(tmp_path):
    write(tmp_path, "print(1)")
    (tmp_path / "out.html").mkdir()

    done = call(SCRIPT, "nb.py", "--record", "out.html", cwd=tmp_path)

    assert (done.returncode, done.stdout) == (2, b"1\n")
    assert (
        done.stderr
        == b"quire: cannot save `out.html`: a directory of this name is in its place; move it away, then save again\n"
    )
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.py"], "cannot read `none.py`: No such file or directory"),
        (["nb.py", "--record", "out.pdf"], "`out.pdf` is no record that can be written"),
        (["nb.py", "--record", "none/out.html"], "there is no directory"),
        (["nb.py", "--ui", "n"], "`--ui n` says no value for a name"),
        (["plain.py"], "`plain.py` cannot be opened"),
        (["."], "cannot read `.`: Is a directory"),
    ],
)
def test_what_cannot_be_run_is_refused_in_a_line(tmp_path, monkeypatch, arguments: list[str], words: str):
    monkeypatch.chdir(tmp_path)
    write(tmp_path, "1")
    (tmp_path / "plain.py").write_text("print(1)\n")

    done = CliRunner().invoke(quire, ["script", *arguments])

    assert done.exit_code == 2
    assert done.output.startswith(f"quire: {words}")
