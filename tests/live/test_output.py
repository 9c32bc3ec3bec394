"""What a cell shows while it runs."""

from typing import Any

import pytest

import quire as qr
from quire.ids import CellId
from quire.kernel.live import Live
from quire.protocol.messages import Output
from quire.protocol.notices import OutputChanged
from tests.kernel.running import Notebook


def texts(notebook: Notebook) -> list[str]:
    """What the page was given, one after the other."""
    return [
        "" if notice.output is None else notice.output.text
        for notice in notebook.notices
        if isinstance(notice, OutputChanged)
    ]


def run(code: str) -> list[str]:
    notebook = Notebook(a=f"import quire as qr\n{code}")
    notebook.run()
    return texts(notebook)


def test_what_is_replaced_in_a_loop_is_shown_while_the_cell_runs():
    assert run("for i in range(3):\n    qr.output.replace(i)") == ["0", "1", "2"]


def test_what_is_appended_stands_below_what_is_there():
    first, second = run("qr.output.append(qr.md('*one*'))\nqr.output.append('<two>')")
    assert "<em>one</em>" in first
    assert second.index("<em>one</em>") < second.index("&lt;two&gt;")


def test_the_value_of_the_last_line_takes_the_place_of_what_was_shown():
    assert run("qr.output.append('working')\n'done'") == ["'working'", "'done'"]


def test_a_cell_that_shows_nothing_at_last_has_no_output():
    assert run("qr.output.append('working')\nqr.output.clear()") == ["'working'", ""]
    assert run("qr.output.append('working')\nqr.output.replace(None)") == ["'working'", ""]


def test_one_of_several_values_is_replaced_by_its_number():
    assert run("qr.output.append(1)\nqr.output.replace_at_index(2, 0)") == ["1", "2"]
    last = run("qr.output.replace_at_index('a', 0)\nqr.output.replace_at_index('b', 1)")[-1]
    assert last.index("&#x27;a&#x27;") < last.index("&#x27;b&#x27;")


def test_a_number_that_is_not_there_is_an_error_of_the_cell():
    notebook = Notebook(a="import quire as qr\nqr.output.replace_at_index(1, 5)")
    notebook.run()
    assert notebook.outcomes() == {"a": "failed"}
    assert "the cell shows 0 values, there is no number 5" in texts(notebook)[-1]


def test_a_stopped_cell_shows_what_it_had_shown():
    assert run("qr.output.append('so far')\nqr.stop(True)") == ["'so far'"]


def test_the_next_run_begins_with_nothing():
    notebook = Notebook(a="import quire as qr", b="qr.output.append(1)")
    notebook.run()
    notebook.sync(b="x = 1")
    notebook.run("b")
    assert texts(notebook) == [""]


def test_what_a_finished_run_left_behind_shows_nothing_when_the_cell_has_run_again():
    notebook = Notebook(
        a="import quire as qr", b="show = qr.output.append\nimport contextvars\nleft = contextvars.copy_context()"
    )
    notebook.run()
    notebook.names["old"] = notebook.names["left"]
    notebook.run("b")
    notebook.notices.clear()

    old: Any = notebook.names["old"]
    old.run(qr.output.append, "late")
    assert texts(notebook) == []
    new: Any = notebook.names["left"]
    new.run(qr.output.append, "now")
    assert texts(notebook) == ["'now'"]


def test_without_a_notebook_nothing_is_shown_nor_rendered():
    class Unseen:
        def _repr_html_(self) -> str:
            raise AssertionError("nobody looks")

    qr.output.append(Unseen())
    qr.output.replace(Unseen())
    qr.output.replace_at_index(Unseen(), 99)
    qr.output.clear()


@pytest.mark.parametrize("count", [1, 500])
def test_the_output_that_is_told_last_is_the_last_that_was_shown(count: int):
    """However fast it changes, and however few of them leave."""
    told: list[Any] = []
    live = Live(told.extend)
    for number in range(count):
        live.show(CellId("a"), [Output(mime="text/plain", text=str(number))])
    last = live.settle(CellId("a"), Output(mime="text/plain", text=str(count - 1)))

    assert ([*told, last] if last else told)[-1].output.text == str(count - 1)
    assert len(told) <= count
