"""What the elements are, take, refuse, and remember."""

import json
import re
from collections.abc import Callable, Iterator
from html import unescape
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire import ui
from quire.context import Host, set_host
from quire.ids import ElementId
from quire.outputs.html import Html
from quire.outputs.layout import hstack
from quire.outputs.markdown import md
from quire.outputs.registry import render
from quire.ui.base import Element


class OneCell(Host):
    """A host for one cell, `a`: what a kernel does, without one."""

    def __init__(self) -> None:
        self.before: list[object] = []
        self.made: list[object] = []

    def run(self, make: Callable[[], Any]) -> Any:
        self.before, self.made = self.made, []
        return make()

    def adopt(self, element: object) -> tuple[ElementId, object | None]:
        index = len(self.made)
        self.made.append(element)
        return ElementId(f"a-{index}"), self.before[index] if index < len(self.before) else None


@pytest.fixture
def cell() -> Iterator[OneCell]:
    host = OneCell()
    before = set_host(host)
    yield host
    set_host(before)


def spec(element: Html) -> dict[str, Any]:
    match = re.search(r'spec="([^"]*)"', element.text)
    assert match
    return json.loads(unescape(match[1]))


def set_to(element: Element[Any], wire: object) -> Any:
    element.receive(wire)
    element.announce()
    return element.value


# -- markup


def test_an_element_is_markup_that_names_it(cell: OneCell):
    element = cell.run(lambda: ui.slider(0, 10, value=3, label="How **many**"))

    assert element.text.startswith('<quire-element element-id="a-0" spec="{')
    assert element.text.endswith("</quire-element>")
    assert spec(element) == {
        "type": "slider",
        "label": "How <strong>many</strong>",
        "value": 3,
        "start": 0,
        "stop": 10,
        "step": 1,
        "showValue": True,
        "includeInput": False,
        "debounce": False,
        "disabled": False,
        "fullWidth": False,
        "orientation": "horizontal",
    }


@pytest.mark.parametrize(
    ("make", "fields"),
    [
        (lambda: ui.number(0, 5, 0.5, 2), {"type": "number", "start": 0, "stop": 5, "step": 0.5, "value": 2}),
        (lambda: ui.number(), {"start": None, "stop": None, "value": 0}),
        (
            lambda: ui.text("x", "p", "email", 5),
            {"type": "text", "value": "x", "placeholder": "p", "inputKind": "email", "maxLength": 5, "debounce": True},
        ),
        (lambda: ui.checkbox(True, label="l"), {"type": "checkbox", "value": True, "label": "l"}),
        (
            lambda: ui.dropdown(["a", "b"], "b"),
            {"type": "dropdown", "options": ["a", "b"], "value": "b", "allowNone": False},
        ),
        (lambda: ui.dropdown({"one": 1}), {"options": ["one"], "value": None, "allowNone": True}),
        (
            lambda: ui.button(kind="danger", tooltip="t", label="l", disabled=True),
            {"type": "button", "kind": "danger", "tooltip": "t", "label": "l", "disabled": True, "value": 0},
        ),
        (lambda: ui.slider(steps=[1, 10, 100], value=10), {"steps": [1, 10, 100], "value": 1, "start": 0, "stop": 2}),
    ],
)
def test_the_markup_says_what_the_page_needs(make: Callable[[], Html], fields: dict[str, Any]):
    assert fields.items() <= spec(make()).items()


def test_elements_stand_in_markdown_stacks_and_f_strings(cell: OneCell):
    element = cell.run(lambda: ui.slider(0, 10, label='a "quoted" <b>label</b>'))
    for shown in (element, md(f"Choose {element}!"), hstack([element, "x"]), Html(f"<p>{element}</p>")):
        output = render(shown)
        assert output is not None
        assert output.mime == "text/html"
        assert 'element-id="a-0"' in output.text
        assert json.loads(unescape(re.findall(r'spec="([^"]*)"', output.text)[0]))["stop"] == 10


def test_a_label_cannot_act():
    assert "onerror" not in ui.checkbox(label="<img src=x onerror=alert(1)>").text


