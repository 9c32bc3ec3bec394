"""Lines as Python counts them, and which of them begin inside a string."""

import io
import re
import tokenize
from collections.abc import Iterator

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
_ENDING = re.compile(r"(?:\r\n|\r|\n)\Z")
_MAY_SPAN_LINES = re.compile(r"\"\"\"|'''|\\\r?\n|\\\r|[fFtT][rR]?[\"']|[rR][fFtT][\"']")
INDENT = re.compile(r"[ \t\f]*")


def split_lines(text: str) -> list[str]:
    """Lines with their endings. Only CRLF, CR and LF end a line; `str.splitlines` knows eight more."""
    return _LINE.findall(text)


def split_ending(line: str) -> tuple[str, str]:
    """A line's text and its ending, which is empty only in the last line of a file."""
    match = _ENDING.search(line)
    return (line, "") if match is None else (line[: match.start()], match.group())


def newline_of(text: str) -> str:
    """The line ending that most lines of the text have; LF when there is none."""
    crlf = text.count("\r\n")
    cr = text.count("\r") - crlf
    lf = text.count("\n") - crlf
    if crlf and crlf >= lf and crlf >= cr:
        return "\r\n"
    return "\r" if cr > lf else "\n"


def is_blank(line: str) -> bool:
    return not line.strip(" \t\f\r\n")


def lines_in_strings(text: str) -> frozenset[int]:
    """0-based numbers of the lines that begin inside a string, f-strings from opening to closing quote.

    Raises:
        SyntaxError: the text cannot be tokenized.
    """
    inside: set[int] = set()
    if _MAY_SPAN_LINES.search(text):
        _find_lines_in_strings(text, inside)
    return frozenset(inside)


def lines_in_damaged_strings(text: str) -> frozenset[int]:
    """The same for a text that may be broken: what can be found before and behind the lines that cannot be tokenized."""
    inside: set[int] = set()
    first = 0
    lines = split_lines(text)
    for _ in range(_RESTARTS if _MAY_SPAN_LINES.search(text) else 0):
        found: set[int] = set()
        try:
            _find_lines_in_strings("".join(lines[first:]), found)
        except SyntaxError as error:
            broken = first + max(error.lineno or 1, 1)
        else:
            broken = len(lines)
        inside.update(first + number for number in found)
        first = broken
        if first >= len(lines):
            break
    return frozenset(inside)


_RESTARTS = 20


def _find_lines_in_strings(text: str, inside: set[int]) -> None:
    opened: list[int] = []
    for token in _tokens(text):
        first, last = token.start[0], token.end[0]
        if token.type == tokenize.STRING and last > first:
            inside.update(range(first, last))
        elif token.type == _FSTRING_START:
            opened.append(first)
        elif token.type == _FSTRING_END and opened:
            inside.update(range(opened.pop(), last))


_FSTRING_START = getattr(tokenize, "FSTRING_START", -1)  # from Python 3.12 on; before, an f-string is one token
_FSTRING_END = getattr(tokenize, "FSTRING_END", -1)


def _tokens(text: str) -> Iterator[tokenize.TokenInfo]:
    # Python reads CR and CRLF as LF; `io.StringIO` in this mode does the same, so line numbers agree. Null characters
    # end no string, and from 3.12 on the tokenizer fails at them in ways that cannot be caught everywhere.
    source = io.StringIO(text.replace("\0", " "), newline=None)
    try:
        yield from tokenize.generate_tokens(source.readline)
    except tokenize.TokenError as error:
        message, (line, _) = error.args
        raise SyntaxError(str(message), ("", line, None, None)) from None


def leading_comment_lines(lines: list[str], end: int, start: int) -> int:
    """The first line of the comment that touches line `end` from above, not before line `start`."""
    while end > start and lines[end - 1].startswith("#"):
        end -= 1
    return end


def trailing_comment_end(lines: list[str], start: int, end: int) -> int:
    """The line after the indented comments that follow line `start`, blank lines between them included."""
    last = start
    for number in range(start, end):
        line = lines[number]
        indent = INDENT.match(line)
        if is_blank(line):
            continue
        if indent is None or not indent.group() or line[indent.end()] != "#":
            break
        last = number + 1
    return last


def leading_comments(text: str) -> list[str]:
    """The comment lines with which a cell's text begins."""
    lines = split_lines(text)
    end = 0
    while end < len(lines) and lines[end].startswith("#"):
        end += 1
    return lines[:end]


def trailing_comments(text: str, end: int) -> list[str]:
    """The lines of a cell's text from line `end` on, when an indented comment is among them."""
    lines = split_lines(text)
    return lines[end : trailing_comment_end(lines, end, len(lines))]


def count_blank(text: str) -> int:
    """Lines in a text that consists of blank lines."""
    return len(split_lines(text))
