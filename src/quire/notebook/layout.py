"""How one cell stands in the file: which parts of its text are ours, and which are the user's code."""

import ast
import re
from dataclasses import dataclass

from quire.notebook.lines import INDENT, is_blank, lines_in_damaged_strings, lines_in_strings, split_ending, split_lines

_OPENING = {"(": ")", "[": "]", "{": "}"}
_STRING = re.compile(r"(?s)(?:'''.*?(?<!\\)'''|\"\"\".*?(?<!\\)\"\"\"|'(?:[^'\\\r\n]|\\.)*'|\"(?:[^\"\\\r\n]|\\.)*\")")
_PLAIN_DEF = re.compile(r"(?:async )?def \w+\([^()#\"':]*\):[ \t]*(?:\r\n|\r|\n)")
_OUR_RETURN = re.compile(r"[ \t]+return(?:[ \t]*\([\w, \t]*\)|[ \t]+\w+(?:[ \t]*,[ \t]*\w+)*,?)?[ \t]*(?:#.*)?$")


@dataclass(slots=True)
class BodyLine:
    """A line of code with what was removed from both its ends."""

    prefix: str
    text: str
    ending: str


@dataclass(slots=True)
class Layout:
    """A cell's text = `head` + the lines + `before_return` + `returned` + `tail`."""

    head: str
    lines: list[BodyLine]
    before_return: str
    """Blank lines before our return."""
    returned: str
    """Our return (for a setup block: our `pass`), with its line ending and what stands behind it; or empty."""
    tail: str
    """Indented comments behind the return."""
    indent: str
    inline: bool = False
    """True when code shares a line with the head or the return; an edit writes such a cell anew."""

    @property
    def code(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def lead(self) -> int:
        return len(split_lines(self.head)) if not self.inline else max(0, len(split_lines(self.head)) - 1)


def head_end(text: str, start: int) -> int:
    """Index behind the colon that ends the `def` or `with` at `start`; -1 when there is none."""
    depth = 0
    index = start
    while index < len(text):
        char = text[index]
        if char in "\"'":
            match = _STRING.match(text, index)
            if match is None:
                return -1
            index = match.end()
            continue
        if char == "#":
            while index < len(text) and text[index] not in "\r\n":
                index += 1
        elif char in _OPENING:
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == ":" and depth == 0:
            return index + 1
        index += 1
    return -1


def is_our_return(node: ast.stmt) -> bool:
    """True for a bare `return`, one name, or a tuple of names: what we write, and nothing that a user needs kept."""
    if not isinstance(node, ast.Return):
        return False
    value = node.value
    if isinstance(value, ast.Tuple):
        return all(isinstance(name, ast.Name) for name in value.elts)
    return value is None or isinstance(value, ast.Name)


def block_layout(text: str, start: int, body: list[ast.stmt] | None, first_line: int) -> Layout | None:
    """The layout of a function or `with` whose head begins at `start` in `text`; None when the head is not closed.

    `body` holds its statements when the text parses, with line numbers counted so that `text` begins at `first_line`;
    without them the return is found by its looks.
    """
    plain = _PLAIN_DEF.match(text, start)
    end = plain.end() if plain else head_end(text, start)
    if end < 0:
        return None
    head = text[:end]
    if not plain:
        rest = re.compile(r"[ \t\f]*(?:#[^\r\n]*)?(?:\r\n|\r|\n|\Z)").match(text, end)
        if rest is None:
            return _inline_layout(text, end, body, first_line)
        head = text[: rest.end()]
    lines = split_lines(text[len(head) :])
    offset = first_line + len(split_lines(head))  # line number of lines[0]
    if body is None:
        return _cut_by_looks(head, lines)
    last = body[-1]
    own = is_our_return(last) or (len(body) == 1 and isinstance(last, ast.Pass) and _is_with(text, start))
    shared = len(body) > 1 and (body[-2].end_lineno or 0) == last.lineno
    if own and shared:
        return _inline_layout(text, len(head), body, first_line)
    indent = _indent_of(lines[body[0].lineno - offset])
    if not own:
        code_end = len(lines)
        while code_end and is_blank(lines[code_end - 1]):
            code_end -= 1
        return Layout(head, _body(lines[:code_end], indent), "", "", "".join(lines[code_end:]), indent)
    returned, after = last.lineno - offset, (last.end_lineno or last.lineno) - offset + 1
    code_end = returned
    while code_end and is_blank(lines[code_end - 1]):
        code_end -= 1
    return Layout(
        head,
        _body(lines[:code_end], indent),
        "".join(lines[code_end:returned]),
        "".join(lines[returned:after]),
        "".join(lines[after:]),
        indent,
    )


def _is_with(text: str, start: int) -> bool:
    return text.startswith("with", start)


def _indent_of(line: str) -> str:
    match = INDENT.match(line)
    return match.group() if match else ""


def _body(lines: list[str], indent: str) -> list[BodyLine]:
    inside = lines_in_damaged_strings("".join(lines))
    body: list[BodyLine] = []
    for number, line in enumerate(lines):
        text, ending = split_ending(line)
        prefix = "" if number in inside else common_indent(text, indent)
        body.append(BodyLine(prefix, text[len(prefix) :], ending))
    return body


def common_indent(text: str, indent: str) -> str:
    """What `text` begins with of `indent`."""
    if text.startswith(indent):
        return indent
    length = 0
    while length < min(len(text), len(indent)) and text[length] == indent[length]:
        length += 1
    return indent[:length]


def _cut_by_looks(head: str, lines: list[str]) -> Layout:
    """A cell that does not parse: its code is everything up to what looks like our return."""
    end = len(lines)
    while end and (is_blank(lines[end - 1]) or (_indent_of(lines[end - 1]) and lines[end - 1].lstrip()[0] == "#")):
        end -= 1
    returned = end - 1
    if end and _OUR_RETURN.match(split_ending(lines[returned])[0]):
        code_end = returned
    else:
        code_end = end = returned = len(lines)
    while code_end and is_blank(lines[code_end - 1]):
        code_end -= 1
    first = next((line for line in lines[:code_end] if not is_blank(line) and _indent_of(line)), "    ")
    indent = _indent_of(first)
    if returned == len(lines):
        return Layout(head, _body(lines[:code_end], indent), "", "", "".join(lines[code_end:]), indent)
    return Layout(
        head,
        _body(lines[:code_end], indent),
        "".join(lines[code_end:returned]),
        lines[returned],
        "".join(lines[end:]),
        indent,
    )


def _inline_layout(text: str, end: int, body: list[ast.stmt] | None, first_line: int) -> Layout | None:
    """`def _(): x = 1; return x`, or a return behind a semicolon: cut at columns."""
    if not body:
        return None
    lines = split_lines(text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def index(line: int, column: int) -> int:
        number = line - first_line
        return starts[number] + len(lines[number].encode()[:column].decode(errors="replace"))

    last = body[-1]
    first = index(body[0].lineno, body[0].col_offset)
    if is_our_return(last):
        cut = index(last.lineno, last.col_offset)
        code = text[first:cut].rstrip(" \t\f\r\n;") if len(body) > 1 else ""
        stop = first + len(code)
    else:
        cut = stop = index(last.end_lineno or last.lineno, last.end_col_offset or 0)
        code = text[first:stop]
    indent = _indent_of(lines[body[0].lineno - first_line]) if first > end and "\n" in text[end:first] else ""
    rows = [split_ending(row) for row in split_lines(code)]
    if len(rows) > 1 and not indent:
        indent = _indent_of(lines[body[-1].lineno - first_line])
    inside = lines_in_strings(code)
    body_lines = [
        BodyLine(
            prefix := "" if number == 0 or number in inside else common_indent(row, indent), row[len(prefix) :], ending
        )
        for number, (row, ending) in enumerate(rows)
    ]
    return Layout(text[:first], body_lines, text[stop:cut], text[cut:], "", indent or "    ", inline=True)