# -- values


def test_an_element_begins_with_its_initial_value_and_takes_another():
    element = ui.slider(0, 10, value=3)
    assert element.value == 3
    assert element.receive(7)
    assert element.value == 7
    assert spec(element)["value"] == 7


def test_the_same_value_again_is_no_change():
    element = ui.slider(0.0, 10.0, value=3.0)
    assert not element.receive(3)
    assert not ui.checkbox(False).receive(False)
    with pytest.raises(ValueError, match="true or false"):
        ui.checkbox(False).receive(0)


def test_code_cannot_assign_a_value():
    element = ui.slider(0, 10)
    with pytest.raises(RuntimeError, match=r"qr\.ui\.slider\(…, value=5\)"):
        element.value = 5


@pytest.mark.parametrize(
    ("make", "wire", "value"),
    [
        (lambda: ui.slider(0, 10), 4, 4),
        (lambda: ui.slider(0, 10), 4.0, 4),
        (lambda: ui.slider(0, 1, 0.1), 0.30000000000000004, 0.30000000000000004),
        (lambda: ui.slider(0, 0.3, 0.1), 0.30000000000000004, 0.3),
        (lambda: ui.slider(steps=[1, 10, 100]), 2, 100),
        (lambda: ui.number(0, 10), 4, 4),
        (lambda: ui.number(0.0, 10), 4, 4.0),
        (lambda: ui.number(), -2.5, -2.5),
        (lambda: ui.number(), 2.0, 2),
        (lambda: ui.text(), "é", "é"),
        (lambda: ui.checkbox(), True, True),
        (lambda: ui.dropdown({"one": 1, "two": 2}), "two", 2),
        (lambda: ui.dropdown([1, 2]), "2", 2),
        (lambda: ui.dropdown([1, 2], 1, allow_select_none=True), None, None),
        (lambda: ui.dropdown(["a"]), None, None),
    ],
)
def test_a_value_from_the_page_becomes_the_value_that_code_reads(make: Callable[[], Any], wire: object, value: object):
    found = set_to(make(), wire)

    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("make", "wire"),
    [
        (lambda: ui.slider(0, 10), 11),
        (lambda: ui.slider(0, 10), -1),
        (lambda: ui.slider(0, 10), 2.5),
        (lambda: ui.slider(0, 10), "3"),
        (lambda: ui.slider(0, 10), True),
        (lambda: ui.slider(0, 10), None),
        (lambda: ui.slider(0, 1, 0.1), float("nan")),
        (lambda: ui.slider(0, 1, 0.1), float("inf")),
        (lambda: ui.slider(steps=[1, 2]), 2),
        (lambda: ui.slider(steps=[1, 2]), 0.5),
        (lambda: ui.number(0, 5), 6),
        (lambda: ui.number(0, 5), [1]),
        (lambda: ui.text(), 5),
        (lambda: ui.text(max_length=2), "abc"),
        (lambda: ui.checkbox(), 1),
        (lambda: ui.dropdown(["a"]), "b"),
        (lambda: ui.dropdown(["a"], "a"), None),
        (lambda: ui.dropdown([1], 1), 1),
        (lambda: ui.dropdown(["a"]), {"a": 1}),
        (lambda: ui.button(), "x"),
        (lambda: ui.button(), -1),
    ],
)
def test_a_value_that_the_element_cannot_have_is_refused_and_changes_nothing(make: Callable[[], Any], wire: object):
    element = make()
    before = (element.value, element.text)
    with pytest.raises(ValueError, match=f"`{element.kind}` cannot be set"):
        element.receive(wire)

    assert (element.value, element.text) == before


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
MAKE = [
    lambda: ui.slider(0, 10),
    lambda: ui.slider(0.0, 1.0),
    lambda: ui.slider(steps=[1, 2.5]),
    lambda: ui.number(),
    lambda: ui.text(max_length=3),
    lambda: ui.checkbox(),
    lambda: ui.dropdown({"a": 1}),
    lambda: ui.button(on_click=lambda value: value, value=1),
]


