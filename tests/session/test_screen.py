"""Between a session and the visitors of an app: nothing passes that is not named."""

import json
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import msgspec

from quire.kernel.fake import FakeKernel
from quire.outputs.tracebacks import TRACEBACK
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.codec import encode
from quire.protocol.messages import CellView, ConsoleText, Output, ProblemView
from quire.session.screen import Screen, Shown, describe_traceback, may_visitor_ask

MARK = "MARKER"
FRAME = {"cell": "a", "name": MARK, "file": "/x/nb.py", "line": 3, "source": f"{MARK} = 1 / 0", "own": True}
FAILED = Output(
    mime=TRACEBACK,
    text=json.dumps(
        {
            "error": "ZeroDivisionError",
            "message": "division by zero",
            "note": "",
            "frames": [FRAME],
            "cause": {"error": "E", "message": "first", "note": "", "frames": [FRAME]},
            "members": [{"error": "E", "message": "part", "note": "", "frames": [FRAME]}],
            "missing": 0,
        }
    ),
)
CELL = CellView(
    id="a",
    type="function",
    name=MARK,
    code=MARK,
    version=3,
    output=FAILED,
    console=[ConsoleText(stream="stdout", text=MARK)],
    problems=[ProblemView(type="DefinedTwice", name=MARK, cells=["a"], message=MARK)],
)
OPENED = n.NotebookOpened(
    epoch="e",
    client_id="p",
    path=f"{MARK}.py",
    title="Title",
    cells=[CELL],
    kernel="idle",
    save="failed",
    save_message=MARK,
    elements={},
    quire_version="1",
)


def screen(reported: list[str] | None = None, **shown: bool) -> Screen:
    return Screen(Shown(**shown), "salt", (reported if reported is not None else []).append)


def test_S27_a_visitor_may_move_elements_and_do_nothing_else():
    commands = get_args(c.AnyCommand)
    assert len(commands) > 15

    assert [kind for kind in commands if may_visitor_ask(example(kind))] == [c.SetElements]


def example(kind: type) -> Any:
    """A value of this type; what it says does not matter."""
    if kind is Any or kind is type(None):
        return None
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return arguments[0]
    if origin in {Union, UnionType}:
        return None if type(None) in arguments else example(arguments[0])
    if hasattr(kind, "__struct_fields__"):
        hints = get_type_hints(kind)
        return kind(**{f.name: example(hints[f.name]) for f in msgspec.structs.fields(kind) if f.required})
    return (origin or getattr(kind, "__supertype__", kind))()


def test_S26_the_state_has_nothing_that_stands_in_the_code():
    passed = screen().pass_on(OPENED)

    assert isinstance(passed, n.NotebookOpened)
    assert MARK.encode() not in encode([passed])
    assert (passed.title, passed.cells[0].id) == ("Title", "a")


def test_S26_every_kind_of_notice_is_named_or_stays():
    """A new one stays on the server until somebody thinks about it."""
    passing = {
        n.NotebookOpened,
        n.AppChanged,
        n.CellsQueued,
        n.CellStarted,
        n.CellsStale,
        n.ElementsChanged,
        n.CommandAnswered,
        n.OutputChanged,
        n.KernelChanged,
        n.CellFinished,
        n.QueryChanged,
        n.ToastShown,
    }
    for kind in get_args(n.AnyNotice):
        passed = screen().pass_on(filled(kind))
        assert (passed is not None) == (kind in passing), kind
        if passed is not None and kind is not n.ToastShown:  # whose words are for visitors
            assert MARK.encode() not in encode([passed])


def filled(kind: type) -> Any:
    """A notice with the marker in every text that is free."""
    notice = OPENED if kind is n.NotebookOpened else example(kind)
    free = {"message", "path", "name", "title", "code"} & set(kind.__struct_fields__)
    return notice if kind is n.NotebookOpened else msgspec.structs.replace(notice, **dict.fromkeys(free, MARK))


def test_the_end_of_a_kernel_is_told_to_whoever_runs_the_app_and_not_to_visitors():
    reported: list[str] = []
    passing = screen(reported)
    died = n.KernelChanged(status="dead", message="the kernel stopped while cell `load` was running: it exited")

    assert [passing.pass_on(died) for _ in range(2)] == [n.KernelChanged(status="dead")] * 2
    assert reported == [died.message]


def test_an_error_is_a_number_that_the_log_explains_once():
    reported: list[str] = []
    passing = screen(reported)
    first = passing.pass_on(n.OutputChanged(cell="a", output=FAILED))
    again = passing.pass_on(OPENED)

    assert isinstance(first, n.OutputChanged)
    assert isinstance(again, n.NotebookOpened)
    assert first.output == again.cells[0].output
    assert first.output is not None
    assert "division" not in first.output.text
    assert len(reported) == 1
    number = reported[0].split()[1].rstrip(":")
    assert number in first.output.text
    assert "ZeroDivisionError: division by zero" in reported[0]
    assert f"/x/nb.py:3  {MARK} = 1 / 0" in reported[0]


def test_numbers_of_other_visitors_errors_are_other_numbers():
    one, other = (
        Screen(Shown(), salt, [].append).pass_on(n.OutputChanged(cell="a", output=FAILED)) for salt in ("1", "2")
    )
    assert one != other


def test_shown_tracebacks_have_no_lines_of_code():
    passed = screen(tracebacks=True).pass_on(n.OutputChanged(cell="a", output=FAILED))

    assert isinstance(passed, n.OutputChanged)
    assert passed.output is not None
    assert "division by zero" in passed.output.text
    assert MARK not in passed.output.text


def test_code_is_shown_when_the_author_wants_it_and_the_cell_does_not_hide_it():
    hiding = msgspec.structs.replace(OPENED, cells=[msgspec.structs.replace(CELL, hide_code=True), CELL])
    passed = screen(code=True).pass_on(hiding)

    assert isinstance(passed, n.NotebookOpened)
    assert [cell.code for cell in passed.cells] == ["", MARK]
    assert {cell.name for cell in passed.cells} == {"_"}


def test_what_is_printed_is_shown_when_the_author_wants_it():
    printed = n.ConsoleWritten(cell="a", console=ConsoleText(stream="stdout", text="x"))

    assert screen().pass_on(printed) is None
    assert screen(console=True).pass_on(printed) is printed


def test_a_traceback_reads_like_one():
    assert describe_traceback(FAILED.text).split("\n")[0] == "ZeroDivisionError: division by zero"
    assert "E: first" in describe_traceback(FAILED.text)


def test_a_kernel_knows_the_query_of_its_page():
    import asyncio

    from quire.notebook import InsertCell, apply_edit, new_notebook
    from quire.session.session import Session
    from quire.session.state import File, Place, open_state

    async def story():
        code = "import quire as qr\nq = qr.query_params()\n(q['a'], q['b'], 'c' in q, len(q))"
        notebook = apply_edit(new_notebook(), InsertCell("a", None, code))
        place = Place("/nb.py", "nb.py", "/", query=(("a", "1"), ("b", "x"), ("b", "y")))
        state = open_state(place, notebook, File(None), epoch="e")
        session = Session(state, FakeKernel, screen())
        session.start()
        while session.state.runs["a"].outcome == "never":
            await asyncio.sleep(0)
        output = session.state.runs["a"].output
        await session.close()
        return output

    output = asyncio.run(asyncio.wait_for(story(), 20))
    assert output is not None
    assert json.loads(output.text) if output.mime == "application/json" else output.text
    assert "x" in output.text
    assert "y" in output.text
