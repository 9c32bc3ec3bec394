"""The commands about settings, and their options."""

from pathlib import Path

import click

from quire.cli.failure import PATH


@click.group()
def config() -> None:
    """Show, explain and change settings."""


@config.command("show")
@click.argument("notebook", type=PATH, required=False, metavar="[NOTEBOOK|DIR]")
@click.option("--json", "as_json", is_flag=True, help="Print all of it, for programs.")
def show(notebook: Path | None, *, as_json: bool) -> None:
    """Show every setting that holds here or for NOTEBOOK, and where it comes from.

    Exits with 1 when something is wrong with a file of settings.
    """
    from quire.cli.config import show_settings

    raise SystemExit(show_settings(notebook, as_json=as_json))


@config.command("describe")
@click.argument("key", required=False)
def describe(key: str | None) -> None:
    """Say what KEY (`display.theme`, or all of `display`) means, what it can be, and where it may be set."""
    from quire.cli.config import describe_settings

    describe_settings(key)


PROJECT = click.option("--project", "in_project", is_flag=True, help="In the nearest `pyproject.toml`.")
NOTEBOOK = click.option("--notebook", type=PATH, metavar="FILE", help="In the script metadata of this notebook.")


@config.command("set")
@click.argument("key")
@click.argument("value")
@PROJECT
@NOTEBOOK
def set_command(key: str, value: str, *, in_project: bool, notebook: Path | None) -> None:
    """Set KEY to VALUE in your own file; comments in it stay.

    VALUE is a plain text, or for lists and tables TOML: `QB,QR009`, `["QB"]`, `{"cell.run" = "F5"}`.
    """
    from quire.cli.config import set_setting

    set_setting(key, value, in_project=in_project, notebook=notebook)


@config.command("unset")
@click.argument("key")
@PROJECT
@NOTEBOOK
def unset(key: str, *, in_project: bool, notebook: Path | None) -> None:
    """Take KEY out of your own file, so that the next weaker value holds again."""
    from quire.cli.config import set_setting

    set_setting(key, None, in_project=in_project, notebook=notebook)
