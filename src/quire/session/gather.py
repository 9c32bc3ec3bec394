"""Many short runs, told as one: what a slider's hundred dependents say fits into a third of the bytes. Pure."""

from collections.abc import Iterator, Sequence

from quire.ids import CellId
from quire.protocol.messages import Message, Output
from quire.protocol.notices import CellFinished, CellsRan, CellStarted, OutputChanged

FEWEST = 2
"""Runs that are worth it."""


def gather_runs(frame: Sequence[Message]) -> list[Message]:
    """The frame with runs that follow each other, are wholly in it, and succeeded told by one `CellsRan`."""
    gathered: list[Message] = []
    runs: list[tuple[CellFinished, OutputChanged | None]] = []
    begun = position = 0
    for end, run in _find_runs(frame):
        start = end - (3 if run[1] else 2)
        if runs and start != position:
            gathered += _told(runs, frame[begun:position])
            runs = []
        if not runs:
            gathered += frame[position:start]
            begun = start
        runs.append(run)
        position = end
    return [*gathered, *_told(runs, frame[begun:position]), *frame[position:]]


def _find_runs(frame: Sequence[Message]) -> Iterator[tuple[int, tuple[CellFinished, OutputChanged | None]]]:
    """Each whole run that succeeded: the index behind it, and what it said."""
    for index, notice in enumerate(frame):
        if not isinstance(notice, CellFinished) or notice.outcome != "succeeded" or notice.stale or index == 0:
            continue
        output = frame[index - 1]
        shown = output if isinstance(output, OutputChanged) and output.cell == notice.cell else None
        first = frame[index - 2] if shown and index > 1 else output
        if isinstance(first, CellStarted) and first.cell == notice.cell:
            yield index + 1, (notice, shown)


def _told(runs: Sequence[tuple[CellFinished, OutputChanged | None]], frame: Sequence[Message]) -> Sequence[Message]:
    if len(runs) < FEWEST:
        return frame if runs else ()
    outputs: dict[CellId, Output | None] = {output.cell: output.output for _, output in runs if output is not None}
    ends = [run for run, _ in runs]
    return [
        CellsRan(
            cells=[run.cell for run in ends],
            durations=[run.duration for run in ends],
            memory=[run.costs and run.costs.memory for run in ends],
            outputs=outputs,
        )
    ]
