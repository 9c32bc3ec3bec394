"""A notebook within a notebook: elements in it work, and whoever reads the result hears of it."""

import sys
from collections.abc import Iterator
from importlib import invalidate_caches
from itertools import count
from pathlib import Path

import pytest

from quire.protocol.notices import ConsoleWritten, ElementsChanged
from tests.app.test_script import notebook_text
from tests.kernel.running import Notebook, close_engines

_numbers = count()


@pytest.fixture
def write(tmp_path: Path) -> Iterator[object]:
    """Writes a notebook that the cells of a test can import; returns the name of the module."""
    sys.path.insert(0, str(tmp_path))

    def write(*cells: str, setup: str = "import quire as qr\nran = []") -> str:
        name = f"embedded_{next(_numbers)}"
        (tmp_path / f"{name}.py").write_text(notebook_text(*cells, setup=setup), encoding="utf-8")
        invalidate_caches()
        return name

    yield write
    sys.path.remove(str(tmp_path))
    close_engines()


SLIDER = (
    "slider = qr.ui.slider(0, 10)\nslider",
    "ran.append(slider.value)\nf'at {slider.value}'",
    "ran.append('other')",
)


def element_of(output: str) -> str:
    return output.partition('element-id="')[2].partition('"')[0]


def set_element(notebook: Notebook, element: str, value: object) -> list[str]:
    return notebook.set(**{element.replace("-", "_"): value})


def test_who_moves_an_embedded_slider_runs_its_readers_and_then_the_readers_of_the_result(write):
    name = write(*SLIDER)
    notebook = Notebook(a=f"from {name} import app, ran", b="result = await app.embed()", c="result.output")
    notebook.run()
    ran = notebook.names["ran"]
    assert ran == [0, "other"]
    element = element_of(notebook.outputs()["c"].text)

    assert set_element(notebook, element, 4) == ["c"]

    assert ran == [0, "other", 4]
    assert "at 4" in notebook.outputs()["c"].text


def test_the_cell_that_embeds_and_shows_is_drawn_anew_and_does_not_run(write):
    name = write(*SLIDER)
    notebook = Notebook(
        a=f"import quire as qr\nfrom {name} import app", b="result = await app.embed()\nqr.hstack([1, result.output])"
    )
    notebook.run()
    element = element_of(notebook.outputs()["b"].text)

    assert set_element(notebook, element, 4) == []

    assert "at 4" in notebook.outputs()["b"].text


def test_outputs_stand_in_the_order_of_the_file(write):
    name = write("x + 1", "x = 1\n'first'", "None")
    notebook = Notebook(a=f"from {name} import app", b="(await app.embed()).output")
    notebook.run()
    text = notebook.outputs()["b"].text
    assert text.index("2") < text.index("first")
    assert text.count("<div>") == 2


def test_definitions_follow(write):
    name = write("slider = qr.ui.slider(0, 10)", "double = 2 * slider.value", "_p = 1")
    notebook = Notebook(
        a=f"from {name} import app", b="result = await app.embed()\nresult.output", c="result.defs['double']"
    )
    notebook.run()
    element = notebook.names["result"].defs["slider"].id

    assert set_element(notebook, element, 3) == ["c"]
    assert notebook.outputs()["c"].text == "6"
    assert sorted(notebook.names["result"].defs) == ["double", "qr", "ran", "slider"]


def test_values_that_people_set_stay_when_the_cell_that_embeds_runs_again(write):
    name = write(*SLIDER)
    notebook = Notebook(a=f"from {name} import app, ran", b="result = await app.embed()\nresult.output")
    notebook.run()
    set_element(notebook, element_of(notebook.outputs()["b"].text), 4)
    notebook.run("b")
    assert "at 4" in notebook.outputs()["b"].text


def test_each_embedding_is_a_notebook_of_its_own(write):
    name = write(*SLIDER, setup="import quire as qr\nran = []")
    notebook = Notebook(
        a=f"from {name} import app, ran",
        b="one = await app.embed()\ntwo = await app.clone().embed()",
        c="one.output",
        d="two.output",
    )
    notebook.run()
    first, second = (element_of(notebook.outputs()[cell].text) for cell in ("c", "d"))
    assert first != second

    assert set_element(notebook, second, 7) == ["d"]
    assert (notebook.names["one"].defs["slider"].value, notebook.names["two"].defs["slider"].value) == (0, 7)


def test_each_embedding_has_a_state_of_its_own(write):
    name = write(
        "get, set_ = qr.state(0)\nmore = qr.ui.button(on_change=lambda _: set_(get() + 1))\nmore", "count = get()"
    )
    notebook = Notebook(
        a=f"from {name} import app",
        b="one = await app.embed()\ntwo = await app.embed()",
        c="one.defs['count']",
        d="two.defs['count']",
    )
    notebook.run()

    assert set_element(notebook, notebook.names["two"].defs["more"].id, 1) == ["d"]
    assert notebook.outputs()["d"].text == "1"
    assert notebook.names["one"].defs["count"] == 0


def test_a_notebook_in_a_notebook_in_a_notebook(write):
    inner = write(*SLIDER)
    outer = write(
        f"from {inner} import app as inner",
        "result = await inner.embed()\nresult.output",
        "shown = result.defs['slider'].value",
    )
    notebook = Notebook(
        a=f"from {outer} import app", b="whole = await app.embed()", c="whole.output", d="whole.defs['shown']"
    )
    notebook.run()

    assert set_element(notebook, element_of(notebook.outputs()["c"].text), 5) == ["c", "d"]
    assert "at 5" in notebook.outputs()["c"].text
    assert notebook.outputs()["d"].text == "5"


