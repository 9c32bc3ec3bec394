"""What a marimo notebook says about its own settings holds here too, where there is such a setting."""

from quire.convert import convert_text
from quire.convert.settings import move_settings
from quire.notebook import read_metadata


def head(*lines: str) -> str:
    return "".join(f"# {line}".rstrip() + "\n" for line in ("/// script", *lines, "///"))


def test_settings_move_and_everything_else_stays():
    header = head(
        "dependencies = []  # none", "", "[tool.marimo.display]", 'theme = "dark"  # at night', "", "[tool.uv]", "x = 1"
    )

    assert move_settings(header) == (header.replace("tool.marimo", "tool.quire"), [])


def test_settings_that_are_written_in_another_way_move_too():
    moved, notes = move_settings(head("[tool]", 'marimo.display.theme = "dark"', "uv.x = 1"))

    assert notes == []
    assert read_metadata(moved) == {"tool": {"uv": {"x": 1}, "quire": {"display": {"theme": "dark"}}}}


def test_what_there_is_not_here_is_told_and_stays():
    header = head(
        "[tool.marimo.runtime]",
        "auto_instantiate = true",
        "[tool.marimo.display]",
        'theme = "light"',
        'default_width = "columns"',
    )
    moved, notes = move_settings(header)

    assert read_metadata(moved)["tool"] == {
        "marimo": {"runtime": {"auto_instantiate": True}, "display": {"default_width": "columns"}},
        "quire": {"display": {"theme": "light"}},
    }
    assert [note.removeprefix("`[tool.marimo]` is read by nobody here: ") for note in notes] == [
        "there is no setting `runtime.auto_instantiate`; is `runtime.auto_reload` meant?",
        '`display.default_width` cannot be "columns"; it is one of `compact`, `medium`, `full`',
    ]


def test_S13_what_a_notebook_may_not_say_does_not_come_in_this_way():
    header = head("[tool.marimo.server]", 'host = "0.0.0.0"', "[tool.marimo.keymap]", 'preset = "vim"')
    moved, notes = move_settings(header)

    assert moved == header
    assert len(notes) == 2
    assert all("cannot be set by a notebook" in note for note in notes)


def test_a_head_without_settings_is_left_alone():
    for header in ("", "import marimo\n", head("dependencies = []"), head("tool = 1"), head("[tool]", "marimo = 1")):
        assert move_settings(header) == (header, [])
    assert move_settings(head("a ="))[0] == head("a =")


def test_a_converted_notebook_has_the_settings():
    text = head("[tool.marimo.display]", 'theme = "dark"') + "import marimo\n\napp = marimo.App()\n"

    assert convert_text(text).text.startswith(head("[tool.quire.display]", 'theme = "dark"'))


def test_settings_of_both_are_put_together():
    header = head("[tool.marimo.display]", 'theme = "dark"', "[tool.quire.display]", 'default_width = "full"')
    moved, _ = move_settings(header)

    assert read_metadata(moved) == {"tool": {"quire": {"display": {"default_width": "full", "theme": "dark"}}}}
