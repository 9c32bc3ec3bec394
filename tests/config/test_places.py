"""The line that a message about a setting leads to."""

import pytest

from quire.config.places import Places

TEXT = """\
theme = "not ours"
[tool.other]
theme = 1

[tool.quire]
keymap.preset = "vim"
"save" = { format_on_save = 1 }

[tool.quire.display] # theme = 2
# theme = 3
default_width = "full"
'theme' = "pink"
"""


@pytest.mark.parametrize(
    ("key", "line"),
    [
        ("display.theme", 12),
        ("display.default_width", 11),
        ("display", 9),
        ("keymap.preset", 6),
        ("keymap", 6),
        ("save.format_on_save", 7),
        ("display.code_editor_font_size", 9),
    ],
)
def test_a_key_is_found_in_its_own_table(key, line):
    assert Places(TEXT).find_line(("tool", "quire", *key.split("."))) == line


def test_what_is_not_there_has_no_line():
    assert Places("a = 1\n").find_line(("display", "theme")) is None
    assert Places("").find_line(("display",)) is None
