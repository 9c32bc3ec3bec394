"""The options of a notebook, as user code reads them."""

import sys

import pytest

import quire as qr


@pytest.fixture
def given(monkeypatch: pytest.MonkeyPatch):
    def given(*words: str) -> dict[str, object]:
        monkeypatch.setattr(sys, "argv", ["nb.py", *words])
        return dict(qr.cli_args())

    return given


@pytest.mark.parametrize(
    ("words", "options"),
    [
        ([], {}),
        (["-x=1"], {"x": 1}),
        (["-x", "1"], {"x": 1}),
        (["--x", "3"], {"x": 3}),
        (["--x=3.5", "--y", "1e3", "--z=.5"], {"x": 3.5, "y": 1000.0, "z": 0.5}),
        (["--flag"], {"flag": ""}),
        (["--empty=", "--after"], {"empty": "", "after": ""}),
        (["--no-color"], {"no-color": ""}),
        (["--on", "true", "--off=False"], {"on": True, "off": False}),
        (["--x", "1", "--x", "2", "-x=three"], {"x": [1, 2, "three"]}),
        (["--name", "Ada", "Lovelace", "--born", "1815"], {"name": "Ada Lovelace", "born": 1815}),
        (["--equation=a=b"], {"equation": "a=b"}),
        (["--shift", "-1", "--by=-.5"], {"shift": -1, "by": -0.5}),
        (["--path", "-"], {"path": "-"}),
        (
            ["--word", "nan", "--other=inf", "--date", "2026-01-01"],
            {"word": "nan", "other": "inf", "date": "2026-01-01"},
        ),
        (["file.csv", "--x=1", "other.csv"], {"x": 1}),
        (["--x", "1", "--", "--y", "2"], {"x": 1}),
        (["---", "-=3", "="], {}),
    ],
)
def test_options_are_read_as_they_are_usually_written(given, words: list[str], options: dict[str, object]):
    assert given(*words) == options


def test_it_is_a_dictionary_that_nobody_changes(given):
    given("--x", "1", "--x", "2", "--y=z")
    options = qr.cli_args()

    assert options.get("x") == [1, 2]
    assert options.get("none", 7) == 7
    assert options.get_all("y") == ["z"]
    assert options.get_all("none") == []
    assert options.to_dict() == {"x": [1, 2], "y": "z"}
    assert repr(options) == "CliArgs({'x': [1, 2], 'y': 'z'})"
    options.get_all("x").clear()
    assert options["x"] == [1, 2]
    assert not hasattr(options, "__setitem__")
