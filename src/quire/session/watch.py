"""Notices that a file may have changed. What it holds is for others to look at."""

import asyncio
import logging
import os
from collections.abc import AsyncIterator
from pathlib import Path

START_SECONDS = 0.5
RETRY_SECONDS = 2.0

log = logging.getLogger("quire")


async def watch_file(path: Path) -> AsyncIterator[None]:
    """Once for each time that something happened to the file, or to what a symbolic link in its place points to.

    Directories are watched, since a file that is replaced is another file under the same name.
    """
    await asyncio.sleep(START_SECONDS)
    yield  # what happened until now
    warned = False
    while True:
        try:
            async for _ in _changes(path):
                yield
        except OSError as error:
            # The directory is gone, or the system watches too many files already. Saving compares all the same.
            if not warned:
                log.warning("cannot watch `%s` for changes by other programs: %s", path.name, error.strerror or error)
                warned = True
        await asyncio.sleep(RETRY_SECONDS)
        yield


def _changes(path: Path) -> AsyncIterator[object]:
    # Slow to import, and nothing that the first page should wait for. Its types name a library that is not installed.
    from watchfiles import awatch  # noqa: PLC0415 # pyright: ignore[reportUnknownVariableType]

    target = Path(os.path.realpath(path))
    names = {str(path), str(target), str(path.resolve().parent / path.name)}

    def is_ours(_: object, name: str) -> bool:
        return name in names

    return awatch(path.parent, target.parent, watch_filter=is_ours, recursive=False, step=20, debounce=200)
