"""The packages of one open notebook, for real: its environment is made, its kernel started there, packages installed.

Only what somebody asked for; where the notebook has no environment of its own, by the command that was shown.
"""

import asyncio
import contextlib
import sys
from collections.abc import Callable
from pathlib import Path

from quire.errors import BadMetadata, BadRequirement, NotInstalled
from quire.kernel.interpreter import spawn_in
from quire.kernel.process import KernelProcess
from quire.kernel.spawn import Child
from quire.notebook import Notebook, carrier_of, new_notebook
from quire.notebook.preamble import read_notebook_metadata, with_metadata
from quire.packages.environment import (
    Link,
    lock_notebook,
    lock_of,
    make_environment,
    own_origin,
    python_in,
    site_packages,
)
from quire.packages.installed import Installed, Package, list_packages, look_around, surroundings
from quire.packages.project import WORDS, is_in_project
from quire.packages.script import NAME as QUIRE
from quire.packages.script import header_with_quire
from quire.packages.uv import find_uv, run_tool
from quire.session.events import InstallPackages
from quire.version import __version__


def with_quire(notebook: Notebook, path: Path) -> Notebook:
    """With a header that any tool can run it by. It is written with the first edit. One that is locked stays what it is."""
    if lock_of(path).is_file():
        return notebook
    with contextlib.suppress(BadMetadata, BadRequirement):  # which whoever makes the environment tells
        changes = header_with_quire(read_notebook_metadata(notebook), own_origin(), sys.version_info[:2])
        return with_metadata(notebook, changes)
    return notebook


def begin_notebook(path: Path) -> Notebook:
    """A notebook that nobody has written in yet. Any tool that reads its header (`uv run`) runs it, but for markdown, which
    no such tool reads; in a project, that says what its files need.
    """
    carrier = carrier_of(path)
    notebook = new_notebook(carrier)
    return notebook if carrier != "python" or is_in_project(path.absolute().parent) else with_quire(notebook, path)


class Sandbox:
    """Use on one event loop. `say` is told what the installer prints."""

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self._path = path
        self._say = say
        self._link: Link | None = None
        self._environment: Path | None = None
        self._work: asyncio.Task[None] | None = None

    def make_kernel(self, notebook: Notebook) -> KernelProcess:
        """A kernel in the environment that the header asks for, which is made first where there is none."""

        async def take() -> Child:
            await self._run(self._prepare(notebook))
            assert self._environment is not None
            return await spawn_in(str(python_in(self._environment)))

        return KernelProcess(take)

    async def look(self, *, own: bool) -> Installed:
        """What is installed where the cells run; `own`: in an environment of the notebook's own."""
        if not own:
            return await asyncio.to_thread(look_around, self._path)
        folder = None if self._environment is None else site_packages(self._environment)
        if folder is None or not folder.is_dir():  # somebody may have deleted it
            return Installed(f"{WORDS['sandbox']}, which is not there yet", "")
        packages = await asyncio.to_thread(list_packages, [str(folder)])
        if all(package.name != QUIRE for package in packages):  # it is the one of the folder that this one runs from
            packages = (*packages, Package(QUIRE, __version__, frozenset({QUIRE})))
        return Installed(WORDS["sandbox"], folder.parent.name.removeprefix("python"), packages)

    async def change(self, asked: InstallPackages) -> list[str]:
        """Do it. The packages that were there before in another version, or are gone.

        Raises:
            NotInstalled: it could not be done, or was stopped.
            QuireError: what the header asks for cannot be read.
        """
        own = asked.sandbox is not None
        before = await self.look(own=own)
        if asked.sandbox is None:
            await self._run(self._install(asked))
        else:
            await self._run(self._prepare(asked.sandbox))
        after = {package.name: package.version for package in (await self.look(own=own)).packages}
        return [package.name for package in before.packages if after.get(package.name) != package.version]

    def stop(self) -> None:
        """End what is being made or installed; whoever waits for it gets `NotInstalled`."""
        if self._work is not None:
            self._work.cancel()

    def close(self) -> None:
        """The notebook is closed, and its kernel gone: one that still imports would write where the link was."""
        self.stop()
        if self._link is not None:
            self._link.remove()

    async def lock(self) -> None:
        """Where the notebook has a lock, make it anew of the header that is in the file now. Raises like `change`."""
        if await asyncio.to_thread(lock_of(self._path).is_file):
            await lock_notebook(self._path)

    async def _run(self, work: "asyncio._CoroutineLike[None]") -> None:
        """One thing at a time: what was begun before is of no use any more."""
        self.stop()
        self._work = asyncio.get_running_loop().create_task(work)
        await asyncio.wait({self._work})
        if self._work.cancelled():
            raise NotInstalled("it was stopped; nothing was installed")
        self._work.result()

    async def _prepare(self, notebook: Notebook) -> None:
        made = await make_environment(read_notebook_metadata(notebook), self._path, self._say)
        self._link = self._link or Link()
        self._environment = await asyncio.to_thread(self._link.lead, made)

    async def _install(self, asked: InstallPackages) -> None:
        here = await asyncio.to_thread(surroundings, self._path)
        if here.refusal:
            raise NotInstalled(here.refusal)
        for add, remove in ((asked.add, []), ([], asked.remove)):
            if add or remove:
                await run_tool(here.command(add, remove, uv=find_uv()), self._path.parent, self._say)
