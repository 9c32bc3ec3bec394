"""The graph and its problems for others to read: `quire graph --json`, and the views that a page shows."""

from collections.abc import Mapping
from typing import TypedDict

from quire.dataflow.graph import Graph
from quire.dataflow.problems import Cycle, DefinedTwice, DuplicateName, OutsideCell, Problem, SyntaxProblem
from quire.ids import CellId
from quire.protocol.messages import Fix, ProblemView


class CellDescription(TypedDict):
    """One cell in the output of `quire graph --json`."""

    id: str
    name: str
    defs: list[str]
    private: list[str]
    refs: list[str]
    parents: list[str]
    children: list[str]


class ProblemDescription(TypedDict):
    """One problem in the output of `quire graph --json`."""

    kind: str
    name: str
    cells: list[str]
    message: str


class GraphDescription(TypedDict):
    """The output of `quire graph --json`."""

    cells: list[CellDescription]
    problems: list[ProblemDescription]


def describe_graph(graph: Graph) -> GraphDescription:
    """Cells in the order of the file, lists inside sorted; statements between cells are not cells."""
    cells = [cell for cell in graph.order if graph.sources[cell].type != "stray"]
    problems = dict.fromkeys(problem for found in graph.problems.values() for problem in found)
    problems |= dict.fromkeys(find_duplicate_names(graph).values())
    return {
        "cells": [
            {
                "id": cell,
                "name": graph.sources[cell].name,
                "defs": sorted(graph.public(cell)),
                "private": sorted(graph.private(cell)),
                "refs": sorted(graph.names(cell).refs),
                "parents": sorted(graph.parents(cell)),
                "children": sorted(graph.children(cell)),
            }
            for cell in cells
        ],
        "problems": [
            {"kind": problem.kind, "name": problem.name, "cells": sorted(problem.cells), "message": str(problem)}
            for problem in problems
        ],
    }


def find_duplicate_names(graph: Graph) -> Mapping[CellId, DuplicateName]:
    """Cells that share their name with another one. The graph itself says nothing of them, for they run all the same."""
    called: dict[str, list[CellId]] = {}
    for cell in graph.order:
        if graph.sources[cell].type != "stray" and graph.sources[cell].name not in _NO_NAMES:
            called.setdefault(graph.sources[cell].name, []).append(cell)
    return {
        cell: DuplicateName(name, tuple(cells)) for name, cells in called.items() if len(cells) > 1 for cell in cells
    }


_NO_NAMES = frozenset({"_", "__"})


def view_problem(problem: Problem, cell: CellId, code: str) -> ProblemView:
    """The problem as the page shows it at `cell`, whose text is `code`, with the ways out that make sense there."""
    magic = None
    if isinstance(problem, SyntaxProblem):
        from quire.notebook.magics import find_magic  # noqa: PLC0415 - brings all of a notebook's reading; kernels do without

        magic = find_magic(code)
    line = problem.line if isinstance(problem, SyntaxProblem) else None
    column = problem.column if isinstance(problem, SyntaxProblem) else None
    return ProblemView(
        type=problem.kind,  # pyright: ignore[reportArgumentType] - the class names are the protocol's words
        name=problem.name,
        cells=list(problem.cells),
        message=str(problem) if magic is None else f"`{magic}` is a command of IPython; Python does not know it",
        fixes=_fixes(problem, cell) if magic is None else [Fix(kind="to_python", label="Write it in Python")],
        line=line,
        column=column,
        blocks=problem.blocks,
    )


def _fixes(problem: Problem, cell: CellId) -> list[Fix]:
    match problem:
        case DefinedTwice() if cell in problem.cells:
            fixes = [Fix(kind="make_private", label=f"Call it `_{problem.name}` here")]
            if cell != problem.cells[0]:
                fixes.insert(0, Fix(kind="rename", label=f"Rename here and below to `{problem.name}_1`"))
            return [*fixes, Fix(kind="merge", label="Merge the cells")]
        case DefinedTwice():
            return [Fix(kind="go_to", label="Show the definitions")]
        case Cycle():
            return [Fix(kind="merge", label="Merge the cells")]
        case OutsideCell():
            return [Fix(kind="make_cell", label="Make that statement a cell")]
        case _:
            return []
