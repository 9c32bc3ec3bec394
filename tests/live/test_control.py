"""`stop` and `state`, as user code calls them; the cells really run."""

import pytest

import quire as qr
from quire.context import set_host
from tests.kernel.running import Notebook


def test_stop_does_nothing_when_there_is_no_reason():
    qr.stop(False)
    qr.stop(0, output="unseen")


def test_stop_ends_a_function_with_what_to_show():
    with pytest.raises(qr.StopError) as raised:
        qr.stop([1], "wait")
    assert raised.value.output == "wait"
    assert not isinstance(raised.value, Exception)


def test_a_stopped_cell_shows_its_output_and_keeps_what_depends_on_it_from_running():
    notebook = Notebook(a="import quire as qr", b="qr.stop(True, 'not yet')\nx = 1", c="x", d="y = 2")

    assert notebook.run() == ["a", "b", "d"]
    assert notebook.outcomes() == {"a": "succeeded", "b": "stopped", "c": "waiting", "d": "succeeded"}
    shown = notebook.outputs()["b"]
    assert shown is not None
    assert shown.text == "'not yet'"


def test_a_stopped_cell_keeps_its_last_good_values_for_nobody_to_run_on():
    notebook = Notebook(a="import quire as qr", w="wait = False", b="qr.stop(wait)\nx = 1", c="x + 1")
    notebook.run()
    notebook.sync(w="wait = True")

    assert notebook.run("w") == ["w", "b"]
    assert notebook.names["x"] == 1
    assert notebook.outcomes()["c"] == "waiting"


def test_a_stopped_cell_is_up_to_date_and_what_waits_behind_it_runs_when_it_goes_on():
    notebook = Notebook(
        a="import quire as qr", w="w = qr.ui.checkbox()", b="qr.stop(not w.value)\nx = 1", c="x", d="1 / 0", e="x + y"
    )
    notebook.run()
    assert notebook.stale() == {"c", "d", "e"}

    notebook.set(w_0=True)
    assert notebook.outcomes() == {"b": "succeeded", "c": "succeeded", "e": "failed"}


def test_except_exception_does_not_hold_stop_up():
    notebook = Notebook(a="import quire as qr\ntry:\n    qr.stop(True)\nexcept Exception:\n    x = 1")
    notebook.run()
    assert notebook.outcomes() == {"a": "stopped"}


STATE = {"a": "import quire as qr", "s": "get, put = qr.state(0)"}


def test_cells_that_read_a_state_run_after_the_cell_that_set_it():
    notebook = Notebook(**STATE, r="seen = get()", w="put(5)")

    assert notebook.run() == ["a", "s", "r", "w", "r"]
    assert notebook.names["seen"] == 5


def test_the_cell_that_sets_a_state_does_not_run_again():
    notebook = Notebook(**STATE, w="n = get()\nput(n + 1)")

    assert notebook.run() == ["a", "s", "w"]


def test_a_state_may_ask_for_its_own_cell_until_that_sets_it_no_more():
    notebook = Notebook(
        a="import quire as qr",
        s="get, put = qr.state(0, allow_self_loops=True)",
        w="n = get()\nif n < 3:\n    put(lambda n: n + 1)",
    )

    assert notebook.run() == ["a", "s", "w", "w", "w", "w"]
    assert notebook.names["n"] == 3


def test_two_cells_that_set_each_others_state_go_on_until_they_agree():
    notebook = Notebook(
        a="import quire as qr",
        s="get_c, set_c = qr.state(0)\nget_f, set_f = qr.state(32)",
        c="if get_f() != get_c() * 2 + 32:\n    set_c((get_f() - 32) / 2)",
        f="if get_f() != get_c() * 2 + 32:\n    set_f(get_c() * 2 + 32)",
        x="set_f(212)",
    )
    notebook.run()

    assert notebook.names["get_c"]() == 90.0  # type: ignore[operator]
    assert not notebook.engine.is_busy


def test_a_state_that_on_change_sets_runs_its_readers_and_those_of_the_element_once():
    notebook = Notebook(
        **STATE,
        b="slider = qr.ui.slider(0, 9, on_change=put)",
        r="seen = (get(), slider.value)",
    )
    notebook.run()

    assert notebook.set(b_0=7) == ["r"]
    assert notebook.names["seen"] == (7, 7)


def test_a_state_that_a_thread_sets_wakes_its_readers():
    notebook = Notebook(
        **STATE,
        r="seen = get()",
        t="import threading\nthread = threading.Thread(target=put, args=(8,))\nthread.start()\nthread.join()",
    )

    before = set_host(notebook.engine.host)  # as a kernel's process does
    try:
        assert notebook.run() == ["a", "s", "r", "t", "r"]
    finally:
        set_host(before)
    assert notebook.names["seen"] == 8


def test_a_failing_update_leaves_the_state_as_it_is():
    get, put = qr.state(1)
    with pytest.raises(ZeroDivisionError):
        put(lambda value: value // 0)
    assert get() == 1
    assert repr(get) == "<state 1>"


def test_a_run_button_is_pressed_for_the_runs_it_causes_only():
    notebook = Notebook(
        a="import quire as qr",
        b="run = qr.ui.run_button()\nother = 0",
        r="pressed = run.value, other",
        s="again = pressed",
    )
    notebook.run()
    assert notebook.names["pressed"] == (False, 0)

    assert notebook.set(b_0=1) == ["r", "s"]
    assert notebook.names["again"] == (True, 0)
    assert notebook.run("r") == ["r", "s"]
    assert notebook.names["again"] == (False, 0)
    assert notebook.set(b_0=2) == ["r", "s"]
    assert notebook.names["again"] == (True, 0)


def test_a_run_button_that_is_made_again_while_its_click_counts_stays_pressed():
    notebook = Notebook(
        a="import quire as qr",
        s="get, put = qr.state(0)",
        b="get()\nrun = qr.ui.run_button(on_change=lambda _: put(1))",
        r="pressed = run.value",
    )
    notebook.run()

    assert notebook.set(b_0=1) == ["b", "r"]
    assert notebook.names["pressed"] is True
