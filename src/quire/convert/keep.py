"""Keeps the meaning of a notebook that ran from top to bottom: every reader gets the value it had there. Pure.

1. An import that says what the current binding says already goes.
2. Names that several cells bind get versions, one for each binding (`df`, `df_1`, …); names that no other cell reads stay.
3. A function that has to wait for a cell below it leaves its own cell, so that nothing else waits with it; so does one that
   calls such a function.
4. Where versions cannot tell cells apart (a function that is called before and after a name it reads is bound anew), the
   cells between become one: contiguous, so that nothing is printed in another order.
5. What the graph still objects to becomes one cell too.
"""

import ast
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from quire.convert.model import Note
from quire.convert.reads import CodeNames, code_names, leaves_reader
from quire.convert.rebind import rebind
from quire.convert.versions import Clash, Index, Split, Versions, find_versions
from quire.dataflow import Source, build_graph
from quire.dataflow.problems import Cycle, DefinedTwice
from quire.ids import CellId

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Block:
    """A cell of code on its way: `numbers` are the cells of the source that it is made of."""

    code: str
    numbers: tuple[int, ...]
    place: int = 0
    """Where it stands; means nothing here."""
    is_joined: bool = False
    """Several had to become this one. It is never divided: its parts would be joined and divided again for ever."""


def keep_meaning(blocks: Sequence[Block]) -> tuple[list[Block], list[Note]]:
    """The cells as a reactive notebook needs them, and what had to be changed."""
    current, notes = _drop_repeated_imports(list(blocks))
    joined: list[Note] = []
    while True:
        found = _version(current)
        if isinstance(found, Split):
            divided = current if current[found.place].is_joined else _split(current, found)
            if len(divided) > len(current):
                current = divided
                continue
            found = Clash(found.name, found.place, found.waits_for)  # or statements share a line
        clash = found if isinstance(found, Clash) else _objection(found[0])
        if clash is None:
            assert not isinstance(found, Clash)
            late = _late(found[0])
            if late is not None and len(divided := _split(found[0], late)) > len(found[0]):
                current = divided
                notes += found[1]
                continue
            return found[0], [*notes, *joined, *found[1], *_other_notes(found[0])]
        merged = _merge(current, clash)
        if merged is None:
            assert not isinstance(found, Clash)
            return found[0], [*notes, *joined, *found[1]]
        current, told = merged
        joined = [note for note in joined if note.cell not in {other.cell for other in told}] + told


# -- versions


def _version(blocks: list[Block]) -> tuple[list[Block], list[Note]] | Clash | Split:
    cells = [code_names(block.code) for block in blocks]
    index = Index(cells)
    taken = {word for block in blocks for word in _WORD.findall(block.code)}
    found: list[Versions] = []
    for name in index.contested():
        versions = find_versions(index, name, taken)
        if isinstance(versions, Split):
            return versions
        if isinstance(versions, Clash):
            if _mergeable(blocks, versions):
                return versions
            continue
        if versions is not None:
            taken.update(versions.named)
            found.append(versions)
    changed = list(cells)
    for versions in found:
        for place, change in sorted(versions.changes.items()):
            cell = changed[place]
            assert cell is not None
            try:
                changed[place] = code_names(rebind(cell, change))
            except (SyntaxError, ValueError):
                clash = Clash(versions.name, min(versions.definers[0], place), max(versions.definers[-1], place))
                if _mergeable(blocks, clash):
                    return clash
    after = [
        replace(block, code=cell.code) if cell is not None else block
        for block, cell in zip(blocks, changed, strict=True)
    ]
    return after, [_version_note(versions, blocks) for versions in found]


def _version_note(versions: Versions, blocks: list[Block]) -> Note:
    given = [
        f"`{name}` in cell {_numbers(blocks[place])}"
        for place, name in zip(versions.definers, versions.named[1:], strict=True)
        if name != versions.name
    ]
    return Note(f"`{versions.name}` is called {_listed(given)}, and wherever that value is read")


def _numbers(block: Block) -> str:
    return str(block.numbers[0]) if len(block.numbers) == 1 else f"{block.numbers[0]}–{block.numbers[-1]}"


