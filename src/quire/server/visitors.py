"""The visitors of apps: a session, and so a kernel process, for each tab; it ends some time after the tab is gone."""

import asyncio
import contextlib
import hashlib
import logging
import os
import secrets
from collections.abc import Mapping
from dataclasses import replace as replace_cells
from pathlib import Path
from urllib.parse import parse_qsl

import msgspec
from msgspec.structs import replace

from quire.config import Found
from quire.config.schema import Run
from quire.errors import FullHouse
from quire.ids import CellId
from quire.kernel.link import MakeKernel
from quire.notebook import Notebook
from quire.protocol.messages import Request
from quire.protocol.notices import AppChanged
from quire.session.problems import graph_after
from quire.session.screen import Screen, Shown
from quire.session.session import Session, open_notebook
from quire.session.settings import notebook_settings
from quire.session.state import File, Place, SessionState, open_state
from quire.session.watch import watch_file

MOST_PARAMETERS = 200
MOST_SESSIONS = 500
"""Each is a process: beyond this, newcomers wait, so that those who are there keep theirs."""

log = logging.getLogger("quire")


class AppOptions(msgspec.Struct, frozen=True):
    """How apps are served."""

    shown: Shown = Shown()
    most: int = MOST_SESSIONS


class App:
    """One notebook file as an app. It is read again when it has changed."""

    def __init__(self, place: Place, settings: Run | None = None) -> None:
        """`settings` say how long a session without a page is kept, and whether visitors' pages follow the file at once."""
        self.place = place
        self.settings = settings or Run()
        self.theme = ""
        """What the project or the notebook wants the page to look like, since `state`; empty: as the visitor has it."""
        self._lock = asyncio.Lock()
        self._read: tuple[object, SessionState] | None = None

    async def state(self) -> SessionState:
        """The state that every visit begins with. Raises like `open_notebook`; `FileNotFoundError` when it is gone."""
        async with self._lock:
            stamp = await asyncio.to_thread(_stamp, self.place.path)
            if self._read is None or self._read[0] != stamp:
                state, self.theme = await asyncio.to_thread(_open_app, self.place)
                self._read = stamp, state
            return self._read[1]

    @property
    def stem(self) -> str:
        return Path(self.place.path).stem


