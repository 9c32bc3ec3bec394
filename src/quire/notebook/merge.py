"""Two versions of a notebook that come from one, put together cell by cell. Pure.

1. Cells are matched by identity and likeness, base with ours and base with theirs; what both added is one cell when it
is the same. 2. A cell that one side left alone is the other side's; one that both changed is merged line by line.
3. Cells stand in the order of ours; what theirs added or moved stands behind the cell that it stands behind there.
4. What contradicts itself stays in its cell between git's markers; every other cell is whole.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from quire.notebook.cells import text_of_cell
from quire.notebook.compare import longest_rise, pair_cells
from quire.notebook.lines import is_blank, split_lines
from quire.notebook.merge_cells import MergedCell, merge_cells, merge_missing, write_unreadable
from quire.notebook.merge_texts import Labels, merge_gaps, merge_headers, merge_texts
from quire.notebook.model import Cell, Notebook
from quire.notebook.parse import parse_notebook
from quire.notebook.reuse import broken_definitions
from quire.notebook.write import write_notebook

__all__ = ["Labels", "Merged", "merge_notebooks"]


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of two versions."""

    text: str
    conflicts: tuple[str, ...] = ()
    """What a person has to settle, in words; empty when everything fitted."""
    reports: tuple[str, ...] = ()
    """What had to change beside, for a person to read."""


@dataclass(slots=True, eq=False)
class _Slot:
    """One cell of the result, as each version has it."""

    base: Cell | None = None
    ours: Cell | None = None
    theirs: Cell | None = None
    gaps: tuple[str, str, str] = ("", "", "")
    """The lines above it in each version."""
    moved_by_ours: bool = False
    moved_by_theirs: bool = False

    @property
    def gap(self) -> str:
        if self.base is not None and self.ours is not None and self.theirs is not None:
            return merge_gaps(*self.gaps)
        return self.gaps[1] if self.ours is not None else self.gaps[2]

    @property
    def is_gone(self) -> bool:
        """True when one side removed the cell and the other did not change it."""
        if self.base is None:
            return False
        left = [cell for cell in (self.ours, self.theirs) if cell is not None]
        return not left or (len(left) == 1 and _same(self.base, left[0]))


def merge_notebooks(base: Notebook, ours: Notebook, theirs: Notebook, labels: Labels | None = None) -> Merged:
    """Both sides' changes in one text, which opens as a notebook whatever is disputed in it.

    None of the three may be `foreign`: such texts are merged by `merge_texts`.
    """
    labels = labels or Labels()
    header, conflicts = merge_headers(base, ours, theirs, labels)
    footer, disputed = merge_texts(base.footer, ours.footer, theirs.footer, labels, ours.newline)
    if disputed:
        conflicts.append("both changed the lines below the cells")
    slots = _match(base, ours, theirs)
    merged = [(slot, _merge_slot(ours, slot, labels)) for slot in _order(slots, ours, theirs)]
    conflicts += [conflict for _, cell in merged for conflict in cell.conflicts]
    carried = _comments_of_removed(slots)
    text = _join(ours, header, [(slot.gap + carried.get(id(slot), ""), cell.text) for slot, cell in merged], footer)
    if _reads_as(text, [cell for _, cell in merged]):
        text, reports = _keep_importable(text, ours, theirs)
        return Merged(text, tuple(conflicts), reports)
    plain = [
        (slot.gap, cell.text if cell.code is not None else write_unreadable(ours, cell, _any(slot)))
        for slot, cell in merged
    ]
    return Merged(_join(ours, header, plain, footer), tuple(conflicts))


def _any(slot: _Slot) -> Cell:
    found = slot.ours or slot.theirs or slot.base
    assert found is not None
    return found


def _same(one: Cell, other: Cell) -> bool:
    """True when nothing differs that a person wrote: signatures and returns follow from other cells too."""
    if one.text == other.text:
        return True
    return (one.type, one.code, one.name, dict(one.options)) == (
        other.type,
        other.code,
        other.name,
        dict(other.options),
    )


# -- which cells, and where


def _match(base: Notebook, ours: Notebook, theirs: Notebook) -> list[_Slot]:
    """A slot for every cell of any version."""
    slots = [_Slot(base=cell, gaps=(gap, "", "")) for cell, gap in zip(base.cells, base.gaps, strict=True)]
    added: list[_Slot] = []
    for side, notebook in (("ours", ours), ("theirs", theirs)):
        pairs = pair_cells(base.cells, notebook.cells)
        staying = longest_rise([pairs.get(at, -1) for at in range(len(notebook.cells))])
        for at, (cell, gap) in enumerate(zip(notebook.cells, notebook.gaps, strict=True)):
            found = slots[pairs[at]] if at in pairs else None
            if found is None:
                found = _same_addition(added, cell) if side == "theirs" else None
            if found is None:
                added.append(found := _Slot())
            if side == "ours":
                found.ours, found.moved_by_ours = cell, at not in staying
                found.gaps = (found.gaps[0], gap, found.gaps[2])
            else:
                found.theirs, found.moved_by_theirs = cell, at not in staying
                found.gaps = (*found.gaps[:2], gap)
    return [*slots, *added]


