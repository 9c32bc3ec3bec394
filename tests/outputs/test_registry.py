"""What is shown of a value."""

import json
from collections import Counter, defaultdict, deque, namedtuple
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.outputs.embed import as_html
from quire.outputs.html import Html
from quire.outputs.layout import hstack
from quire.outputs.limit import LIMIT, MESSAGE
from quire.outputs.markdown import md
from quire.outputs.registry import render
from quire.protocol.messages import Output


def shown(value: object) -> Output:
    output = render(value)
    assert output is not None
    return output


def tree(value: object) -> Any:
    output = shown(value)
    assert output.mime == "application/json"
    return json.loads(output.text)


class Offering:
    """An object with the methods given."""

    def __new__(cls, **methods: object) -> Any:
        def giving(result: object) -> Any:
            return lambda self: result

        made = {name: giving(result) for name, result in methods.items()}
        return type("Offering", (), {"__repr__": giving("an offering")} | made)()


def test_none_shows_nothing():
    assert render(None) is None


@pytest.mark.parametrize("value", [1, 1.5, True, "it's", b"bytes", range(3), ..., 2j, "", "a\nb"])
def test_plain_values_show_their_repr(value: object):
    assert shown(value) == Output(mime="text/plain", text=repr(value))


def test_classes_and_functions_show_their_repr():
    class Rich:
        def _repr_html_(self) -> str:
            return "<b>no</b>"

    assert shown(Rich).text == repr(Rich)
    assert shown(len).mime == "text/plain"


@pytest.mark.parametrize(
    ("methods", "mime", "text"),
    [
        ({"_repr_html_": "<b>x</b>"}, "text/html", "<b>x</b>"),
        ({"_repr_html_": None}, "text/plain", "an offering"),
        ({"_repr_html_": "<b>x</b>", "_repr_svg_": "<svg/>"}, "text/html", "<b>x</b>"),
        ({"_repr_svg_": "<svg/>", "_repr_png_": b"p"}, "image/svg+xml", "<svg/>"),
        ({"_repr_mimebundle_": {"text/plain": "t", "text/html": "<i>h</i>"}}, "text/html", "<i>h</i>"),
        ({"_repr_mimebundle_": ({"text/plain": "t"}, {})}, "text/plain", "t"),
        ({"_repr_mimebundle_": {"application/x-unknown": "t"}}, "text/plain", "an offering"),
        ({"_mime_": ("text/html", "<u>m</u>")}, "text/html", "<u>m</u>"),
        ({"_mime_": ("text/plain", "m")}, "text/plain", "m"),
        ({"_mime_": ("text/strange", "m")}, "text/plain", "m"),
        ({"_display_": "said"}, "text/plain", "said"),
        ({"_display_": 5}, "text/plain", "5"),
        ({"_display_": Html("<b>d</b>"), "_repr_html_": "no"}, "text/html", "<b>d</b>"),
        ({}, "text/plain", "an offering"),
    ],
)
def test_an_object_is_shown_by_the_best_it_offers(methods: dict[str, object], mime: str, text: str):
    assert shown(Offering(**methods)) == Output(mime=mime, text=text)


def test_markdown_of_an_object_is_rendered():
    assert "<strong>b</strong>" in shown(Offering(_repr_markdown_="**b**")).text


@pytest.mark.parametrize("data", [b"\x89PNG", "iVBORw==", (b"\x89PNG", {"width": 3}), bytearray(b"\x89PNG")])
def test_a_picture_is_a_blob(data: object):
    assert shown(Offering(_repr_png_=data)) == Output(mime="image/png", blob=b"\x89PNG")


def test_objects_that_answer_to_every_name_show_their_repr():
    class Proxy:
        def __getattr__(self, name: str) -> Any:
            return lambda *_: f"<b>{name}</b>"

        def __repr__(self) -> str:
            return "a proxy"

    assert shown(Proxy()).text == "a proxy"


def test_an_object_that_displays_itself_for_ever_is_shown_as_text():
    class Endless:
        def _display_(self) -> object:
            return self

        def __repr__(self) -> str:
            return "endless"

    assert shown(Endless()).text.startswith("endless")


