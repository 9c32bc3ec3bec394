"""The environment of a header: made once, kept in the user's cache directory, never changed, shared by all who ask the same.

One that is there can be used where nothing can be written. It is made under another name and renamed when it is whole, so that there is no half of one. A notebook that is open has a
link to its environment, and cells run by way of the link: when the header asks for more, the link leads to another
environment, and what was imported stays.
"""

import asyncio
import contextlib
import hashlib
import os
import re
import secrets
import shlex
import shutil
import sys
import time
from collections.abc import AsyncGenerator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from quire.errors import NotInstalled, QuireError
from quire.kernel.stored import cache_directory
from quire.notebook.header import read_metadata
from quire.packages.requirements import python_fits
from quire.packages.script import Origin, Script, script_for
from quire.packages.uv import Say, require_uv, run_tool, silent
from quire.version import __version__

KEPT_SECONDS = 30 * 24 * 3600.0
"""Environments that nobody has used for so long are removed when another one is made."""

_SCRIPT = "notebook.py"
_LINKS = "links"


def own_origin() -> Origin:
    """Where the Quire that runs comes from: an index, or somebody's folder."""
    import importlib.metadata  # noqa: PLC0415 - 20 ms that only environments cost
    import json  # noqa: PLC0415

    here = Path(__file__).parents[2]
    try:
        found = importlib.metadata.distribution("quire")
        direct = json.loads(found.read_text("direct_url.json") or "{}")
        needed = found.requires or []
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return Origin(__version__)
    if not direct.get("dir_info", {}).get("editable"):
        return Origin(__version__)
    project = here.parent if (here.parent / "pyproject.toml").is_file() else None
    return Origin(__version__, here, project, tuple(needed))


def environments_folder() -> Path:
    """Where they are. It may be deleted when no notebook is open."""
    return Path(cache_directory()).absolute() / "environments"


def python_in(environment: Path) -> Path:
    """Its interpreter."""
    return environment / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def site_packages(environment: Path) -> Path:
    """Where its packages are."""
    if os.name == "nt":
        return environment / "Lib" / "site-packages"
    return next(iter(environment.glob("lib/python3*/site-packages")), environment / "lib")


def lock_of(notebook: Path) -> Path:
    """Where uv keeps the lock of a script."""
    return notebook.with_name(f"{notebook.name}.lock")


async def make_environment(metadata: Mapping[str, object], notebook: Path, say: Say = silent) -> Path:
    """The environment that the header of `notebook` asks for: the one from before, or one that is made now.

    Raises:
        NotInstalled: uv is missing, or could not do it; nothing was changed.
        BadRequirement: the header asks for something that is no requirement.
    """
    script = script_for(metadata, notebook.parent, await asyncio.to_thread(own_origin))
    uv = require_uv()
    python = await _find_python(uv, script, notebook.parent)
    lock = await asyncio.to_thread(_lock_for, metadata, notebook, script)
    standing = f"{lock.is_current} {lock.holds}"
    key = script.key(python, hashlib.sha256(lock.data).hexdigest(), standing, *map(_stamp, script.folders))
    made = environments_folder() / key
    if not made.is_dir():
        async with _alone(made):
            if not made.is_dir():
                await _make(made, script, lock, notebook, uv, python, say)
    with contextlib.suppress(OSError):
        os.utime(made)
    return made


async def lock_notebook(notebook: Path, say: Say = silent) -> Path:
    """Write `NAME.lock` beside the notebook: the exact versions that its header means today.

    Raises:
        NotInstalled: uv is missing, or could not do it; a lock that was there is as it was.
    """
    lock = [require_uv(), "lock", "--script", str(notebook)]
    await run_tool(lock, notebook.parent, say, failure="nothing was locked")
    return lock_of(notebook)


@dataclass(frozen=True, slots=True)
class _Lock:
    """What is beside the notebook."""

    data: bytes = b""
    is_current: bool = False
    """It is asked for the header that is in the file: the lock has to be the lock of that."""
    holds: bool = False
    """And that names Quire, so that all is in it. Otherwise it says which versions to prefer."""


async def _make(made: Path, script: Script, lock: _Lock, notebook: Path, uv: str, python: str, say: Say) -> None:
    """1. Under a name of its own. 2. By the lock, where it holds. 3. With Quire. 4. Renamed."""
    folder = made.with_name(f".{made.name}-{secrets.token_hex(4)}")
    environment = folder / "environment"
    try:
        for other in made.parent.glob(f".{made.name}-*"):  # of a process that was killed: this one has the lock
            await asyncio.to_thread(shutil.rmtree, other, ignore_errors=True)
        folder.mkdir(parents=True)
        if lock.is_current and not lock.holds:
            check = [uv, "lock", "--check", "--script", str(notebook), "--python", python]
            await run_tool(check, notebook.parent)
        file = notebook if lock.holds else folder / _SCRIPT
        if not lock.holds:
            file.write_text(script.text, encoding="utf-8")
            if lock.data:
                lock_of(file).write_bytes(lock.data)
        if script.source is not None:
            say(f"Quire itself is the one in {script.source}")
        await run_tool(
            [uv, "venv", "--quiet", "--relocatable", "--no-project", "--python", python, str(environment)], folder
        )
        sync = [uv, "sync", "--active", "--script", str(file), "--python", python]
        await run_tool(
            [*sync, "--locked"] if lock.holds else sync,
            notebook.parent if notebook.parent.is_dir() else folder,
            say,
            {"VIRTUAL_ENV": str(environment)},
        )
        if script.source is not None:
            (site_packages(environment) / "quire-source.pth").write_text(f"{script.source}\n", encoding="utf-8")
        environment.rename(made)
    except NotInstalled as error:
        if lock.is_current and re.search("--(?:locked|check)` was provided", error.words):
            raise NotInstalled(
                f"`{lock_of(notebook).name}` is not the lock of this header any more; make it anew: "
                f"quire lock {shlex.quote(str(notebook))}"
            ) from None
        raise
    except OSError as error:
        raise NotInstalled(f"an environment could not be made: {error.strerror or error}") from None
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)
    await asyncio.to_thread(_remove_old, made.parent, time.time() - KEPT_SECONDS)