@given(st.sampled_from(MAKE), JSON)
def test_whatever_a_page_sends_is_taken_or_refused(make: Callable[[], Any], wire: object):
    element = make()
    try:
        element.receive(wire)
    except ValueError:
        return
    json.dumps(element.wire, allow_nan=False)
    assert spec(element)["value"] == element.wire


def test_an_emptied_number_box_keeps_its_number():
    element = ui.number(0, 10, value=4)
    assert not element.receive(None)
    assert element.value == 4


# -- on_change, on_click


def test_on_change_gets_the_new_value():
    seen: list[object] = []
    set_to(ui.dropdown({"one": 1, "two": 2}, on_change=seen.append), "two")

    assert seen == [2]


def test_a_button_counts_with_on_click():
    element = ui.button(on_click=lambda value: value + 1, value=0)

    assert set_to(element, 1) == 1
    assert set_to(element, 4) == 4  # three clicks in one message


def test_a_button_without_on_click_keeps_its_value():
    assert set_to(ui.button(value="x"), 1) == "x"


def test_clicks_of_a_page_that_counted_from_elsewhere_are_one_click():
    element = ui.button(on_click=lambda value: value + 1, value=0)
    set_to(element, 50)
    before = element.value
    assert set_to(element, 3) == before + 1


def test_an_on_click_that_fails_raises_where_the_host_can_report_it():
    element = ui.button(on_click=lambda _: 1 / 0, value=0)
    element.receive(1)
    with pytest.raises(ZeroDivisionError):
        element.announce()
    assert element.value == 0


# -- identity


@pytest.mark.parametrize(
    ("make", "wire"),
    [
        (lambda: ui.slider(0, 10), 7),
        (lambda: ui.slider(steps=[1, 2, 3]), 2),
        (lambda: ui.number(), 2.5),
        (lambda: ui.text(), "typed"),
        (lambda: ui.checkbox(), True),
        (lambda: ui.dropdown(["a", "b"]), "b"),
    ],
)
def test_a_value_survives_the_rerun_of_its_cell(cell: OneCell, make: Callable[[], Any], wire: object):
    first = cell.run(make)
    value = set_to(first, wire)
    second = cell.run(make)

    assert second is not first
    assert second.value == value
    assert spec(second)["value"] == wire


def test_a_button_keeps_its_value_and_its_clicks(cell: OneCell):
    def make() -> Any:
        return ui.button(on_click=lambda value: value + 1, value=0)

    set_to(cell.run(make), 2)
    again = cell.run(make)

    assert again.value == 2
    assert set_to(again, 3) == 3


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (lambda: ui.slider(0, 10), lambda: ui.slider(0, 9)),
        (lambda: ui.slider(0, 10), lambda: ui.slider(0, 10, value=1)),
        (lambda: ui.slider(0, 10), lambda: ui.number(0, 10)),
        (lambda: ui.slider(0, 10), lambda: ui.slider(0.0, 10.0)),
    ],
)
def test_an_element_with_other_options_begins_anew(cell: OneCell, before: Callable[[], Any], after: Callable[[], Any]):
    set_to(cell.run(before), 7)
    assert cell.run(after).value == after().value


def test_looks_may_change_without_losing_the_value(cell: OneCell):
    set_to(cell.run(lambda: ui.slider(0, 10, label="a")), 7)
    assert cell.run(lambda: ui.slider(0, 10, label="b", disabled=True, full_width=True)).value == 7


def test_the_value_of_a_dropdown_is_that_of_its_new_options(cell: OneCell):
    set_to(cell.run(lambda: ui.dropdown({"a": 1, "b": 2})), "b")
    assert cell.run(lambda: ui.dropdown({"a": 10, "b": 20})).value == 20


def test_a_button_compares_odd_values_without_failing(cell: OneCell):
    class Odd:
        def __eq__(self, other: object) -> bool:
            raise ValueError("the truth is ambiguous")

        __hash__ = None  # pyright: ignore[reportAssignmentType]

    cell.run(lambda: ui.button(value=Odd()))
    assert isinstance(cell.run(lambda: ui.button(value=Odd())).value, Odd)


