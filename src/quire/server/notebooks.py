"""The notebooks that one server has open: each is opened when somebody asks for it, and all are closed together."""

import asyncio
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

from quire.errors import NotInWorkspace
from quire.kernel.link import MakeKernel
from quire.server.recent import RecentNotebooks
from quire.server.workspace import Workspace, WorkspacePath
from quire.session.session import Session, open_notebook
from quire.session.state import Place, SessionState

PREPARED_SECONDS = 60.0
"""A notebook that was read for a page is kept this long for the page's socket, if the file is still the same."""


class OpenNotebook(msgspec.Struct, frozen=True):
    """A session that runs. `path` is None for a notebook that is not in the workspace."""

    session: Session
    path: WorkspacePath | None
    opened: float
    """Seconds since the epoch."""

    @property
    def shown(self) -> str:
        """What people know it by."""
        return self.session.state.place.shown if self.path is None else self.path.shown


class Notebooks:
    """By the real path of the file, so that one file is never open twice. Use on one event loop."""

    def __init__(
        self,
        workspace: Workspace,
        make_kernel: MakeKernel,
        recent: RecentNotebooks | None = None,
        *,
        sandbox: bool = False,
    ) -> None:
        """With `recent`, what is opened is remembered there. With `sandbox`, each runs in the environment of its header."""
        self._sandbox = sandbox
        self.workspace = workspace
        self.recent = recent
        self.main: Session | None = None
        """The notebook that the command named: it is open as long as the server, and needs no path."""
        self._make_kernel = make_kernel
        self._open: dict[Path, OpenNotebook] = {}
        self._opening: dict[Path, asyncio.Task[Session]] = {}
        self._prepared: dict[Path, tuple[float, SessionState]] = {}

    def open_main(self, state: SessionState) -> Session:
        """Open the notebook that the command named, wherever it is."""
        self.main = Session(state, self._make_kernel)
        self._add(self.main, self.path_of(Path(state.place.path)))
        return self.main

    def running(self) -> Iterable[OpenNotebook]:
        """Every open notebook, the oldest first."""
        return tuple(self._open.values())

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Of every open notebook."""
        return tuple(found.session for found in self._open.values())

    def find(self, path: WorkspacePath) -> Session | None:
        """The session of a notebook, if it is open."""
        found = self._open.get(path.real)
        return found and found.session

    async def read(self, path: WorkspacePath) -> SessionState:
        """The notebook as it is, for a page. Runs nothing.

        Raises:
            NotANotebook: the file is something else.
            OSError: it is not there, or cannot be read.
        """
        if (session := self.find(path)) is not None:
            return session.state
        state = await asyncio.to_thread(open_notebook, self._place_of(path))
        self._forget_prepared()
        self._prepared[path.real] = (time.monotonic(), state)
        return state

    async def session(self, path: WorkspacePath) -> Session:
        """The session of a notebook; one that is not open yet is opened and run. Raises like `read`."""
        if (session := self.find(path)) is not None:
            return session
        opening = self._opening.get(path.real)
        if opening is None:
            opening = asyncio.get_running_loop().create_task(self._start(path))
            self._opening[path.real] = opening
            opening.add_done_callback(lambda _: self._opening.pop(path.real, None))
        return await asyncio.shield(opening)

    async def stop(self, session: Session) -> None:
        """Save it, end its kernel, tell its pages that it was stopped."""
        for real, found in list(self._open.items()):
            if found.session is session:
                del self._open[real]
        if session is self.main:
            self.main = None
        await session.close(stopped=True)

    async def close(self) -> None:
        """Close all, side by side."""
        await self._finish_opening()
        await asyncio.gather(*(found.session.close() for found in self._open.values()))

    async def abandon(self) -> None:
        """End all kernels and nothing else: somebody does not want to wait for `close`."""
        await asyncio.gather(*(found.session.abandon() for found in self._open.values()))

    async def _start(self, path: WorkspacePath) -> Session:
        state = await asyncio.to_thread(open_notebook, self._place_of(path), known=self._take_prepared(path))
        session = Session(state, self._make_kernel)
        self._add(session, path)
        session.start()
        return session

    async def _finish_opening(self) -> None:
        if self._opening:
            await asyncio.gather(*self._opening.values(), return_exceptions=True)

    def _add(self, session: Session, path: WorkspacePath | None) -> None:
        real = Path(session.state.place.path).resolve() if path is None else path.real
        self._open[real] = OpenNotebook(session, path, time.time())
        if self.recent is not None:  # the disk may be slow, and nobody waits for this
            asyncio.get_running_loop().run_in_executor(None, self.recent.add, real)

    def path_of(self, file: Path) -> WorkspacePath | None:
        """A file's place in the workspace; None when it is elsewhere, or hidden there."""
        try:
            inner = file.resolve().relative_to(self.workspace.root)
            return self.workspace.path(inner.as_posix())
        except (NotInWorkspace, ValueError):
            return None

    def _take_prepared(self, path: WorkspacePath) -> SessionState | None:
        _, state = self._prepared.pop(path.real, (0.0, None))
        return state

    def _forget_prepared(self) -> None:
        oldest = time.monotonic() - PREPARED_SECONDS
        self._prepared = {real: kept for real, kept in self._prepared.items() if kept[0] > oldest}

    def _place_of(self, path: WorkspacePath) -> Place:
        """A notebook that was found in a folder runs there. Raises `FileNotFoundError`: a page makes no new file."""
        if not path.real.is_file():
            raise FileNotFoundError(2, "there is no such notebook", path.shown)
        return Place(str(path.real), path.shown, str(path.real.parent), sandbox=self._sandbox)
