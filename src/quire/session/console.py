"""What a cell printed, bounded: the newest text is kept, and where older text is missing it says so. Pure."""

from collections.abc import Sequence

from quire.protocol.messages import ConsoleText

LONGEST_CONSOLE = 400_000
"""Characters kept for one cell: more than 10,000 lines of 30 characters."""

LONGEST_PIECE = 4000
"""Pieces grow up to this, so that neither long texts nor long lists are copied for every line that is printed."""

LINE_SEARCH = 1000
"""Characters within which a line break is looked for when text is cut."""

CUT = "… earlier output is not kept: a cell may print {limit} characters; write more to a file\n"


def append_console(
    console: Sequence[ConsoleText], piece: ConsoleText, *, limit: int = LONGEST_CONSOLE
) -> tuple[ConsoleText, ...]:
    """The console with `piece` at its end."""
    if not piece.text:
        return tuple(console)
    last = console[-1] if console else None
    if (
        last is not None
        and (last.stream, last.late) == (piece.stream, piece.late)
        and len(last.text) + len(piece.text) <= LONGEST_PIECE
    ):
        joined = ConsoleText(stream=last.stream, text=last.text + piece.text, late=last.late)
        return _bounded((*console[:-1], joined), limit)
    return _bounded((*console, piece), limit)


def _bounded(console: tuple[ConsoleText, ...], limit: int) -> tuple[ConsoleText, ...]:
    size = sum(len(piece.text) for piece in console)
    # Half as much again may gather before it is cut, so that a flood is not copied for every piece of it.
    if size <= limit * 3 // 2:
        return console
    marker = CUT.format(limit=f"{limit:,}")
    surplus = size - limit
    kept = list(console)
    while surplus >= len(kept[0].text):
        surplus -= len(kept.pop(0).text)
    first = kept[0]
    line_end = first.text.find("\n", surplus, surplus + LINE_SEARCH)
    rest = first.text[line_end + 1 if line_end >= 0 else surplus :]
    kept[0] = ConsoleText(stream=first.stream, text=rest, late=first.late)
    return (ConsoleText(stream="stderr", text=marker), *kept)
