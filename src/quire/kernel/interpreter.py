"""A kernel in an interpreter that is not ours: it has to have the same Quire, because kernel and server speak its protocol."""

import asyncio
from pathlib import Path

from quire.errors import OtherQuire
from quire.kernel.spawn import Child, environment_of, spawn
from quire.version import __version__

_ASK = "from quire.version import __version__; print(__version__)"


async def spawn_in(python: str) -> Child:
    """Start a kernel's process there.

    Raises:
        OtherQuire: it has none, or one of another version; the message says which, and what to do.
        OSError: it cannot be started.
    """
    asked = await asyncio.create_subprocess_exec(
        python,
        "-P",
        "-c",
        _ASK,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=environment_of(Path(python)),
    )
    answer, _ = await asked.communicate()
    require_same_quire(answer.decode(errors="replace").strip() if asked.returncode == 0 else "")
    return await spawn(python)


def require_same_quire(version: str) -> None:
    """Raises `OtherQuire` unless this is our own version; empty: there is none."""
    if not version:
        raise OtherQuire(
            f"its environment has no Quire; let the header ask for `quire=={__version__}`, or leave `quire` out of it"
        )
    if version != __version__:
        raise OtherQuire(
            f"its environment has Quire {version}, and this is Quire {__version__}, which does not speak with it; "
            f"let the header ask for `quire=={__version__}`, or open it with that one: "
            f"`uvx quire@{version} edit --sandbox`"
        )
