"""Two changes of one text: one after the other as one change, or one moved over the other. Pure.

Every tie is decided as `@codemirror/state` decides it, which the pages use: server and page must come to the same text.
"""

from quire.errors import EditRefused
from quire.session.changes import KEPT, ChangeSet, Part, count_units, refuse_cut_pair


class _Builder:
    """Joins neighbours of one kind and leaves out empty parts, just as CodeMirror does: see `map` about ties."""

    def __init__(self) -> None:
        self._lengths: list[int] = []
        self._inserts: list[str | None] = []

    @property
    def size(self) -> int:
        return len(self._lengths)

    def add(self, length: int, insert: str | None, *, join: bool = False) -> None:
        """`join`: this continues the replacement before it, even where a plain sequence would begin a new one."""
        if length == 0 and not insert:
            return
        if not self._lengths:
            self._append(length, insert)
            return
        last = self._inserts[-1]
        if insert is None:
            if last is None:
                self._lengths[-1] += length
            else:
                self._append(length, insert)
        elif last is not None and (join or (not insert and not last) or (length == 0 and self._lengths[-1] == 0)):
            self._lengths[-1] += length
            self._inserts[-1] = last + insert
        else:
            self._append(length, insert)

    def finish(self) -> ChangeSet:
        return ChangeSet(tuple(map(Part, self._lengths, self._inserts)))

    def _append(self, length: int, insert: str | None) -> None:
        self._lengths.append(length)
        self._inserts.append(insert)


class _Reader:
    """Walks through a change set, part by part or by pieces of a part."""

    def __init__(self, changes: ChangeSet) -> None:
        self._parts = changes.parts
        self.index = 0
        """Of the part that comes next; tells parts from one another."""
        self.length = 0
        """Units of the old text that remain of the present part."""
        self.insert: str | None = None
        self.added = 0
        """Units of the new text that remain of the present part."""
        self.begun = False
        """True when a piece of the present part has been passed."""
        self.done = False
        self.next()

    @property
    def changes(self) -> bool:
        return self.insert is not None and not self.done

    @property
    def keeps(self) -> bool:
        return self.insert is None and not self.done

    def next(self) -> None:
        self.begun = False
        self.done = self.index >= len(self._parts)
        if self.done:
            self.length, self.insert, self.added = 0, KEPT, 0
            return
        self.length, self.insert = self._parts[self.index]
        self.added = self.length if self.insert is None else count_units(self.insert)
        self.index += 1

    def pass_old(self, units: int) -> None:
        """Go on by `units` of the old text."""
        if units == self.length:
            self.next()
            return
        self.length -= units
        self.begun = self.begun or units > 0
        if self.insert is None:
            self.added -= units

    def pass_new(self, units: int) -> str:
        """Go on by `units` of the new text; what of it the present part inserts."""
        if self.insert is None:
            self.pass_old(units)
            return ""
        head, tail = _divide(self.insert, units)
        if units == self.added:
            self.next()
        else:
            self.insert = tail
            self.added -= units
            self.begun = True
        return head


def map_changes(changes: ChangeSet, over: ChangeSet, *, before: bool = False) -> ChangeSet:
    """`changes`, made on the same text as `over`, for the text after `over`.

    At one position the text inserted by `over` stands first, or second when `before`. Both orders give one text:
    first `a`, then `map_changes(b, a)`; or first `b`, then `map_changes(a, b, before=True)`.

    1. What both keep stays. 2. A change of `over` that stands before ours (by start, then length, then `before`) is
    kept text in the result; ours that it covers lose their deletions and stand after it. 3. Otherwise ours is next: it
    deletes what `over` left of its range, up to the next insertion of `over` inside that range.
    """
    result = _Builder()
    a, b = _Reader(changes), _Reader(over)
    placed = -1  # index of the part of ours whose insertion stands in the result already
    while not (a.done and b.done):
        _require(not (a.done and b.length) and not (b.done and a.length))
        if a.keeps and b.keeps:
            units = min(a.length, b.length)
            result.add(units, KEPT)
            a.pass_old(units)
            b.pass_old(units)
        elif b.changes and (not a.changes or placed == a.index or (not a.begun and _stands_first(b, a, before=before))):
            placed = _pass_over(result, a, b, placed)
        else:
            _require(a.changes)
            insert = a.insert or ""
            units, left = _undeleted(a.length, b)
            result.add(units, insert if placed < a.index else "")
            placed = a.index
            a.pass_old(a.length - left)
    return result.finish()


def compose_changes(first: ChangeSet, later: ChangeSet) -> ChangeSet:
    """One change that does `first` and then `later`.

    1. What `first` deletes is deleted. 2. What `later` inserts is inserted. 3. Elsewhere both walk over the same units
    of the text between them; pieces of one replacement, of either, become one replacement.
    """
    result = _Builder()
    a, b = _Reader(first), _Reader(later)
    joined = False  # the part before this point is a replacement that goes on
    while not (a.done and b.done):
        if a.changes and not a.added:
            result.add(a.length, "", join=joined)
            a.next()
            continue
        if b.changes and not b.length:
            result.add(0, b.insert, join=joined)
            b.next()
            continue
        _require(not a.done and not b.done)
        units, size = min(a.added, b.length), result.size
        goes_on = (a.changes and a.added > units) or (b.changes and b.length > units)
        deleted = units if a.keeps else 0 if a.begun else a.length
        keeps_all, replaced = a.keeps and b.keeps, KEPT if b.keeps else "" if b.begun else b.insert
        inserted = a.pass_new(units)
        result.add(deleted, KEPT if keeps_all else inserted if replaced is None else replaced, join=joined)
        joined = goes_on and (joined or result.size > size)
        b.pass_old(units)
    return result.finish()


def _stands_first(b: _Reader, a: _Reader, *, before: bool) -> bool:
    return b.length < a.length or (b.length == a.length and not before)


def _pass_over(result: _Builder, a: _Reader, b: _Reader, placed: int) -> int:
    """Put what `b` inserts into the result as kept text, and the insertions of `a` that `b` covers after it."""
    left = b.length
    result.add(b.added, KEPT)
    while left:
        _require(not a.done)
        units = min(a.length, left)
        if a.changes and placed < a.index and a.length <= units:
            result.add(0, a.insert)
            placed = a.index
        a.pass_old(units)
        left -= units
    b.next()
    return placed


def _undeleted(length: int, b: _Reader) -> tuple[int, int]:
    """How much of the next `length` units `b` keeps, and how many units lie behind its next insertion among them."""
    kept, left = 0, length
    while left:
        if b.keeps:
            units = min(left, b.length)
            kept += units
            left -= units
            b.pass_old(units)
        elif b.changes and not b.added and b.length < left:
            left -= b.length
            b.next()
        else:
            _require(not b.done)
            break
    return kept, left


def _divide(text: str, units: int) -> tuple[str, str]:
    if text.isascii():
        return text[:units], text[units:]
    data = text.encode("utf-16-le")
    refuse_cut_pair(data, 2 * units)
    return data[: 2 * units].decode("utf-16-le"), data[2 * units :].decode("utf-16-le")


def _require(fits: bool) -> None:  # noqa: FBT001 (a statement, read as a sentence)
    if not fits:
        raise EditRefused("the two changes are for texts of different lengths")