# -- without a host


def test_without_a_host_elements_have_their_initial_values():
    assert ui.slider(0, 10, value=3).value == 3
    assert ui.slider(0, 10).id == ""
    assert "element-id" in ui.slider(0, 10).text


# -- arguments


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: ui.slider(), ["start", "stop", "steps"]),
        (lambda: ui.slider(0), ["start", "stop"]),
        (lambda: ui.slider(10, 0), ["`stop`", "below `start`"]),
        (lambda: ui.slider(0, 10, 0), ["`step`", "greater than 0"]),
        (lambda: ui.slider(0, 10, value=11), ["`value`", "11", "from 0 up to 10"]),
        (lambda: ui.slider(0, float("inf")), ["`stop`", "finite"]),
        (lambda: ui.slider(0, 1, steps=[1]), ["not both"]),
        (lambda: ui.slider(steps=[]), ["`steps`", "empty"]),
        (lambda: ui.slider(steps=[1, 2], value=3), ["`steps`", "3"]),
        (lambda: ui.slider(0, 1, orientation="up"), ["orientation", "vertical"]),
        (lambda: ui.number(value=-1, start=0), ["`value`", "-1"]),
        (lambda: ui.text("abc", max_length=2), ["`max_length`", "3 characters"]),
        (lambda: ui.text(kind="number"), ["`kind`", "password"]),
        (lambda: ui.text(debounce=-1), ["debounce"]),
        (lambda: ui.dropdown(["a"], "b"), ["`value`", "'b'", "'a'"]),
        (lambda: ui.dropdown(["a", "a"]), ["'a'", "two options"]),
        (lambda: ui.dropdown([1, "1"]), ["'1'", "two options"]),
        (lambda: ui.dropdown(["a"], allow_select_none=False), ["allow_select_none"]),
        (lambda: ui.button(kind="red"), ["`kind`", "danger"]),
    ],
)
def test_a_wrong_argument_is_named_with_what_is_allowed(make: Callable[[], object], words: list[str]):
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words are checked below
        make()
    assert all(word in str(caught.value) for word in words)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ui.slider("0", 10),
        lambda: ui.slider(0, True),
        lambda: ui.text(5),
        lambda: ui.dropdown("abc"),
        lambda: ui.dropdown(5),
        lambda: ui.checkbox(label=5),
        lambda: ui.checkbox(on_change=5),
        lambda: ui.button(on_click="x"),
    ],
)
def test_an_argument_of_the_wrong_type_is_named(make: Callable[[], object]):
    with pytest.raises(TypeError, match=r"must be|not"):
        make()


def test_numbers_of_other_libraries_are_taken():
    import decimal
    import fractions

    import numpy as np

    assert ui.slider(np.int64(0), np.int64(10), value=np.int64(3)).value == 3
    assert type(ui.slider(np.int64(0), np.int64(10)).value) is int
    assert ui.slider(0, np.float32(1)).stop == 1.0
    assert ui.number(value=decimal.Decimal("1.5")).value == 1.5
    assert ui.number(value=fractions.Fraction(1, 4)).value == 0.25
    json.dumps(spec(ui.slider(np.int64(0), np.float64(10))))


def test_elements_are_made_from_a_series():
    import polars as pl

    series = pl.Series("name", [3, 1, 2, 2])

    assert (ui.slider.from_series(series).start, ui.slider.from_series(series).stop) == (1, 3)
    assert ui.number.from_series(series, value=2).value == 2
    assert list(ui.dropdown.from_series(pl.Series("kind", ["b", "a", "b"])).options) == ["a", "b"]
    with pytest.raises(ValueError, match="without values"):
        ui.slider.from_series(pl.Series("none", [], dtype=pl.Int64))


def test_a_slider_over_a_fraction_has_steps_to_choose():
    assert ui.slider(0.0, 1.0).step == 0.01
    assert ui.slider(0, 10).step == 1
    assert ui.slider(0.0, 0.0).step == 1
