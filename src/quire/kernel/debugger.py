"""Python's debugger, in the console of a cell: what is Quire's is passed over, names and lines are those of the notebook.

Imported when somebody imports `pdb` (`breakpoint()` does), and put in the place of its class: so everything in `pdb` that
starts a debugger starts this one, as often as it is asked to.
"""

import bdb
import dis
import pdb  # noqa: T100 - this is what it is made of
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from types import CodeType, FrameType, TracebackType
from typing import Any, ClassVar, Protocol

from quire.kernel.failures import is_ours, name_of
from quire.names.model import unmangled

_PASSED_OVER = ("quire", "quire.*", "asyncio", "asyncio.*", "selectors", "importlib._bootstrap*")
"""Modules in which nobody wants to step: ours, and what a step over `await` or `import` would get lost in."""


class Cells(Protocol):
    """Who knows the cells."""

    def as_written(self, code: CodeType) -> AbstractContextManager[object]:
        """While this is open, Python finds lines and names as they stand in the text of the cell that `code` is of."""
        ...

    def goes_on(self, code: CodeType) -> bool:
        """True when this is not the last code of its cell."""
        ...


class Debugger(pdb.Pdb):
    """One for each `breakpoint()`; it steps until the cell ends."""

    notebook: ClassVar[Cells]

    def __init__(self, *args: Any, skip: Sequence[str] | None = None, **options: Any) -> None:
        options["nosigint"] = True  # an interrupt ends the cell, as ever
        if "backend" in options:
            options["backend"] = "settrace"  # whose end is known: see `end_stepping`
        super().__init__(*args, skip=[*(skip or ()), *_PASSED_OVER], **options)
        self._has_stopped = False

    def set_trace(self, frame: FrameType | None = None, **options: Any) -> None:
        """Stop in `frame` as soon as possible. Frames of the kernel are left alone."""
        frame = frame or sys._getframe(1)
        super().set_trace(frame, **options)
        while frame.f_back is not None and not _is_kernels(frame.f_back):
            frame = frame.f_back
        self.botframe = frame
        below = frame.f_back
        while below is not None:
            below.f_trace = None
            below = below.f_back

    def interaction(self, frame: FrameType | None, *args: Any, **options: Any) -> None:
        self._has_stopped = True
        super().interaction(frame, *args, **options)

    def user_call(self, frame: FrameType, argument_list: None) -> None:
        if not _is_cell(frame):
            super().user_call(frame, argument_list)

    def user_return(self, frame: FrameType, return_value: Any) -> None:
        """The end of a cell is no place to stop: nothing follows. Only a `breakpoint()` in its last line has no other."""
        if not _is_cell(frame):
            super().user_return(frame, return_value)
        elif not self.notebook.goes_on(frame.f_code):
            if not self._has_stopped:
                super().user_return(frame, return_value)
                frame.f_globals.pop("__return__", None)
            if dis.opname[frame.f_code.co_code[frame.f_lasti]].startswith("RETURN"):  # else it only waits
                self.set_continue()

    def user_exception(self, frame: FrameType, exc_info: Any) -> None:
        super().user_exception(frame, exc_info)
        if _is_cell(frame):
            frame.f_globals.pop("__exception__", None)

    def get_stack(self, f: FrameType | None, t: TracebackType | None) -> tuple[list[tuple[FrameType, int]], int]:
        stack, index = super().get_stack(f, t)
        begin = next((at for at, (frame, _) in enumerate(stack) if _is_cell(frame)), None)
        if begin is None:
            begin = max((at + 1 for at, (frame, _) in enumerate(stack) if _is_kernels(frame)), default=0)
        shown = [at for at in range(begin, len(stack)) if not is_ours(stack[at][0])]
        return [stack[at] for at in shown], max(0, sum(at <= index for at in shown) - 1)

    # -- as the user wrote it

    def onecmd(self, line: str) -> bool:
        if (frame := self.curframe) is None:
            return super().onecmd(line)
        with self.notebook.as_written(frame.f_code):
            return super().onecmd(line)

    def format_stack_entry(self, frame_lineno: tuple[FrameType, int], lprefix: str = ": ") -> str:
        with self.notebook.as_written(frame_lineno[0].f_code):
            return super().format_stack_entry(frame_lineno, lprefix)

    def message(self, msg: object, *args: Any, **options: Any) -> None:
        super().message(unmangled(str(msg)), *args, **options)

    def error(self, msg: object) -> None:
        super().error(unmangled(str(msg)))

    # -- how it ends

    def _cmdloop(self) -> None:
        """Python's own stays at the prompt when it is interrupted."""
        self.cmdloop()

    def do_quit(self, arg: str) -> bool:
        """q(uit)
        End the cell here.
        """
        del arg
        self._user_requested_quit = True
        self.set_quit()
        return True

    do_q = do_exit = do_quit

    def do_run(self, arg: str) -> None:
        """run, restart
        Run the cell again, by its button.
        """
        del arg
        self.message("run the cell again by its button; `q` ends it here")

    do_restart = do_run


def adapt_pdb(module: Any, notebook: Cells) -> None:
    """Let the module `pdb` start debuggers of ours."""
    Debugger.notebook = notebook
    module.Pdb = Debugger


def end_stepping() -> None:
    """The user's code has returned; no code of ours is stepped through."""
    if isinstance(getattr(sys.gettrace(), "__self__", None), Debugger):
        sys.settrace(None)
        for number in range(1, len(bdb.Breakpoint.bpbynumber)):
            if (found := bdb.Breakpoint.bpbynumber[number]) is not None:
                found.deleteMe()  # lines move until the next time


def _is_kernels(frame: FrameType) -> bool:
    return name_of(frame).startswith("quire.kernel.")


def _is_cell(frame: FrameType) -> bool:
    """True for the code of a cell itself, outside of its functions."""
    names, code = frame.f_globals, frame.f_code
    return code.co_name == "<module>" and name_of(frame) == "__main__" and names.get("__file__") == code.co_filename