class Visitors:
    """Sessions by a key that nobody can guess: made of what the browser and the tab each keep for themselves."""

    def __init__(self, apps: Mapping[str, App], options: AppOptions, make_kernel: MakeKernel) -> None:
        self.apps = apps
        self.options = options
        self._make_kernel = make_kernel
        self._sessions: dict[str, tuple[str, Session]] = {}
        """With the name of the app."""
        self._leaving: dict[str, asyncio.TimerHandle] = {}
        self._ending: set[asyncio.Task[None]] = set()
        self._watches: list[asyncio.Task[None]] = []

    def start(self) -> None:
        """Watch the files for which that is wanted."""
        loop = asyncio.get_running_loop()
        followed = [(name, app) for name, app in self.apps.items() if app.settings.watch]
        self._watches = [loop.create_task(self._watch(name, app)) for name, app in followed]

    async def visit(self, name: str, key: str, query: str, request: Request | None = None) -> Session:
        """The session of this visitor: the one from before, as long as it lives, else a new one.

        Raises like `App.state`, and `FullHouse`.
        """
        found = self._find(key)
        if found is not None:
            return found
        app = self.apps[name]
        state = await app.state()
        if (found := self._find(key)) is not None:  # another connection of the same tab was faster
            return found
        pairs = tuple(parse_qsl(query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS, errors="replace"))
        hides_errors = not self.options.shown.tracebacks
        place = replace(state.place, query=pairs, request=request, hides_errors=hides_errors)
        state = replace(state, epoch=secrets.token_hex(8), place=place)
        self._make_room()
        screen = Screen(self.options.shown, secrets.token_hex(8), lambda text: log.error("%s: %s", app.stem, text))
        session = Session(state, self._make_kernel, screen)
        self._sessions[key] = name, session
        session.start()
        return session

    def leave(self, key: str, session: Session) -> None:
        """A page of this session has gone."""
        known = self._sessions.get(key)
        if known is None or known[1] is not session or session.has_pages:
            return
        self._stay(key)
        loop = asyncio.get_running_loop()
        self._leaving[key] = loop.call_later(self.apps[known[0]].settings.session_ttl, self._end, key)

    @property
    def sessions(self) -> tuple[Session, ...]:
        """Of all visitors, those that have just left among them."""
        return tuple(session for _, session in self._sessions.values())

    @property
    def left(self) -> int:
        """How many sessions wait for their visitor to come back."""
        return len(self._leaving)

    async def close(self) -> None:
        """End all, side by side."""
        for watch in self._watches:
            watch.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)
        for key in list(self._sessions):
            self._end(key)
        while self._ending:
            await asyncio.gather(*self._ending, return_exceptions=True)

    async def abandon(self) -> None:
        """End all kernels and nothing else."""
        await asyncio.gather(*(session.abandon() for session in self.sessions))

    def _find(self, key: str) -> Session | None:
        known = self._sessions.get(key)
        if known is None:
            return None
        if known[1].state.kernel == "dead":
            self._end(key)  # whoever comes back starts afresh
            return None
        self._stay(key)
        return known[1]

    def _make_room(self) -> None:
        """Sessions that nobody looks at go first, the one left longest ago before the others."""
        while len(self._sessions) >= self.options.most:
            if not self._leaving:
                log.warning("a visitor was turned away: %d are there already", len(self._sessions))
                raise FullHouse("all places are taken at the moment; come back in a while")
            self._end(next(iter(self._leaving)))

    def _stay(self, key: str) -> None:
        timer = self._leaving.pop(key, None)
        if timer is not None:
            timer.cancel()

    def _end(self, key: str) -> None:
        self._stay(key)
        _, session = self._sessions.pop(key)
        task = asyncio.get_running_loop().create_task(session.close())
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _watch(self, name: str, app: App) -> None:
        with contextlib.suppress(OSError):
            stamp = await asyncio.to_thread(_stamp, app.place.path)
            async for _ in watch_file(Path(app.place.path)):
                now = await asyncio.to_thread(_stamp, app.place.path)
                if now != stamp and await self._is_readable(app):
                    stamp = now
                    self._renew(name)

    async def _is_readable(self, app: App) -> bool:
        try:
            await app.state()
        except Exception as error:  # noqa: BLE001 - half a file, or none, while somebody writes it
            log.warning("`%s` has changed, and visitors keep what they have: %s", app.place.shown, error)
            return False
        return True

    def _renew(self, name: str) -> None:
        for key, (app, session) in list(self._sessions.items()):
            if app == name:
                session.tell(AppChanged())
                self._end(key)


def visitor_key(app: str, browser: str, tab: str, query: str) -> str:
    """Names the session of one tab: who knows only a part of it finds nothing."""
    whole = repr((app, browser, tab, query))
    return hashlib.sha256(whole.encode()).hexdigest()


def _stamp(path: str) -> object:
    status = os.stat(path)  # noqa: PTH116 - one call, its fields compared
    return status.st_ino, status.st_mtime_ns, status.st_size


def _open_app(place: Place) -> tuple[SessionState, str]:
    """The notebook with its graph made already, once for all visitors, and the theme of its page."""
    opened = open_notebook(place)
    notebook = without_hints(opened.notebook)
    graph = graph_after(None, None, notebook)
    _ = graph.problems  # found when asked for: here, not on the event loop
    state = open_state(place, notebook, File(opened.file.known), epoch="")
    theme = _theme(notebook_settings(Path(place.path), notebook))
    return replace(state, checked=notebook, graph=graph, theme=theme or "system"), theme


def _theme(found: Found) -> str:
    """What whoever serves the app likes for themselves is no matter of its visitors."""
    origin = found.origins.get("display.theme")
    return "" if origin is None or origin.source == "user" else found.config.display.theme


def without_hints(notebook: Notebook) -> Notebook:
    """The notebook with ids that tell nothing: a checksum of its code would let visitors guess what a cell says."""
    cells = tuple(
        cell if cell.type == "setup" else replace_cells(cell, id=CellId(f"c{number}"))
        for number, cell in enumerate(notebook.cells)
    )
    return replace_cells(notebook, cells=cells)
