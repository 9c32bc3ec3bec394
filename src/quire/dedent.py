"""The indentation that a text in triple quotes owes to the code around it, taken away."""

_TAB = 4


def dedent(text: str) -> str:
    """Remove the indentation that all lines but the first share, the first line's own, and empty lines around."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    margins = [_margin(line) for line in lines[1:] if line.strip()]
    margin = min(margins, default=0)
    lines = [lines[0].lstrip(), *(_without_margin(line, margin) for line in lines[1:])]
    return "\n".join(lines).strip("\n")


def _margin(line: str) -> int:
    """Width of the white space in front."""
    return len(line.expandtabs(_TAB)) - len(line.lstrip(" \t").expandtabs(_TAB)) if line[:1] in " \t" else 0


def _without_margin(line: str, margin: int) -> str:
    if margin == 0:
        return line
    white = line[: len(line) - len(line.lstrip(" \t"))]
    return white.expandtabs(_TAB)[margin:] + line[len(white) :]