def _listed(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


# -- cells that become one


def _mergeable(blocks: list[Block], clash: Clash) -> bool:
    return sum(code_names(block.code) is not None for block in blocks[clash.first : clash.last + 1]) > 1


def _merge(blocks: list[Block], clash: Clash) -> tuple[list[Block], list[Note]] | None:
    """The cells from the first to the last as one, in the place of the last; those that Python cannot read stay.

    Nothing is told of parts of one cell that are together again.
    """
    if not _mergeable(blocks, clash):
        return None
    inside = blocks[clash.first : clash.last + 1]
    whole = [block for block in inside if code_names(block.code) is not None]
    broken = [block for block in inside if code_names(block.code) is None]
    numbers = tuple(dict.fromkeys(number for block in whole for number in block.numbers))
    one = Block("\n\n".join(block.code for block in whole), numbers, whole[-1].place, is_joined=True)
    note = Note(
        f"cells {', '.join(map(str, numbers))} are one cell now: `{clash.name}` changes between them, and what they "
        "define is used before and after; a function that takes it as a parameter could stand apart",
        numbers[-1],
    )
    told = [note] if len(numbers) > 1 else []
    return [*blocks[: clash.first], *broken, one, *blocks[clash.last + 1 :]], told


def _objection(blocks: list[Block]) -> Clash | None:
    """The first cells that the graph would not run, if any."""
    ids = [CellId(str(place)) for place in range(len(blocks))]
    graph = build_graph({cell: Source(block.code) for cell, block in zip(ids, blocks, strict=True)})
    for cells in graph.problems.values():
        for problem in cells:
            if isinstance(problem, DefinedTwice | Cycle):
                places = [int(cell) for cell in problem.cells]
                return Clash(problem.name, min(places), max(places))
    return None


def _split(blocks: list[Block], split: Split) -> list[Block]:
    """The statements that leave such functions behind as cells of their own, with the comments above them."""
    block = blocks[split.place]
    cell = code_names(block.code)
    assert cell is not None
    lines = block.code.split("\n")
    cuts = {0, len(lines)}
    for statement, following in zip(cell.tree.body, [*cell.tree.body[1:], None], strict=True):
        if leaves_reader(statement, split.name):
            cuts |= {_first_line(statement, lines), _first_line(following, lines) if following else len(lines)}
    ordered = sorted(cuts)
    parts = ["\n".join(lines[start:end]).strip("\n") for start, end in pairwise(ordered)]
    return [*blocks[: split.place], *(replace(block, code=part) for part in parts if part), *blocks[split.place + 1 :]]


def _late(blocks: list[Block]) -> Split | None:
    """The first cell that holds, beside other things, a function which waits for a cell below by way of another function."""
    index = Index([code_names(block.code) for block in blocks])
    waits: dict[str, int] = {}
    for place, cell in enumerate(index.cells):
        for bearer in cell.bearers if cell is not None else ():
            for name in bearer.reads:
                definers = index.definers.get(name, [])
                until = waits.get(name, definers[0] if definers else 0)
                if until <= place:
                    continue
                if name in waits and cell is not None and len(cell.tree.body) > 1 and not blocks[place].is_joined:
                    return Split(name, place, until)
                waits.update(dict.fromkeys(bearer.names, until))
    return None


def _first_line(statement: ast.stmt, lines: list[str]) -> int:
    """Index of the statement's first line, decorators and comments right above it included."""
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    first = min([statement.lineno, *(decorator.lineno for decorator in decorators)]) - 1
    while first and lines[first - 1].startswith("#"):
        first -= 1
    return first


# -- imports


def _drop_repeated_imports(blocks: list[Block]) -> tuple[list[Block], list[Note]]:
    """`import numpy as np` in every second cell means the same each time."""
    current: dict[str, tuple[str, ...]] = {}
    after: list[Block] = []
    notes: list[Note] = []
    read = {
        name for block in blocks if (cell := code_names(block.code)) is not None for name in cell.reads | (cell.written)
    }
    for block in blocks:
        cell = code_names(block.code)
        if cell is None:
            after.append(block)
            continue
        repeated = {
            name
            for name, said in cell.imports.items()
            if current.get(name) == said and name in read and name not in cell.names.early
        }
        if repeated:
            block = replace(block, code=_without_imports(cell, repeated))  # noqa: PLW2901
            names = ", ".join(f"`{name}`" for name in sorted(repeated))
            notes.append(Note(f"the import of {names} goes: a cell above has it", block.numbers[0]))
        for name in cell.binds | cell.written:
            current.pop(name, None)
        current.update({name: said for name, said in cell.imports.items() if name not in cell.written})
        after.append(block)
    return [block for block in after if block.code.strip()], notes


def _without_imports(cell: CodeNames, names: Iterable[str]) -> str:
    gone = set(names)
    lines = cell.code.split("\n")
    for statement in reversed(cell.tree.body):
        if not isinstance(statement, ast.Import | ast.ImportFrom):
            continue
        left = [a for a in statement.names if (a.asname or a.name.partition(".")[0]) not in gone]
        if len(left) == len(statement.names):
            continue
        first, last = statement.lineno - 1, (statement.end_lineno or statement.lineno) - 1
        before = lines[first].encode()[: statement.col_offset].decode()
        behind = lines[last].encode()[statement.end_col_offset or 0 :].decode()
        statement.names[:] = left
        kept = ast.unparse(statement) if left else ""
        if not kept and not before.strip():
            behind = behind.lstrip(" \t;")
        text = before + (kept or ("pass" if before.strip() else "")) + behind
        lines[first : last + 1] = [text] if text.strip() else []
    return "\n".join(lines).strip("\n")


# -- what is only told


def _other_notes(blocks: list[Block]) -> list[Note]:
    """Changes of objects that another cell made, and names that stand below their readers."""
    notes: list[Note] = []
    index = Index([code_names(block.code) for block in blocks])
    for place, cell in enumerate(index.cells):
        if cell is None:
            continue
        for name in sorted(cell.reads - cell.binds):
            definers = index.definers.get(name, [])
            if definers and definers[0] > place:
                notes.append(
                    Note(
                        f"`{name}` comes from cell {_numbers(blocks[definers[0]])} below, which now runs first",
                        blocks[place].numbers[0],
                    )
                )
            elif definers and name in _changed_in_place(cell):
                notes.append(
                    Note(
                        f"changes `{name}` of cell {_numbers(blocks[definers[-1]])} in place: a run of the whole notebook "
                        "keeps the order, but cells that read it do not run again when this one does",
                        blocks[place].numbers[0],
                    )
                )
    return notes


def _changed_in_place(cell: CodeNames) -> set[str]:
    """Names whose items or attributes the cell sets or deletes at its top level."""
    found: set[str] = set()
    for node in ast.walk(cell.tree):
        if isinstance(node, ast.Subscript | ast.Attribute) and not isinstance(node.ctx, ast.Load):
            inner: ast.expr = node
            while isinstance(inner, ast.Subscript | ast.Attribute):
                inner = inner.value
            if isinstance(inner, ast.Name):
                found.add(inner.id)
    return found
