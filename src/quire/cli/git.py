"""`quire git install`: tells git to compare and merge notebooks by cells, and takes that back. Says every step."""

import shlex
import subprocess
import sys
from pathlib import Path

import click

from quire.cli.failure import Failure

LINE = "*.py diff=quire merge=quire"
"""Python files that are not notebooks are compared and merged as ever."""


def _settings() -> dict[str, str]:
    # -P: the repository that is being merged must not be able to put modules of its own before ours. The environment may
    # be gone one day; git must go on working then. `git difftool` names its own program and would not be heard.
    python = shlex.quote(Path(sys.executable).as_posix())
    quire = f"{python} -P -m quire"
    return {
        "diff.quire.command": (
            'f() { if test -n "$GIT_EXTERNAL_DIFF"; then $GIT_EXTERNAL_DIFF "$@"; '
            f'elif test -x {python}; then {quire} diff "$@"; else diff -u "$2" "$5"; true; fi; }}; f'
        ),
        "merge.quire.name": "notebooks, cell by cell",
        "merge.quire.driver": (
            f"if test -x {python}; then {quire} merge %O %A %B %L %P --ours %X --theirs %Y; "
            "else git merge-file --marker-size=%L %A %O %B; fi"
        ),
    }


def install(*, everywhere: bool) -> None:
    """Set both up: in this repository, or for all repositories of this user."""
    where = _attributes(everywhere=everywhere)
    for key, value in _settings().items():
        if _ask_git("config", *_scope(everywhere=everywhere), "--get", key, quiet=True) == value:
            click.echo(f"{key} is set already")
        else:
            _ask_git("config", *_scope(everywhere=everywhere), key, value)
            click.echo(f"{key} is set{' for all repositories' if everywhere else ''}")
    text = _read(where)
    if LINE in text.split("\n"):
        click.echo(f"`{where}` has the line `{LINE}` already")
    else:
        where.parent.mkdir(parents=True, exist_ok=True)
        where.write_text(text + ("\n" if text and not text.endswith("\n") else "") + LINE + "\n", encoding="utf-8")
        click.echo(f"`{where}` has the line `{LINE}` now{'' if everywhere else '; commit it'}")
    click.echo("notebooks are compared and merged cell by cell; `quire git uninstall` takes it back")


def uninstall(*, everywhere: bool) -> None:
    """Take both back."""
    where = _attributes(everywhere=everywhere)
    for section in ("diff.quire", "merge.quire"):
        there = _ask_git("config", *_scope(everywhere=everywhere), "--get-regexp", f"^{section}\\.", quiet=True)
        if there:
            _ask_git("config", *_scope(everywhere=everywhere), "--remove-section", section)
            click.echo(f"{section} is not set any more")
    lines = _read(where).split("\n")
    if LINE in lines:
        left = "\n".join(line for line in lines if line != LINE)
        if left.strip():
            where.write_text(left, encoding="utf-8")
        else:
            where.unlink()
        click.echo(f"`{where}` has lost the line `{LINE}`")
    click.echo("git compares and merges notebooks as any other file")


def _scope(*, everywhere: bool) -> list[str]:
    return ["--global"] if everywhere else ["--local"]


def _attributes(*, everywhere: bool) -> Path:
    if everywhere:
        told = _ask_git("config", "--global", "--type=path", "--get", "core.attributesFile", quiet=True)
        return Path(told) if told else _config_home() / "git" / "attributes"
    top = _ask_git("rev-parse", "--show-toplevel", quiet=True)
    if not top:
        raise Failure(f"`{Path.cwd()}` is not in a git repository", "make one with `git init`, or say `--global`")
    return Path(top) / ".gitattributes"


def _config_home() -> Path:
    import os

    told = os.environ.get("XDG_CONFIG_HOME")
    return Path(told) if told else Path.home() / ".config"


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise Failure(f"cannot read `{path}`: {error}") from None


def _ask_git(*arguments: str, quiet: bool = False) -> str:
    """What git prints; with `quiet`, empty when it refuses."""
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, text=True, check=False)  # noqa: S603, S607 - the user's git
    except OSError as error:
        raise Failure(f"git could not be started: {error}", "it has to be installed and on the path") from None
    if done.returncode and not quiet:
        raise Failure(f"git refused `git {shlex.join(arguments)}`: {done.stderr.strip()}")
    return done.stdout.strip() if not done.returncode else ""
