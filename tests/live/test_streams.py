"""Printed text that goes elsewhere than into the console."""

import sys

import pytest

import quire as qr
from tests.kernel.running import Notebook


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
def test_printed_text_becomes_part_of_the_output(stream: str, capsys: pytest.CaptureFixture[str]):
    notebook = Notebook(
        a=f"import quire as qr, sys\nwith qr.redirect_{stream}():\n    print('<one>', file=sys.{stream})\n"
        f"    print('two', file=sys.{stream})\nprint('three', file=sys.{stream})"
    )
    notebook.run()
    shown = notebook.outputs()["a"]

    assert shown is not None
    assert shown.text == '<pre class="quire-text">&lt;one&gt;\ntwo\n</pre>'
    captured = capsys.readouterr()
    assert captured.out + captured.err == "three\n"


def test_it_stands_between_what_else_is_shown():
    notebook = Notebook(
        a="import quire as qr\nqr.output.append('above')\nwith qr.redirect_stdout():\n    print('middle')\nqr.output.append('below')"
    )
    notebook.run()
    shown = notebook.outputs()["a"]
    assert shown is not None
    assert shown.text.index("above") < shown.text.index("middle") < shown.text.index("below")


def test_nothing_printed_is_nothing_shown():
    notebook = Notebook(a="import quire as qr\nwith qr.redirect_stdout():\n    pass")
    notebook.run()
    assert notebook.outputs() == {"a": None}


def test_in_a_script_it_is_printed_as_ever(capsys: pytest.CaptureFixture[str]):
    with qr.redirect_stdout(), qr.redirect_stderr():
        print("out")
        print("err", file=sys.stderr)
    assert capsys.readouterr() == ("out\n", "err\n")


def test_captured_text_is_there_to_be_read(capsys: pytest.CaptureFixture[str]):
    with qr.capture_stdout() as out, qr.capture_stderr() as err:
        print("out")
        print("err", file=sys.stderr)
    assert (out.getvalue(), err.getvalue()) == ("out\n", "err\n")
    assert capsys.readouterr() == ("", "")


def test_a_failure_in_the_block_puts_the_stream_back():
    before = sys.stdout
    with pytest.raises(ZeroDivisionError), qr.capture_stdout():
        raise ZeroDivisionError
    assert sys.stdout is before
