"""Three texts line by line: what two people made of one, put together where they do not contradict each other. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Generic, TypeVar

Line = TypeVar("Line")


@dataclass(frozen=True, slots=True)
class Clean(Generic[Line]):
    """Lines that nobody disputes."""

    lines: Sequence[Line]


@dataclass(frozen=True, slots=True)
class Disputed(Generic[Line]):
    """Lines that both changed, each in a way of their own."""

    base: Sequence[Line]
    ours: Sequence[Line]
    theirs: Sequence[Line]


Chunk = Clean[Line] | Disputed[Line]


def diff3(base: Sequence[Line], ours: Sequence[Line], theirs: Sequence[Line]) -> list[Chunk[Line]]:
    """The merged lines in order. Lines must be hashable.

    1. Lines of `base` that both kept divide the texts into stretches. 2. A stretch that one of them left alone is the
    other's; one that both changed alike is theirs together. 3. Of any other, equal beginnings and ends are clean and the
    rest is disputed.
    """
    in_ours, in_theirs = _kept(base, ours), _kept(base, theirs)
    chunks: list[Chunk[Line]] = []
    b = o = t = 0
    for anchor in [*sorted(in_ours.keys() & in_theirs.keys()), None]:
        to_o, to_t = (len(ours), len(theirs)) if anchor is None else (in_ours[anchor], in_theirs[anchor])
        to_b = len(base) if anchor is None else anchor
        chunks += _settle(base[b:to_b], ours[o:to_o], theirs[t:to_t])
        if anchor is not None:
            chunks.append(Clean(ours[to_o : to_o + 1]))
        b, o, t = to_b + 1, to_o + 1, to_t + 1
    return list(_joined(chunks))


def merged_lines(chunks: Sequence[Chunk[Line]]) -> list[Line] | None:
    """All lines, or None when some are disputed."""
    lines: list[Line] = []
    for chunk in chunks:
        if isinstance(chunk, Disputed):
            return None
        lines += chunk.lines
    return lines


def keep_both(
    chunks: Sequence[Chunk[Line]], allowed: Callable[[Sequence[Line]], bool] = lambda _: True
) -> list[Chunk[Line]]:
    """The chunks with both sides' lines where both only added lines of a kind whose order does not matter."""
    return list(
        _joined(
            Clean([*chunk.ours, *(line for line in chunk.theirs if line not in chunk.ours)])
            if isinstance(chunk, Disputed) and not chunk.base and allowed([*chunk.ours, *chunk.theirs])
            else chunk
            for chunk in chunks
        )
    )


def _settle(base: Sequence[Line], ours: Sequence[Line], theirs: Sequence[Line]) -> Iterator[Chunk[Line]]:
    base, ours, theirs = list(base), list(ours), list(theirs)
    if theirs in (base, ours):
        yield Clean(ours)
        return
    if base == ours:
        yield Clean(theirs)
        return
    start = _equal_start(ours, theirs)
    end = _equal_start(ours[start:][::-1], theirs[start:][::-1])
    yield Clean(ours[:start])
    yield Disputed(base, ours[start : len(ours) - end], theirs[start : len(theirs) - end])
    yield Clean(ours[len(ours) - end :])


def _joined(chunks: Sequence[Chunk[Line]] | Iterator[Chunk[Line]]) -> Iterator[Chunk[Line]]:
    """Neighbouring clean chunks as one, and no empty ones."""
    lines: list[Line] = []
    for chunk in chunks:
        if isinstance(chunk, Clean):
            lines += chunk.lines
            continue
        if lines:
            yield Clean(lines)
        lines = []
        yield chunk
    if lines:
        yield Clean(lines)


def _kept(base: Sequence[Line], other: Sequence[Line]) -> dict[int, int]:
    """Index in `base` → index in `other` of the lines that stayed; equal beginnings and ends cost no search."""
    start = _equal_start(base, other)
    end = _equal_start(base[start:][::-1], other[start:][::-1])
    kept = {number: number for number in range(start)}
    matcher = SequenceMatcher(None, base[start : len(base) - end], other[start : len(other) - end], autojunk=False)
    for block in matcher.get_matching_blocks():
        kept.update({start + block.a + offset: start + block.b + offset for offset in range(block.size)})
    kept.update({len(base) - 1 - number: len(other) - 1 - number for number in range(end)})
    return kept


def _equal_start(one: Sequence[Line], other: Sequence[Line]) -> int:
    length = 0
    while length < min(len(one), len(other)) and one[length] == other[length]:
        length += 1
    return length
