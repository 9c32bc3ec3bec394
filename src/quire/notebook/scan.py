"""The way into a file that does not parse as a whole: cut at the lines where cells begin, so that one broken cell costs no other.

A cut inside a string is undone: a piece that ends within an open triple-quoted string is joined with the following ones
until they parse together.
"""

import ast
import re
import tokenize
from collections.abc import Iterator

from quire.notebook.lines import is_blank, leading_comment_lines, trailing_comment_end
from quire.notebook.pieces import Piece, parse_tree, tree_pieces

_BOUNDARY = re.compile(
    r"@app\.(?:cell|function|class_definition)\b|(?:async )?with app\.setup\b|app\._unparsable_cell\b|"
    r"if __name__\s*==|app\s*=\s*(?:\w+\.)?App\("
)
_MARKER = re.compile(r"(?:<{7}|={7}|>{7}|\|{7})(?:\s|$)")
_APP = re.compile(r"app\s*=\s*(?:\w+\.)?App\(")
_IMPORT = re.compile(r"import\s+quire\b|from\s+quire\s+import\b")
_GUARD = re.compile(r"if __name__\s*==")
_JOINS = 8  # pieces tried after one that ends inside a string; more than one string this long is another fault


def scan_pieces(lines: list[str]) -> Iterator[Piece]:
    """Pieces of a text that does not parse as a whole, in order."""
    cuts = [_beginning(lines, number) for number, line in enumerate(lines) if _BOUNDARY.match(line)]
    bounds = sorted({0, *cuts, len(lines)})
    index = 0
    while index < len(bounds) - 1:
        start, end = bounds[index], bounds[index + 1]
        index += 1
        text = "".join(lines[start:end])
        tree = parse_tree(text)
        if tree is None and _ends_in_string(text):
            for last in range(index + 1, min(index + 1 + _JOINS, len(bounds))):
                joined = parse_tree("".join(lines[start : bounds[last]]))
                if joined is not None:
                    tree, end, index = joined, bounds[last], last
                    break
        if tree is None:
            yield from _broken_pieces(lines, start, end)
        else:
            yield from _shifted_pieces(tree, lines, start, end)


def _beginning(lines: list[str], number: int) -> int:
    """The first line of what belongs to a boundary: other decorators above `@app.cell`, and the comment that touches it."""
    if lines[number].startswith("@"):
        while (above := _decorator_above(lines, number)) is not None:
            number = above
    return leading_comment_lines(lines, number, 0)


def _decorator_above(lines: list[str], number: int) -> int | None:
    """The first line of the decorator that stands above line `number`, if one does."""
    end = number
    while end and (is_blank(lines[end - 1]) or lines[end - 1].startswith("#")):
        end -= 1
    start = end - 1
    while start > 0 and lines[start][0] in " \t)]}":  # a decorator of several lines
        start -= 1
    if start < 0 or not lines[start].startswith("@"):
        return None
    return start if parse_tree("".join(lines[start:end]) + "def _(): ...") is not None else None


def _broken_pieces(lines: list[str], start: int, end: int) -> Iterator[Piece]:
    """A part that does not parse: a conflict marker behind a whole cell stands alone, the rest is one damaged piece."""
    markers = [number for number in range(start, end) if _MARKER.match(lines[number])]
    for marker in markers:
        before = parse_tree("".join(lines[start:marker]))
        if before is None:
            break
        yield from _shifted_pieces(before, lines, start, marker)
        start = trailing_comment_end(lines, marker + 1, end)
        yield Piece(marker, start)
    rest = parse_tree("".join(lines[start:end])) if markers else None
    if rest is not None:
        yield from _shifted_pieces(rest, lines, start, end)
        return
    while end > start and is_blank(lines[end - 1]):
        end -= 1
    if end > start:
        yield from _damaged_pieces(lines, start, end)


def _damaged_pieces(lines: list[str], start: int, end: int) -> Iterator[Piece]:
    """A damaged header ends with the line of `app = …`; any other damage is one piece."""
    imports = any(_IMPORT.match(line) for line in lines[start:end])
    if not _APP.match(lines[start]):
        yield Piece(start, end, imports_quire=imports, guard=bool(_GUARD.match(lines[start])))
        return
    yield Piece(start, start + 1, app=True)
    rest = start + 1
    while rest < end and is_blank(lines[rest]):
        rest += 1
    if rest < end:
        yield Piece(rest, end)


def _shifted_pieces(tree: ast.Module, lines: list[str], start: int, end: int) -> Iterator[Piece]:
    """The pieces of a part of the file that parses by itself, its line numbers counted from the file's first."""
    if start:
        for node in ast.walk(tree):
            if isinstance(node, ast.stmt | ast.expr):
                node.lineno += start
                node.end_lineno = (node.end_lineno or 0) + start
    yield from tree_pieces(tree, lines[:end], start)


def _ends_in_string(text: str) -> bool:
    if ('"""' not in text and "'''" not in text) or "\0" in text:  # with a null character, nothing helps
        return False
    rows = iter(text.splitlines(keepends=True))
    try:
        for _ in tokenize.generate_tokens(lambda: next(rows, "")):
            pass
    except tokenize.TokenError as error:
        return "string" in str(error.args[0])
    except SyntaxError:
        return False
    return False
