"""A page that stands for itself: what is on it, and what never is."""

import pytest

from quire.export.jupyter import outputs_of
from quire.export.page import plain, still, write_page
from quire.ids import CellId
from quire.outputs.frames import iframe
from quire.outputs.registry import render
from quire.outputs.tracebacks import render_error
from quire.protocol.messages import CellView, ConsoleText, Output
from quire.ui import checkbox, slider


class Nothing:
    """Knows no cell."""

    def text_of(self, code):
        return None

    def text_at(self, file, line):
        return None


def cell(code: str = "x = 1", output: object = None, **options) -> CellView:
    shown = output if isinstance(output, Output) else render(output)
    outcome = options.pop("outcome", "succeeded")
    return CellView(
        id=CellId("c"), type="cell", name="_", code=code, version=0, output=shown, outcome=outcome, **options
    )


def failure(act) -> Output:
    with pytest.raises((ValueError, ExceptionGroup)) as caught:
        act()
    return render_error(caught.value, Nothing())


def test_code_is_there_unless_the_notebook_hides_it():
    assert '<span class="n">x</span>' in write_page("t", [cell()])
    assert "<section" not in write_page("t", [cell(hide_code=True)])


def test_the_title_is_text_and_stands_above_what_has_no_heading():
    page = write_page("<b>&", [cell()])

    assert "<title>&lt;b&gt;&amp;</title>" in page
    assert '<h1 class="title">&lt;b&gt;&amp;</h1>' in page
    assert 'class="title"' not in write_page("t", [cell("qr.md('# Mine')")])


@pytest.mark.parametrize(
    "markup",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src='https://x'></iframe>",
    ],
)
def test_what_acts_is_in_a_frame_that_reaches_nothing(markup: str):
    class Value:
        def _repr_html_(self):
            return markup

    page = write_page("t", [cell(output=Value())])

    before, _, frame = page.partition('<iframe title="output" sandbox="allow-scripts" srcdoc="')
    outside = before + frame.partition('"')[2]
    assert not any(word in outside for word in ("<script", "onerror", "javascript:", "https://x"))


def test_nothing_is_loaded_and_without_frames_nothing_runs():
    page = write_page("t", [cell(output=3)])

    assert "default-src 'none'; img-src data:" in page
    assert "script-src" not in page
    assert "script-src" in write_page("t", [cell(output=iframe("<script>1</script>"))])


def test_elements_show_what_they_stood_at():
    shown = still(slider(steps=[2, 4], value=4, label="*n*").text)

    assert shown == '<span class="element"><em>n</em> <output>4</output></span>'
    assert "<output>yes</output>" in still(checkbox(value=True).text)


def test_containers_are_written_out():
    page = write_page("t", [cell(output={"a": [1, ()], "<b>": {2}})])

    assert "<li>&#x27;a&#x27;: [" in page
    assert "<li>()</li>" in page
    assert "&#x27;&lt;b&gt;&#x27;: {" in page


def test_an_error_tells_what_it_came_from():
    def fail():
        try:
            {}["inner <1>"]
        except KeyError as error:
            raise ValueError("outer") from error

    page = write_page("t", [cell(output=failure(fail))])

    inner = page.index("KeyError: &#x27;inner &lt;1&gt;&#x27;")
    assert inner < page.index("which caused") < page.index("ValueError: outer")


def test_members_of_a_group_are_there():
    def fail():
        raise ExceptionGroup("two", [ValueError("first"), TypeError("second")])

    page = write_page("t", [cell(output=failure(fail))])

    assert "ValueError: first" in page
    assert "TypeError: second" in page


def test_a_jupyter_notebook_tells_of_an_error_what_it_came_from_too():
    def fail():
        group = ExceptionGroup("two", [ValueError("first"), TypeError("second")])
        group.add_note("a note")
        raise ValueError("outer") from group

    (shown,) = outputs_of(cell(output=failure(fail)))

    assert (shown["ename"], shown["evalue"]) == ("ValueError", "outer")
    told = "\n".join(shown["traceback"])
    parts = ["ExceptionGroup: two (2 sub-exceptions)", "a note", "ValueError: first", "TypeError: second"]
    places = [told.index(part) for part in (*parts, "which caused", "ValueError: outer")]
    assert places == sorted(places)


def test_a_message_with_colours_is_read_without_them():
    def fail():
        raise ValueError("\x1b[31mred\x1b[0m")

    assert "ValueError: red<" in write_page("t", [cell(output=failure(fail))])


@pytest.mark.parametrize(
    ("printed", "seen"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        (" 10%\r 50%\r100%\nnext", "100%\nnext"),
        ("a\r\nb", "a\nb"),
        ("\x1b]8;;http://x\x07link\x1b]8;;\x07", "link"),
        ("half\r", "half"),
    ],
)
def test_what_was_printed_looks_as_on_a_terminal(printed: str, seen: str):
    assert plain(printed) == seen


def test_half_a_surrogate_pair_does_not_keep_a_page_from_being_written():
    console = [ConsoleText(stream="stdout", text="\ud800")]

    page = write_page("\ud800", [cell("'\ud800'", console=console)])

    assert page.encode().decode().endswith("</html>\n")


@pytest.mark.parametrize(
    ("value", "text"),
    [([1, (2,), {3}], "[1, (2,), {3}]"), ({"a": set()}, "{'a': set()}"), (list(range(200)), "99, …]")],
)
def test_containers_of_a_jupyter_notebook_are_as_python_writes_them(value: object, text: str):
    (shown,) = outputs_of(cell(output=value))

    assert str(shown["data"]["text/plain"]).endswith(text)
