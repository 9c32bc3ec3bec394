"""Runs one compiled cell, synchronous or not, and says how it ended. Knows nothing of other cells."""

from collections.abc import Callable, Coroutine, Generator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, cast

import msgspec

from quire.errors import StopError
from quire.kernel.compile import Compiled
from quire.kernel.failures import was_quit
from quire.kernel.interrupts import Interrupts
from quire.protocol.messages import Outcome

CO_COROUTINE = 0x80

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop, Task


class Ended(msgspec.Struct, frozen=True):
    """How a run ended: its last value, or what it raised."""

    value: object = None
    error: BaseException | None = None

    @property
    def outcome(self) -> Outcome:
        """`interrupted` only for a `KeyboardInterrupt` that nobody caught and for a debugger that was told to quit,
        `stopped` for a `qr.stop`.
        """
        if self.error is None:
            return "succeeded"
        if isinstance(self.error, StopError):
            return "stopped"
        return "interrupted" if isinstance(self.error, KeyboardInterrupt) or was_quit(self.error) else "failed"


class Runner:
    """Runs cells in one dictionary of globals; all asynchronous cells share one event loop, so that tasks live on."""

    def __init__(self, names: dict[str, object], interrupts: Interrupts) -> None:
        self._names = names
        self._interrupts = interrupts
        self._loop: AbstractEventLoop | None = None

    def run(self, compiled: Compiled) -> Ended:
        """Run it to its end; never raises."""
        value: object = None

        def run() -> None:
            nonlocal value
            value = self.execute(compiled)

        error = self._interrupts.call(run)
        return Ended(None, error) if error is not None else Ended(value)

    def call(self, act: "Callable[[], Coroutine[object, object, None]]") -> BaseException | None:
        """Let something go on that a cell has begun, between two runs; what it raised, or None."""
        return self._interrupts.call(lambda: cast("None", self.finish(act())))

    def execute(self, compiled: Compiled) -> object:
        """Run it to its end, where somebody else takes care of interrupts; raises what it raises."""
        return self.finish(self._run_async(compiled)) if compiled.is_async else self._run(compiled)

    @property
    def waiting_loop(self) -> "AbstractEventLoop | None":
        """The event loop, if tasks in it wait for their turn."""
        if self._loop is None:
            return None
        import asyncio  # noqa: PLC0415 - loaded already, by the first asynchronous cell

        return self._loop if asyncio.all_tasks(self._loop) else None

    def close(self) -> None:
        """End the tasks that still wait in the event loop, and the loop."""
        if self._loop is None or self._loop.is_closed():
            return
        import asyncio  # noqa: PLC0415 - loaded already

        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        if tasks:
            self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        asyncio.set_event_loop(None)
        self._loop.close()

    def _run(self, compiled: Compiled) -> object:
        if compiled.body is not None:
            exec(compiled.body, self._names)  # noqa: S102 - this is what a notebook is for
        return None if compiled.last is None else eval(compiled.last, self._names)  # noqa: S307

    async def _run_async(self, compiled: Compiled) -> object:
        result: object = None
        for code in (compiled.body, compiled.last):
            result = None if code is None else eval(code, self._names)  # noqa: S307
            if code is not None and code.co_flags & CO_COROUTINE:
                result = await cast("Coroutine[Any, Any, object]", result)
        return result

    def finish(self, work: Coroutine[Any, Any, object]) -> object:
        """Run it to its end in the event loop of the cells, where somebody else takes care of interrupts."""
        import asyncio  # noqa: PLC0415 - 30 ms that only asynchronous cells need

        if self._loop is None or self._loop.is_closed():
            self._loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self._loop)
        task = self._loop.create_task(work)
        self._interrupts.redirect = _canceller(self._loop, task)
        try:
            return self._loop.run_until_complete(task)
        except asyncio.CancelledError:
            raise KeyboardInterrupt from None
        except BaseException:
            if task.done() and not task.cancelled():
                task.exception()  # it is reported here, and need not be once more when the task is collected
            raise
        finally:
            self._interrupts.redirect = None


def _canceller(loop: "AbstractEventLoop", task: "Task[object]") -> Callable[[], bool]:
    """While the loop waits, an interrupt cancels the task; while a task computes, it strikes there."""
    import asyncio  # noqa: PLC0415 - loaded already

    def cancel() -> bool:
        if asyncio.current_task(loop) is not None:
            return False
        loop.call_soon_threadsafe(task.cancel)
        return True

    return cancel


@contextmanager
def lent(names: dict[str, object], values: Mapping[str, object]) -> Generator[None]:
    """While this is open, these are among the names."""
    before = {name: names[name] for name in values if name in names}
    names.update(values)
    try:
        yield
    finally:
        for name in values:
            names.pop(name, None)
        names.update(before)
