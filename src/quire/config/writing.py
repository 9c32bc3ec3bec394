"""One setting written into the user's file: everything else in it, comments too, stays as it was."""

import os
import secrets
import threading
from pathlib import Path
from typing import cast

import msgspec

from quire.config.schema import SECTIONS
from quire.errors import SettingRefused

_ONE_AT_A_TIME = threading.Lock()


def write_setting(path: Path, name: str, value: object) -> None:
    """Give a setting such as `display.theme` its value in this file, which is made when there is none.

    Raises:
        SettingRefused: there is no such setting, it cannot have this value, or the file cannot be written; the file
            is the old one then.
    """
    known = check_setting(name, value)
    with _ONE_AT_A_TIME:
        try:
            _replace(path, with_setting(_read(path), name, known))
        except OSError as error:
            raise SettingRefused(f"`{path}` cannot be written: {error.strerror or error}") from None
        except ValueError as error:
            raise SettingRefused(f"`{path}` cannot be read, mend it first: {error}") from None


def check_setting(name: str, value: object) -> object:
    """The value as the setting has it; see `write_setting`."""
    section, _, key = name.partition(".")
    fields = {field.name: field for field in msgspec.structs.fields(SECTIONS[section])} if section in SECTIONS else {}
    if key not in fields:
        raise SettingRefused(f"there is no setting `{name}`")
    try:
        return cast("object", msgspec.convert(value, fields[key].type))
    except msgspec.ValidationError as error:
        raise SettingRefused(f"`{name}`: {error}") from None


def with_setting(text: str, name: str, value: object) -> str:
    """The text of a file with the setting in it. Raises `ValueError` when the text is no TOML."""
    import tomlkit  # noqa: PLC0415 (wanted by those only who change a setting)

    document = tomlkit.parse(text)
    section, _, key = name.partition(".")
    if section not in document:
        document.add(section, tomlkit.table())
    table = document[section]
    if not isinstance(table, dict):
        raise ValueError(f"`{section}` is not a table")  # noqa: TRY004 (a fact about the text, like the others)
    cast("dict[str, object]", table)[key] = value
    return tomlkit.dumps(document)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""


def _replace(path: Path, text: str) -> None:
    """As a whole or not at all. A link leads to the file that is meant; the file keeps its mode."""
    target = Path(os.path.realpath(path))
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(13, "it is read-only")
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.quire")
    try:
        with temporary.open("xb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            temporary.chmod(target.stat().st_mode & 0o7777)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
