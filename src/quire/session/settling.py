"""From typed texts to the notebook, and from one notebook to the next. Pure.

Typing changes texts only. Before the notebook is saved, run or edited, it takes up the texts (`settle`). Every change of
the notebook goes the same way: the pages are told how to come from the one before to the one after.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from quire.notebook import Notebook, SetCode, apply_edit
from quire.protocol.notices import Notified
from quire.session.compare import structure_notices
from quire.session.document import CellText
from quire.session.events import Effect, Tell
from quire.session.state import SessionState, Step, new_run


def settle(state: SessionState) -> Step:
    """Give the typed texts to the notebook."""
    if not state.typed:
        return state, []
    return adopt_notebook(replace(state, typed=frozenset()), *_with_texts(state))


def _with_texts(state: SessionState) -> tuple[Notebook, tuple[str, ...]]:
    notebook, reports = state.notebook, ()
    for cell in state.typed:
        if cell in notebook.positions:
            notebook = apply_edit(notebook, SetCode(cell, state.document.text_of(cell).text))
            reports += notebook.reports
    return notebook, reports


def adopt_notebook(before: SessionState, notebook: Notebook, reports: Iterable[str] = ()) -> Step:
    """Go on with this notebook; texts, runs and problems of its new cells begin, those of cells that are gone end."""
    new = [cell for cell in notebook.cells if cell.id not in before.notebook.positions]
    gone = {cell.id for cell in before.notebook.cells if cell.id not in notebook.positions}
    texts = {cell.id: CellText(cell.code) for cell in new if cell.id not in before.document.texts}
    runs = {cell: run for cell, run in before.runs.items() if cell not in gone}
    runs |= {cell.id: new_run(cell.code) for cell in new if cell.id not in runs}
    state = replace(
        before,
        notebook=notebook,
        document=replace(before.document, texts={**before.document.texts, **texts}),
        runs=runs,
        problems={cell: found for cell, found in before.problems.items() if cell not in gone},
        elements={element: v for element, v in before.elements.items() if element.rpartition("-")[0] not in gone},
        typed=before.typed - gone,
    )
    effects: list[Effect] = [Tell(notice) for notice in structure_notices(before.notebook, state)]
    return state, [*effects, *(Tell(Notified(level="info", message=report)) for report in reports)]
