"""Threads that belong to a cell."""

import sys
from typing import Any

import pytest

import quire as qr
from quire.protocol.notices import ConsoleWritten
from tests.kernel.running import Notebook

FRAME = "import quire as qr, threading\nresults = []\ngo, done = threading.Event(), threading.Event()"
WORK = """
def work():
    print("from", type(qr.current_thread()).__name__)
    qr.output.append("shown")
    go.wait(20)
    ended = qr.current_thread().should_exit
    print("late")
    qr.output.append("late")
    results.append(ended)
    done.set()

thread = qr.Thread(target=work)
thread.start()
"""


def printed(notebook: Notebook) -> dict[str, str]:
    texts: dict[str, str] = {}
    for notice in notebook.notices:
        if isinstance(notice, ConsoleWritten):
            texts[notice.cell] = texts.get(notice.cell, "") + notice.console.text
    return texts


def test_what_a_thread_prints_and_shows_belongs_to_its_cell_also_after_the_run(capsys: pytest.CaptureFixture[str]):
    notebook = Notebook(a=FRAME, t=WORK, b="go.set()\nfinished = done.wait(20)\nthread.join()")
    notebook.run()

    assert notebook.names["finished"] is True
    assert printed(notebook) == {"t": "from Thread\nlate\n"}
    assert notebook.names["results"] == [False]
    shown = notebook.outputs()["t"]
    assert shown is not None
    assert "shown" in shown.text
    assert "late" in shown.text
    assert capsys.readouterr().out == ""


def test_a_thread_whose_cell_runs_again_should_exit_and_shows_nothing_more(capsys: pytest.CaptureFixture[str]):
    notebook = Notebook(a=FRAME, t=WORK)
    notebook.run()
    thread: Any = notebook.names["thread"]
    go: Any = notebook.names["go"]
    assert not thread.should_exit
    notebook.sync(t="x = 1")
    notebook.run("t")
    notebook.notices.clear()
    go.set()
    thread.join(20)

    assert thread.should_exit
    assert notebook.names["results"] == [True]
    assert notebook.outputs() == {}
    assert capsys.readouterr().out == "late\n"  # as of any thread that belongs to nobody


@pytest.mark.parametrize("end", ["removed", "closed"])
def test_a_thread_should_exit_when_its_cell_or_its_notebook_is_gone(end: str):
    notebook = Notebook(a=FRAME, t=WORK)
    notebook.run()
    thread: Any = notebook.names["thread"]
    go: Any = notebook.names["go"]
    if end == "removed":
        notebook.sync(remove="t")
    else:
        notebook.engine.close()
    assert thread.should_exit
    go.set()
    thread.join(20)


def test_a_thread_of_a_script_is_an_ordinary_one(capsys: pytest.CaptureFixture[str]):
    stream = sys.stdout
    thread = qr.Thread(target=lambda: print("plain"))
    thread.start()
    thread.join(20)
    assert not thread.should_exit
    assert capsys.readouterr().out == "plain\n"
    assert sys.stdout is stream


def test_elsewhere_there_is_no_current_thread():
    with pytest.raises(RuntimeError, match="this is `MainThread`"):
        qr.current_thread()
