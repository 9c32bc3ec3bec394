"""Every setting, with its type and its default. Nothing here says where a value comes from."""

from collections.abc import Mapping
from typing import Annotated, Literal

import msgspec


class Display(msgspec.Struct, frozen=True):
    """How the page looks."""

    theme: Literal["light", "dark", "system"] = "system"
    default_width: Literal["compact", "medium", "full"] = "compact"
    code_editor_font_size: Annotated[float, msgspec.Meta(ge=8, le=32)] = 13.5
    """In pixels."""


class Keymap(msgspec.Struct, frozen=True):
    """Which keys do what."""

    preset: Literal["default", "vim"] = "default"
    overrides: dict[str, str] = {}
    """Keys by the name of an action, such as `"cell.run" = "Mod-Enter F5"`; an empty text takes its key away."""


class Config(msgspec.Struct, frozen=True):
    """All settings."""

    display: Display = Display()
    keymap: Keymap = Keymap()


SECTIONS: Mapping[str, type[Display] | type[Keymap]] = {"display": Display, "keymap": Keymap}
