"""What a person prefers: one schema, and where each value comes from."""

from quire.config.schema import Config, Display, Keymap
from quire.config.sources import Found, read_config

__all__ = ["Config", "Display", "Found", "Keymap", "read_config"]
