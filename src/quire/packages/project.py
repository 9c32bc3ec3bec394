"""Whose environment is this? Which tool keeps it, and what that tool's command for one more package is. Runs nothing.

A project is only taken for one when its environment is the one that runs: what `uv add` puts elsewhere helps nobody here.
"""

import os
import shlex
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Keeper = Literal["sandbox", "uv", "poetry", "pixi", "conda", "environment", "system"]

WORDS: Mapping[Keeper, str] = {
    "sandbox": "this notebook's own environment",
    "uv": "a project of uv",
    "poetry": "a project of Poetry",
    "pixi": "a project of pixi",
    "conda": "a conda environment",
    "environment": "a virtual environment",
    "system": "the system's Python",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The environment that cells run in, and who keeps it."""

    keeper: Keeper
    root: Path
    """Of a project: its folder. Else: the environment's."""
    python: Path
    refusal: str = ""
    """Why nothing can be installed here, and what to do; empty where it can."""

    def command(self, add: Sequence[str] = (), remove: Sequence[str] = (), *, uv: str | None = None) -> list[str]:
        """The command that adds these requirements, or takes these names away. `uv` is the path of uv, where there is one."""
        root, what = str(self.root), [*add, *remove]
        verb = "add" if add else "remove"
        match self.keeper:
            case "uv":
                return [uv or "uv", verb, "--project", root, *what]
            case "poetry":
                return ["poetry", verb, "--directory", root, *what]
            case "pixi":
                return ["pixi", verb, "--pypi", "--manifest-path", root, *what]
            case "conda":
                return ["conda", "install" if add else "remove", "--yes", "--prefix", root, *what]
            case _ if uv is not None:
                return [uv, "pip", "install" if add else "uninstall", "--python", str(self.python), *what]
            case _:
                pip = [str(self.python), "-m", "pip", "--disable-pip-version-check"]
                return [*pip, *(["install"] if add else ["uninstall", "--yes"]), *what]


def shown(command: Sequence[str]) -> str:
    """As somebody would type it: programs by their names."""
    program = Path(command[0]).name
    return shlex.join([program, *command[1:]])


def find_surroundings(
    folder: Path, python: Path, prefix: Path, base_prefix: Path, environment: Mapping[str, str] = os.environ
) -> Surroundings:
    """For a notebook in `folder` whose cells `python` runs, an interpreter with these prefixes. Reads files."""
    if (prefix / "conda-meta").is_dir():
        root = next((parent for parent in prefix.parents if parent.name == ".pixi"), None)
        return Surroundings("conda", prefix, python) if root is None else Surroundings("pixi", root.parent, python)
    for parent in (folder, *folder.parents):
        if (keeper := _keeper_of(parent)) and _is_kept_by(keeper, parent, prefix, environment):
            return Surroundings(keeper, parent, python)
    if prefix != base_prefix:
        return Surroundings("environment", prefix, python)
    refusal = ""
    if any(base_prefix.glob("lib/python3*/EXTERNALLY-MANAGED")):
        refusal = (
            "this Python belongs to the operating system, which keeps its packages itself; "
            "run the notebook with `--sandbox`, or Quire in a virtual environment"
        )
    return Surroundings("system", prefix, python, refusal)


def is_in_project(folder: Path) -> bool:
    """Whether a project says what files in this folder need, so that they need not say it themselves."""
    files = ("pyproject.toml", "pixi.toml")
    return any((parent / file).is_file() for parent in (folder, *folder.parents) for file in files)


def _keeper_of(folder: Path) -> Keeper | None:
    if (folder / "pixi.toml").is_file():
        return "pixi"
    file = folder / "pyproject.toml"
    if not file.is_file():
        return None
    try:
        data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    tools: dict[str, Any] = data["tool"] if isinstance(data.get("tool"), dict) else {}
    if "pixi" in tools:
        return "pixi"
    if "poetry" in tools or (folder / "poetry.lock").is_file():
        return "poetry"
    if "project" in data and ("uv" in tools or (folder / "uv.lock").is_file()):
        return "uv"
    return None


def _is_kept_by(keeper: Keeper, root: Path, prefix: Path, environment: Mapping[str, str]) -> bool:
    """Whether the project's own environment is the one that runs."""
    if prefix.resolve().is_relative_to(root.resolve()):
        return True
    if keeper == "poetry":
        return prefix.parent.name == "virtualenvs" and "pypoetry" in prefix.parts
    chosen = environment.get("UV_PROJECT_ENVIRONMENT")
    return keeper == "uv" and chosen is not None and (root / chosen).resolve() == prefix.resolve()
