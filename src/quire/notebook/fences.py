"""The grammar of fenced code in markdown: where fences begin and end, and what their first lines say. Pure."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from quire.notebook.lines import split_ending

_OPENING = re.compile(r"(?P<indent> {0,3})(?:(?P<ticks>`{3,})(?P<info>[^`]*)|(?P<tildes>~{3,})(?P<more>.*))", re.DOTALL)
_BRACES = re.compile(r"\{(?P<inner>(?:[^{}\"]|\"(?:[^\"\\]|\\.)*\")*)\}")
_ATTRIBUTE = re.compile(r'(?<![^\s{])(?P<key>[\w-]+)=(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>[^\s"{}]+))')
_CONTAINED = re.compile(r"`{3,}|~{3,}")

MARKS = ("quire", "marimo")
"""What says, in the braces of a fence, that it is a cell."""
PYTHON = frozenset({"python", "python3", "py"})
LANGUAGES = PYTHON | {"sql"}
"""In which cells can be written."""


@dataclass(frozen=True, slots=True)
class Fence:
    """The first line of a fence, taken apart."""

    indent: str
    mark: str
    """The backticks or tildes."""
    info: str

    @property
    def cell_mark(self) -> str:
        """The word that makes the fence a cell; empty for one that is only shown."""
        words = _words(self.info)
        mark = next((word for word in words if word in MARKS), "")
        return mark if mark and self.language in LANGUAGES else ""

    @property
    def language(self) -> str:
        """In lower case; Python where a marked fence names none."""
        braces = _BRACES.search(self.info)
        outside = self.info if braces is None else self.info[: braces.start()] + " " + self.info[braces.end() :]
        words = [*outside.lower().split(), *(word for word in _words(self.info) if word not in MARKS)]
        return next((word for word in words if word in LANGUAGES), words[0] if words else "python")

    @property
    def attributes(self) -> Mapping[str, str]:
        """`key="value"` in the braces, in their order."""
        braces = _BRACES.search(self.info)
        found = _ATTRIBUTE.finditer(braces["inner"]) if braces else ()
        return {one["key"]: one["plain"] or one["quoted"].replace('\\"', '"') for one in found}

    def closes_at(self, line: str) -> bool:
        """True for the line that ends the fence."""
        bare = line.rstrip(" \t\r\n")
        white, ticks = bare[: len(bare) - len(bare.lstrip(" "))], bare.lstrip(" ")
        return len(white) <= 3 and len(ticks) >= len(self.mark) and ticks.strip(self.mark[0]) == ""


def _words(info: str) -> list[str]:
    """The words in the braces that are no attributes: `.quire`, `quire`, `.python.quire`."""
    braces = _BRACES.search(info)
    return _ATTRIBUTE.sub(" ", braces["inner"]).lower().replace(".", " ").split() if braces else []


@dataclass(frozen=True, slots=True)
class Block:
    """Lines `start` to `end` (0-based, end exclusive): one fence, or what stands between two."""

    start: int
    end: int
    fence: Fence | None = None
    is_closed: bool = True


def read_fence(line: str) -> Fence | None:
    """The fence that begins with this line, if one does."""
    found = _OPENING.fullmatch(split_ending(line)[0].rstrip(" \t"))
    if found is None:
        return None
    info = found["info"] if found["ticks"] else found["more"]
    return Fence(found["indent"], found["ticks"] or found["tildes"], info.strip())


def scan_blocks(lines: list[str], start: int = 0) -> Iterator[Block]:
    """All lines from `start` on, in blocks. A fence that nothing closes goes to the end."""
    at = outside = start
    while at < len(lines):
        fence = read_fence(lines[at])
        if fence is None:
            at += 1
            continue
        if outside < at:
            yield Block(outside, at)
        end = next((number for number in range(at + 1, len(lines)) if fence.closes_at(lines[number])), None)
        outside = len(lines) if end is None else end + 1
        yield Block(at, outside, fence, end is not None)
        at = outside
    if outside < len(lines):
        yield Block(outside, len(lines))


def without_indent(line: str, fence: Fence) -> str:
    """A line of a fence's content, without the white space that the fence itself has."""
    margin = len(fence.indent)
    return line[min(margin, len(line) - len(line.lstrip(" "))) :] if margin else line


def long_enough(mark: str, code: str) -> str:
    """The mark, made longer than every run of its character in the code."""
    runs = [len(run) for run in _CONTAINED.findall(code) if run[0] == mark[0]]
    return mark[0] * max([len(mark), *(run + 1 for run in runs)])


def write_opening(mark: str, cell_mark: str, attributes: Mapping[str, object]) -> str:
    """The first line of a cell's fence."""
    words = [f".{cell_mark}", *(f'{key}="{_written(value)}"' for key, value in attributes.items())]
    return f"{mark}python {{{' '.join(words)}}}"


def change_attributes(opening: str, changes: Mapping[str, object]) -> str:
    """The first line of a fence with these attributes changed where they stand; None takes one away, new ones come last."""
    braces = _BRACES.search(opening)
    assert braces is not None, "only a cell's fence has attributes that change"
    inner = braces["inner"]
    for key, value in changes.items():
        found = next((one for one in _ATTRIBUTE.finditer(inner) if one["key"] == key), None)
        written = "" if value is None else f'{key}="{_written(value)}"'
        if found is None:
            inner = f"{inner} {written}" if written else inner
        else:
            before = inner[: found.start()] if written else inner[: found.start()].rstrip(" \t")
            inner = before + written + inner[found.end() :]
    return opening[: braces.start("inner")] + inner + opening[braces.end("inner") :]


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).replace('"', '\\"')
