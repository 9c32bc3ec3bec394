"""The schema as a list to look things up in: what a setting can be, in words; and whether a value is one of those."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, Literal, cast, get_args, get_origin

import msgspec

from quire.config.schema import Config, Scope
from quire.errors import SettingRefused

LONGEST_SHOWN = 60
"""Characters of a wrong value that a message repeats."""


class Setting(msgspec.Struct, frozen=True):
    """One setting, such as `display.theme`."""

    name: str
    type: Any
    """As msgspec understands it, bounds included."""
    default: object
    meaning: str
    scopes: tuple[Scope, ...]
    least: float | None = None
    most: float | None = None

    @property
    def variable(self) -> str:
        """The environment's name for it."""
        return f"QUIRE_{self.name.replace('.', '_').upper()}"

    @property
    def option(self) -> str:
        """The command line's name for it, in commands that have one."""
        return f"--{self.name.partition('.')[2].replace('_', '-')}"

    @property
    def choices(self) -> tuple[str, ...]:
        """All values there are; none where they cannot be listed."""
        bare = _bare(self.type)
        return get_args(bare) if get_origin(bare) is Literal else ()

    @property
    def allowed(self) -> str:
        """What it can be, in words that follow "it is"."""
        bare = _bare(self.type)
        if self.choices:
            return f"one of {', '.join(f'`{choice}`' for choice in self.choices)}"
        if bare in _NUMBERS:
            return _NUMBERS[bare] + _bounds(self.least, self.most)
        return _OTHERS[get_origin(bare) or bare]

    def check(self, value: object) -> Any:
        """The value as the setting has it. Raises `SettingRefused` with what it can be."""
        try:
            return cast("object", msgspec.convert(value, self.type))
        except (msgspec.ValidationError, UnicodeEncodeError):  # the environment may hold what is no text
            raise SettingRefused(f"`{self.name}` cannot be {show(value)}; it is {self.allowed}") from None

    def read(self, text: str) -> Any:
        """The value that a text means, where everything is a text: in the environment, at the command line."""
        bare = _bare(self.type)
        if bare is str or self.choices:
            return self.check(text)
        if get_origin(bare) is tuple and not text.lstrip().startswith("["):
            return self.check([part.strip() for part in text.split(",") if part.strip()])
        import tomllib  # noqa: PLC0415 (few have such a setting, and commands that serve are not to wait for it)

        try:
            value: object = tomllib.loads(f"value = {text}")["value"]
        except (tomllib.TOMLDecodeError, RecursionError):
            value = text
        return self.check(value)


_NUMBERS: Mapping[object, str] = {float: "a number", int: "a whole number"}
_OTHERS: Mapping[object, str] = {
    bool: "`true` or `false`",
    str: "a text",
    tuple: "a list of texts",
    dict: "a table of texts",
}


def _bare(annotated: Any) -> Any:
    return get_args(annotated)[0] if get_origin(annotated) is Annotated else annotated


def _bounds(least: float | None, most: float | None) -> str:
    if least is None and most is None:
        return ""
    return f", {least:g} or more" if most is None else f" from {least or 0:g} to {most:g}"


def _settings() -> Mapping[str, Setting]:
    found: dict[str, Setting] = {}
    for section in msgspec.structs.fields(Config):
        for field in msgspec.structs.fields(section.type):
            meta = cast("msgspec.Meta", field.type.__metadata__[0])
            default = field.default if field.default is not msgspec.NODEFAULT else field.default_factory()
            name = f"{section.name}.{field.name}"
            scopes = cast("tuple[Scope, ...]", (meta.extra or {})["scopes"])
            found[name] = Setting(name, field.type, default, meta.description or "", scopes, meta.ge, meta.le)
    return MappingProxyType(found)


SETTINGS = _settings()
"""Every setting, by its name."""
SECTIONS: Mapping[str, type[msgspec.Struct]] = {field.name: field.type for field in msgspec.structs.fields(Config)}


def find_setting(name: str) -> Setting:
    """Raises `SettingRefused` when there is none of this name."""
    if name in SETTINGS:
        return SETTINGS[name]
    from difflib import get_close_matches  # noqa: PLC0415 (wanted where somebody made a mistake)

    close = get_close_matches(name, [*SETTINGS, *SECTIONS], 1)
    raise SettingRefused(f"there is no setting `{name}`{f'; is `{close[0]}` meant?' if close else ''}")


def value_of(config: Config, setting: Setting) -> Any:
    """What the setting is in `config`."""
    section, _, key = setting.name.partition(".")
    return getattr(getattr(config, section), key)


def require_scope(setting: Setting, scope: Scope) -> None:
    """Raises `SettingRefused`, saying why, when files of this kind do not set it."""
    if scope in setting.scopes:
        return
    if scope == "notebook":
        who = "a notebook: a document has no say over where and for whom code runs, or over your keys"
    else:
        who = "a project: who may come in is decided by the person at the machine"
    places = "your own file" if setting.scopes == ("user",) else "your own file or the project's `pyproject.toml`"
    raise SettingRefused(f"`{setting.name}` cannot be set by {who}; set it in {places}")


def show(value: object) -> str:
    """The value as it would be written in a file, or nearly."""
    import json  # noqa: PLC0415 (wanted by those who look at settings)

    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= LONGEST_SHOWN else f"{text[: LONGEST_SHOWN - 1]}…"
