"""What is kept of a file that was compiled before says the same as the file."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from quire.kernel.program import Program

FILE = '''\
import quire

app = quire.App()


@app.cell
def _(later):
    def _helper():
        return later

    first = _helper()
    text = """one
    two
"""
    return (first, text)


@app.cell(
    hide_code=True
)
def long(
    first,
):
    x: "Model" = first
    try:
        pass
    except ValueError as error:
        pass
    return (x,)


@app.cell
def _():
    import os.path
    later = 1
    return (later, os)


app._unparsable_cell("""
global later
seen = later
""", name="whole")


@app.cell(disabled=True)
def _(x):
    off = x
    return (off,)
'''


def imported(path: Path) -> ModuleType:
    specification = importlib.util.spec_from_file_location("notebook", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.mark.parametrize("text", [FILE, FILE.replace("\n", "\r\n"), FILE.replace("later = 1", "later = 1; x = 2")])
def test_names_and_code_are_those_of_the_file(tmp_path, text):
    path = tmp_path / "notebook.py"
    path.write_text(text, newline="")

    def program() -> Program:
        app = imported(path).app
        return Program(app.filename, app._outlines)

    first = program()
    graph = first.graph
    again = program()

    assert bool(graph.problems) == ("x = 2" in text)
    assert again.graph.order == graph.order
    assert again.graph.problems == graph.problems
    assert [again.graph.names(cell) for cell in graph.order] == [graph.names(cell) for cell in graph.order]
    assert again.code.keys() == first.code.keys()
    for cell, compiled in first.code.items():
        assert (again.code[cell].body, again.code[cell].last) == (compiled.body, compiled.last)
        assert again.outlines[cell].code == first.outlines[cell].code
        assert again.outlines[cell].line == first.outlines[cell].line
