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
LOOK_SECONDS = 1.0
"""Between two looks at whether a notebook is still used."""


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
        session_ttl: float | None = None,
    ) -> None:
        """With `recent`, what is opened is remembered there. With `sandbox`, each runs in the environment of its header.
        After `session_ttl` seconds without a page and without a cell that runs, a notebook is closed until one comes.
        """
        self._sandbox = sandbox
        self._session_ttl = session_ttl
        self.workspace = workspace
        self.recent = recent
        self._main: Place | None = None
        self._make_kernel = make_kernel
        self._open: dict[Path, OpenNotebook] = {}
        self._opening: dict[Path, asyncio.Task[Session]] = {}
        self._closing: dict[Path, asyncio.Task[None]] = {}
        self._prepared: dict[Path, tuple[float, SessionState]] = {}
        self._looking: asyncio.Task[None] | None = None
        self._used: dict[Session, float] = {}
        """When somebody was last seen to use it, on the monotonic clock."""

    def start(self) -> None:
        """Look after notebooks that nobody uses, where that is wanted."""
        if self._session_ttl is not None:
            self._looking = asyncio.get_running_loop().create_task(self._look_after(self._session_ttl))

    def open_main(self, state: SessionState) -> Session:
        """Open the notebook that the command named, wherever it is: it needs no path."""
        self._main = state.place
        session = Session(state, self._make_kernel)
        self._add(session, self.path_of(Path(state.place.path)))
        return session

    @property
    def has_main(self) -> bool:
        """False when the command named no notebook, or somebody has stopped that one."""
        return self._main is not None

    @property
    def main(self) -> Session | None:
        """The notebook that the command named, while it is open."""
        return None if self._main is None else self.find(None)

    def running(self) -> Iterable[OpenNotebook]:
        """Every open notebook, the oldest first."""
        return tuple(self._open.values())

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Of every open notebook."""
        return tuple(found.session for found in self._open.values())

    def find(self, path: WorkspacePath | None) -> Session | None:
        """The session of a notebook, if it is open. Here and below, None is the notebook that the command named."""
        found = self._open.get(self._real(path))
        return found and found.session

    async def read(self, path: WorkspacePath | None) -> SessionState:
        """The notebook as it is, for a page. Runs nothing.

        Raises:
            NotANotebook: the file is something else.
            OSError: it is not there, or cannot be read.
        """
        if (session := self.find(path)) is not None:
            return session.state
        await self._closed(path)
        state = await asyncio.to_thread(open_notebook, self._place_of(path))
        self._forget_prepared()
        self._prepared[self._real(path)] = (time.monotonic(), state)
        return state

    async def session(self, path: WorkspacePath | None) -> Session:
        """The session of a notebook; one that is not open yet is opened and run. Raises like `read`."""
        if (session := self.find(path)) is not None:
            return session
        real = self._real(path)
        opening = self._opening.get(real)
        if opening is None:
            opening = asyncio.get_running_loop().create_task(self._start(path))
            self._opening[real] = opening
            opening.add_done_callback(lambda _: self._opening.pop(real, None))
        return await asyncio.shield(opening)

    async def stop(self, session: Session) -> None:
        """Somebody wants it closed: save it, end its kernel, tell its pages not to come back."""
        if session is self.main:
            self._main = None
        await self._close(session, stopped=True)

    async def close_unused(self, patience: float) -> None:
        """Look once: close what had no page and no running cell at any look since `patience` seconds ago.

        What was not there at the last look is left alone: a page may be about to come.
        """
        now, before = time.monotonic(), self._used
        self._used = {session: now if session.is_used else before.get(session, now) for session in self.sessions}
        for session, used in self._used.items():
            # Who has edits that could not be saved finds them as they were.
            if session in before and now - used >= patience and not session.is_used and session.unsaved is None:
                await self._close(session)

    async def close(self) -> None:
        """Close all, side by side."""
        if self._looking is not None:
            self._looking.cancel()
        await self._finish_opening()
        await asyncio.gather(*self._closing.values(), *(found.session.close() for found in self._open.values()))

    async def abandon(self) -> None:
        """End all kernels and nothing else: somebody does not want to wait for `close`."""
        await asyncio.gather(*(found.session.abandon() for found in self._open.values()))

    async def _start(self, path: WorkspacePath | None) -> Session:
        await self._closed(path)
        state = await asyncio.to_thread(open_notebook, self._place_of(path), known=self._take_prepared(path))
        session = Session(state, self._make_kernel)
        self._add(session, path or self.path_of(Path(state.place.path)))
        session.start()
        return session

    async def _close(self, session: Session, *, stopped: bool = False) -> None:
        real = next(real for real, found in self._open.items() if found.session is session)
        del self._open[real]
        closing = asyncio.get_running_loop().create_task(session.close(stopped=stopped))
        self._closing[real] = closing
        closing.add_done_callback(lambda _: self._closing.pop(real, None))
        await asyncio.shield(closing)

    async def _closed(self, path: WorkspacePath | None) -> None:
        """Whoever opens it again finds in the file what its last session wrote."""
        while (closing := self._closing.get(self._real(path))) is not None:
            await asyncio.wait({closing})

    async def _look_after(self, patience: float) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            await self.close_unused(patience)

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

    def _take_prepared(self, path: WorkspacePath | None) -> SessionState | None:
        _, state = self._prepared.pop(self._real(path), (0.0, None))
        return state

    def _forget_prepared(self) -> None:
        oldest = time.monotonic() - PREPARED_SECONDS
        self._prepared = {real: kept for real, kept in self._prepared.items() if kept[0] > oldest}

    def _real(self, path: WorkspacePath | None) -> Path:
        if path is not None:
            return path.real
        if self._main is None:
            raise FileNotFoundError(2, "the notebook was stopped, or none was named")
        return Path(self._main.path).resolve()

    def _place_of(self, path: WorkspacePath | None) -> Place:
        """A notebook that was found in a folder runs there. Raises `FileNotFoundError`: a page makes no new file."""
        if self._main is not None and self._real(path) == self._real(None):
            return self._main
        assert path is not None
        if not path.real.is_file():
            raise FileNotFoundError(2, "there is no such notebook", path.shown)
        return Place(str(path.real), path.shown, str(path.real.parent), sandbox=self._sandbox)
