"""Cells really run here, in this process: values, outputs, failures, elements. No pipes, no signals."""

import io
from contextlib import redirect_stderr

import pytest

from quire.ids import ElementId
from quire.protocol.kernel import (
    BindNotebook,
    RunStaleCells,
)
from quire.protocol.messages import Output
from quire.protocol.notices import ElementsChanged

from .running import Notebook


def test_the_last_expression_is_the_output():
    notebook = Notebook(a="x = 2", b="x * 3", c="x;")
    notebook.run()

    assert notebook.outputs() == {"a": None, "b": Output(mime="text/plain", text="6"), "c": None}


def test_in_markdown_quire_is_there_without_an_import_until_a_cell_binds_its_name():
    notebook = Notebook(a="qr.__name__", b="")
    notebook.engine.bind(BindNotebook(path="/nowhere/notebook.md", directory="/nowhere", carrier="markdown"))
    notebook.run()
    assert notebook.outputs()["a"] == Output(mime="text/plain", text="'quire'")

    notebook.sync(b="class qr: pass")
    notebook.run()
    assert notebook.outputs()["a"] == Output(mime="text/plain", text="'qr'")

    notebook.sync(b="")
    notebook.run()
    assert notebook.outputs()["a"] == Output(mime="text/plain", text="'quire'")


def test_an_output_that_has_not_changed_is_not_sent_again():
    notebook = Notebook(a="x = 2", b="x * 3")
    notebook.run()
    notebook.run()
    assert notebook.outputs() == {}

    notebook.sync(a="x = 3")
    notebook.run("a")
    assert notebook.outputs() == {"b": Output(mime="text/plain", text="9")}


def test_a_failing_cell_shows_its_traceback_and_leaves_its_old_values_to_nobody():
    notebook = Notebook(a="x = 1", b="x")
    notebook.run()
    notebook.sync(a="x = 2\n1 / 0")
    assert notebook.run("a") == ["a"]

    shown = notebook.error("a")
    assert (shown["error"], shown["frames"][0]["cell"], shown["frames"][0]["cellLine"]) == ("ZeroDivisionError", "a", 2)
    assert notebook.outcomes() == {"a": "failed", "b": "cancelled"}
    assert notebook.names["x"] == 1


def test_a_traceback_goes_through_the_cells_that_made_the_functions():
    notebook = Notebook(a="def half(n):\n    return n / 0", b="\n\nhalf(1)")
    notebook.run()
    frames = notebook.error("b")["frames"]

    assert [(frame["cell"], frame["cellLine"], frame["line"], frame["source"].strip()) for frame in frames] == [
        ("b", 3, 13, "half(1)"),
        ("a", 2, 2, "return n / 0"),
    ]


def test_a_traceback_shows_the_text_that_ran_not_the_one_that_was_typed_since():
    """A drag runs the reader of a function whose cell has been edited, but not run."""
    notebook = Notebook(
        a="def half(n):\n    return n / 0", s="import quire as qr\ns = qr.ui.slider(0, 9)", b="half(s.value)"
    )
    notebook.run()
    notebook.sync(a="def half(n):\n\n\n    return n / 2")
    notebook.run("s")
    notebook.notices.clear()
    notebook.sync(b="half(s.value) + 1")
    notebook.set(s_0=4)
    frames = notebook.error("b")["frames"]

    assert (frames[-1]["cell"], frames[-1]["source"].strip()) == ("a", "return n / 0")


def test_source_lines_are_those_of_the_text_that_runs():
    notebook = Notebook(a="x = 1", b="def f():\n    return 'here'\nimport inspect\ninspect.getsource(f)")
    notebook.run()
    output = notebook.outputs()["b"]

    assert output is not None
    assert "return 'here'" in output.text


def test_system_exit_is_a_failure_of_its_cell():
    notebook = Notebook(a="import sys\nsys.exit(3)", b="1")
    notebook.run()

    assert notebook.error("a")["error"] == "SystemExit"
    assert "not the kernel" in notebook.error("a")["note"]
    assert notebook.outcomes()["b"] == "succeeded"


@pytest.mark.parametrize(
    "code",
    [
        "def f():\n    f()\nf()",
        "raise BaseException('x')",
        "raise GeneratorExit",
        "class A:\n    def __del__(self): 1/0\nraise ValueError",
    ],
)
def test_whatever_a_cell_raises_only_fails_that_cell(code: str):
    notebook = Notebook(a=code, b="1")
    notebook.run()

    assert notebook.outcomes() == {"a": "failed", "b": "succeeded"}


def test_private_names_do_not_meet():
    notebook = Notebook(a="_x = 1\ndef f():\n    return _x", b="_x = 2\nf() + _x")
    notebook.run()
    output = notebook.outputs()["b"]

    assert output is not None
    assert output.text == "3"


