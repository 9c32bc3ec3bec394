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
    # Slow to import, and nothing that the first page should wait for.
    from watchfiles import awatch

    yield  # what happened until now
    warned = False
    while True:
        target = Path(os.path.realpath(path))
        names = {str(path), str(target), str(path.resolve().parent / path.name)}
        directories = {path.parent, target.parent}
        try:
            changes = awatch(
                *directories, watch_filter=lambda _, name: name in names, recursive=False, step=20, debounce=200
            )
            async for _ in changes:
                yield
        except OSError as error:
            # The directory is gone, or the system watches too many files already. Saving compares all the same.
            if not warned:
                log.warning("cannot watch `%s` for changes by other programs: %s", path.name, error.strerror or error)
                warned = True
        await asyncio.sleep(RETRY_SECONDS)
        yield
