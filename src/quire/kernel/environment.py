"""What a notebook finds around it before anything of it runs, the same in the editor, in apps and in scripts.

Variables of `.env` files, folders of `runtime.pythonpath`, and `sys.argv` without the `--` that divides it from the
options of a command. Scripts import this module: no `pathlib`, no `re`, and settings are read where somebody has some.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

DOTENV = (".env",)
"""What `runtime.dotenv` is, unless somebody says otherwise."""

_SETTINGS = ("dotenv", "pythonpath")

_entered = False


def enter_script(path: str) -> None:
    """Prepare this process for the notebook that it was started with; once, whatever else makes an `App`."""
    if _entered:
        return
    if sys.argv[1:2] == ["--"]:
        del sys.argv[1]
    enter_notebook(os.path.abspath(path))


def enter_notebook(path: str) -> None:
    """Set the variables that no one has set, and put the folders of settings behind the notebook's own in `sys.path`."""
    global _entered  # noqa: PLW0603 - a process is the process of one notebook
    _entered = True
    folder = os.path.dirname(path)
    project = _project_of(folder)
    names, paths = _settings(folder, project)
    base = project or folder
    at = 1 if sys.path[:1] == [os.path.dirname(os.path.realpath(path))] else 0
    sys.path[at:at] = [os.path.join(base, os.path.expanduser(name)) for name in paths]
    for place in dict.fromkeys((folder, base)):
        for name in names:
            _load(os.path.join(place, os.path.expanduser(name)))


def _project_of(folder: str) -> str:
    """The nearest folder, here or above, with a `pyproject.toml`; empty where there is none."""
    while not os.path.isfile(os.path.join(folder, "pyproject.toml")):
        above = os.path.dirname(folder)
        if above == folder:
            return ""
        folder = above
    return folder


def _settings(folder: str, project: str) -> tuple[Sequence[str], Sequence[str]]:
    """`runtime.dotenv` and `runtime.pythonpath`. Nearly nobody sets them, and nearly nobody waits for it."""
    home = os.environ.get("HOME") or os.path.expanduser("~")
    base = os.environ.get("XDG_CONFIG_HOME") or os.path.join(home, ".config")
    files = [os.path.join(base, "quire", "quire.toml")]
    if project:
        files.append(os.path.join(project, "pyproject.toml"))
    given = any(f"QUIRE_RUNTIME_{name.upper()}" in os.environ for name in _SETTINGS)
    if not given and not any(_mentions_settings(file) for file in files):
        return DOTENV, ()
    from pathlib import Path  # noqa: PLC0415 - for those who set them

    from quire.config import read_config  # noqa: PLC0415 - the same

    runtime = read_config(Path(folder)).config.runtime
    return runtime.dotenv, runtime.pythonpath


def _mentions_settings(path: str) -> bool:
    try:
        with open(path, "rb") as file:
            text = file.read()
    except OSError:
        return False
    return any(name.encode() in text for name in _SETTINGS)


def _load(path: str) -> None:
    """What cannot be read is told, and keeps nothing from running."""
    if not os.path.exists(path) or os.path.isdir(path):  # many a virtual environment is called `.env`
        return
    from quire.kernel.dotenv import expand, read_dotenv  # noqa: PLC0415 - needs `re`

    try:
        with open(path, encoding="utf-8", newline="") as file:
            found = list(read_dotenv(file.read()))
    except (OSError, ValueError) as error:
        _tell(f"`{path}` cannot be read: {error.strerror if isinstance(error, OSError) else 'it is not UTF-8 text'}")
        return
    for binding in found:
        if isinstance(binding, int):
            _tell(f"`{path}`, line {binding}, is left out: it is no `NAME=value`")
        elif (name := binding[0]) not in os.environ:
            try:
                os.environ[name] = expand(binding[1], os.environ)
            except ValueError:  # a NUL, or a `=` in the name
                _tell(f"`{path}`: `{name}` is left out: the system takes no such variable")


def _tell(what: str) -> None:
    if sys.stderr is not None:  # closed, or that of a program without a terminal
        sys.stderr.write(f"quire: {what}\n")