def test_a_cell_that_fails_after_a_move_says_so_in_its_place_and_is_mended_by_the_next_move(write):
    name = write(
        "slider = qr.ui.slider(0, 10)", "x = 1 / (slider.value - 4)\nx", "f'below {x}'", "f'beside {slider.value}'"
    )
    notebook = Notebook(a=f"from {name} import app", b="result = await app.embed()", c="result.output")
    notebook.run()
    element = notebook.names["result"].defs["slider"].id

    assert set_element(notebook, element, 4) == ["c"]
    text = notebook.outputs()["c"].text
    assert "ZeroDivisionError: division by zero" in text
    assert f"{name}.py, line" in text
    assert "beside 4" in text
    assert "below" not in text
    assert "x" not in notebook.names["result"].defs
    said = [notice for notice in notebook.notices if isinstance(notice, ConsoleWritten)]
    assert {notice.cell for notice in said} == {"b"}
    assert "ZeroDivisionError" in "".join(notice.console.text for notice in said)

    set_element(notebook, element, 5)
    assert "below 1.0" in notebook.outputs()["c"].text


def test_a_cell_that_fails_at_first_fails_the_cell_that_embeds(write):
    name = write("1 / 0")
    notebook = Notebook(a=f"from {name} import app", b="result = await app.embed()")
    notebook.run()
    assert notebook.outcomes()["b"] == "failed"
    assert notebook.error("b")["frames"][-1]["file"].endswith(f"{name}.py")


def test_a_stopped_cell_shows_what_it_was_stopped_with(write):
    name = write(
        "slider = qr.ui.slider(0, 10)", "qr.stop(slider.value < 5, 'too low')\nx = slider.value", "f'x is {x}'"
    )
    notebook = Notebook(a=f"from {name} import app", b="result = await app.embed()", c="result.output")
    notebook.run()
    assert "too low" in notebook.outputs()["c"].text
    assert "x is" not in notebook.outputs()["c"].text
    element = notebook.names["result"].defs["slider"].id

    set_element(notebook, element, 6)
    assert "x is 6" in notebook.outputs()["c"].text

    set_element(notebook, element, 2)
    assert "too low" in notebook.outputs()["c"].text
    assert "x is" not in notebook.outputs()["c"].text


def test_a_state_in_it_runs_its_readers(write):
    name = write(
        "get, set_it = qr.state(0)", "qr.ui.button(on_change=lambda _: set_it(lambda n: n + 1))", "f'state {get()}'"
    )
    notebook = Notebook(a=f"from {name} import app", b="result = await app.embed()", c="result.output")
    notebook.run()
    assert "state 0" in notebook.outputs()["c"].text
    assert set_element(notebook, element_of(notebook.outputs()["c"].text), 1) == ["c"]
    assert "state 1" in notebook.outputs()["c"].text


def test_a_run_button_in_it_is_pressed_for_one_run(write):
    name = write("button = qr.ui.run_button()\nbutton", "ran.append(button.value)")
    notebook = Notebook(a=f"from {name} import app, ran", b="result = await app.embed()", c="result.output")
    notebook.run()
    element = notebook.names["result"].defs["button"].id
    set_element(notebook, element, 1)
    set_element(notebook, element, 2)
    assert notebook.names["ran"] == [False, True, True]
    assert notebook.names["result"].defs["button"].value is False


def test_an_element_that_is_made_anew_with_other_options_takes_the_page_along(write):
    name = write("top = qr.ui.slider(1, 10, value=5)\ntop", "inner = qr.ui.slider(0, top.value)\ninner")
    notebook = Notebook(a=f"from {name} import app", b="result = await app.embed()", c="result.output")
    notebook.run()
    top, inner = (notebook.names["result"].defs[name].id for name in ("top", "inner"))
    set_element(notebook, inner, 4)

    set_element(notebook, top, 2)

    assert [notice.values for notice in notebook.notices if isinstance(notice, ElementsChanged)] == [{inner: 0}]
    set_element(notebook, inner, 2)
    assert notebook.names["result"].defs["inner"].value == 2


def test_what_cells_show_of_their_own_accord_is_among_the_outputs(write):
    name = write("qr.output.append('one')\nqr.output.append('two')")
    notebook = Notebook(a=f"from {name} import app", b="result = await app.embed()", c="result.output")
    notebook.run()
    assert "one" in notebook.outputs()["c"].text
    assert "two" in notebook.outputs()["c"].text
    assert notebook.outputs().get("b") is None


def test_what_it_has_left_running_ends_with_the_next_run(write):
    name = write("from quire.context import host\nhost().on_close(lambda: ran.append('closed'))")
    notebook = Notebook(a=f"from {name} import app, ran", b="result = await app.embed()")
    notebook.run()
    assert notebook.names["ran"] == []
    notebook.run("b")
    assert notebook.names["ran"] == ["closed"]


def test_a_move_after_the_cell_that_embeds_is_gone_does_nothing(write):
    name = write(*SLIDER)
    notebook = Notebook(a=f"from {name} import app, ran", b="result = await app.embed()")
    notebook.run()
    element = notebook.names["result"].defs["slider"].id
    notebook.sync(remove="b")
    assert set_element(notebook, element, 3) == []
    assert notebook.names["ran"] == [0, "other"]
