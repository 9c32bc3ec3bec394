"""`KernelProcess`: the server's side of a kernel. Reads its link and its streams on the event loop, and never waits for it."""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable

import msgspec

from quire.kernel.console import Piece, Sequencer, Stream
from quire.kernel.ending import Ending, describe_ending
from quire.kernel.feed import Feed
from quire.kernel.frames import Frames, frame
from quire.kernel.link import KernelEvents
from quire.kernel.memory import OomWatch
from quire.kernel.printed import Printed
from quire.kernel.spawn import KILL, Child, spawn
from quire.protocol.codec import decode_run_notices, encode
from quire.protocol.kernel import Discard, KernelCommand, KernelReady, RunNotice, Shutdown
from quire.protocol.messages import ConsoleText

GRACE = 2.0
"""Seconds between asking a kernel to end and ending it."""

_CHUNK = 1 << 16
_oom_watch = OomWatch()  # all kernels of a server share the memory, and the number of times that it ran out
_MOST_AT_ONCE = 1 << 22  # bytes that are read without a pause while looking for the end of a run


class KernelProcess:
    """A kernel in a process of its own (see `link.Kernel`). `take` gives a started process; without one, it is started."""

    def __init__(self, take: Callable[[], Awaitable[Child]] = spawn) -> None:
        self._take = take
        self._child: Child | None = None
        self._events: KernelEvents | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._early: list[KernelCommand] = []
        self._outgoing = bytearray()
        self._frames = Frames()
        self._notices: list[RunNotice] = []
        self._feeds: list[Feed] = []
        self._link_feed: Feed | None = None
        self._printed = Printed(self._tell_text)
        self._sequencer: Sequencer | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._ready = False
        self._closing = False
        self._reason = ""
        """Why we have ended it ourselves."""
        self._ended = asyncio.Event()

    @property
    def pid(self) -> int | None:
        """The process's number; None before `start`."""
        return None if self._child is None else self._child.pid

    async def start(self, events: KernelEvents) -> None:
        """Start the process, or take over one that is ready."""
        self._loop = asyncio.get_running_loop()
        self._events = events
        _oom_watch.begin()
        child = await self._take()
        self._child = child
        self._sequencer = Sequencer(child.token, self._notices.append, self._print, self._read_streams)
        self._feeds = [
            Feed(
                self._loop,
                number,
                lambda number=number: os.read(number, _CHUNK),
                lambda data, s=stream: self._hear(s, data),
            )
            for stream, number in child.streams()
        ]
        link = child.link
        self._link_feed = Feed(self._loop, link.fileno(), lambda: link.recv(_CHUNK), self._take_bytes)
        child.watch(self._ended_in_thread)
        if self._closing:
            child.kill()
        early, self._early = self._early, []
        self.send(*early)

    def send(self, *commands: KernelCommand) -> None:
        """Never blocks: what the kernel does not read yet waits here. A kernel that is gone hears nothing."""
        if self._child is None:
            self._early.extend(commands)
        elif commands and not self._ended.is_set():
            self._outgoing += frame(encode([*commands]))
            self._write_link()

    def interrupt(self) -> None:
        """Interrupt what runs, with the processes that it has started; forget what is queued."""
        # A process that is not ready has no handler for the signal yet, and nothing to interrupt.
        if self._child is not None and self._ready and os.name == "posix":
            self._child.signal_group(signal.SIGINT)
        self.send(Discard())

    async def close(self) -> None:
        """Ask, then SIGKILL after two seconds; the process and its children are gone afterwards."""
        self._closing = True
        if self._child is None:
            return
        self.send(Shutdown())
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(asyncio.shield(self._ended.wait()), GRACE)
        if not self._ended.is_set():
            self._child.kill()
            await self._ended.wait()

    # -- from the kernel

    def _take_bytes(self, data: bytes) -> None:
        assert self._sequencer is not None
        assert self._child is not None
        try:
            for payload in self._frames.feed(data):
                for notice in decode_run_notices(payload):
                    self._ready = self._ready or isinstance(notice, KernelReady)
                    self._sequencer.take(notice)
        except (ValueError, msgspec.DecodeError):
            # Nothing that follows can be trusted.
            self._reason = "a cell has written into its connection to Quire, so it was ended"
            self._child.kill()
        self._tell_notices()

    def _hear(self, stream: Stream, data: bytes) -> None:
        assert self._sequencer is not None
        self._sequencer.feed(stream, data)

    def _read_streams(self) -> None:
        """Read all that the pipes hold. Bounded: a process that prints for ever must not hold the event loop."""
        for feed in self._feeds:
            for _ in range(_MOST_AT_ONCE // _CHUNK):
                if not feed.read_now():
                    break

    def _print(self, piece: Piece) -> None:
        self._tell_notices()
        self._printed.add(piece)
        if self._timer is None and self._loop is not None:
            self._timer = self._loop.call_later(self._printed.delay, self._tell_printed)

    def _tell_printed(self) -> None:
        self._timer = None
        self._printed.flush()

    # -- to the session, in the order in which things happened

    def _tell_notices(self) -> None:
        """Text comes before the notices that were taken after it, and the other way round."""
        if self._notices and self._events is not None:
            self._printed.flush()
            notices = self._notices[:]
            self._notices.clear()  # the sequencer appends to this very list
            self._events.on_notices(notices)

    def _tell_text(self, text: ConsoleText) -> None:
        if self._events is not None:
            self._events.on_console(text)

    # -- the end

    def _ended_in_thread(self, ending: Ending) -> None:
        assert self._loop is not None
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits
            self._loop.call_soon_threadsafe(self._on_end, ending)

    def _on_end(self, ending: Ending) -> None:
        """The process has ended, and its group with it. What it wrote before is still there to be read."""
        assert self._child is not None
        self._read_streams()
        while self._link_feed is not None and self._link_feed.read_now():
            pass
        self._printed.flush()
        for feed in (self._link_feed, *self._feeds):
            if feed is not None:
                feed.stop()
        if self._timer is not None:
            self._timer.cancel()
        self._stop_writing()
        self._child.close()
        self._ended.set()
        if not self._closing and self._events is not None:
            was_killed = ending.status == -KILL
            out_of_memory = _oom_watch.has_struck() if was_killed and not self._reason else None
            self._events.on_exit(self._reason or describe_ending(ending, out_of_memory=out_of_memory))

    # -- to the kernel

    def _write_link(self) -> None:
        assert self._child is not None
        assert self._loop is not None
        link = self._child.link
        try:
            if os.name != "posix":
                link.sendall(self._outgoing)  # the kernel's reading thread takes it at once
                self._outgoing.clear()
                return
            sent = link.send(self._outgoing)
            del self._outgoing[:sent]
        except (BlockingIOError, InterruptedError):
            pass
        except OSError:
            self._outgoing.clear()  # the end of the process is about to be noticed
        if self._outgoing:
            self._loop.add_writer(link.fileno(), self._write_link)
        else:
            self._stop_writing()

    def _stop_writing(self) -> None:
        if self._child is not None and self._loop is not None and os.name == "posix":
            self._loop.remove_writer(self._child.link.fileno())
