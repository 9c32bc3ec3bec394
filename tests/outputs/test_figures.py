"""Figures of matplotlib, and what plotting functions return, become sharp pictures of the right size."""

import json
import warnings
from collections.abc import Iterator
from typing import Any

import matplotlib as mpl
import pytest

mpl.use("Agg")

from matplotlib import pyplot as plt

from quire.outputs.embed import as_html
from quire.outputs.figures import close_figures, open_figures
from quire.outputs.registry import render


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    plt.close("all")


def drawn() -> Any:
    figure, axes = plt.subplots(figsize=(4, 3), dpi=100)
    axes.plot([1, 2, 3])
    return figure, axes


MADE = {
    "figure": lambda: drawn()[0],
    "axes": lambda: drawn()[1],
    "list of lines": lambda: plt.plot([1, 2]),
    "bars": lambda: plt.bar([1, 2], [3, 4]),
    "histogram": lambda: plt.hist([1, 2, 3]),
    "text": lambda: plt.title("a"),
    "array of axes": lambda: plt.subplots(2, 2)[1],
    "error bars": lambda: plt.errorbar([1, 2], [1, 2], yerr=1),
    "figure and axes": lambda: plt.subplots(),
    "part of a figure": lambda: plt.figure().subfigures(1, 2)[0],
}


@pytest.mark.parametrize("make", MADE.values(), ids=MADE.keys())
def test_what_a_plotting_function_returns_is_a_picture(make: Any):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        output = render(make())

    assert output is not None
    assert output.mime == "image/png"
    assert output.blob.startswith(b"\x89PNG")


def test_a_picture_has_twice_the_pixels_of_its_logical_size():
    output = render(drawn()[0])

    assert output is not None
    size = json.loads(output.text)
    assert 300 < size["width"] < 450
    assert int.from_bytes(output.blob[16:20], "big") == pytest.approx(2 * size["width"], abs=1)


def test_a_figure_that_was_shown_is_closed_and_stays_usable():
    figure, _ = drawn()
    assert open_figures() == {figure.number}
    render(figure)

    assert open_figures() == frozenset()
    assert render(figure) is not None


def test_figures_are_closed_by_number():
    first, _ = drawn()
    second, _ = drawn()
    close_figures(frozenset({first.number, 99}))

    assert open_figures() == {second.number}


def test_a_figure_stands_in_markup_with_its_logical_size():
    assert ' width="' in as_html(drawn()[0]).text


def test_a_figure_too_large_to_draw_falls_back_and_says_why():
    figure = plt.figure(figsize=(10_000, 10_000))
    output = render(figure)

    assert output is not None
    assert output.mime == "text/plain"
    assert "raised" in output.text


def test_an_artist_without_a_figure_shows_its_repr():
    from matplotlib.lines import Line2D

    output = render(Line2D([0], [1]))
    assert output is not None
    assert output.mime == "text/plain"
