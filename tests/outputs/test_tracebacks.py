"""Tracebacks: the user's lines, nothing of ours, and nothing endless."""

import json
from types import CodeType
from typing import Any

from quire.ids import CellId
from quire.outputs.tracebacks import TRACEBACK, CellText, render_error

FILE = "/home/me/notebook.py"


class OneCell:
    """Everything compiled from `FILE` is of the cell `c`, which begins in line 10."""

    def __init__(self, code: str) -> None:
        self.text = CellText(CellId("c"), "total", 10, code)

    def text_of(self, code: CodeType) -> CellText | None:
        return self.text if code.co_filename == FILE else None

    def text_at(self, file: str, line: int) -> CellText | None:
        return self.text if file == FILE and line >= 10 else None


def error_of(code: str, names: dict[str, Any] | None = None) -> dict[str, Any]:
    try:
        exec(compile("\n" * 9 + code, FILE, "exec"), names if names is not None else {})
    except BaseException as error:  # noqa: BLE001 - any will do
        output = render_error(error, OneCell(code))
        assert output.mime == TRACEBACK
        return json.loads(output.text)
    raise AssertionError("nothing was raised")


def own(shown: dict[str, Any]) -> list[dict[str, Any]]:
    """Those of the cell."""
    return [frame for frame in shown["frames"] if frame["own"] and frame["cell"]]


def test_a_frame_names_cell_file_and_line():
    shown = error_of("x = 1\ndef f():\n    return x / 0\nf()")

    assert (shown["error"], shown["message"], shown["note"]) == ("ZeroDivisionError", "division by zero", "")
    assert own(shown) == [
        {
            "cell": "c",
            "name": "total",
            "file": FILE,
            "line": 13,
            "cellLine": 4,
            "source": "f()",
            "own": True,
        },
        {
            "cell": "c",
            "name": "f",
            "file": FILE,
            "line": 12,
            "cellLine": 3,
            "source": "    return x / 0",
            "own": True,
        },
    ]


def test_frames_of_libraries_are_marked_as_such():
    shown = error_of("import json\njson.loads('{')")
    library = [frame for frame in shown["frames"] if frame["file"].endswith("decoder.py")]

    assert library
    assert not any(frame["own"] for frame in library)
    assert "scan_once" in library[-1]["source"]
    assert shown["error"] == "json.decoder.JSONDecodeError"


def test_frames_of_modules_that_nobody_has_installed_are_the_users(tmp_path):
    beside = tmp_path / "beside.py"
    beside.write_text("def f():\n    1 / 0\n", encoding="utf-8")
    installed = tmp_path / "site-packages" / "other.py"
    installed.parent.mkdir()
    installed.write_text(beside.read_text(encoding="utf-8"), encoding="utf-8")
    for file, is_own in ((beside, True), (installed, False)):
        names: dict[str, Any] = {}
        exec(compile(file.read_text(encoding="utf-8"), str(file), "exec"), names)
        frame = error_of("f()", names)["frames"][-1]
        assert (frame["own"], frame["source"]) == (is_own, "    1 / 0")


def test_a_syntax_error_shows_its_line():
    shown = error_of("x = 1\ny = = 2")

    assert shown["error"] == "SyntaxError"
    assert shown["message"] == "invalid syntax"
    assert (shown["frames"][-1]["cellLine"], shown["frames"][-1]["source"]) == (2, "y = = 2")


def test_a_syntax_error_in_other_text_keeps_the_frame_that_asked_for_it():
    shown = error_of("x = 1\neval('1 +')")

    assert own(shown)[0]["cellLine"] == 2
    assert shown["frames"][-1]["file"] == "<string>"


def test_names_are_shown_as_the_user_wrote_them():
    shown = error_of("raise NameError(\"name '_quire_ab12_total' is not defined\")\n")

    assert shown["message"] == "name 'total' is not defined"


