"""Values in a few words."""

import enum
from collections import namedtuple
from dataclasses import dataclass
from time import perf_counter

import numpy as np
import polars as pl
import pytest

from quire.kernel.summaries import LONGEST, summarise, type_name


class Broken:
    def __repr__(self) -> str:
        raise ValueError("no")


class Endless:
    def __repr__(self) -> str:
        while True:
            try:
                len("")
            except ValueError:
                continue


class Huge(list):
    def __repr__(self) -> str:
        raise AssertionError("its content is not written")


@dataclass
class Point:
    x: int
    y: int


class Plain:
    pass


class Colour(enum.Enum):
    RED = 1


def function(a, b=2, *, c=3):
    return a


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "None"),
        (True, "True"),
        (1, "1"),
        (1.5, "1.5"),
        ("a\nb", "'a\\nb'"),
        ([], "[]"),
        (set(), "set()"),
        ((1,), "(1,)"),
        ([1, 2, 3], "[1, 2, 3]"),
        (list(range(1000)), "[0, 1, 2, 3, 4, 5, … (1,000 in all)]"),
        ({"a": [1, [2, [3]]]}, "{'a': [1, […]]}"),
        pytest.param(10**5000, "an integer of 16,610 bits", id="huge"),
        (Point(1, 2), "Point(x=1, y=2)"),
        (namedtuple("Pair", "a b")(1, 2), "Pair(a=1, b=2)"),
        (Colour.RED, "<Colour.RED: 1>"),
        (Plain(), ""),
        (function, "(a, b, c)"),
        (Huge([1]), "Huge([1])"),
        (Broken(), "(its `__repr__` raised ValueError)"),
        ([Broken()], "[(its `__repr__` raised ValueError)]"),
    ],
)
def test_summaries(value, text):
    assert summarise(value) == text


def test_a_repr_that_never_ends_is_ended():
    begun = perf_counter()

    assert summarise(Endless()) == "(its `__repr__` takes too long)"
    assert perf_counter() - begun < 5  # for ever, otherwise


def test_everything_is_short():
    for value in ("x" * 10_000, ["y" * 500] * 500, {str(n): "z" * 99 for n in range(99)}):
        assert len(summarise(value)) <= LONGEST


def test_nobody_is_asked_when_there_is_no_time():
    assert summarise(Broken(), ask=False) == "…"
    assert summarise([1, Broken()], ask=False) == "[1, …]"


def test_arrays_and_frames_are_told_by_their_measures():
    assert summarise(np.zeros((100, 3))) == "100 × 3 float64"
    assert summarise(pl.DataFrame({"a": [1], "b": [2]})) == "1 × 2: a, b"
    assert type_name(pl.DataFrame()) == "DataFrame"


def test_a_container_that_contains_itself_is_no_trouble():
    loop: list = []
    loop.append(loop)

    assert summarise(loop) == "[[[…]]]"
