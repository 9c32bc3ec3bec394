"""Settings from all their sources, later ones on top: the user's file, the project's, the notebook's head, the environment,
the command line. What cannot be read is told, and costs no other setting.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal, cast

import msgspec

from quire.config.places import Places
from quire.config.schema import Config, Scope
from quire.config.settings import SECTIONS, SETTINGS, find_setting, require_scope
from quire.errors import SettingRefused

LARGEST_FILE = 1024 * 1024

MOST_COMPLAINTS = 20
"""Nobody reads more of them at once."""

IN_OTHERS = ("tool", "quire")
"""The table with our settings, in files that hold more than those."""

NOTHING: Mapping[str, object] = MappingProxyType({})

Source = Literal["user", "project", "notebook", "environment", "flag"]
"""Where values come from, each stronger than those before it."""


class Origin(msgspec.Struct, frozen=True):
    """Where a value comes from."""

    source: Source
    place: str
    """A file, a variable of the environment, an option of the command."""
    line: int | None = None

    def __str__(self) -> str:
        return f"`{self.place}`" if self.line is None else f"`{self.place}`, line {self.line}"


class Found(msgspec.Struct, frozen=True):
    """The settings that hold, and what is wrong with their sources: each a sentence that names place and setting."""

    config: Config = Config()
    complaints: tuple[str, ...] = ()
    origins: Mapping[str, Origin] = {}
    """Of the settings that somebody gave, by names such as `display.theme`; the others are as they come."""


class Head(msgspec.Struct, frozen=True):
    """What a notebook says itself: TOML with `[tool.quire]`, in the lines of the notebook's file where it stands."""

    place: str
    text: str
    trouble: str = ""
    """Why it cannot be read, in words."""


def read_config(
    directory: Path | None,
    environment: Mapping[str, str] = os.environ,
    head: Head | None = None,
    flags: Mapping[str, object] = NOTHING,
) -> Found:
    """The settings for what is in this directory, or for one notebook there, setting by setting; None: for no project.

    `flags` are the settings that the command line names, by name.
    """
    gathered = _Gathered()
    gathered.take_file("user", user_file(environment), ())
    if directory is not None and (project := project_file(directory)) is not None:
        gathered.take_file("project", project, IN_OTHERS)
    if head is not None:
        gathered.take_head(head)
    gathered.take_environment(environment)
    for name, value in flags.items():
        gathered.take(name, value, Origin("flag", SETTINGS[name].option))
    return gathered.found()


def user_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where somebody keeps the settings for all their notebooks."""
    base = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".config")
    return Path(base) / "quire" / "quire.toml"


def project_file(directory: Path) -> Path | None:
    """The `pyproject.toml` that holds for this directory: the nearest one, here or above."""
    for folder in (directory, *directory.parents):
        path = folder / "pyproject.toml"
        if path.is_file():
            return path
    return None


class _Gathered:
    """What the sources have said so far."""

    def __init__(self) -> None:
        self._values: dict[str, dict[str, object]] = {section: {} for section in SECTIONS}
        self._complaints: list[str] = []
        self._more = 0
        """Complaints beyond the most that are told."""
        self._origins: dict[str, Origin] = {}

    def found(self) -> Found:
        sections = {name: kind(**cast("dict[str, Any]", self._values[name])) for name, kind in SECTIONS.items()}
        more = [f"and {self._more} more mistakes in settings"] if self._more else []
        return Found(Config(**cast("dict[str, Any]", sections)), (*self._complaints, *more), self._origins)

    def take(self, name: str, value: object, origin: Origin, *, is_text: bool = False) -> None:
        """One value; a wrong one is told, and the one before it stays."""
        if self._more and name not in SETTINGS:
            self._more += 1  # finding out which name was meant takes its time
            return
        try:
            setting = find_setting(name)
            if origin.source in {"project", "notebook"}:
                require_scope(setting, cast("Scope", origin.source))
            known: object = setting.read(cast("str", value)) if is_text else setting.check(value)
        except SettingRefused as refused:
            self._complain(f"{origin}: {refused}")
            return
        section, _, key = name.partition(".")
        self._values[section][key] = _on_top(self._values[section].get(key), known)
        self._origins[name] = origin

    def _complain(self, complaint: str) -> None:
        if len(self._complaints) < MOST_COMPLAINTS:
            self._complaints.append(complaint)
        else:
            self._more += 1

    def take_file(self, source: Source, path: Path, keys: tuple[str, ...]) -> None:
        """A file of settings; one that does not exist says nothing."""
        try:
            text = _read(path)
        except FileNotFoundError:
            return
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            self._complain(f"`{path}` cannot be read, and none of its settings holds: {reason}")
            return
        self._take_text(Origin(source, str(path)), text, keys)

    def take_head(self, head: Head) -> None:
        if head.trouble:
            self._complain(f"`{head.place}`: none of the notebook's settings holds: {head.trouble}")
        elif head.text:
            self._take_text(Origin("notebook", head.place), head.text, IN_OTHERS)

    def take_environment(self, environment: Mapping[str, str]) -> None:
        variables = {setting.variable: setting.name for setting in SETTINGS.values()}
        starts = tuple(f"QUIRE_{section.upper()}_" for section in SECTIONS)
        for variable in sorted(environment):
            if variable in variables:
                self.take(variables[variable], environment[variable], Origin("environment", variable), is_text=True)
            elif variable.startswith(starts):
                self._complain(f"`{variable}`: there is no setting of this name")

    def _take_text(self, origin: Origin, text: str, keys: tuple[str, ...]) -> None:
        import tomllib  # noqa: PLC0415 (most people have no settings, and commands that serve are not to wait for it)

        try:
            table: object = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            reason = error if isinstance(error, ValueError) else "it is nested too deeply"
            self._complain(f"`{origin.place}` cannot be read, and none of its settings holds: {reason}")
            return
        places = Places(text)

        def at(*path: str) -> Origin:
            return Origin(origin.source, origin.place, places.find_line(path))

        for depth, key in enumerate(keys, 1):
            table = cast("Mapping[str, object]", table).get(key, {})
            if not isinstance(table, dict):
                self._complain(f"{at(*keys[:depth])}: `{'.'.join(keys[:depth])}` is not a table")
                return
        for section, given in cast("Mapping[str, object]", table).items():
            if section not in SECTIONS:
                self.take(section, given, at(*keys, section))  # told like any other name that there is not
            elif not isinstance(given, dict):
                self._complain(f"{at(*keys, section)}: `{section}` is not a table")
            else:
                for key, value in cast("Mapping[str, object]", given).items():
                    self.take(f"{section}.{key}", value, at(*keys, section, key))


def _read(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise ValueError(f"it is larger than {LARGEST_FILE} bytes")
    return data.decode()


def _on_top(before: object, value: object) -> object:
    """Keys of one source do not take away those of another."""
    if isinstance(before, dict) and isinstance(value, dict):
        return {**cast("dict[str, object]", before), **cast("dict[str, object]", value)}
    return value