def test_scratch_names_do_not_meet():
    notebook = Notebook(a="for i in range(3):\n    pass", b="for i in range(9):\n    pass", c="1")
    notebook.run()

    assert notebook.outcomes() == {"a": "succeeded", "b": "succeeded", "c": "succeeded"}
    assert "i" not in notebook.names


def test_a_name_private_to_another_cell_is_explained():
    notebook = Notebook(a="_secret = 1", b="_secret")
    notebook.run()
    shown = notebook.error("b")

    assert shown["message"] == "name '_secret' is not defined"
    assert "`secret` would be seen by all" in shown["note"]


def test_a_cell_that_failed_for_want_of_a_name_runs_when_it_appears():
    notebook = Notebook(b="x + 1")
    notebook.run()
    notebook.sync(a="x = 1")
    assert notebook.run("a") == ["a", "b"]
    assert notebook.outputs()["b"] == Output(mime="text/plain", text="2")


def test_deleting_a_cell_forgets_its_values():
    notebook = Notebook(a="x = 1", b="x")
    notebook.run()
    notebook.notices.clear()
    notebook.sync(remove="a")

    assert notebook.go() == ["b"]
    assert notebook.error("b")["error"] == "NameError"
    assert "x" not in notebook.names


def test_a_hidden_value_comes_back_when_its_rival_is_deleted():
    notebook = Notebook(a="x = 1", b="x = 2")
    notebook.run()
    assert "x" not in notebook.names
    notebook.sync(remove="b")

    assert notebook.names["x"] == 1


def test_asynchronous_cells_share_one_event_loop():
    notebook = Notebook(
        a="import asyncio\nqueue = asyncio.Queue()\nawait queue.put(5)",
        b="await queue.get()",
        c="[x async for x in aiter_of(3)]\n",
        d="async def aiter_of(n):\n    for i in range(n):\n        await asyncio.sleep(0)\n        yield i",
    )
    notebook.run()

    assert notebook.outputs()["b"] == Output(mime="text/plain", text="5")
    assert notebook.outcomes() == dict.fromkeys("abcd", "succeeded")


def test_a_failing_asynchronous_cell_shows_its_line():
    notebook = Notebook(a="import asyncio\nawait asyncio.sleep(0)\n1 / 0")
    notebook.run()

    assert notebook.error("a")["frames"][-1]["cellLine"] == 3


def test_asyncio_run_works_in_a_cell():
    notebook = Notebook(a="import asyncio\nasync def f():\n    return 7\nasyncio.run(f())")
    notebook.run()

    assert notebook.outputs()["a"] == Output(mime="text/plain", text="7")


def test_a_value_that_cannot_be_shown_does_not_fail_its_cell():
    notebook = Notebook(a="class A:\n    def __repr__(self):\n        raise ValueError('shy')\nA()")
    notebook.run()
    output = notebook.outputs()["a"]

    assert notebook.outcomes() == {"a": "succeeded"}
    assert output is not None
    assert "shy" in output.text


def test_dataclasses_and_globals_work_as_in_a_script():
    code = "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: int = 0\nglobals()['P'] is P, P()"
    notebook = Notebook(a=code)
    notebook.run()
    output = notebook.outputs()["a"]

    assert output is not None
    assert "P(x=0)" in output.text


def test_run_stale_runs_what_is_out_of_date():
    notebook = Notebook(a="x = 1", b="x", c="1")
    notebook.run()
    notebook.sync(a="x = 2")
    notebook.notices.clear()
    notebook.engine.obey(RunStaleCells())

    assert notebook.go() == ["a", "b"]


def test_a_command_that_is_not_for_the_engine_is_named():
    with pytest.raises(ValueError, match="BindNotebook"):
        Notebook().engine.obey(BindNotebook(path="", directory=""))


# -- elements

SLIDER = "import quire as qr\ns = qr.ui.slider(0, 10, value=3)\ns"


def test_a_new_value_runs_the_readers():
    notebook = Notebook(a=SLIDER, b="s.value * 2", c="1")
    notebook.run()
    assert notebook.set(a_0=5) == ["b"]
    assert notebook.outputs() == {"b": Output(mime="text/plain", text="10")}


def test_the_same_value_runs_nothing():
    notebook = Notebook(a=SLIDER, b="s.value")
    notebook.run()
    assert notebook.set(a_0=3) == []


def test_a_private_element_runs_nothing_but_its_on_change():
    notebook = Notebook(a="import quire as qr\nseen = []\n_s = qr.ui.slider(0, 9, on_change=seen.append)", b="seen")
    notebook.run()

    assert notebook.set(a_0=5) == []
    assert notebook.names["seen"] == [5]


