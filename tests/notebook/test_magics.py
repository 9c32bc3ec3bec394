"""Lines of IPython become Python, and Python is left alone."""

import ast
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.notebook.magics import find_magic, write_as_python


@pytest.mark.parametrize(
    ("code", "name", "written"),
    [
        ("%cd data", "%cd", "import os\n\nos.chdir('data')"),
        ("!ls -l", "!ls", "import subprocess\n\nsubprocess.run('ls -l', shell=True)"),
        ("%env A=b", "%env", "import os\n\nos.environ['A'] = 'b'"),
        ("%pwd", "%pwd", "from pathlib import Path\n\nPath.cwd()"),
        ("%time f(1)", "%time", "f(1)"),
        ("%%time\nf(1)\ng(2)", "%%time", "f(1)\ng(2)"),
        ("%matplotlib inline\nx = 1", "%matplotlib", "# %matplotlib inline\nx = 1"),
        ("if x:\n    %load_ext a", "%load_ext", "if x:\n    pass  # %load_ext a"),
        ("x?", "x?", "help(x)"),
        ("?a.b", "?a.b", "help(a.b)"),
        ("%%html\n<b>x</b>", "%%html", 'import quire as qr\n\nqr.Html("""\\\n<b>x</b>\n""")'),
        ("%%javascript\nalert(1)", "%%javascript", "# %%javascript\n# alert(1)"),
        ("%unheard of", "%unheard", "# %unheard of"),
        (
            "%pip install -q x",
            "%pip",
            'import subprocess\nimport sys\n\nsubprocess.run([sys.executable, "-m", "pip", *\'install -q x\'.split()], check=True)',
        ),
        ("import os\n%cd {place}/$name", "%cd", "import os\nos.chdir('{place}/$name')"),
        ("%cd", "%cd", "import os\n\nos.chdir(os.path.expanduser('~'))"),
        ("%run a.py", "%run", "import runpy\n\nrunpy.run_path('a.py', run_name=\"__main__\")"),
        ("!rm {place}/$name", "!rm", "import subprocess\n\nsubprocess.run(f'rm {place}/{name}', shell=True)"),
        ("!awk '{print $1}'", "!awk", "import subprocess\n\nsubprocess.run(\"awk '{print $1}'\", shell=True)"),
    ],
)
def test_a_line_of_ipython_is_written_in_python(code, name, written):
    assert find_magic(code) == name
    assert write_as_python(code) == written


@pytest.mark.parametrize(
    "code",
    [
        "x = 7\ny = 3\nz = (x\n% y)",
        's = """\n%cd data\n!ls\n"""',
        "x = 1",
        "",
        "%cd data\nx = = 1",
        "x %\n",
        "'%d' % 1",
    ],
)
def test_what_is_python_or_broken_elsewhere_is_left_alone(code):
    assert find_magic(code) is None
    assert write_as_python(code) is None


def test_what_is_written_does_the_same(tmp_path):
    code = "\n".join(
        [
            f"%cd {tmp_path}",
            "!echo one > a.txt",
            "found = !ls",
            "%env GREETING=hello",
            "!echo $found",
            "import os",
            "print(found, os.environ['GREETING'], flush=True)",
        ]
    )
    written = write_as_python(code)
    assert written is not None
    done = subprocess.run([sys.executable, "-c", written], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['a.txt'] hello"


@pytest.mark.parametrize("shell", ["bash", "sh"])
def test_a_shell_script_runs(shell, tmp_path):
    written = write_as_python(f'%%{shell}\nfor i in 1 2; do\n  echo "line $i"\ndone')
    assert written is not None
    done = subprocess.run([sys.executable, "-c", written], capture_output=True, text=True, check=True)
    assert done.stdout == "line 1\nline 2\n"


@given(st.text(alphabet=st.sampled_from("%!?x1 =\n\"'({})$\\#"), max_size=40))
def test_whatever_is_pasted_the_result_is_python(code):
    written = write_as_python(code)
    if written is not None:
        ast.parse(written)
        assert write_as_python(written) is None
        assert find_magic(code) is not None
