"""What runs of cells took: noted as they end, kept for the newest of each cell, told to who asks. Pure."""

from msgspec.structs import replace

from quire.protocol.commands import ListRuns
from quire.protocol.messages import Output, PastRun
from quire.protocol.notices import CellFinished, RunsListed
from quire.session.events import Answer, PageId
from quire.session.state import Run, SessionState, Step

MOST_RUNS = 20
"""Runs kept of one cell."""


def with_past(run: Run, notice: CellFinished) -> Run:
    """The run that ends now goes into the history of its cell. What did not run does not."""
    if notice.duration is None or run.started is None:
        return run
    past = PastRun(
        started=run.started,
        duration=notice.duration,
        outcome=notice.outcome,
        output=run.shown + run.printed,
        costs=notice.costs,
    )
    return replace(run, total=run.total + 1, past=(past, *run.past[: MOST_RUNS - 1]))


def list_runs(state: SessionState, page: PageId, command: ListRuns) -> Step:
    """Tell one page."""
    state.notebook.index(command.cell)
    run = state.runs[command.cell]
    return state, [Answer(page, RunsListed(request=command.request, total=run.total, runs=list(run.past)))]


def size_of_text(text: str) -> int:
    """Bytes in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "surrogatepass"))


def size_of(output: Output | None) -> int:
    """Bytes of what is shown."""
    return 0 if output is None else size_of_text(output.text) + len(output.blob)
