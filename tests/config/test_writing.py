"""A changed setting is written into the user's file, and nothing else in it changes."""

import subprocess
import sys
import tomllib

import pytest

from quire.config import read_config, write_setting
from quire.config.writing import with_setting
from quire.errors import SettingRefused

TEXT = """# mine
[display]
theme = "dark"  # at night

[keymap]
# vim some day
"""


def test_comments_and_all_other_lines_stay():
    assert with_setting(TEXT, "display.theme", "light") == TEXT.replace('"dark"', '"light"')
    assert with_setting(TEXT, "display.default_width", "full").startswith(
        '# mine\n[display]\ntheme = "dark"  # at night\ndefault_width = "full"\n'
    )


def test_a_section_that_is_missing_comes_at_the_end():
    assert with_setting('[display]\ntheme = "dark"\n', "keymap.preset", "vim").endswith('\n[keymap]\npreset = "vim"\n')
    assert with_setting("", "keymap.preset", "vim") == '[keymap]\npreset = "vim"\n'


def test_what_is_written_is_what_is_read(tmp_path):
    path = tmp_path / "deep" / "quire" / "quire.toml"
    for name, value in (("display.code_editor_font_size", 15), ("keymap.preset", "vim"), ("display.theme", "dark")):
        write_setting(path, name, value)
    found = read_config(tmp_path, {"XDG_CONFIG_HOME": str(tmp_path / "deep")})

    assert (found.config.display.code_editor_font_size, found.config.keymap.preset) == (15.0, "vim")
    assert found.config.display.theme == "dark"
    assert found.complaints == ()
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("display.theme", "pink", '`display.theme` cannot be "pink"'),
        ("display.code_editor_font_size", 900, "from 8 to 32"),
        ("display.colour", "red", "there is no setting `display.colour`"),
        ("nothing", "x", "there is no setting `nothing`"),
        ("project.name", "x", "there is no setting `project.name`"),
    ],
)
def test_what_no_setting_can_be_is_not_written(tmp_path, name, value, reason):
    with pytest.raises(SettingRefused) as refused:
        write_setting(tmp_path / "quire.toml", name, value)

    assert reason in str(refused.value)
    assert not (tmp_path / "quire.toml").exists()


@pytest.mark.parametrize("text", ["[display\n", "display = 3\n", b"\xff"])
def test_a_file_that_cannot_be_read_is_left_as_it_is(tmp_path, text):
    path = tmp_path / "quire.toml"
    path.write_bytes(data := text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingRefused, match="mend it first"):
        write_setting(path, "display.theme", "dark")

    assert path.read_bytes() == data


def test_a_file_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "quire.toml").mkdir()
    with pytest.raises(SettingRefused, match=r"quire\.toml` cannot be written: Is a directory"):
        write_setting(tmp_path / "quire.toml", "display.theme", "dark")


def test_a_link_stays_a_link_and_the_file_keeps_its_mode(tmp_path):
    real, link = tmp_path / "real.toml", tmp_path / "quire.toml"
    real.write_text(TEXT)
    real.chmod(0o600)
    link.symlink_to(real)
    write_setting(link, "display.theme", "light")

    assert link.is_symlink()
    assert 'theme = "light"' in real.read_text()
    assert real.stat().st_mode & 0o777 == 0o600


def test_nothing_is_imported_for_writing_until_somebody_writes():
    code = "import sys, quire.config; print('tomlkit' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", '[tool.quire.display]\ntheme = "dark"\n'),
        ("[tool.quire]\ndisplay.theme = 'x'  # c\n", '[tool.quire]\ndisplay.theme = "dark"  # c\n'),
        ("[tool.quire]\ndisplay = { theme = 'x' }\n", '[tool.quire]\ndisplay = { theme = "dark" }\n'),
        ("[tool.quire.display]\ntheme = 'x'\n# b\n[a]\n", '[tool.quire.display]\ntheme = "dark"\n# b\n[a]\n'),
        ("[tool.b] # b\nx = 1\n", '[tool.b] # b\nx = 1\n\n[tool.quire.display]\ntheme = "dark"\n'),
    ],
)
def test_a_file_with_other_tables_keeps_them(before, after):
    assert with_setting(before, "display.theme", "dark", ("tool", "quire")) == after


def test_tables_in_an_odd_order_stay_as_they_are():
    text = '[tool.b]\nx = 1\n\n[project]\nname = "a"\n\n[tool.c] # c\ny = 2\n'
    changed = with_setting(text, "display.theme", "dark", ("tool", "quire"))

    assert [line for line in changed.splitlines() if line in text.splitlines()] == text.splitlines()
    assert tomllib.loads(changed) == {**tomllib.loads(text), "tool": {
        "b": {"x": 1}, "c": {"y": 2}, "quire": {"display": {"theme": "dark"}}}}  # fmt: skip


def test_a_table_keeps_the_comments_of_the_entries_that_stay():
    text = '[keymap.overrides]\n"a" = "F1"  # one\n"b" = "F2"  # two\n'
    changed = with_setting(text, "keymap.overrides", {"a": "F1", "c": "F3"})

    assert changed == '[keymap.overrides]\n"a" = "F1"  # one\nc = "F3"\n'
    assert with_setting("", "keymap.overrides", {"cell.run": "F5"}) == '[keymap.overrides]\n"cell.run" = "F5"\n'
