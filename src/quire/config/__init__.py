"""What a person prefers: one schema, and where each value comes from."""

from quire.config.schema import Config, Display, Keymap
from quire.config.sources import Found, read_config, user_file
from quire.config.writing import write_setting

__all__ = ["Config", "Display", "Found", "Keymap", "read_config", "user_file", "write_setting"]