def test_on_change_runs_before_the_readers_and_its_failure_stops_nobody():
    notebook = Notebook(
        a="import quire as qr\ndef fail(value):\n    raise ValueError('in on_change')\n"
        "s = qr.ui.slider(0, 9, on_change=fail)",
        b="s.value",
    )
    notebook.run()
    with redirect_stderr(io.StringIO()) as printed:
        assert notebook.set(a_0=5) == ["b"]
    assert "in on_change" in printed.getvalue()


def test_a_value_out_of_range_is_refused_told_and_taken_back():
    notebook = Notebook(a=SLIDER, b="s.value")
    notebook.run()
    with redirect_stderr(io.StringIO()) as printed:
        assert notebook.set(a_0=99) == []
    assert "0 to 10" in printed.getvalue()
    assert notebook.notices == [ElementsChanged(values={ElementId("a-0"): 3})]


def test_a_value_for_an_element_that_is_gone_is_passed_over():
    notebook = Notebook(a=SLIDER)
    notebook.run()
    assert notebook.set(a_7=1, zz_0=1) == []
    assert notebook.notices == []


def test_a_value_survives_the_rerun_of_its_cell():
    notebook = Notebook(a=SLIDER, b="s.value")
    notebook.run()
    notebook.set(a_0=7)
    notebook.run("a")

    assert "&quot;value&quot;: 7" in str(notebook.names["s"].text)  # pyright: ignore[reportAttributeAccessIssue]
    assert notebook.outputs().get("b") is None  # 7 as before: not sent again


def test_other_options_begin_anew_and_pages_are_told():
    notebook = Notebook(a=SLIDER, b="s.value")
    notebook.run()
    notebook.set(a_0=7)
    notebook.sync(a="import quire as qr\ns = qr.ui.slider(0, 5)")
    notebook.run("a")

    assert ElementsChanged(values={ElementId("a-0"): 0}) in notebook.notices


def test_a_failed_run_keeps_the_elements_from_before():
    notebook = Notebook(a=SLIDER, b="s.value")
    notebook.run()
    notebook.sync(a="import quire as qr\ns = qr.ui.slider(0, 10, value=3)\n1 / 0")
    notebook.run("a")
    notebook.set(a_0=6)

    assert notebook.names["s"].value == 6  # pyright: ignore[reportAttributeAccessIssue]


def test_an_element_under_another_name_runs_the_readers_of_both():
    notebook = Notebook(a=SLIDER, b="t = s", c="t.value")
    notebook.run()
    assert notebook.set(a_0=4) == ["b", "c"]


def test_a_button_counts_its_clicks():
    notebook = Notebook(a="import quire as qr\nb = qr.ui.button(on_click=lambda v: v + 1, value=0)", c="b.value")
    notebook.run()
    notebook.set(a_0=1)
    notebook.set(a_0=2)
    assert notebook.outputs() == {"c": Output(mime="text/plain", text="2")}


def test_elements_are_counted_anew_in_each_run():
    notebook = Notebook(a="import quire as qr\nboxes = [qr.ui.checkbox() for _ in range(3)]\nqr.hstack(boxes)")
    notebook.run()
    notebook.run()
    output = notebook.engine.namespace.names["boxes"]

    assert [box.id for box in output] == ["a-0", "a-1", "a-2"]


# -- figures


def test_figures_do_not_pile_up():
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    plt.close("all")
    notebook = Notebook(a="import matplotlib.pyplot as plt", b="plt.figure()\nfig, ax = plt.subplots()\nfig")
    for _ in range(3):
        notebook.run("b")
        assert len(plt.get_fignums()) <= 1
    notebook.sync(remove="b")
    assert plt.get_fignums() == []


def test_pyplot_show_makes_the_figures_the_output():
    import matplotlib as mpl

    mpl.use("Agg")
    notebook = Notebook(
        a="import matplotlib.pyplot as plt\nimport warnings\nwarnings.simplefilter('ignore')",
        b="plt.plot([1, 2])\nplt.show()",
        c="plt.figure()\nplt.figure()\nplt.show()",
        d="plt.plot([1, 2]);",
    )
    notebook.run()
    shown = {cell: output and output.mime for cell, output in notebook.outputs().items()}

    assert shown == {"a": None, "b": "image/png", "c": "text/html", "d": None}


def test_an_element_that_a_cell_names_in_text_runs_that_cell():
    notebook = Notebook(
        a="import quire as qr\nlevel = qr.ui.slider(0, 9)",
        b="def f(x: 'level.value'): pass\neval(f.__annotations__['x'])",
    )
    notebook.run()
    assert notebook.set(a_0=5) == ["b"]
    assert notebook.outputs()["b"].text == "5"
