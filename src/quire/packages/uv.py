"""uv, as a process: found, run without a shell, its words passed on as they come, ended when nobody waits for it any more."""

import asyncio
import contextlib
import importlib
import os
import re
import shutil
import signal
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from quire.errors import NotInstalled

Say = Callable[[str], None]
"""Is told what the installer prints, line by line."""

MISSING = "uv is not here; get it by `pip install 'quire[envs]'`, or as https://docs.astral.sh/uv/ says"
_NOT_MEANT = frozenset({"VIRTUAL_ENV", "PYTHONPATH", "COLUMNS"})  # words that are read are not wrapped
_OURS = "Using script environment at:"  # a folder of ours that is about to get another name
_FULL = re.compile(r"No space left on device|disk quota exceeded|\(os error (?:28|112|122)\)", re.IGNORECASE)
_KEPT = 40  # lines, for the message of a failure
_UNREACHABLE = re.compile(
    r"network was disabled|error sending request|Failed to fetch|dns error|Could not connect|Connection refused|"
    r"failed to lookup address|Temporary failure in name resolution|NewConnectionError|ConnectTimeout|tcp connect error",
    re.IGNORECASE,
)


def find_uv() -> str | None:
    """The program: on the path, else the one that the extra `envs` brings."""
    if found := shutil.which("uv"):
        return found
    try:
        return str(importlib.import_module("uv").find_uv_bin())
    except (ImportError, AttributeError, FileNotFoundError):
        return None


def require_uv() -> str:
    """The program.

    Raises:
        NotInstalled: there is none; the message says how to get it.
    """
    if (uv := find_uv()) is None:
        raise NotInstalled(MISSING)
    return uv


def silent(_line: str) -> None:
    """For whom it is enough to hear of the end."""


async def run_tool(
    command: Sequence[str],
    folder: Path,
    say: Say = silent,
    variables: Mapping[str, str] | None = None,
    failure: str = "nothing was installed",
) -> list[str]:
    """Run a program that installs something, in `folder`. What it printed, line by line. When this is cancelled, it ends.

    Raises:
        NotInstalled: it is not there, or it failed; the message has its words.
    """
    # Nothing is downloaded to run Python itself; an environment that happens to be active is not the one that is meant.
    environment = {key: value for key, value in os.environ.items() if key not in _NOT_MEANT}
    environment |= {"UV_PYTHON_DOWNLOADS": "never", "UV_NO_PROGRESS": "1", "NO_COLOR": "1", **(variables or {})}
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
            cwd=folder,
            env=environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            start_new_session=os.name == "posix",
        )
    except OSError as error:
        raise NotInstalled(f"`{Path(command[0]).name}` could not be started: {error.strerror or error}") from None
    assert process.stdout is not None
    lines: list[str] = []
    try:
        async for line in process.stdout:
            text = line.decode(errors="replace").rstrip()
            lines.append(text)
            if not text.startswith(_OURS):
                say(text)
        status = await process.wait()
    finally:
        if process.returncode is None:
            _end(process)
            await process.wait()
    if status:
        raise explain(lines, failure)
    return lines


def _end(process: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        if os.name == "posix":
            os.killpg(process.pid, signal.SIGKILL)  # what it has started to build a package ends with it
        else:
            process.kill()


def explain(lines: Sequence[str], failure: str) -> NotInstalled:
    """What a person needs to know of a failure; the installer's own words follow."""
    words = "\n".join(line for line in lines if line.strip() and not line.startswith(_OURS))
    said = "\n".join(words.split("\n")[-_KEPT:])
    if _FULL.search(words):
        return NotInstalled(f"the disk is full, so {failure}", said)
    if _UNREACHABLE.search(words):
        return NotInstalled(f"the index of packages cannot be reached, so {failure}", said)
    return NotInstalled(failure, said)
