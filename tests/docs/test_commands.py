"""The page of commands says what the commands say of themselves."""

import re

from quire.cli.commands import quire
from scripts.commands_table import PAGE, commands_of, with_tables


def test_the_page_is_made_from_the_commands():
    """After a change: `python scripts/commands_table.py`."""
    page = PAGE.read_text(encoding="utf-8")

    assert with_tables(page) == page
    assert re.findall("^### (.*)$", page, re.MULTILINE) == sorted(path for path, _ in commands_of(quire, "quire"))
