"""Rules about what keeps cells, or the file as a script, from running."""

import re
from collections.abc import Iterator

from quire.check.model import Finding, Place, Rule
from quire.check.view import View, tree_of
from quire.dataflow.problems import Cycle, DefinedTwice, OutsideCell, Problem, SetupReads, StarImport, SyntaxProblem
from quire.notebook import Cell
from quire.notebook.lines import split_lines
from quire.notebook.magics import find_magic

_MARKER = re.compile(r"^(?:<{7}|>{7})(?: |$)", re.MULTILINE)


def _problems(view: View, kind: type[Problem]) -> Iterator[tuple[Cell, Problem]]:
    """Each problem once, at the first cell that it is shown at."""
    seen: set[Problem] = set()
    for cell in view.notebook.cells:
        for problem in view.graph.problems.get(cell.id, ()):
            if isinstance(problem, kind) and problem not in seen:
                seen.add(problem)
                yield cell, problem


def _unreadable(view: View) -> Iterator[Finding]:
    notebook = view.notebook
    if notebook.carrier == "markdown":
        for cell in notebook.cells:
            if cell.type == "stray":
                yield view.at_cell("QB001", "this cell is not Python; it is kept, but does not run", cell)
        return
    for text, first, where in ((notebook.header, 1, "above"), (notebook.footer, view.footer_line, "below")):
        if tree_of(text.removeprefix("\ufeff")) is None:
            message = f"Python cannot read what stands {where} the cells; the file does not run as a script"
            yield view.at_file("QB001", message, first + _error_line(text.removeprefix("\ufeff")) - 1)
    for cell in notebook.cells:
        if cell.type == "stray" and cell.damaged and not _MARKER.search(cell.text):
            yield view.at_cell("QB001", "Python cannot read this text between cells", cell)


def _error_line(text: str) -> int:
    try:
        compile(text, "<notebook>", "exec", dont_inherit=True)
    except SyntaxError as error:
        # What is missing at the end is missed in the line behind it.
        return min(error.lineno or 1, len(split_lines(text)))
    except (ValueError, MemoryError, RecursionError):
        return 1
    return 1


def _defined_twice(view: View) -> Iterator[Finding]:
    seen: set[str] = set()
    for cell in view.notebook.cells:
        for problem in view.graph.problems.get(cell.id, ()):
            if not isinstance(problem, DefinedTwice) or problem.name in seen:
                continue
            seen.add(problem.name)
            first = view.notebook.cell(problem.cells[0])
            for definer in problem.cells[1:]:
                place = _name_place(view.notebook.cell(definer), problem.name)
                message = f"{problem} (first defined in line {view.notebook.line_of(first.id)})"
                yield view.at_place("QB002", message, view.notebook.cell(definer), place)


def _name_place(cell: Cell, name: str) -> Place:
    """The first time that the name stands in the code as a word."""
    for number, row in enumerate(cell.code.split("\n"), 1):
        if found := re.search(rf"(?<![\w.]){re.escape(name)}(?!\w)", row):
            return Place(number, found.start() + 1, number, found.end() + 1)
    return Place(1, 1, 1, 1)


def _cycle(view: View) -> Iterator[Finding]:
    for cell, problem in _problems(view, Cycle):
        yield view.at_place("QB003", str(problem), cell, _name_place(cell, problem.name))


def _setup_reads(view: View) -> Iterator[Finding]:
    for cell, problem in _problems(view, SetupReads):
        yield view.at_place("QB004", str(problem), cell, _name_place(cell, problem.name))


def _syntax(view: View) -> Iterator[Finding]:
    for cell, problem in _problems(view, SyntaxProblem):
        if cell.type == "stray" or _MARKER.search(cell.code) or not isinstance(problem, SyntaxProblem):
            continue
        magic = find_magic(cell.code)
        message = f"`{magic}` is a command of IPython; Python does not know it" if magic else problem.message
        lines = cell.code.split("\n")
        line = min(problem.line or 1, len(lines))
        column = problem.column or 1
        yield view.at_place("QB005", message, cell, Place(line, column, line, max(column, len(lines[line - 1]) + 1)))


def _star_import(view: View) -> Iterator[Finding]:
    for cell, problem in _problems(view, StarImport):
        rows = cell.code.split("\n")
        line = next((at for at, row in enumerate(rows, 1) if re.search(r"import\s*\*", row)), 1)
        yield view.at_place("QB006", str(problem), cell, Place(line, 1, line, len(rows[line - 1]) + 1))


def _outside_cell(view: View) -> Iterator[Finding]:
    for cell, problem in _problems(view, OutsideCell):
        yield view.at_place("QB007", str(problem), cell, _name_place(cell, problem.name))


def _conflict_marker(view: View) -> Iterator[Finding]:
    for cell in view.notebook.cells:
        if found := _MARKER.search(cell.code):
            line = cell.code.count("\n", 0, found.start()) + 1
            end = len(cell.code.split("\n")[line - 1]) + 1
            message = "a merge left its markers here; choose the lines that are meant, and delete the markers"
            yield view.at_place("QB008", message, cell, Place(line, 1, line, end))


RULES = (
    Rule("QB001", "unreadable-text", _unreadable),
    Rule("QB002", "defined-twice", _defined_twice),
    Rule("QB003", "cycle", _cycle),
    Rule("QB004", "setup-reads-cell", _setup_reads),
    Rule("QB005", "syntax-error", _syntax),
    Rule("QB006", "star-import", _star_import),
    Rule("QB007", "defined-outside-cells", _outside_cell),
    Rule("QB008", "conflict-marker", _conflict_marker),
)
