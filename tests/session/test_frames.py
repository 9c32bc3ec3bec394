"""Frames are taken out of outputs, kept as long as an output shows them, and named so that nobody guesses."""

import base64
import re

from quire.protocol import notices as n
from quire.protocol.messages import Output
from quire.session.apply import apply
from quire.session.events import KernelNoticed, Opened, Tell
from quire.session.frames import find_frame, take_out_frames

from .model import ids, of_kind, opened


def framed(*markups: str) -> Output:
    sources = (base64.b64encode(markup.encode()).decode() for markup in markups)
    return Output(
        mime="text/html", text="".join(f'<p><quire-frame source="{one}"></quire-frame></p>' for one in sources)
    )


def names(output: Output | None) -> list[str]:
    assert output is not None
    return re.findall(r'<quire-frame name="([0-9a-f]{32})"></quire-frame>', output.text)


def shown(state, output: Output | None):
    """The state after the first cell showed this, and what pages were told."""
    state, effects = apply(state, KernelNoticed([n.OutputChanged(cell=ids(state)[0], output=output)]))
    return state, next(e.notice.output for e in of_kind(effects, Tell) if isinstance(e.notice, n.OutputChanged))


def start():
    return apply(opened("1", "2"), Opened())[0]


def test_pages_get_names_and_the_session_keeps_the_markup():
    state, output = shown(start(), framed("<script>1</script>", "<b>ä</b>"))

    assert "source" not in output.text
    assert [find_frame(state, name) for name in names(output)] == ["<script>1</script>", "<b>ä</b>"]


def test_a_new_output_ends_the_frames_of_the_one_before():
    state, output = shown(start(), framed("one"))
    state, _ = shown(state, framed("two"))
    assert find_frame(state, names(output)[0]) is None

    state, _ = shown(state, None)
    assert state.frames == {}


def test_equal_markup_has_an_equal_name_within_a_session_and_another_one_elsewhere():
    once, again = (take_out_frames(framed("same"), "salt")[0] for _ in range(2))
    elsewhere, _ = take_out_frames(framed("same"), "other")

    assert names(once) == names(again)
    assert names(once) != names(elsewhere)


def test_other_outputs_are_left_alone():
    for output in (
        None,
        Output(mime="text/plain", text="<quire-frame source="),
        Output(mime="text/html", text="<b>x</b>"),
    ):
        assert take_out_frames(output, "salt") == (output, {})


def test_what_is_no_source_is_no_frame():
    state, _ = shown(start(), Output(mime="text/html", text='<quire-frame source="A"></quire-frame>'))

    assert [find_frame(state, name) for held in state.frames.values() for name in held] == [""]
    assert find_frame(state, "unknown") is None
