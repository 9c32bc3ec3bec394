"""The commands about files as one commits and reviews them, and their options: check, format, lock, diff, merge, git."""

from pathlib import Path
from typing import Any

import click

from quire.cli.failure import PATH

PATHS = click.argument("paths", nargs=-1, type=PATH, metavar="[FILE|DIR|-]…")
STDIN_NAME = click.option("--stdin-filename", type=PATH, help="The path that standard input (`-`) stands for.")
COLOR = click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", help="Coloured output.")


@click.command(short_help="Say what is wrong in notebooks, and mend it.")
@PATHS
@STDIN_NAME
@click.option("--fix", is_flag=True, help="Mend what can be mended without changing what the notebook does.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix: also mend what may change it.")
@click.option(
    "--select",
    default=None,
    metavar="CODES",
    help="Only these rules; QB means all whose codes begin so (setting `check.select`).",
)
@click.option("--ignore", default=None, metavar="CODES", help="All but these rules (setting `check.ignore`).")
@click.option(
    "--output-format", type=click.Choice(["text", "json", "github"]), default="text", help="For people, programs, CI."
)
def check(paths: tuple[Path, ...], stdin_filename: Path | None, **options: Any) -> None:
    """Say what is wrong, or likely to be, in notebooks: files, or all notebooks of folders.

    Exits with 0 when nothing is found, 1 when something is, 2 when a file cannot be read or is no notebook.
    """
    from quire.cli.check import check_paths

    raise SystemExit(check_paths(paths, stdin_filename, options))


@click.command("format", short_help="Format the cells of notebooks with ruff.")
@PATHS
@STDIN_NAME
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit with 1 when something would change.")
@click.option("--diff", "only_diff", is_flag=True, help="Write nothing; show what would change, and exit as --check.")
def format_command(paths: tuple[Path, ...], stdin_filename: Path | None, **options: Any) -> None:
    """Format the cells of notebooks with ruff, by the settings of the project.

    What Python cannot read is left as it is and told. Only the code of cells changes.
    """
    from quire.cli.format import format_paths

    raise SystemExit(format_paths(paths, stdin_filename, **options))


@click.command(short_help="Fix the versions of the packages that notebooks name.")
@click.argument("files", nargs=-1, type=PATH, required=True, metavar="NOTEBOOK…")
def lock(files: tuple[Path, ...]) -> None:
    """Write NOTEBOOK.lock beside each NOTEBOOK: the exact versions that its header means today.

    From then on `--sandbox` and `uv run` install exactly those.
    """
    from quire.cli.sandbox import lock_notebooks

    lock_notebooks(files)


@click.command(short_help="Compare two notebooks cell by cell.")
@click.argument("files", nargs=-1, metavar="OLD NEW")
@click.option("--json", "as_json", is_flag=True, help="Print all of it, for programs.")
@COLOR
def diff(files: tuple[str, ...], **options: Any) -> None:
    """Compare the notebooks OLD and NEW: cells added, removed, moved, changed.

    Called by git with its seven arguments, it is an external diff: see `quire git install`.
    """
    from quire.cli.diff import print_diff

    print_diff(files, **options)


@click.command(short_help="Merge two versions of a notebook cell by cell, for git.")
@click.argument("base", type=PATH)
@click.argument("ours", type=PATH)
@click.argument("theirs", type=PATH)
@click.argument("marker_size", type=click.IntRange(1), default=7)
@click.argument("path", default="")
@click.option("--ours", "our_label", default="ours", help="How the one side is called beside markers.")
@click.option("--theirs", "their_label", default="theirs", help="How the other side is called beside markers.")
def merge(base: Path, ours: Path, theirs: Path, marker_size: int, path: str, our_label: str, their_label: str) -> None:
    """Merge what OURS and THEIRS made of BASE, and write it over OURS.

    Exits with 1 when something is disputed: it stands between git's markers, inside its cell. `quire git install` tells
    git to call this for notebooks.
    """
    from quire.cli.merge import merge_files
    from quire.notebook.merge import Labels

    labels = Labels(our_label, their_label, marker_size)
    raise SystemExit(merge_files(base, ours, theirs, path or str(ours), labels))


@click.group()
def git() -> None:
    """Have git compare and merge notebooks cell by cell."""


EVERYWHERE = click.option(
    "--global", "everywhere", is_flag=True, help="For all repositories of yours, not only this one."
)


@git.command("install")
@EVERYWHERE
def install_git(*, everywhere: bool) -> None:
    """Set up `quire diff` and `quire merge` in this repository."""
    from quire.cli.git import install

    install(everywhere=everywhere)


@git.command("uninstall")
@EVERYWHERE
def uninstall_git(*, everywhere: bool) -> None:
    """Take that back."""
    from quire.cli.git import uninstall

    uninstall(everywhere=everywhere)


COMMANDS: tuple[click.Command, ...] = (check, format_command, lock, diff, merge, git)
