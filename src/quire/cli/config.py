"""`quire config`: which settings hold and why, what there is to set, and one of them set."""

import json
from pathlib import Path

import click

from quire.cli.failure import Failure, tell_complaint
from quire.cli.texts import open_text, read_text, write_text
from quire.config import (
    SETTINGS,
    Found,
    Setting,
    find_setting,
    project_file,
    read_config,
    require_scope,
    user_file,
    value_of,
    write_setting,
)
from quire.config.schema import Scope
from quire.config.settings import show
from quire.config.sources import IN_OTHERS
from quire.errors import BadMetadata, SettingRefused
from quire.notebook import write_notebook
from quire.notebook.preamble import with_metadata
from quire.session.settings import file_settings

WRONG = 1


def show_settings(path: Path | None, *, as_json: bool) -> int:
    """To standard output, what is wrong to standard error. The exit status: 1 when something is."""
    found = _settings_of(path)
    if as_json:
        click.echo(json.dumps(_as_data(found), indent=2, ensure_ascii=False))
    else:
        rows = [(name, show(value_of(found.config, known)), _from(found, name)) for name, known in SETTINGS.items()]
        name_width, value_width = (max(len(row[column]) for row in rows) for column in (0, 1))
        for name, value, origin in rows:
            click.echo(f"{name.ljust(name_width)}  {value.ljust(value_width)}  {origin}")
    for complaint in found.complaints:
        tell_complaint(complaint)
    return WRONG if found.complaints else 0


def describe_settings(name: str | None) -> None:
    """One setting, those of a section, or all."""
    chosen = [known for known in SETTINGS.values() if name is None or f"{known.name}.".startswith(f"{name}.")]
    if name is not None and not chosen:
        try:
            find_setting(name)
        except SettingRefused as refused:
            raise Failure(str(refused), "list them: quire config describe") from None
    click.echo("\n\n".join(_description(known) for known in chosen))


def set_setting(name: str, text: str | None, *, in_project: bool, notebook: Path | None) -> None:
    """Write it, or take it out when there is no text; and say when something stronger keeps it from holding here."""
    if in_project and notebook is not None:
        raise Failure("`--project` and `--notebook` contradict each other", "leave one of them out")
    scope: Scope = "project" if in_project else "notebook" if notebook is not None else "user"
    try:
        known = find_setting(name)
        value: object = None if text is None else known.read(text)
        if value is not None:
            require_scope(known, scope)  # what should not be there may go
        if notebook is not None:
            place = _write_to_notebook(notebook, known, value)
        else:
            place = _require_project() if in_project else user_file()
            write_setting(place, name, value, IN_OTHERS if in_project else ())
    except SettingRefused as refused:
        raise Failure(str(refused)) from None
    click.echo(f"`{name}` is not set in `{place}`" if value is None else f"`{name}` is {show(value)} in `{place}`")
    found = _settings_of(notebook)
    origin, here = found.origins.get(name), show(value_of(found.config, known))
    if value is None:
        click.echo(f"here it is {here}, {f'by {origin}' if origin else 'the default'}")
    elif origin is not None and origin.source != scope:
        click.echo(f"here it is {here}, by {origin}, which is stronger")


def _settings_of(path: Path | None) -> Found:
    """Of a notebook, or of what is in a folder."""
    if path is None or path.is_dir():
        return read_config((path or Path()).absolute())
    read_text(path)  # says what is wrong when it cannot be read
    return file_settings(path.absolute())


def _from(found: Found, name: str) -> str:
    origin = found.origins.get(name)
    if origin is None:
        return "default"
    return origin.place if origin.line is None else f"{origin.place}:{origin.line}"


def _as_data(found: Found) -> dict[str, object]:
    settings: list[dict[str, object]] = []
    for name, known in SETTINGS.items():
        origin = found.origins.get(name)
        settings.append(
            {
                "name": name,
                "value": value_of(found.config, known),
                "default": known.default,
                "source": origin.source if origin else "default",
                "place": origin.place if origin else None,
                "line": origin.line if origin else None,
            }
        )
    return {"settings": settings, "complaints": found.complaints}


def _description(known: Setting) -> str:
    where = {"user": "your own file", "project": "`pyproject.toml`", "notebook": "a notebook"}
    return "\n".join(
        [
            known.name,
            f"    {known.meaning}",
            f"    It is {known.allowed}; {show(known.default)} unless somebody says otherwise.",
            f"    Set in {', '.join(where[scope] for scope in known.scopes)}, or by `{known.variable}`.",
        ]
    )


def _require_project() -> Path:
    found = project_file(Path.cwd())
    if found is None:
        raise Failure(
            "there is no `pyproject.toml` here or above", "make one, or set it for yourself without --project"
        )
    return found


def _write_to_notebook(path: Path, known: Setting, value: object) -> Path:
    text = read_text(path)
    notebook = open_text(text, path)
    section, _, key = known.name.partition(".")
    try:
        changed = with_metadata(notebook, {"tool": {"quire": {section: {key: value}}}})
    except BadMetadata as error:
        raise Failure(f"`{path}` cannot be changed: {error}", "mend it in an editor first") from None
    write_text(path, write_notebook(changed), text)
    return path
