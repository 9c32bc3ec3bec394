"""The last failure of a cell, kept so that somebody can look into it: where it was raised, with the values that were there."""

import sys
from collections.abc import Callable, Mapping
from types import FrameType, TracebackType

from quire.ids import CellId
from quire.protocol.kernel import RunNotice
from quire.protocol.notices import TracebackKept


class LastFailure:
    """At most one, since all values in its frames stay alive with it. `report` is told which cell's it is."""

    def __init__(self, report: Callable[[RunNotice], None]) -> None:
        self._report = report
        self._traceback: TracebackType | None = None
        self.cell: CellId | None = None
        self.names: Mapping[str, object] = {}
        """What the run had bound among the globals: a run that fails leaves nothing there."""

    def keep(self, cell: CellId, error: BaseException, names: Mapping[str, object]) -> None:
        """In place of the one before. An error that no code of the user's has raised leaves nothing to look into."""
        traceback = error.__traceback__
        while traceback is not None and is_ours(traceback.tb_frame):
            traceback = traceback.tb_next
        if traceback is not None:
            self._set(cell, traceback, names)

    def let_go(self, cell: CellId) -> None:
        """The cell runs again, or is gone."""
        if cell == self.cell:
            self._set(None, None, {})

    def look_into(self) -> None:
        """Stand where it was raised, until somebody has seen enough; prompts and answers are standard output and input."""
        import pdb  # noqa: PLC0415, T100 - which is adapted when it is loaded, by those who debug only

        pdb.post_mortem(self._traceback)

    def _set(self, cell: CellId | None, traceback: TracebackType | None, names: Mapping[str, object]) -> None:
        self.cell, self._traceback, self.names = cell, traceback, names
        self._report(TracebackKept(cell=cell))


def is_ours(frame: FrameType) -> bool:
    """True for a frame of Quire's code."""
    return name_of(frame).partition(".")[0] == "quire"


def name_of(frame: FrameType) -> str:
    """The module that the frame's code is of."""
    return str(frame.f_globals.get("__name__", ""))


def was_quit(error: BaseException | None) -> bool:
    """True for what the debugger raises when it is told to quit."""
    bdb = sys.modules.get("bdb")
    return bdb is not None and isinstance(error, bdb.BdbQuit)