def test_a_renderer_that_fails_falls_back_and_says_why():
    class Broken:
        def _repr_html_(self) -> str:
            raise ValueError("no table today")

        def __repr__(self) -> str:
            return "still here"

    assert shown(Broken()).text == "still here\n\nits `_repr_html_` raised ValueError: no table today"


@pytest.mark.parametrize("raised", [ValueError("boom"), RecursionError("deep"), AssertionError(), OSError(5, "x")])
def test_a_broken_repr_shows_what_it_raised(raised: Exception):
    class Broken:
        def __repr__(self) -> str:
            raise raised

    assert type(raised).__name__ in shown(Broken()).text
    assert type(raised).__name__ in tree([Broken()])["i"][0]["v"]


def test_a_repr_that_is_no_text_is_shown_as_an_error():
    class Broken:
        def __repr__(self) -> str:
            return 5  # pyright: ignore[reportReturnType]

    assert "TypeError" in shown(Broken()).text


def test_an_interrupt_while_rendering_gets_out():
    class Slow:
        def __repr__(self) -> str:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        render(Slow())


def test_half_a_surrogate_pair_can_be_sent():
    class Odd:
        def __repr__(self) -> str:
            return "\ud800é"

    assert shown(Odd()).text == "\\ud800é"
    tree(["\udc00"])
    shown(Html("\ud800")).text.encode()


# -- containers


def test_containers_are_trees_of_typed_leaves():
    assert tree([1, "a", None, True, (2.5,), ...]) == {
        "t": "list",
        "n": 6,
        "i": [
            {"t": "leaf", "v": "1", "c": "number"},
            {"t": "leaf", "v": "'a'", "c": "string"},
            {"t": "leaf", "v": "None", "c": "none"},
            {"t": "leaf", "v": "True", "c": "bool"},
            {"t": "tuple", "n": 1, "i": [{"t": "leaf", "v": "2.5", "c": "number"}]},
            {"t": "leaf", "v": "Ellipsis", "c": "other"},
        ],
    }
    assert tree({"k": {1}}) == {
        "t": "dict",
        "n": 1,
        "i": [
            [
                {"t": "leaf", "v": "'k'", "c": "string"},
                {"t": "set", "n": 1, "i": [{"t": "leaf", "v": "1", "c": "number"}]},
            ]
        ],
    }


@pytest.mark.parametrize(("value", "kind"), [([], "list"), ((), "tuple"), (set[int](), "set"), ({}, "dict")])
def test_an_empty_container_is_an_empty_tree(value: object, kind: str):
    assert tree(value) == {"t": kind, "n": 0, "i": []}


def test_relatives_of_the_plain_containers_are_trees_too():
    assert tree(defaultdict(int, a=1))["t"] == "dict"
    assert tree(Counter("aab"))["t"] == "dict"
    assert tree(deque([1]))["t"] == "list"
    assert tree(frozenset({1}))["t"] == "set"


def test_a_named_tuple_shows_its_names():
    point = namedtuple("Point", "x y")(1, 2)

    assert shown(point).text == "Point(x=1, y=2)"
    assert tree([point])["i"][0]["v"] == "Point(x=1, y=2)"


def test_a_container_that_contains_itself_ends():
    endless: list[object] = [1]
    endless.append(endless)

    assert "itself" in tree(endless)["i"][1]["v"]
    assert tree([[1], [1]])["i"][0] == tree([[1], [1]])["i"][1]


def test_wide_and_deep_containers_say_what_is_left_out():
    wide = tree(list(range(1_000_000)))
    assert wide["n"] == 1_000_000
    assert wide["i"][-1] == {"t": "more", "n": 1_000_000 - (len(wide["i"]) - 1)}

    deep: list[object] = []
    for _ in range(5_000):
        deep = [deep]
    assert len(shown(deep).text) < 2_000

    bushy = [[[list(range(100))] * 100] * 100] * 100
    assert len(shown(bushy).text) < 1_000_000