def test_causes_follow():
    shown = error_of("try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('bad') from e")

    assert shown["error"] == "ValueError"
    assert shown["cause"]["error"] == "ZeroDivisionError"
    assert own(shown["cause"])[0]["cellLine"] == 2
    assert "cause" not in shown["cause"]
    assert shown["explicit"]
    handling = error_of("try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise ValueError('bad')")
    assert handling["cause"]["error"] == "ZeroDivisionError"
    assert not handling["explicit"]
    assert "cause" not in error_of("try:\n    1 / 0\nexcept ZeroDivisionError:\n    raise ValueError('bad') from None")


def test_causes_that_go_in_circles_end():
    code = "a = ValueError('a')\nb = ValueError('b')\na.__cause__ = b\nb.__cause__ = a\nraise a"
    shown = error_of(code)

    assert shown["cause"]["message"] == "b"
    assert "cause" not in shown["cause"]


def test_a_long_chain_of_causes_ends():
    code = "e = None\nfor i in range(1000):\n    n = ValueError(str(i))\n    n.__cause__ = e\n    e = n\nraise e"
    shown, depth = error_of(code), 0
    while "cause" in shown:
        shown, depth = shown["cause"], depth + 1

    assert 3 < depth < 20


def test_endless_recursion_is_shortened():
    shown = error_of("def f():\n    f()\nf()")
    assert shown["error"] == "RecursionError"
    assert len(shown["frames"]) < 10
    assert any("times more" in frame["name"] for frame in shown["frames"])

    shown = error_of("def f():\n    g()\ndef g():\n    f()\nf()")
    assert shown["error"] == "RecursionError"
    assert len(shown["frames"]) < 50
    assert any("more calls" in frame["name"] for frame in shown["frames"])


def test_huge_messages_are_cut():
    shown = error_of("raise ValueError('x' * 50_000_000)")
    assert len(shown["message"]) < 20_000
    assert "more characters" in shown["message"]


def test_a_message_that_cannot_be_made_says_so():
    code = "class E(Exception):\n    def __str__(self):\n        raise RuntimeError('no')\nraise E"
    assert "`__str__` raised RuntimeError" in error_of(code)["message"]


def test_notes_and_members_of_groups_are_shown():
    noted = error_of("e = ValueError('x')\ne.add_note('look here')\nraise e")
    assert noted["note"] == "look here"

    group = error_of(
        "def f():\n    1 / 0\ntry:\n    f()\nexcept Exception as e:\n    raise ExceptionGroup('two', [e, OSError('b')])"
    )
    assert [(member["error"], member["message"]) for member in group["members"]] == [
        ("ZeroDivisionError", "division by zero"),
        ("OSError", "b"),
    ]
    assert [frame["cellLine"] for frame in own(group["members"][0])] == [4, 2]


def test_groups_of_many_are_shortened_and_those_in_circles_end():
    many = error_of("raise ExceptionGroup('many', [ValueError(str(n)) for n in range(1000)])")
    assert len(many["members"]) + many["missing"] == 1000
    assert len(many["members"]) <= 20

    deep = error_of("e = ValueError('x')\nfor _ in range(100):\n    e = ExceptionGroup('in', [e, e])\nraise e")
    assert len(json.dumps(deep)) < 1_000_000


def test_a_hint_stands_with_the_notes():
    output = render_error(NameError("x"), OneCell(""), hint="define it")
    assert json.loads(output.text)["note"] == "define it"


def test_own_exceptions_have_no_module_in_their_name():
    assert error_of("class Mine(Exception): pass\nraise Mine('x')", {"__name__": "__main__"})["error"] == "Mine"


def test_half_a_surrogate_pair_in_a_message_can_be_sent():
    output = render_error(ValueError("\ud800"), OneCell(""))
    assert output.text.encode().decode() == output.text


def test_a_module_that_is_missing_is_named_and_whether_only_a_part_of_it_is():
    assert (error_of("import nowhere.inner")["module"], error_of("import nowhere.inner")["below"]) == ("nowhere", False)
    part = error_of("import json.nothing")
    assert (part["module"], part["below"]) == ("json.nothing", True)
    assert "module" not in error_of("1 / 0")
    assert "module" not in error_of("from json import nothing")
