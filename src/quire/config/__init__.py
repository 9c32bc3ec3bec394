"""What a person prefers: one schema, and where each value comes from."""

from quire.config.schema import Config, Display, Keymap
from quire.config.settings import SETTINGS, Setting, find_setting, require_scope, value_of
from quire.config.sources import Found, Head, Origin, project_file, read_config, user_file
from quire.config.writing import write_setting

__all__ = [
    "SETTINGS",
    "Config",
    "Display",
    "Found",
    "Head",
    "Keymap",
    "Origin",
    "Setting",
    "find_setting",
    "project_file",
    "read_config",
    "require_scope",
    "user_file",
    "value_of",
    "write_setting",
]
