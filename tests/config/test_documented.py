"""Schema, documentation, dialog and code name the same settings."""

import re
from pathlib import Path

import pytest

from quire.config import SETTINGS
from scripts.settings_table import PAGE, with_tables

ROOT = Path(__file__).parents[2]
DIALOG = ROOT / "frontend" / "src" / "cells" / "settings.ts"


def test_the_page_of_settings_is_made_from_the_schema():
    """After a change: `python scripts/settings_table.py`."""
    page = PAGE.read_text(encoding="utf-8")

    assert with_tables(page) == page


@pytest.mark.parametrize("setting", SETTINGS.values(), ids=lambda setting: setting.name)
def test_every_setting_says_what_it_is_and_is_read_by_something(setting):
    assert setting.meaning.endswith(".")
    assert setting.check(setting.default) == setting.default
    code = (path for path in (ROOT / "src" / "quire").rglob("*.py") if "config" not in path.parent.name)
    assert any(setting.name in path.read_text(encoding="utf-8") for path in code), "nothing outside `config/` names it"


def test_the_dialog_has_every_setting_of_the_page_with_the_values_of_the_schema():
    text = DIALOG.read_text(encoding="utf-8")
    named = set(re.findall(r': "(\w+\.\w+)"', text))

    of_page = {name for name in SETTINGS if name.startswith(("display.", "keymap.", "runtime.", "save."))}
    assert named == of_page - {
        "keymap.overrides",  # they have the page of keys
        "runtime.auto_reload",  # these are read when a kernel starts
        "runtime.dotenv",
        "runtime.pythonpath",
        "runtime.reactive_tests",
    }
    for constant, name in (
        ("WIDTHS", "display.default_width"),
        ("KEYMAPS", "keymap.preset"),
        ("RUN_MODES", "runtime.on_cell_change"),
    ):
        values = re.search(rf"{constant} = \[([^\]]*)\]", text)
        assert values is not None
        assert tuple(re.findall(r'"(\w+)"', values[1])) == SETTINGS[name].choices
    sizes = re.search(r"CODE_SIZES = \{ least: (\d+), most: (\d+) \}", text)
    size = SETTINGS["display.code_editor_font_size"]
    assert sizes is not None
    assert tuple(map(float, sizes.groups())) == (size.least, size.most)
