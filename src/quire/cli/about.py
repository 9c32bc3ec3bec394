"""`quire env`, `quire cache`, `quire completion`: what this installation is, what it keeps, and how a shell completes it."""

import json
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from quire.cli.failure import Failure
from quire.config import project_file, user_file
from quire.kernel.stored import cache_directory
from quire.server.recent import recent_file
from quire.version import __version__

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "firefox", "microsoft-edge")
SHELLS = ("bash", "zsh", "fish")


def print_environment(*, as_json: bool) -> None:
    """What a report of a mistake needs, and nothing that is anybody's secret: no variables, no tokens, no settings."""
    found = describe_environment()
    if as_json:
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    for name, value in _lines(found):
        click.echo(f"{name.ljust(22)}{value}")


def describe_environment() -> dict[str, object]:
    """The same as data."""
    here = Path.cwd()
    project = project_file(here)
    return {
        "quire": __version__,
        "location": str(Path(__file__).parent.parent),
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "dependencies": _dependencies(),
        "browser": next((found for name in BROWSERS if (found := shutil.which(name))), None),
        "uv": shutil.which("uv"),
        "settings": [str(file) for file in (user_file(), project) if file is not None and file.is_file()],
        "cache": cache_directory(),
        "state": str(recent_file().parent),
    }


def _dependencies() -> dict[str, str | None]:
    """Those of the package and of its extras, with the versions that are here."""
    try:
        wanted = distribution("quire").requires or []
    except PackageNotFoundError:  # a checkout that is not installed
        wanted = []
    names = sorted({_name_of(requirement) for requirement in wanted} - {"quire"})
    return {name: _version_of(name) for name in names}


def _name_of(requirement: str) -> str:
    end = next((at for at, sign in enumerate(requirement) if not (sign.isalnum() or sign in "-_.")), len(requirement))
    return requirement[:end]


def _version_of(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _lines(found: dict[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from ((f"  {key}", str(inner or "not installed")) for key, inner in value.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        elif isinstance(value, list):
            yield name, ", ".join(map(str, value)) or "none"  # pyright: ignore[reportUnknownArgumentType]
        else:
            yield name, str(value or "not found")


def print_cache_directory() -> None:
    """Where compiled notebooks are kept."""
    click.echo(cache_directory())


def print_cache_size(*, as_json: bool) -> None:
    """How many there are, and how large they are together."""
    sizes = [file.stat().st_size for file in _cached()]
    if as_json:
        click.echo(json.dumps({"directory": cache_directory(), "files": len(sizes), "bytes": sum(sizes)}))
    else:
        click.echo(f"{len(sizes)} compiled notebook{'' if len(sizes) == 1 else 's'}, {sum(sizes):,} bytes")


def clear_cache() -> None:
    """Remove them; they come back with the next run."""
    removed = 0
    for file in _cached():
        try:
            file.unlink()
        except FileNotFoundError:  # another program cleared it
            continue
        except OSError as error:
            raise Failure(f"cannot remove `{file}`: {error.strerror or error}") from None
        removed += 1
    click.echo(f"{removed} compiled notebook{'' if removed == 1 else 's'} removed")


def _cached() -> list[Path]:
    """Only what is ours: the folder may be anybody's choice."""
    folder = Path(cache_directory()) / "scripts"
    return [file for file in folder.iterdir() if file.is_file()] if folder.is_dir() else []


def print_completion(command: click.Command, shell: str | None) -> None:
    """The lines that make a shell complete `quire`."""
    shell = shell or Path(os.environ.get("SHELL", "")).name
    kind = get_completion_class(shell)
    if shell not in SHELLS or kind is None:
        raise Failure("which shell is this?", f"name it: quire completion {' or '.join(SHELLS)}")
    # click's own check of the version of bash starts one and writes to the terminal.
    made = kind(command, {}, "quire", "_QUIRE_COMPLETE")
    click.echo(made.source_template % made.source_vars())
