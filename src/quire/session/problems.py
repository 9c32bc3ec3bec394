"""Problems of the document, found while it is written, without a kernel. Pure.

The session owns them, not the kernel: the kernel may be busy or dead, and telling it a half-typed cell, only to hear what
is wrong with it, would cost the values of that cell.
"""

import warnings
from collections.abc import Mapping

from msgspec.structs import replace

from quire.dataflow import Graph, Source, build_graph, find_duplicate_names, view_problem
from quire.errors import EditRefused
from quire.ids import CellId
from quire.notebook import Notebook
from quire.protocol.messages import ProblemView
from quire.protocol.notices import ProblemsChanged
from quire.session.events import Check, Tell
from quire.session.links import tell_links
from quire.session.state import SessionState, Step


def graph_after(before: Notebook | None, graph: Graph | None, notebook: Notebook) -> Graph:
    """The graph of `notebook`, made from the one of `before` where there is one."""
    if before is None or graph is None:
        return build_graph({cell.id: _source(notebook, cell.id) for cell in notebook.cells})
    known = before.positions
    changed = {
        cell.id: _source(notebook, cell.id)
        for cell in notebook.cells
        if cell.id not in known or before.cells[known[cell.id]] is not cell
    }
    return graph.updated(changed, tuple(cell.id for cell in notebook.cells))


def start_check(state: SessionState) -> Step:
    """Look for problems, unless nothing changed since the last time. The notebook must be settled."""
    if state.checked is state.notebook:
        return state, []
    return state, [Check(before=state.checked, graph=state.graph, notebook=state.notebook)]


def take_graph(state: SessionState, notebook: Notebook, graph: Graph) -> Step:
    """Keep the graph, and tell the pages of which cells the problems are others than before."""
    problems = {
        cell: [view_problem(problem, cell, graph.sources[cell].code) for problem in found]
        for cell, found in graph.problems.items()
        if state.has(cell)
    }
    for cell, clash in find_duplicate_names(graph).items():
        if state.has(cell):
            problems[cell] = [*problems.get(cell, []), view_problem(clash, cell, "")]
    changed = _changed(state.problems, problems)
    state = replace(state, checked=notebook, graph=graph, problems=problems)
    state, told = tell_links(state)
    return state, [Tell(ProblemsChanged(problems=changed)), *told] if changed else told


def describe_damage(notebook: Notebook) -> str:
    """What is wrong outside the cells, where no cell can show it; empty when nothing is."""
    if notebook.carrier == "markdown":
        lines = [str(notebook.line_of(cell.id)) for cell in notebook.cells if cell.type == "stray"]
        where = f"line{'s' if len(lines) > 1 else ''} {', '.join(lines)}"
        return f"cells of SQL are shown and kept, but do not run yet ({where})" if lines else ""
    for text, where in ((notebook.header, "above the cells"), (notebook.footer, "below the cells")):
        try:
            with warnings.catch_warnings():  # the compiler's are about the user's code, and come when it runs
                warnings.simplefilter("ignore")
                compile(text.removeprefix("\ufeff"), "<notebook>", "exec", dont_inherit=True)
        except SyntaxError as error:
            line = f" (line {error.lineno})" if text is notebook.header else ""
            what = error.msg
        except (ValueError, RecursionError, MemoryError) as error:
            line, what = "", str(error) or type(error).__name__
        else:
            continue
        return (
            f"Python cannot read what stands {where} in the file{line}: {what}; cells run here, "
            "but the file does not run as a script until this is mended in another editor"
        )
    return ""


def find_stray(state: SessionState, cell: CellId, name: str) -> CellId:
    """The statement between cells that the problem about `name` is about. Raises `EditRefused` when it is gone."""
    for problem in state.problems.get(cell, []):
        if problem.name == name:
            for member in problem.cells:
                if state.has(member) and state.notebook.cell(member).type == "stray":
                    return member
    raise EditRefused(f"the problem with `{name}` is gone; nothing to mend")


def _source(notebook: Notebook, cell: CellId) -> Source:
    found = notebook.cell(cell)
    return Source(found.code, found.type, found.name, disabled=found.disabled)


def _changed(
    before: Mapping[CellId, list[ProblemView]], after: Mapping[CellId, list[ProblemView]]
) -> dict[CellId, list[ProblemView]]:
    cells = [*after, *(cell for cell in before if cell not in after)]
    return {cell: after.get(cell, []) for cell in cells if before.get(cell, []) != after.get(cell, [])}