async def _find_python(uv: str, script: Script, folder: Path) -> str:
    """Ours where the header lets it in, else another one of this machine. None is downloaded."""
    version = sys.version_info
    if python_fits(script.python, (version.major, version.minor, version.micro)):
        return str(getattr(sys, "_base_executable", sys.executable))
    try:
        return (await run_tool([uv, "python", "find", "--no-project", script.python], folder))[-1]
    except NotInstalled:
        have = f"{version.major}.{version.minor}.{version.micro}"
        raise NotInstalled(
            f"the header asks for Python {script.python}; this is {have}, and there is no other one here; get one by "
            f"`uv python install '{script.python}'`, or change `requires-python`"
        ) from None


@contextlib.asynccontextmanager
async def _alone(made: Path) -> AsyncGenerator[None]:
    """Two processes do not make the same environment at once."""
    try:
        made.parent.mkdir(parents=True, exist_ok=True)
        file = (made.parent / f".{made.name}.lock").open("w", encoding="ascii")
    except OSError as error:
        raise NotInstalled(
            f"`{made.parent}` cannot be written: {error.strerror or error}; `QUIRE_CACHE_DIR` names another folder"
        ) from None
    with file:
        await asyncio.to_thread(_lock, file.fileno())
        yield


def _lock(descriptor: int) -> None:
    """Let go of when the file is closed."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        while True:
            with contextlib.suppress(OSError):  # it gives up after ten seconds
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return
    else:
        import fcntl  # noqa: PLC0415

        fcntl.flock(descriptor, fcntl.LOCK_EX)


def _lock_for(metadata: Mapping[str, object], notebook: Path, script: Script) -> _Lock:
    try:
        data = lock_of(notebook).read_bytes()
        is_current = metadata == read_metadata(notebook.read_text(encoding="utf-8"))
        return _Lock(data, is_current, holds=script.is_exact and is_current)
    except (OSError, ValueError, QuireError):
        return _Lock()


def _stamp(folder: Path) -> str:
    """Changes with what a local project asks for; what is in its modules is read anew by every kernel when it is editable."""
    files = [folder / name for name in ("pyproject.toml", "setup.py", "setup.cfg")] if folder.is_dir() else [folder]
    return ",".join(str(file.stat().st_mtime_ns) for file in files if file.is_file())


def _remove_old(folder: Path, before: float) -> None:
    """What nobody has used since then; also what was being made when a process was ended. An open notebook uses its own."""
    links = [link for link in (folder / _LINKS).glob("*-*") if _is_alive(link.name.partition("-")[0])]
    kept = {_LINKS}
    for link in links:
        with contextlib.suppress(OSError):  # a notebook was closed just now
            kept.add(link.readlink().name)
    for found in _folders(folder):
        with contextlib.suppress(OSError):
            if found.name not in kept and found.stat().st_mtime < before:
                shutil.rmtree(found, ignore_errors=True)
    for file in {*folder.glob(".*.lock"), *(folder / _LINKS).glob("*-*")}.difference(links):
        with contextlib.suppress(OSError):
            if file.lstat().st_mtime < before:
                file.unlink()


def _is_alive(process: str) -> bool:
    """Whether there is such a process on this machine. Only where links are made is it asked."""
    try:
        os.kill(int(process), 0)
    except PermissionError:  # somebody else's
        return True
    except (OSError, ValueError):
        return False
    return True


def _folders(folder: Path) -> Iterator[Path]:
    with contextlib.suppress(OSError):
        yield from (found for found in folder.iterdir() if found.is_dir())


class Link:
    """A name for the environment of one open notebook, which can be led elsewhere while its kernel lives."""

    def __init__(self) -> None:
        self._path = environments_folder() / _LINKS / f"{os.getpid()}-{secrets.token_hex(4)}"

    def lead(self, environment: Path) -> Path:
        """From now on it leads to this one. What to use as its folder: the link, or, where there can be none, itself."""
        if os.name != "posix":
            return environment
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            new = self._path.with_name(f"{self._path.name}.new")
            new.symlink_to(environment)
            new.replace(self._path)
        except OSError:  # made by somebody else, in a folder that only they write
            return environment
        return self._path

    def remove(self) -> None:
        """The notebook is closed."""
        with contextlib.suppress(OSError):
            self._path.unlink(missing_ok=True)
