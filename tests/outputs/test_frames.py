"""Which markup gets a frame, and how it travels there."""

import base64
import re

import pytest

import quire as qr
from quire.outputs.frames import acts, frame_markup
from quire.outputs.html import Html
from quire.outputs.registry import render

SCRIPT = "<b>x</b><script>1</script>"


def source_of(text: str) -> str:
    found = re.fullmatch(r'<quire-frame source="([^"]*)"[^>]*></quire-frame>', text)
    assert found is not None, text
    return base64.b64decode(found[1]).decode()


class Chart:
    def _repr_html_(self) -> str:
        return SCRIPT


class Bundle:
    def _repr_mimebundle_(self) -> dict[str, str]:
        return {"text/html": SCRIPT, "text/plain": "bundle"}


@pytest.mark.parametrize(
    "markup",
    [
        SCRIPT,
        "<SCRIPT SRC=x>",
        "<img src=x onerror=alert(1)>",
        "<a href='javascript:go()'>x</a>",
        '<iframe srcdoc="x">',
        "<b/onclick=1>",
    ],
)
def test_markup_that_acts(markup):
    assert acts(markup)


@pytest.mark.parametrize(
    "markup",
    [
        "<b>bold</b>",
        "x < script",
        "on = 1",
        "<p>the onclick = attribute</p>",
        "<style>b{}</style>",
        "<a href='https://x'>",
    ],
)
def test_markup_that_does_not(markup):
    assert not acts(markup)


@pytest.mark.parametrize("value", [Chart(), Bundle(), Html(SCRIPT), qr.iframe(SCRIPT)], ids=lambda v: type(v).__name__)
def test_what_acts_is_wrapped_whole(value):
    output = render(value)

    assert output is not None
    assert output.mime == "text/html"
    assert source_of(output.text) == SCRIPT


def test_frames_stand_inside_of_other_outputs():
    output = render(qr.vstack([qr.md("**above**"), Chart()]))

    assert output is not None
    assert "<strong>above</strong>" in output.text
    assert source_of(re.search("<quire-frame.*?</quire-frame>", output.text)[0]) == SCRIPT


def test_markdown_and_layouts_with_scripts_are_text_without_them():
    for value in (qr.md(SCRIPT), qr.vstack([Html(SCRIPT)])):
        output = render(value)
        assert output is not None
        assert "script" not in output.text
        assert "quire-frame" not in output.text


def test_nobody_else_names_a_frame():
    output = render(Html('<quire-frame name="abc" onload=x src="https://x" source="QQ=="></quire-frame>'))

    assert output is not None
    assert output.text == '<quire-frame source="QQ=="></quire-frame>'


def test_within_containers_what_acts_is_removed():
    output = render([Chart()])

    assert output is not None
    assert "<b>x</b>" in output.text
    assert "script" not in output.text
    assert "quire-frame" not in output.text


def test_sizes_are_lengths():
    assert 'height="300px"' in qr.iframe("x", height="300px").text
    assert 'width="50%"' in qr.iframe("x", width="50%").text
    with pytest.raises(ValueError, match="`height='1px;color:red'` is no length"):
        qr.iframe("x", height="1px;color:red")
    with pytest.raises(TypeError, match="`iframe` takes text, not `int`"):
        qr.iframe(3)  # type: ignore[arg-type]


def test_markup_comes_through_as_it_is():
    for text in ("ä 😀 \x00", "</quire-frame>", '"&quot;', "\ud800"):
        assert source_of(frame_markup(text)) == text.encode("utf-8", "replace").decode()
