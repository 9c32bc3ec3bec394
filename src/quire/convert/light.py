"""Jupytext's light scripts: a paragraph is a cell, comments alone are prose, `# +` and `# -` hold what has blank lines. Pure."""

import ast
import re

from quire.convert.model import Draft, DraftCell, Note
from quire.convert.percent import read_options, split_header, uncomment, wake_magics

_OPEN = re.compile(r"# \+(?P<rest>(?:\s.*)?)")
_CLOSE = re.compile(r"# -\s*")


def is_light(text: str) -> bool:
    return re.search(r"^#\s+format_name: light$|^# \+(?:\s*$| )", text, re.MULTILINE) is not None


def read_light(text: str, _: str) -> Draft:
    """The cells of a light script."""
    header, body = split_header(text)
    lines = body.split("\n")
    cells: list[DraftCell] = []
    notes: list[Note] = []
    at = 0
    while at < len(lines):
        opened = _OPEN.fullmatch(lines[at])
        number = len(cells) + 1
        if opened is not None:
            end = next(
                (n for n in range(at + 1, len(lines)) if _CLOSE.fullmatch(lines[n]) or _OPEN.fullmatch(lines[n])),
                len(lines),
            )
            source = "\n".join(lines[at + 1 : end]).strip("\n")
            options, name = read_options(opened["rest"], number, notes)
            is_prose = "[markdown]" in opened["rest"] or "[md]" in opened["rest"]
            kind = "markdown" if is_prose else "code"
            cells.append(DraftCell(kind, uncomment(source) if is_prose else source, number, name, options))
            at = end + (1 if end < len(lines) and _CLOSE.fullmatch(lines[end]) else 0)
        elif not lines[at].strip():
            at += 1
        else:
            end = _paragraph_end(lines, at)
            source = "\n".join(lines[at:end])
            is_prose = all(line.startswith("#") for line in lines[at:end])
            cells.append(
                DraftCell("markdown" if is_prose else "code", uncomment(source) if is_prose else source, number)
            )
            at = end
    return wake_magics(Draft(tuple(cells), header, notes=tuple(notes)), text)


def _paragraph_end(lines: list[str], start: int) -> int:
    """The blank line after the paragraph; a statement with blank lines inside is one paragraph."""
    end = start
    while end < len(lines):
        while end < len(lines) and lines[end].strip() and not (end > start and _OPEN.fullmatch(lines[end])):
            end += 1
        following = next((line for line in lines[end:] if line.strip()), "")
        if _is_whole("\n".join(lines[start:end])) and not following.startswith((" ", "\t")):
            return end
        if end >= len(lines) or _OPEN.fullmatch(lines[end]):
            return end
        end += 1
    return end


def _is_whole(code: str) -> bool:
    """True when the text is complete, or would not become so by more lines: magics are not Python."""
    try:
        ast.parse(code)
    except SyntaxError as error:
        return "EOF" not in str(error) and "never closed" not in str(error) and "unterminated triple" not in str(error)
    except ValueError:
        return True
    return True
