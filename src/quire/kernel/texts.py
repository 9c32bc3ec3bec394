"""The texts of cells as they ran: for tracebacks, and for everything in Python that reads source lines."""

import linecache
from collections.abc import Generator
from contextlib import contextmanager
from types import CodeType

from quire.ids import CellId
from quire.kernel.compile import Compiled
from quire.outputs.tracebacks import CellText
from quire.protocol.kernel import CellSource


class RunTexts:
    """Which code came from which cell, and what the notebook's file looks like to this kernel."""

    def __init__(self) -> None:
        self.path = ""
        self._ran: dict[CellId, tuple[CellText, Compiled | None]] = {}
        self._lines: list[str] = []

    def started(self, source: CellSource, compiled: Compiled | None) -> None:
        """The cell runs now, from this text; `compiled` is None when it does not compile."""
        self._ran[source.id] = (CellText(source.id, source.name, source.line, source.code), compiled)

    def synced(self, sources: list[CellSource]) -> None:
        """The file is about to look like this; it may not have been saved yet."""
        for source in sources:
            self._place(source)

    def drop(self, cell: CellId) -> None:
        """The cell is gone."""
        self._ran.pop(cell, None)

    def text_of(self, code: CodeType) -> CellText | None:
        """The cell that `code` was compiled from, if it is of the notebook."""
        if code.co_filename != self.path:
            return None
        for text, compiled in self._ran.values():
            if compiled is not None and (_holds(compiled.body, code) or _holds(compiled.last, code)):
                return text
        return self.text_at(self.path, code.co_firstlineno)  # of an earlier run: the place is the best guess

    def goes_on(self, code: CodeType) -> bool:
        """True for the code of a cell in front of its last line, when that is shown."""
        return any(ran is not None and ran.body is code and ran.last is not None for _, ran in self._ran.values())

    def text_at(self, file: str, line: int) -> CellText | None:
        """The cell at a line of the file."""
        if file != self.path:
            return None
        found: CellText | None = None
        for text, _ in self._ran.values():
            if text.line <= line < text.line + text.code.count("\n") + 1:
                found = text
        return found

    @contextmanager
    def laid_out(self, text: CellText) -> Generator[None]:
        """While this is open, Python finds this text where it stood when it ran, whatever has moved since."""
        first, lines = text.line - 1, _lines_of(text.code)
        if self._lines[first : first + len(lines)] == lines or self.path not in linecache.cache:
            yield
            return
        present = linecache.cache[self.path]
        shown = [*self._lines, *["\n"] * (first - len(self._lines))]
        shown[first : first + len(lines)] = lines
        linecache.cache[self.path] = (len(shown), None, shown, self.path)
        try:
            yield
        finally:
            linecache.cache[self.path] = present

    def _place(self, source: CellSource) -> None:
        """Python reads source lines through `linecache`; let it see the text that runs, saved or not."""
        lines = _lines_of(source.code)
        first = source.line - 1
        missing = first + len(lines) - len(self._lines)
        if missing > 0:
            self._lines.extend(["\n"] * missing)
        self._lines[first : first + len(lines)] = lines
        if self.path:
            # Without a time of modification the entry is never compared with the disk.
            linecache.cache[self.path] = (len(self._lines), None, self._lines, self.path)


def _lines_of(code: str) -> list[str]:
    return [f"{line}\n" for line in code.replace("\r\n", "\n").replace("\r", "\n").split("\n")]


def _holds(whole: CodeType | None, part: CodeType) -> bool:
    if whole is None:
        return False
    if whole is part:
        return True
    return any(_holds(constant, part) for constant in whole.co_consts if isinstance(constant, CodeType))