def _same_addition(added: Sequence[_Slot], cell: Cell) -> _Slot | None:
    """What ours added too: the same text, or the setup block, of which there is only one."""
    for slot in added:
        if slot.ours is not None and slot.theirs is None:
            both_setup = slot.ours.type == cell.type == "setup"
            if both_setup or (slot.ours.text.rstrip(), slot.ours.type) == (cell.text.rstrip(), cell.type):
                return slot
    return None


def _order(slots: Sequence[_Slot], ours: Notebook, theirs: Notebook) -> list[_Slot]:
    """The slots that stay, in order."""
    of_ours = {id(slot.ours): slot for slot in slots if slot.ours is not None}
    of_theirs = {id(slot.theirs): slot for slot in slots if slot.theirs is not None}
    there = [slot for cell in theirs.cells if not (slot := of_theirs[id(cell)]).is_gone]
    placed_there = {
        id(slot)
        for slot in there
        if slot.ours is None or (slot.base is not None and slot.moved_by_theirs and not slot.moved_by_ours)
    }
    order = [slot for cell in ours.cells if not (slot := of_ours[id(cell)]).is_gone and id(slot) not in placed_there]
    above: _Slot | None = None
    for slot in there:
        if id(slot) in placed_there:
            at = 0 if above is None else order.index(above) + 1
            while at < len(order) and _only_ours(order[at]):
                at += 1
            order.insert(at, slot)
        above = slot
    return _with_setup_first(order)


def _with_setup_first(order: list[_Slot]) -> list[_Slot]:
    """Below a cell, Python's reader would not take the setup block for one."""
    setup = next((slot for slot in order if _is_setup(slot)), None)
    first = next((at for at, slot in enumerate(order) if _any(slot).type != "stray"), 0)
    if setup is not None and order.index(setup) > first:
        order.remove(setup)
        order.insert(first, setup)
    return order


def _is_setup(slot: _Slot) -> bool:
    return _any(slot).type == "setup"


def _only_ours(slot: _Slot) -> bool:
    return slot.base is None and slot.theirs is None


def _comments_of_removed(slots: Sequence[_Slot]) -> dict[int, str]:
    """Comments that one side wrote above a cell that the other removed: they go to the next cell that stays."""
    carried: dict[int, str] = {}
    waiting = ""
    for slot in slots:
        if slot.base is None:
            continue
        if not slot.is_gone:
            if waiting:
                carried[id(slot)] = waiting
            waiting = ""
            continue
        was = split_lines(slot.gaps[0])
        left = [gap for gap, cell in zip(slot.gaps[1:], (slot.ours, slot.theirs), strict=True) if cell is not None]
        waiting += "".join(line for gap in left for line in split_lines(gap) if not is_blank(line) and line not in was)
    return carried


# -- one text


def _merge_slot(notebook: Notebook, slot: _Slot, labels: Labels) -> MergedCell:
    if slot.ours is not None and slot.theirs is not None:
        return merge_cells(notebook, slot.base, slot.ours, slot.theirs, labels)
    left = _any(slot)
    if slot.base is None:
        return MergedCell(left.text, left.code)
    return merge_missing(notebook, left, labels, is_ours=slot.ours is not None)


def _join(notebook: Notebook, header: str, cells: Sequence[tuple[str, str]], footer: str) -> str:
    """Every part begins on a line of its own."""
    text = header
    for part in [part for cell in cells for part in cell] + [footer]:
        if part and text and not text.endswith(("\n", "\r")):
            text += notebook.newline
        text += part
    return text


def _keep_importable(text: str, ours: Notebook, theirs: Notebook) -> tuple[str, tuple[str, ...]]:
    """Definitions that miss a name now, because one side took it away and the other came to need it, become cells."""
    notebook = parse_notebook(text)
    known = {(cell.name, missing) for side in (ours, theirs) for cell, missing in broken_definitions(side)}
    reports: list[str] = []
    for cell, missing in broken_definitions(notebook):
        if (cell.name, missing) not in known:
            made = text_of_cell(notebook, replace(cell, type="cell", name="_"), cell.code, reuse=False)
            notebook = notebook.with_cell(made)
            reports.append(
                f"`{cell.name}` cannot be imported any more, because `{missing}` is not there when Python defines it; "
                "it is an ordinary cell now"
            )
    return (write_notebook(notebook) if reports else text), tuple(reports)


def _reads_as(text: str, cells: Sequence[MergedCell]) -> bool:
    """True when the text opens as these cells, those with markers each as one cell."""
    read = parse_notebook(text)
    if read.foreign or len(read.cells) != len(cells):
        return False
    return all(cell.code is None or cell.code == found.code for cell, found in zip(cells, read.cells, strict=True))