def test_long_text_in_a_container_is_cut():
    assert len(shown(["x" * 10_000_000]).text) < 10_000


def test_values_with_markup_are_shown_as_markup_within_containers():
    node = tree([Html("<b onclick=x>y</b>"), Offering(_repr_html_="<i>z</i><script>1</script>")])

    assert node["i"] == [{"t": "html", "v": "<b>y</b>"}, {"t": "html", "v": "<i>z</i>"}]


JSONISH = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner, inner) | st.frozensets(st.integers())
    ),
    max_leaves=30,
)


@given(JSONISH)
def test_any_plain_value_has_an_output_that_can_be_sent(value: object):
    output = render(value)
    if output is not None:
        assert output.text.encode().decode() == output.text
        if output.mime == "application/json":
            assert json.loads(output.text) is not None


# -- limits


def test_a_huge_string_is_replaced_by_a_message_with_its_size():
    output = shown("x" * (LIMIT + 1))

    assert output.mime == MESSAGE
    said = json.loads(output.text)
    assert "8.0 MB" in said["body"]
    assert ".head()" in said["body"]


@pytest.mark.parametrize(
    "value",
    [
        b"x" * (LIMIT + 1),
        Html("x" * (LIMIT + 1)),
        Offering(_repr_png_=b"x" * (LIMIT + 1)),
        Offering(_repr_html_="<b>x</b>" * LIMIT),
        Offering(_mime_=("text/plain", "é" * (LIMIT // 2 + 1))),
    ],
)
def test_everything_over_the_limit_is_replaced(value: object):
    assert shown(value).mime == MESSAGE


def test_what_is_within_the_limit_is_shown_whole():
    assert len(shown("x" * (LIMIT - 2)).text) == LIMIT


# -- inside other markup


def test_any_value_can_stand_in_markup():
    assert as_html(5).text == '<pre class="quire-text">5</pre>'
    assert as_html("a<b").text == "<span>a&lt;b</span>"
    assert as_html(None).text == ""
    assert "'a': 1" in as_html({"a": 1}).text.replace("&#x27;", "'")
    assert as_html(Offering(_repr_html_="<b>x</b>")).text == "<b>x</b>"
    assert 'src="data:image/png;base64,iVBO' in as_html(Offering(_repr_png_=b"\x89PNG")).text
    assert "data:image/svg+xml;base64," in as_html(Offering(_repr_svg_="<svg/>")).text
    assert "too large" in as_html("x" * (LIMIT + 1)).text or "more characters" in as_html("x" * (LIMIT + 1)).text


def test_html_that_is_html_already_stays_the_same_object():
    markup = Html("<b>x</b>")
    assert as_html(markup) is markup


def test_nested_markup_is_sanitised_as_a_whole():
    output = shown(hstack([Html("<img src=x onerror=alert(1)>"), md("so <script>alert(1)</script> **b**")]))

    assert "onerror" not in output.text
    assert "script" not in output.text
    assert "<strong>b</strong>" in output.text


def test_a_vega_chart_without_a_renderer_says_so_at_once():
    import altair as alt

    data = alt.Data(values=[{"x": index} for index in range(100)])
    output = shown(alt.Chart(data).mark_point().encode(x="x:Q"))

    assert output.mime == MESSAGE
    assert "altair" in output.text


def test_frames_show_their_tables():
    import polars as pl

    output = shown(pl.DataFrame({"a": [1, 2]}))

    assert output.mime == "text/html"
    assert "<table" in output.text
    assert "<style" not in output.text


def test_what_offers_only_latex_json_or_text_is_shown_by_it():
    assert shown(Offering(_repr_latex_="$x^2$")) == Output(mime="text/plain", text="$x^2$")
    assert shown(Offering(_repr_text_="words")) == Output(mime="text/plain", text="words")
    assert shown(Offering(_repr_json_={"a": 1})).mime == "application/json"
    assert shown(Offering(_repr_json_={"a": 1}, _repr_markdown_="**b**")).mime == "text/html"
