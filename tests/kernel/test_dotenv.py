"""A `.env` file means what python-dotenv says it means."""

import io
import os
from unittest.mock import patch

import dotenv
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.kernel.dotenv import expand, read_dotenv

NAMES = st.text("ABz_1-.é", min_size=1, max_size=5)
VALUES = st.text("ab 1#=$ {}:-\\'\"é\n\t", max_size=12)
SPACES = st.sampled_from(["", " ", "\t"])
LINES = st.one_of(
    st.builds(
        lambda export, name, before, after, value, end: f"{export}{name}{before}={after}{value}{end}",
        st.sampled_from(["", "export ", "  "]),
        NAMES | NAMES.map(lambda name: f"'{name}'"),
        SPACES,
        SPACES,
        st.one_of(
            VALUES.map(lambda v: v.replace("\n", "").lstrip("'\" \t")),
            VALUES.map(lambda v: "'" + v.replace("\\", "\\\\").replace("'", "\\'") + "'"),
            VALUES.map(lambda v: '"' + v.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'),
            VALUES.map(lambda v: '"' + v.replace("\\", "\\\\").replace('"', '\\"') + '"'),
        ),
        st.sampled_from(["", " ", " # comment"]),
    ),
    st.sampled_from(["", "# comment", "  # A=1", "JUST_A_NAME"]),
)


def read(text: str) -> dict[str, str]:
    return {found[0]: found[1] for found in read_dotenv(text) if not isinstance(found, int)}


def of_library(text: str) -> dict[str, str]:
    found = dotenv.dotenv_values(stream=io.StringIO(text, newline=""), interpolate=False)
    return {name: value for name, value in found.items() if value is not None}


@given(st.lists(LINES), st.sampled_from(["\n", "\r\n", "\r"]), st.sampled_from(["", "\ufeff"]))
def test_every_file_reads_as_the_library_reads_it(lines: list[str], end: str, mark: str):
    text = mark + end.join(lines)

    assert read(text) == of_library(text)


@pytest.mark.parametrize(
    ("text", "line"),
    [("A=1\nB\nnot a binding\nC=2", 3), ("'A=1\n", 1), ("A='1\nB=2", 1), ('\n\nA="1" 2', 3), ("=1", 1)],
)
def test_a_line_that_says_nothing_is_named_and_costs_no_other(text: str, line: int):
    assert [found for found in read_dotenv(text) if isinstance(found, int)] == [line]
    assert read(text).get("B", "2") == "2"
    assert read(text) == of_library(text)


@given(st.text("AB${}:-1", max_size=12))
def test_variables_in_values_are_expanded_as_the_library_does(value: str):
    given = {"A": "a", "B": "b", "A1": "c"}
    with patch.dict(os.environ, given, clear=True):
        expected = dotenv.dotenv_values(stream=io.StringIO(f"X='{value}'"))["X"]

    assert expand(value, given) == expected
