"""The parts of a merge that are lines: git's markers around what is disputed, headers, and what stands between cells. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from quire.errors import EditRefused
from quire.notebook.calls import edit_app_options
from quire.notebook.diff3 import Chunk, Clean, diff3, keep_both, merged_lines
from quire.notebook.lines import is_blank, split_lines
from quire.notebook.model import Notebook


@dataclass(frozen=True, slots=True)
class Labels:
    """How the two sides are called beside the markers, and how long the markers are."""

    ours: str = "ours"
    theirs: str = "theirs"
    size: int = 7

    def marker(self, char: str) -> str:
        """The line of `<`, `=` or `>`, without line ending."""
        label = {"<": self.ours, ">": self.theirs}.get(char, "")
        return f"{char * self.size} {label}".rstrip()


_IMPORT = re.compile(r"(?:import|from)\s+\w[^\\(]*(?:\\\Z)?$")
_LISTED = re.compile(r"#\s+[\"'][^\"']*[\"'],?\s*$")
_VERSION = re.compile(r"^__generated_with\b.*$", re.MULTILINE)


def are_imports(lines: Sequence[str]) -> bool:
    """True for whole imports, one a line: two people's may stand in any order."""
    return all(_IMPORT.match(line.strip()) for line in lines)


def are_listed(lines: Sequence[str]) -> bool:
    """True for elements of a list in a PEP 723 block: requirements."""
    return all(_LISTED.match(line) for line in lines)


def mark_lines(chunks: Sequence[Chunk[str]], labels: Labels, newline: str) -> tuple[str, bool]:
    """Lines with their endings as one text, and whether some of them are disputed."""
    text: list[str] = []
    disputed = False
    for chunk in chunks:
        if isinstance(chunk, Clean):
            text += chunk.lines
            continue
        disputed = True
        for char, lines in (("<", chunk.ours), ("=", chunk.theirs), (">", ())):
            if text and not text[-1].endswith(("\n", "\r")):
                text.append(newline)
            text += [labels.marker(char), newline, *lines]
    return "".join(text), disputed


def merge_texts(base: str, ours: str, theirs: str, labels: Labels, newline: str = "\n") -> tuple[str, bool]:
    """Any three texts, line by line, and whether some lines are disputed."""
    return mark_lines(diff3(split_lines(base), split_lines(ours), split_lines(theirs)), labels, newline)


def merge_gaps(base: str, ours: str, theirs: str) -> str:
    """Lines that belong to no cell; where both changed them, both sides' lines."""
    if theirs in {base, ours}:
        return ours
    if base == ours:
        return theirs
    texts = [split_lines(text) for text in (base, ours, theirs)]
    if all(is_blank(line) for text in texts for line in text):
        return ours
    merged = merged_lines(diff3(*texts))
    if merged is None:
        merged = [*texts[1], *(line for line in texts[2] if not is_blank(line) and line not in texts[1])]
    return "".join(merged)


def merge_values(
    base: Mapping[str, object], ours: Mapping[str, object], theirs: Mapping[str, object]
) -> tuple[dict[str, object], list[str]]:
    """Options, each for itself; and the names of those that both changed, each in a way of its own: ours stay."""
    merged: dict[str, object] = {}
    disputed: list[str] = []
    for key in dict.fromkeys([*ours, *theirs]):
        was, one, other = (values.get(key) for values in (base, ours, theirs))
        if was != one != other != was:
            disputed.append(key)
        value = other if one == was else one
        if value is not None:
            merged[key] = value
    return merged, disputed


def merge_headers(base: Notebook, ours: Notebook, theirs: Notebook, labels: Labels) -> tuple[str, list[str]]:
    """The text above the cells, and what is disputed in it.

    Options of `App(…)` are merged each for itself, requirements added by both are both kept, and the version that made
    the file is the one of ours.
    """
    if theirs.header in {base.header, ours.header}:
        return ours.header, []
    if base.header == ours.header:
        return theirs.header, []
    plain = _merge_lines(base.header, ours.header, theirs.header, labels, ours.newline)
    if not plain[1]:
        return plain[0], []
    options, disputed = merge_values(base.options, ours.options, theirs.options)
    version = _VERSION.search(ours.header)
    aligned: list[str] = []
    for notebook in (base, ours, theirs):
        try:
            header = edit_app_options(replace(notebook, options={}), options).header
        except EditRefused:
            return plain[0], ["both changed the lines above the cells"]
        aligned.append(_VERSION.sub(lambda _: version.group() if version else "", header) if version else header)
    was, one, other = aligned
    text, marked = _merge_lines(was, one, other, labels, ours.newline)
    conflicts = [f"both changed the option `{key}` of the app; the one of {labels.ours} is kept" for key in disputed]
    return text, [*conflicts, *(["both changed the lines above the cells"] if marked else [])]


def _merge_lines(base: str, ours: str, theirs: str, labels: Labels, newline: str) -> tuple[str, bool]:
    chunks = diff3(split_lines(base), split_lines(ours), split_lines(theirs))
    return mark_lines(keep_both(chunks, are_listed), labels, newline)
