"""Exceptions → outputs: the user's frames with their lines, our kernel's left out, names as the user wrote them."""

import importlib.util
import json
import linecache
import os
import sys
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from traceback import walk_tb
from types import CodeType, TracebackType
from typing import Any, Protocol, cast

import msgspec

from quire.ids import CellId
from quire.names.model import unmangled
from quire.outputs.limit import cut
from quire.protocol.messages import Output

TRACEBACK = "application/vnd.quire.traceback+json"

_QUIRE = str(Path(__file__).parent.parent) + os.sep
_KERNEL = f"{_QUIRE}kernel"
_LIBRARY = tuple(
    {
        os.path.realpath(folder) + os.sep
        for folder in (
            os.path.dirname(os.__file__),  # noqa: PTH120 - as Python has it
            os.path.join(sys.base_exec_prefix, sys.platlibdir, "python{}.{}".format(*sys.version_info)),  # noqa: PTH118
        )
    }
)
"""Where Python's own library is. `sysconfig` says the same, and brings 1,000 settings of its compiler."""
_LONGEST_MESSAGE = 10_000
_LONGEST_LINE = 500
_MOST_FRAMES = 40  # half from the beginning, half from the end
_MOST_ALIKE = 2
_MOST_ERRORS = 15  # what an exception came from, and what is in a group, all together
_MOST_MEMBERS = 10  # of an exception group
_MOST_NOTES = 10


class CellText(msgspec.Struct, frozen=True):
    """The text of a cell as it was when it ran, and where it stood in the file."""

    cell: CellId
    name: str
    line: int
    code: str

    def line_at(self, line: int) -> str:
        """The text of a line of the file, if the cell has it."""
        lines = self.code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        index = line - self.line
        return lines[index] if 0 <= index < len(lines) else ""


class Texts(Protocol):
    """Who knows which cell code came from."""

    def text_of(self, code: CodeType) -> CellText | None:
        """The cell that `code` was compiled from."""

    def text_at(self, file: str, line: int) -> CellText | None:
        """The cell at a line of the notebook."""


def render_error(error: BaseException, texts: Texts, *, hint: str = "") -> Output:
    """The exception as an output; `hint` says more than Python does."""
    shown = describe_error(error, texts, hint=hint)
    if isinstance(error, ModuleNotFoundError) and error.name:
        shown["module"] = error.name
        shown["below"] = "." in error.name and _is_there(error.name.partition(".")[0])
    return Output(mime=TRACEBACK, text=json.dumps(shown))


def describe_error(error: BaseException, texts: Texts, *, hint: str = "") -> dict[str, Any]:
    """The same as a value that `json` takes, for outputs of which it is a part."""
    return _shown(error, texts, {id(error)}, hint)


def _is_there(module: str) -> bool:
    """True for a module that can be imported: then only a part of it is missing."""
    try:
        return module in sys.modules or importlib.util.find_spec(module) is not None
    except Exception:  # noqa: BLE001 - finders of the user's own
        return True


def _shown(error: BaseException, texts: Texts, seen: set[int], hint: str = "") -> dict[str, Any]:
    frames = [_frame(code, line, texts) for code, line in _places(error.__traceback__)]
    if isinstance(error, SyntaxError) and error.filename is not None:
        frames.append(_syntax_frame(error, texts))
    shown: dict[str, Any] = {
        "error": _type_name(error),
        "message": unmangled(cut(_message(error), _LONGEST_MESSAGE)),
        "note": unmangled("\n".join(note for note in (*_notes(error), hint) if note)),
        "frames": _shortened(frames),
    }
    if isinstance(error, BaseExceptionGroup):
        members = cast("BaseExceptionGroup[BaseException]", error).exceptions
        shown["members"] = [_shown(member, texts, seen) for member in members[:_MOST_MEMBERS] if _is_news(member, seen)]
        shown["missing"] = len(members) - len(shown["members"])
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None and _is_news(cause, seen):
        shown["cause"] = _shown(cause, texts, seen)
        shown["explicit"] = error.__cause__ is not None
    return shown


def _is_news(error: BaseException, seen: set[int]) -> bool:
    """False for what is shown already, and when enough is; notes it down."""
    if id(error) in seen or len(seen) >= _MOST_ERRORS:
        return False
    seen.add(id(error))
    return True


@lru_cache(1000)
def is_installed(file: str) -> bool:
    """True for code that nobody edits here: Python's own, what was installed, and Quire."""
    real = os.path.realpath(file)
    return file.startswith("<frozen") or "-packages" + os.sep in real or real.startswith((*_LIBRARY, _QUIRE))


def _places(traceback: TracebackType | None) -> Iterator[tuple[CodeType, int]]:
    for frame, line in walk_tb(traceback):
        file = frame.f_code.co_filename
        if not file.startswith((_KERNEL, "<frozen importlib")):
            yield frame.f_code, line


def _frame(code: CodeType, line: int, texts: Texts) -> dict[str, Any]:
    text = texts.text_of(code)
    name = unmangled(code.co_qualname)
    if text is None:
        file = code.co_filename
        return _place(None, name, file, line, linecache.getline(file, line), own=not is_installed(file))
    return _place(text, text.name if name == "<module>" else name, code.co_filename, line, text.line_at(line), own=True)


def _syntax_frame(error: SyntaxError, texts: Texts) -> dict[str, Any]:
    file, line = error.filename or "", error.lineno or 0
    text = texts.text_at(file, line)
    if text is None:
        return _place(None, "", file, line, error.text or "", own=not is_installed(file))
    return _place(text, text.name, file, line, text.line_at(line), own=True)


def _place(text: CellText | None, name: str, file: str, line: int, source: str, *, own: bool) -> dict[str, Any]:
    place: dict[str, Any] = {
        "cell": None if text is None else text.cell,
        "name": name,
        "file": file,
        "line": line,
        "source": cut(source.rstrip("\n"), _LONGEST_LINE),
        "own": own,
    }
    if text is not None:
        place["cellLine"] = line - text.line + 1
    return place


def _shortened(frames: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Endless recursion makes a thousand frames: of one place that calls itself two say all, else the two ends."""
    kept: list[dict[str, Any]] = []
    for frame, same in groupby(frames):
        count = sum(1 for _ in same)
        kept += [frame] * min(count, _MOST_ALIKE)
        if count > _MOST_ALIKE:
            kept.append(_gap(f"… and {count - _MOST_ALIKE} times more …", own=frame["own"]))
    if len(kept) <= _MOST_FRAMES:
        return kept
    half = _MOST_FRAMES // 2
    return [*kept[:half], _gap(f"… {len(kept) - 2 * half} more calls …", own=True), *kept[-half:]]


def _gap(words: str, *, own: bool) -> dict[str, Any]:
    return {"cell": None, "name": words, "file": "", "line": 0, "source": "", "own": own}


def _type_name(error: BaseException) -> str:
    kind = type(error)
    module = kind.__module__
    return kind.__qualname__ if module in {"builtins", "__main__"} else f"{module}.{kind.__qualname__}"


def _message(error: BaseException) -> str:
    try:
        if isinstance(error, SyntaxError):
            return error.msg or ""
        return str(error)
    except Exception as failure:  # noqa: BLE001 - code of the user's own
        return f"(its message cannot be shown: `__str__` raised {type(failure).__name__})"


def _notes(error: BaseException) -> Iterator[str]:
    notes = getattr(error, "__notes__", None)
    if isinstance(notes, list):
        for note in cast("list[object]", notes)[:_MOST_NOTES]:
            yield cut(str(note), _LONGEST_MESSAGE)
