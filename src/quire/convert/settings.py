"""Settings in a marimo notebook's head, `[tool.marimo]`: ours bear the same names, and move where we have them."""

import re
from collections.abc import Mapping
from typing import cast

from quire.config import find_setting, require_scope
from quire.errors import BadMetadata, SettingRefused
from quire.notebook import read_metadata, write_metadata

_BEFORE, _AFTER = "marimo", "quire"
_TABLE = re.compile(rf"^(#[ \t]*\[[ \t]*tool[ \t]*\.[ \t]*){_BEFORE}\b", re.MULTILINE)


def move_settings(header: str) -> tuple[str, list[str]]:
    """The header with what we have under `[tool.quire]`, and notes on the rest, which stays where it was."""
    try:
        tool = _table(read_metadata(header).get("tool"))
    except BadMetadata as error:
        return header, [str(error)]
    given = _tables(tool.get(_BEFORE))
    ours: dict[str, dict[str, object]] = {}
    notes: list[str] = []
    for section, settings in given.items():
        for key, value in settings.items():
            try:
                setting = find_setting(f"{section}.{key}")
                require_scope(setting, "notebook")
                setting.check(value)
            except SettingRefused as refused:
                notes.append(f"`[tool.marimo]` is read by nobody here: {refused}")
            else:
                ours.setdefault(section, {})[key] = value
    if not ours:
        return header, notes
    if not notes and _AFTER not in tool:
        # Nothing stays behind, so that nothing but the name need change: comments and order are kept.
        renamed = _TABLE.sub(rf"\1{_AFTER}", header)
        wanted = {**{name: table for name, table in tool.items() if name != _BEFORE}, _AFTER: ours}
        if read_metadata(renamed)["tool"] == wanted:
            return renamed, notes
    left = {
        section: None if given[section].keys() == moved.keys() else dict.fromkeys(moved)
        for section, moved in ours.items()
    }
    is_empty = left.keys() == given.keys() and not any(left.values())
    return write_metadata(header, {"tool": {_AFTER: ours, _BEFORE: None if is_empty else left}}), notes


def _tables(value: object) -> Mapping[str, Mapping[str, object]]:
    return {section: _table(settings) for section, settings in _table(value).items()}


def _table(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value) if isinstance(value, dict) else {}
