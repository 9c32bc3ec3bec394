"""Settings from files: the user's own, then the project's. What cannot be read is told, and costs no other setting."""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal, cast

import msgspec

from quire.config.schema import SECTIONS, Config

LARGEST_FILE = 1024 * 1024

Origin = Literal["user", "project"]


class Found(msgspec.Struct, frozen=True):
    """The settings, and what is wrong with the files that they come from: each a sentence that names file, line and key."""

    config: Config
    complaints: tuple[str, ...] = ()
    origins: Mapping[str, Origin] = {}
    """Whose file gave a setting its value, by names such as `display.theme`; the others are as they come."""


def read_config(directory: Path, environment: Mapping[str, str] = os.environ) -> Found:
    """The settings for notebooks in this directory; later files win, setting by setting."""
    values: dict[str, dict[str, object]] = {name: {} for name in SECTIONS}
    complaints: list[str] = []
    origins: dict[str, Origin] = {}
    files: tuple[tuple[Origin, Path | None, tuple[str, ...]], ...] = (
        ("user", user_file(environment), ()),
        ("project", _project_file(directory), ("tool", "quire")),
    )
    for origin, path, keys in files:
        if path is None:
            continue
        given: dict[str, dict[str, object]] = {name: {} for name in SECTIONS}
        complaints += _read_file(path, keys, given)
        for section, settings in given.items():
            for key, value in settings.items():
                values[section][key] = _on_top(values[section].get(key), value)
                origins[f"{section}.{key}"] = origin
    sections = {name: kind(**cast("dict[str, Any]", values[name])) for name, kind in SECTIONS.items()}
    return Found(Config(**cast("dict[str, Any]", sections)), tuple(complaints), origins)


def user_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Where somebody keeps the settings for all their notebooks."""
    base = environment.get("XDG_CONFIG_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".config")
    return Path(base) / "quire" / "quire.toml"


def _project_file(directory: Path) -> Path | None:
    for folder in (directory, *directory.parents):
        path = folder / "pyproject.toml"
        if path.is_file():
            return path
    return None


def _read_file(path: Path, keys: tuple[str, ...], values: dict[str, dict[str, object]]) -> list[str]:
    """Put the file's settings into `values`; what is wrong with it, in words."""
    try:
        with path.open("rb") as file:
            text = file.read(LARGEST_FILE).decode()
        found: object = tomllib.loads(text)
    except FileNotFoundError:
        return []
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        return [f"`{path}` cannot be read, and none of its settings holds: {reason}"]
    for key in keys:
        found = cast("dict[str, object]", found).get(key, {}) if isinstance(found, dict) else {}
    if not isinstance(found, dict):
        return [f"`{path}`: `{'.'.join(keys)}` is not a table"]
    complaints: list[str] = []
    for section, given in cast("dict[str, object]", found).items():
        if section in SECTIONS:
            complaints += _read_section(path, text, section, given, values[section])
        else:
            complaints.append(f"{_place(path, text, section)}: there is no setting `{section}`")
    return complaints


def _read_section(path: Path, text: str, section: str, given: object, values: dict[str, object]) -> list[str]:
    if not isinstance(given, dict):
        return [f"{_place(path, text, section)}: `{section}` is not a table"]
    fields = {field.name: field for field in msgspec.structs.fields(SECTIONS[section])}
    complaints: list[str] = []
    for key, value in cast("dict[str, object]", given).items():
        if key not in fields:
            complaints.append(f"{_place(path, text, key)}: there is no setting `{section}.{key}`")
            continue
        try:
            values[key] = msgspec.convert(value, fields[key].type)
        except msgspec.ValidationError as error:
            complaints.append(f"{_place(path, text, key)}: `{section}.{key}`: {error}")
    return complaints


def _on_top(before: object, value: object) -> object:
    """Keys of one file do not take away those of another."""
    if isinstance(before, dict) and isinstance(value, dict):
        return {**cast("dict[str, object]", before), **cast("dict[str, object]", value)}
    return value


def _place(path: Path, text: str, key: str) -> str:
    """`file`, and the line that names the key, where there is one."""
    pattern = re.compile(rf"^\s*(?:\[[^\]\n]*\b{re.escape(key)}\b|[\"']?{re.escape(key)}[\"']?\s*[=.])")
    for number, line in enumerate(text.split("\n"), 1):
        if pattern.match(line):
            return f"`{path}`, line {number}"
    return f"`{path}`"
