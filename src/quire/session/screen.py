"""What visitors of an app may ask and see: the role `interact`. Pure, and closed by default.

A notice that is not named here, or a field that is not copied here, stays on the server: no code, no names of cells, no
problems, no paths. Errors are a number that the server's log explains.
"""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import msgspec
from msgspec.structs import replace

from quire.outputs.limit import message
from quire.outputs.tracebacks import TRACEBACK
from quire.protocol.commands import AnyCommand, SetElements
from quire.protocol.messages import CellView, Message, Output
from quire.protocol.notices import (
    AppChanged,
    CellFinished,
    CellsQueued,
    CellsStale,
    CellStarted,
    CommandAnswered,
    ConsoleWritten,
    ElementsChanged,
    KernelChanged,
    NotebookOpened,
    OutputChanged,
    QueryChanged,
    ToastShown,
)

_ERROR_DIGITS = 8


class Shown(msgspec.Struct, frozen=True):
    """What the author of an app lets visitors see beyond its outputs."""

    code: bool = False
    tracebacks: bool = False
    console: bool = False


def may_visitor_ask(command: AnyCommand) -> bool:
    """New values of elements, and nothing else."""
    return isinstance(command, SetElements)


class Screen:
    """Between one session and its visitors. `report` is told of every error that a visitor is not, and of the end of the
    kernel, once.
    """

    def __init__(self, shown: Shown, salt: str, report: Callable[[str], None]) -> None:
        self._shown = shown
        self._salt = salt
        self._report = report
        self._reported: set[str] = set()

    def pass_on(self, notice: Message) -> Message | None:
        """What visitors get of this notice; None: nothing."""
        match notice:
            case NotebookOpened():
                return self._opened(notice)
            case OutputChanged(cell=cell, output=output):
                return OutputChanged(cell=cell, output=self._output(output))
            case ConsoleWritten():
                return notice if self._shown.console else None
            case KernelChanged(status=status, message=reason):
                if reason and status != "starting" and reason not in self._reported:
                    self._reported.add(reason)
                    self._report(reason)
                return KernelChanged(status=status)
            case CellFinished(cell=cell, outcome=outcome, stale=stale):
                return CellFinished(cell=cell, outcome=outcome, stale=stale)
            case AppChanged() | CellsQueued() | CellStarted() | CellsStale() | ElementsChanged() | CommandAnswered():
                return notice
            case ToastShown() | QueryChanged():
                return notice
            case _:
                return None

    def _opened(self, notice: NotebookOpened) -> NotebookOpened:
        return NotebookOpened(
            epoch=notice.epoch,
            client_id=notice.client_id,
            path="",
            title=notice.title,
            cells=[self._cell(cell) for cell in notice.cells],
            kernel=notice.kernel,
            save="saved",
            save_message="",
            elements=notice.elements,
            quire_version=notice.quire_version,
        )

    def _cell(self, cell: CellView) -> CellView:
        return CellView(
            id=cell.id,
            type="cell",
            name="_",
            code=cell.code if self._shown.code and not cell.hide_code else "",
            version=0,
            activity=cell.activity,
            outcome=cell.outcome,
            stale=cell.stale,
            started=cell.started,
            output=self._output(cell.output),
            console=cell.console if self._shown.console else [],
        )

    def _output(self, output: Output | None) -> Output | None:
        if output is None or output.mime != TRACEBACK:
            return output
        if self._shown.tracebacks:
            return output if self._shown.code else replace(output, text=without_sources(output.text))
        digest = hashlib.sha256(f"{self._salt}\0{output.text}".encode("utf-8", "surrogatepass"))
        number = digest.hexdigest()[:_ERROR_DIGITS]
        if number not in self._reported:
            self._reported.add(number)
            self._report(f"error {number}: {describe_traceback(output.text)}")
        return message(
            "Something went wrong here", f"Whoever runs this app finds the reason in its log, as error {number}."
        )


def without_sources(text: str) -> str:
    """The traceback, without lines of code and names that stand in it."""

    def stripped(error: dict[str, Any]) -> dict[str, Any]:
        frames = [
            {**frame, "source": "", "name": "" if frame.get("own") and frame["file"] else frame["name"]}
            for frame in error["frames"]
        ]
        cause = {"cause": stripped(error["cause"])} if "cause" in error else {}
        members = {"members": [stripped(member) for member in error["members"]]} if "members" in error else {}
        return {**error, "frames": frames, **cause, **members}

    return json.dumps(stripped(json.loads(text)))


def describe_traceback(text: str) -> str:
    """The traceback as lines for a log."""

    def described(error: dict[str, Any]) -> list[str]:
        lines = [f"{error['error']}: {error['message']}"]
        lines += [f"  {frame['file']}:{frame['line']}  {frame['source'].strip()}" for frame in error["frames"]]
        for member in error.get("members", []):
            lines += [f"  {line}" for line in described(member)]
        return lines + (described(error["cause"]) if "cause" in error else [])

    return "\n".join(described(json.loads(text)))
