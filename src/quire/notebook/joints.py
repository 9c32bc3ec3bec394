"""Where pieces of a file meet: a CR before a LF would become one line ending, and the lines after it would move up."""

from dataclasses import replace

from quire.notebook.model import Notebook


def keep_lines_apart(before: Notebook, after: Notebook) -> Notebook:
    """`after` with no line ending made of the last character of one piece and the first of the next.

    Only files that mix line endings have such places. The piece that the edit wrote gives way.
    """
    texts = {cell.id: cell.text for cell in before.cells}
    cells, gaps = list(after.cells), [*after.gaps, after.footer]
    for index in range(len(gaps)):
        above = cells[index - 1].text if index else after.header
        if above.endswith("\r") and gaps[index].startswith("\n"):
            if index and texts.get(cells[index - 1].id) != above:
                cells[index - 1] = replace(cells[index - 1], text=above + "\n")
            else:
                gaps[index] = "\r" + gaps[index][1:]
        below = cells[index].text if index < len(cells) else ""
        if below.startswith("\n") and (above + gaps[index]).endswith("\r"):
            gaps[index] += "\n" if gaps[index] else "\r"
    if cells == list(after.cells) and gaps == [*after.gaps, after.footer]:
        return after
    return replace(after, cells=tuple(cells), gaps=tuple(gaps[:-1]), footer=gaps[-1])
