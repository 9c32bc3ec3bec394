"""Notices that a file may have changed. What it holds is for others to look at."""

import asyncio
import contextlib
import importlib
import logging
import os
from collections.abc import AsyncGenerator, AsyncIterator
from pathlib import Path

START_SECONDS = 0.5
RETRY_SECONDS = 2.0

log = logging.getLogger("quire")


async def watch_file(path: Path) -> AsyncIterator[None]:
    """Once when the watch begins, then each time that something happened to the file or to what it links to.

    Directories are watched, since a file that is replaced is another file under the same name. Where the system tells
    nothing, on network disks for one, the file is worth a look every few seconds.
    """
    await asyncio.sleep(START_SECONDS)
    warned = False
    while True:
        try:
            async with contextlib.aclosing(_changes(path)) as changes:
                async for _ in changes:
                    yield
        except OSError as error:
            # The directory is gone, or the system watches too many files already. Saving compares all the same.
            if not warned:
                log.warning("cannot watch `%s` for changes by other programs: %s", path.name, error.strerror or error)
                warned = True
        yield
        await asyncio.sleep(RETRY_SECONDS)


async def _changes(path: Path) -> AsyncGenerator[None]:
    # Slow to import, and nothing that the first page or the event loop should wait for.
    watchfiles = await asyncio.to_thread(importlib.import_module, "watchfiles")
    directories, names = _places(path)

    def is_ours(_: object, name: str) -> bool:
        return name in names

    changes: AsyncGenerator[object] = watchfiles.awatch(
        *directories, watch_filter=is_ours, recursive=False, step=20, debounce=200, yield_on_timeout=True
    )
    upcoming = asyncio.ensure_future(anext(changes))
    try:
        # The watch begins with the first step of the generator. Only then is a look at the file worth anything: what
        # happens after it is told, and what happened before it is there.
        await asyncio.sleep(0)
        while True:
            yield
            await upcoming
            upcoming = asyncio.ensure_future(anext(changes))
    finally:
        upcoming.cancel()
        with contextlib.suppress(asyncio.CancelledError, OSError):
            await upcoming
        await changes.aclose()


def _places(path: Path) -> tuple[list[Path], set[str]]:
    """The directories to watch, and all names that the system may give to the file in them."""
    target = Path(os.path.realpath(path))
    return [path.parent, target.parent], {str(path), str(target), str(path.resolve().parent / path.name)}
