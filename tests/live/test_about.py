"""What a cell learns about itself and its notebook."""

import os
import subprocess
import sys
from pathlib import Path

import quire as qr
from quire.app import App
from tests.kernel.running import Notebook


def test_a_cell_knows_its_names():
    notebook = Notebook(a="import quire as qr", x="y = 1", b="z = y\nnames = qr.defs(), qr.refs()")
    notebook.run()
    assert notebook.names["names"] == (("names", "z"), ("qr", "y"))


def test_where_no_cell_runs_there_are_no_names():
    assert qr.defs() == ()
    assert qr.refs() == ()


def test_a_kernel_knows_its_mode_and_its_place():
    notebook = Notebook(
        a="import quire as qr\nknown = qr.running_in_notebook(), qr.app_meta().mode, str(qr.notebook_dir())"
    )
    notebook.run()
    assert notebook.names["known"] == (True, "edit", "/nowhere")


def test_under_pytest_the_mode_is_test():
    assert App is not None
    assert qr.app_meta().mode == "test"
    assert not qr.running_in_notebook()


def test_a_script_knows_that_it_is_one(tmp_path: Path):
    notebook = tmp_path / "notebook.py"
    notebook.write_text(
        "import quire\n\napp = quire.App()\n\n\n@app.cell\ndef _():\n    import quire as qr\n\n"
        "    print(qr.app_meta(), qr.running_in_notebook(), qr.notebook_dir().name, qr.notebook_location() == qr.notebook_dir())\n"
        "    return (qr,)\n\n\nif __name__ == '__main__':\n    app.run()\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
    done = subprocess.run(
        [sys.executable, notebook], cwd="/", env=environment, capture_output=True, text=True, check=True
    )
    assert done.stdout == f"AppMeta(mode='script', theme='system') False {tmp_path.name} True\n"


def test_a_program_without_a_notebook_has_no_mode():
    code = "import quire as qr; print(qr.app_meta().mode)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "None\n"
