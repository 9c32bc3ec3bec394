"""One open notebook: a loop around `apply` that performs what it decides. Decides nothing itself."""

import asyncio
import contextlib
import logging
import secrets
import tempfile
from collections import deque
from collections.abc import Coroutine
from functools import cached_property
from pathlib import Path
from typing import Any, assert_never

from msgspec.structs import replace

from quire.check import check_notebook
from quire.config import read_config
from quire.errors import EditRefused, QuireError
from quire.formatting import format_text
from quire.ids import CellId
from quire.kernel.link import MakeKernel
from quire.notebook import InsertCell, apply_edit
from quire.protocol.commands import AnyCommand
from quire.protocol.messages import Message
from quire.protocol.notices import CommandAnswered, Notified, PageConfirmed
from quire.session.apply import apply
from quire.session.disk import explain_error, explain_place, read_file, remove_leftovers, write_file
from quire.session.events import (
    Answer,
    Asked,
    AwaitReaction,
    Check,
    CheckDue,
    Checked,
    CheckSoon,
    Effect,
    Event,
    Export,
    ExportFailed,
    FileFound,
    FileSeen,
    FileWritten,
    FindPackages,
    Format,
    FormatFailed,
    Formatted,
    InstallerSaid,
    InstallFailed,
    InstallPackages,
    InterruptKernel,
    Look,
    LookDue,
    Looked,
    LookSoon,
    Opened,
    PackagesChanged,
    PackagesFound,
    PageClosed,
    PageId,
    PageOpened,
    ReactionDue,
    SaveDue,
    SaveSoon,
    SendKernel,
    StartKernel,
    StopInstalling,
    Tell,
    WriteFailed,
    WriteFile,
)
from quire.session.exporting import export_notebook
from quire.session.findings import rules_of_page
from quire.session.frames import find_frame
from quire.session.outbox import Outbox
from quire.session.outside import is_blank, read_data
from quire.session.problems import graph_after
from quire.session.saving import encode_notebook
from quire.session.screen import Screen, may_visitor_ask
from quire.session.seat import KernelSeat
from quire.session.settings import notebook_settings
from quire.session.settling import settle
from quire.session.state import File, Place, SessionState, open_state
from quire.session.timer import Timer
from quire.session.watch import watch_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.session.sandbox import Sandbox

SAVE_SECONDS = 1.0
LONGEST_UNSAVED = 5.0
"""Somebody who never stops typing is saved this often."""
RETRY_SECONDS = 5.0
SETTLE_SECONDS = 0.1
CHECK_SECONDS = 0.3
LONGEST_UNCHECKED = 1.0
REACTION_SECONDS = 2.0
"""So long a cell has after an interrupt before a restart is offered."""
LOOK_SECONDS = 0.7
LONGEST_UNLOOKED = 5.0

EXPECTED_SECONDS = 15.0
"""So long a page that was served may take to open its socket."""
MOST_EXPECTED = 16

log = logging.getLogger("quire")


def open_notebook(place: Place, template: Path | None = None, *, known: SessionState | None = None) -> SessionState:
    """Read the notebook file. One that does not exist, or is empty, begins as a copy of `template`, or with one empty cell.

    `known` is what the same place gave before: returned as it is when the file has not changed.

    Raises:
        NotANotebook: the file is something else; the message says what.
        OSError: it cannot be read.
    """
    path = Path(place.path)
    data = read_file(path)
    if known is not None and known.place == place and known.file.known == data:
        return known
    if data is not None and not is_blank(data):
        notebook = read_data(data, path)
    elif template is not None:
        notebook = read_data(template.read_bytes(), template)
    else:
        from quire.session.sandbox import begin_notebook  # noqa: PLC0415 - for those only who begin one

        notebook = apply_edit(begin_notebook(path), InsertCell(CellId("first"), None))
    if place.sandbox and place.mode == "edit":
        from quire.session.sandbox import with_quire  # noqa: PLC0415 - for those only who want it

        notebook = with_quire(notebook, path)
    if reason := explain_place(path):
        file = File(data, status="failed", message=reason)
    else:
        message = "" if data is not None else f"`{path.name}` does not exist yet; the first edit creates it"
        file = File(data, message=message)
    config = notebook_settings(path, notebook).config
    return replace(
        open_state(place, notebook, file, epoch=secrets.token_hex(8)),
        lazy=place.mode == "edit" and config.runtime.on_cell_change == "lazy",
        auto_reload=config.runtime.auto_reload if place.mode == "edit" else "off",
        reactive_tests=place.mode == "edit" and config.runtime.reactive_tests,
        theme=config.display.theme,
    )


