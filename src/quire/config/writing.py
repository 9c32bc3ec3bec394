"""One setting written into a file: everything else in it, comments too, stays as it was."""

import os
import secrets
import threading
from pathlib import Path
from typing import cast

from quire.config.settings import find_setting
from quire.errors import SettingRefused

_ONE_AT_A_TIME = threading.Lock()


def write_setting(path: Path, name: str, value: object, within: tuple[str, ...] = ()) -> None:
    """Give a setting such as `display.theme` its value in this file, which is made when there is none. None takes it out.

    `within` is the table that has the settings, in files that hold more than those.

    Raises:
        SettingRefused: there is no such setting, it cannot have this value, or the file cannot be written; the file
            is the old one then.
    """
    setting = find_setting(name)
    known = None if value is None else setting.check(value)
    with _ONE_AT_A_TIME:
        try:
            text = _read(path)
            written = with_setting(text, name, known, within)
            if written != text:
                _replace(path, written)
        except OSError as error:
            raise SettingRefused(f"`{path}` cannot be written: {error.strerror or error}") from None
        except (ValueError, RecursionError) as error:
            raise SettingRefused(f"`{path}` cannot be read, mend it first: {error}") from None


def with_setting(text: str, name: str, value: object, within: tuple[str, ...] = ()) -> str:
    """The text of a file with the setting in it. Raises `ValueError` when the text is no TOML."""
    import tomllib  # noqa: PLC0415 (wanted by those only who change a setting)

    import tomlkit  # noqa: PLC0415 (the same)

    wanted = tomllib.loads(text)
    section, _, key = name.partition(".")
    document = tomlkit.parse(text)
    path = (*within, section)
    if value is None and not _has(wanted, (*path, key)):
        return text
    table, meant = cast("dict[str, object]", document), cast("dict[str, object]", wanted)
    for depth, step in enumerate(path, 1):
        if step not in table:
            # A table that only holds tables needs no line of its own.
            table[step] = tomlkit.table(is_super_table=depth < len(path) or isinstance(value, dict))
        below, meant = table[step], cast("dict[str, object]", meant.setdefault(step, {}))
        if not isinstance(below, dict):
            raise ValueError(f"`{'.'.join(path[:depth])}` is not a table")  # noqa: TRY004 (a fact about the text)
        table = cast("dict[str, object]", below)
    if value is None:
        table.pop(key, None)
        meant.pop(key, None)
    else:
        meant[key] = list(cast("tuple[object, ...]", value)) if isinstance(value, tuple) else value
        _set(table, key, meant[key])
    written = tomlkit.dumps(document)
    if tomllib.loads(written) != wanted:
        raise ValueError(f"`{name}` cannot be written there without changing something else; write it by hand")
    return written


def _has(tables: object, path: tuple[str, ...]) -> bool:
    for step in path:
        if not isinstance(tables, dict) or step not in tables:
            return False
        tables = cast("dict[str, object]", tables)[step]
    return True


def _set(table: dict[str, object], key: str, value: object) -> None:
    """A table that is there keeps its comments: keys that it should not have go, the others get their values."""
    there = table.get(key)
    if not (isinstance(value, dict) and isinstance(there, dict)):
        table[key] = value
        return
    entries, wanted = cast("dict[str, object]", there), cast("dict[str, object]", value)
    for name in [name for name in entries if name not in wanted]:
        del entries[name]
    entries.update(wanted)


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