class Session:
    """Everything runs on one event loop; `state` is the truth, pages and kernel and file follow it."""

    def __init__(self, state: SessionState, make_kernel: MakeKernel, screen: Screen | None = None) -> None:
        """With a `screen`, pages are visitors of an app: they see and ask what it lets through, and the file is left alone."""
        self.state = state
        self._begun = state.notebook
        self._screen = screen
        self._path = Path(state.place.path)
        self._events: deque[Event] = deque()
        """The first one is being taken."""
        self._seat = KernelSeat(make_kernel, self._take)
        self._outboxes: dict[PageId, Outbox] = {}
        self._expected: dict[PageId, asyncio.TimerHandle] = {}
        self._save_timer = Timer(lambda: self._take(SaveDue()), LONGEST_UNSAVED)
        self._check_timer = Timer(lambda: self._take(CheckDue()), LONGEST_UNCHECKED)
        self._look_timer = Timer(lambda: self._take(LookDue()), LONGEST_UNLOOKED)
        self._reactions: dict[AwaitReaction, asyncio.TimerHandle] = {}
        self._file_lock = asyncio.Lock()
        """Reads and writes of the file happen, and are reported, one after the other."""
        self._check_lock = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self._watch: asyncio.Task[None] | None = None

    def frame(self, name: str) -> str | None:
        """The markup of a sandboxed frame that an output shows now."""
        return find_frame(self.state, name)

    def start(self) -> None:
        """Start the kernel, run all cells, watch the file."""
        self._take(Opened())
        if self._screen is not None:
            return
        self._watch = asyncio.get_running_loop().create_task(self._watch_file())

    def connect(self) -> Outbox:
        """A page has come; the whole state is the first thing in its outbox."""
        page = PageId(secrets.token_hex(8))
        outbox = Outbox(page, lambda page: self._take(PageOpened(page)))
        self._outboxes[page] = outbox
        self._take(PageOpened(page))
        return outbox

    def expect(self) -> tuple[PageId, list[Message]]:
        """A page is being made. It is served with these notices; what happens from now on waits for its `claim`."""
        outbox = self.connect()
        if len(self._expected) >= MOST_EXPECTED:
            self._give_up(next(iter(self._expected)))
        timer = asyncio.get_running_loop().call_later(EXPECTED_SECONDS, self._give_up, outbox.page)
        self._expected[outbox.page] = timer
        return outbox.page, outbox.take_now()

    def claim(self, page: PageId) -> Outbox | None:
        """The page has come. None when nobody waits for it any more: it connects like any other."""
        timer = self._expected.pop(page, None)
        if timer is None:
            return None
        timer.cancel()
        outbox = self._outboxes[page]
        outbox.put_first(PageConfirmed())
        return outbox

    def _give_up(self, page: PageId) -> None:
        self._expected.pop(page).cancel()
        self.disconnect(self._outboxes[page])

    def disconnect(self, outbox: Outbox) -> None:
        """A page is gone. Kernel and document go on."""
        self._outboxes.pop(outbox.page, None)
        outbox.close()
        self._take(PageClosed(outbox.page))

    def submit(self, outbox: Outbox, command: AnyCommand) -> None:
        """What a page asks."""
        if self._screen is not None and not may_visitor_ask(command):
            outbox.put(CommandAnswered(request=command.request, refused="visitors of an app cannot do this"))
            return
        self._take(Asked(outbox.page, command))

    def tell(self, notice: Message, beside: PageId | None = None) -> None:
        """To every page, but for one."""
        shown = self._screened(notice)
        if shown is None:
            return
        for page, outbox in self._outboxes.items():
            if page != beside:
                outbox.put(shown)

    @property
    def has_pages(self) -> bool:
        return bool(self._outboxes)

    @property
    def is_used(self) -> bool:
        """True while somebody looks at it, or a cell runs."""
        return self.has_pages or self.state.kernel == "busy"

    @property
    def page_count(self) -> int:
        return len(self._outboxes)

    @property
    def kernel_pid(self) -> int | None:
        """The number of the kernel's process, if it has one."""
        return self._seat.pid

    async def close(self, *, stopped: bool = False) -> None:
        """Save what is unsaved, end the kernel, let the pages go. `stopped`: somebody wants it so; pages do not come back."""
        for timer in (*self._expected.values(), *self._reactions.values()):
            timer.cancel()
        self._check_timer.stop()
        self._look_timer.stop()
        if self._save_timer.stop():
            self._take(SaveDue())
        if "_sandbox" in vars(self):
            self._sandbox.stop()
        closing = asyncio.create_task(self._seat.close())
        if self._watch is not None:
            self._watch.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._watch
        while self._tasks:
            await asyncio.gather(*self._tasks, return_exceptions=True)
            if self._save_timer.stop() and self.state.file.status == "unsaved":
                self._take(SaveDue())
        await asyncio.to_thread(self._rescue)
        await closing
        if "_sandbox" in vars(self):
            self._sandbox.close()
        for outbox in list(self._outboxes.values()):
            outbox.close(stopped=stopped)

    async def abandon(self) -> None:
        """End the kernel and nothing else: somebody does not want to wait for `close`."""
        await self._seat.close()

    def _take(self, event: Event) -> None:
        """One event after the other: one that comes up while effects are performed waits until they are."""
        self._events.append(event)
        if len(self._events) > 1:
            return
        while self._events:
            try:
                self.state, effects = apply(self.state, self._events[0])
            except Exception:
                # A mistake of ours. The state is as it was before; pages, kernel and file live on.
                log.exception("%s could not be carried out", type(self._events[0]).__name__)
                self._report_mistake(self._events[0])
                effects = []
            for effect in effects:
                self._perform(effect)
            self._events.popleft()

    def _perform(self, effect: Effect) -> None:
        match effect:
            case Tell(notice=notice, beside=beside):
                self.tell(notice, beside)
            case Answer(page=page, notice=notice):
                shown = self._screened(notice)
                if shown is not None and (outbox := self._outboxes.get(page)) is not None:
                    outbox.put(shown)
            case StartKernel():
                self._start_kernel(effect)
            case SendKernel(command=command):
                self._seat.send(command)
            case InterruptKernel():
                self._seat.interrupt()
            case AwaitReaction():
                self._await_reaction(effect)
            case CheckSoon():
                self._check_timer.start(CHECK_SECONDS)
            case Check():
                self._spawn(self._check(effect))
            case LookSoon():
                self._look_timer.start(LOOK_SECONDS)
            case Look():
                self._spawn(self._look(effect))
            case SaveSoon(failed=failed):
                self._save_timer.start(RETRY_SECONDS if failed else SAVE_SECONDS)
            case WriteFile():
                self._spawn(self._write(effect))
            case Format():
                self._spawn(self._format(effect))
            case Export():
                self._spawn(self._export(effect))
            case FindPackages():
                self._spawn(self._find_packages(effect))
            case InstallPackages():
                self._spawn(self._install(effect))
            case StopInstalling():
                self._sandbox.stop()
            case _:
                assert_never(effect)

    def _await_reaction(self, interrupted: AwaitReaction) -> None:
        def ring() -> None:
            del self._reactions[interrupted]
            self._take(ReactionDue(interrupted.cell, interrupted.started))

        if interrupted not in self._reactions:
            timer = asyncio.get_running_loop().call_later(REACTION_SECONDS, ring)
            self._reactions[interrupted] = timer

    def _screened(self, notice: Message) -> Message | None:
        return notice if self._screen is None else self._screen.pass_on(notice)

    async def _check(self, effect: Check) -> None:
        def work() -> Checked:
            graph = graph_after(effect.before, effect.graph, effect.notebook)
            _ = graph.problems  # found when asked for: here, not on the event loop
            return Checked(effect.notebook, graph)

        async with self._check_lock:
            self._take(await asyncio.to_thread(work))

    async def _look(self, effect: Look) -> None:
        def work() -> Looked:
            chosen = read_config(self._path.parent).config.check
            rules = rules_of_page(chosen.select, chosen.ignore)
            found = check_notebook(effect.notebook, self._path, rules, effect.graph)
            return Looked(effect.notebook, found)

        async with self._check_lock:
            try:
                looked = await asyncio.to_thread(work)
            except Exception:
                # A mistake in one of our rules: nobody is told anything, and nothing else depends on it.
                log.exception("`%s` could not be checked", self._path.name)
            else:
                self._take(looked)

    async def _write(self, effect: WriteFile) -> None:
        async with self._file_lock:
            try:
                found = await asyncio.to_thread(write_file, self._path, effect.data, effect.known)
            except OSError as error:
                self._take(WriteFailed(explain_error(error, self._path)))
            else:
                self._take(FileWritten(effect.data) if found is None else FileFound(found))

    async def _format(self, effect: Format) -> None:
        try:
            text = await asyncio.to_thread(format_text, effect.text, self._path)
        except EditRefused as error:
            self._take(FormatFailed(effect, str(error)))
        else:
            self._take(Formatted(effect, text))

    async def _export(self, effect: Export) -> None:
        try:
            exported = await asyncio.to_thread(export_notebook, effect)
        except QuireError as error:
            self._take(ExportFailed(effect, str(error)))
        else:
            self._take(exported)

    def _start_kernel(self, effect: StartKernel) -> None:
        notebook = effect.sandbox
        if notebook is not None:
            self._seat.start(lambda: self._sandbox.make_kernel(notebook))
            return
        self._seat.start()

    @cached_property
    def _sandbox(self) -> "Sandbox":
        # Most notebooks have no environment of their own, and nobody looks at their packages.
        from quire.session.sandbox import Sandbox  # noqa: PLC0415

        return Sandbox(self._path, lambda line: self._take(InstallerSaid(line)))

    async def _find_packages(self, effect: FindPackages) -> None:
        try:
            self._take(PackagesFound(effect, await self._sandbox.look(own=effect.sandbox)))
        except OSError as error:
            self._take(PackagesFound(effect, None, error.strerror or str(error)))

    async def _install(self, effect: InstallPackages) -> None:
        try:
            self._take(PackagesChanged(effect, await self._sandbox.change(effect)))
        except (QuireError, OSError) as error:
            self._take(InstallFailed(effect, str(error)))
            return
        self._take(SaveDue())
        await asyncio.sleep(0)
        async with self._file_lock:  # the header is in the file now
            try:
                await self._sandbox.lock()
            except QuireError as error:
                self.tell(Notified(level="warning", message=f"the notebook's lock is not up to date: {error}"))

    async def _watch_file(self) -> None:
        await asyncio.to_thread(remove_leftovers, self._path)
        async for _ in watch_file(self._path):
            seen: bytes | None = self.state.file.known
            settled = False
            while not settled:
                async with self._file_lock:
                    try:
                        data = await asyncio.to_thread(read_file, self._path)
                    except OSError as error:
                        self._take(WriteFailed(explain_error(error, self._path)))
                        break
                    # Most programs empty a file before they fill it again: what stays for a moment counts.
                    settled = data in (seen, self.state.file.known)
                    if settled:
                        self._take(FileSeen(data))
                seen = data
                await asyncio.sleep(0 if settled else SETTLE_SECONDS)

    @property
    def unsaved(self) -> bytes | None:
        """The text that could not go into its file: a conflict that nobody has decided, a disk that is full."""
        file = self.state.file
        if file.status not in {"conflict", "failed"}:
            return None
        notebook = settle(self.state)[0].notebook
        data = encode_notebook(notebook)
        return None if data == file.known or (file.known is None and notebook == self._begun) else data

    def _rescue(self) -> None:
        """At the end, a text that could not go into its file goes beside it."""
        data = self.unsaved
        if data is None:
            return
        for directory in (self._path.parent, Path(tempfile.gettempdir())):
            target = directory / f"{self._path.stem}.unsaved-{secrets.token_hex(3)}{self._path.suffix}"
            with contextlib.suppress(OSError):
                write_file(target, data, None)
                log.warning("`%s` could not be saved; what you had in the page is in `%s`", self._path.name, target)
                return
        log.error("`%s` could not be saved, nor could a copy of it: %s", self._path.name, self.state.file.message)

    def _report_mistake(self, event: Event) -> None:
        what = type(event.command).__name__ if isinstance(event, Asked) else type(event).__name__
        self.tell(
            Notified(
                level="error",
                message=f"`{what}` failed inside Quire, and nothing was changed by it; the terminal says more",
            )
        )

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
