"""`Draft` → the text of a Quire notebook. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from quire.convert.display import replace_display
from quire.convert.ipython import translate
from quire.convert.keep import Block, keep_meaning
from quire.convert.model import Converted, Draft, DraftCell, Note
from quire.convert.reads import code_names
from quire.convert.stars import replace_stars
from quire.ids import CellId
from quire.notebook import Cell, Notebook, new_notebook, parse_notebook, write_notebook
from quire.notebook.calls import edit_app_options
from quire.notebook.cells import normal_code, text_of_cell

_RESERVED = frozenset({"app", "quire", "setup", "_"})
_HISTORY = re.compile(r"_+|_i*\d*|_i+|Out|In|_o?h")


def assemble(draft: Draft) -> Converted:
    """A notebook whose cells ran from top to bottom in one namespace, as one that runs by its names."""
    notes = list(draft.notes)
    cells = [cell for cell in draft.cells if cell.source.strip()]
    numbers = [cell.number for cell in cells if cell.kind == "code"]
    codes = [normal_code(cell.source) for cell in cells if cell.kind == "code"]
    requirements: list[str] = []
    if not draft.reactive:
        codes, requirements, said = _translate(codes, numbers)
        notes += said
    alias = _alias([draft.setup, *codes])
    blocks = [
        Block(code, (number,), place)
        for place, (code, number) in enumerate(zip(codes, numbers, strict=True))
        if code.strip()
    ]
    if any(cell.kind == "markdown" for cell in cells) and not (
        draft.reactive and _imports([draft.setup, *codes], alias)
    ):
        blocks.insert(0, Block("import quire" if alias == "quire" else f"import quire as {alias}", (0,), _IMPORT))
    if draft.setup:
        blocks.insert(0, Block(draft.setup, (0,), _SETUP))
    if not draft.reactive:
        blocks, said = keep_meaning(blocks)
        notes += said
    notebook = write_cells(head(draft, requirements), draft.options, _placed(cells, blocks, alias))
    return Converted(write_notebook(notebook), _sorted(notes), draft.files)


_SETUP, _IMPORT = -2, -1
"""Places of the cells that no source has."""


def _placed(cells: Sequence[DraftCell], blocks: Sequence[Block], alias: str) -> list[DraftCell]:
    """What is left of the code where it stood, between prose and comments. A block made of several stands last."""
    at: dict[int, list[str]] = {}
    for block in blocks:
        at.setdefault(block.place, []).append(block.code)
    placed = [DraftCell("code", code, 0, "setup") for code in at.get(_SETUP, ())]
    placed += [DraftCell("code", code, 0) for code in at.get(_IMPORT, ())]
    place = 0
    for cell in cells:
        if cell.kind == "code":
            placed += (replace(cell, source=code) for code in at.get(place, ()))
            place += 1
        else:
            text = write_markdown(cell.source, alias) if cell.kind == "markdown" else as_comment(cell.source)
            options = {"hide_code": True, **cell.options} if cell.kind == "markdown" else cell.options
            placed.append(replace(cell, source=text, options=options))
    return placed


def _sorted(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(dict.fromkeys(notes), key=lambda note: note.cell))


def _translate(codes: Sequence[str], numbers: Sequence[int]) -> tuple[list[str], list[str], list[Note]]:
    """The cells in plain Python, what they install, and what became of them."""
    written: list[str] = []
    requirements: list[str] = []
    notes: list[Note] = []
    for code, number in zip(codes, numbers, strict=True):
        done = translate(code)
        written.append(normal_code(done.code))
        requirements += done.requirements
        notes += [Note(text, number) for text in done.notes]
        if code_names(written[-1]) is None:
            notes.append(Note("Python cannot read this cell; it is kept as it is and cannot run", number))
    for rewrite in (replace_display, replace_stars):
        rewritten = rewrite(written)
        written = [code for code, _ in rewritten]
        notes += [Note(text, number) for (_, text), number in zip(rewritten, numbers, strict=True) if text]
    return written, requirements, [*notes, *_history_notes(written, numbers)]


def _history_notes(codes: Sequence[str], numbers: Sequence[int]) -> list[Note]:
    """Names that only IPython gives."""
    notes: list[Note] = []
    cells = [code_names(code) for code in codes]
    bound = frozenset[str]().union(*(cell.binds for cell in cells if cell is not None))
    for cell, number in zip(cells, numbers, strict=True):
        for name in sorted(cell.names.refs - bound if cell is not None else ()):
            if name == "get_ipython":
                notes.append(Note("`get_ipython()` is IPython's own; this cell fails outside Jupyter", number))
            elif _HISTORY.fullmatch(name):
                notes.append(Note(f"`{name}` is IPython's memory of earlier cells; give that value a name", number))
    return notes


def _imports(codes: Sequence[str], alias: str) -> bool:
    return any((cell := code_names(code)) is not None and alias in cell.binds for code in codes)


def _alias(codes: Sequence[str]) -> str:
    """What the notebook calls Quire: `qr`, unless that is something else already or it has a name of its own for it."""
    for code in codes:
        cell = code_names(code)
        for name in ("qr", "mo"):
            if cell is not None and cell.imports.get(name) == ("import", "quire", "quire"):
                return name
        if cell is not None and "qr" in cell.binds and cell.imports.get("qr") != ("import", "quire", "quire"):
            return "quire"
    return "qr"


# -- text


def write_markdown(text: str, alias: str) -> str:
    """The cell that shows markdown."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    raw = '"""' not in text and not text.endswith("\\") and "\0" not in text
    escaped = text if raw else text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"').replace("\0", "\\x00")
    body = "\n".join(f"    {line}" if line.strip() else "" for line in escaped.split("\n"))
    return f'{alias}.md({"r" if raw else ""}"""\n{body}\n""")'.replace('\n""")', '\n    """)')


def as_comment(text: str) -> str:
    return "\n".join(f"# {line}".rstrip() for line in text.strip("\n").split("\n"))


def head(draft: Draft, requirements: Iterable[str]) -> str:
    """What stands above `import quire`: the source's own head, and a PEP 723 block of what it installed."""
    wanted = list(dict.fromkeys((*draft.requirements, *requirements)))
    header = draft.header.strip("\n")
    if wanted and "# /// script" not in header:
        lines = ["# /// script", "# dependencies = [", *(f'#     "{name}",' for name in wanted), "# ]", "# ///"]
        header = "\n".join(lines) + (f"\n\n{header}" if header else "")
    return header


def write_cells(header: str, options: Mapping[str, object], cells: Sequence[DraftCell]) -> Notebook:
    """A new notebook of these cells, each code as it is."""
    notebook = new_notebook()
    if header:
        notebook = parse_notebook(f"{header}\n\n{write_notebook(notebook)}")
    if options:
        notebook = edit_app_options(notebook, options)
    names: set[str] = set()
    made: list[Cell] = []
    gaps: list[str] = []
    for place, cell in enumerate(cells):
        name = cell.name if cell.name.isidentifier() and cell.name not in names | _RESERVED else "_"
        kind = "setup" if cell.name == "setup" and not made else "cell"
        blank = Cell(
            CellId("setup" if kind == "setup" else f"c{place}"),
            kind,
            "",
            "",
            "setup" if kind == "setup" else name,
            cell.options,
        )
        written = text_of_cell(notebook, blank, normal_code(cell.source))
        names.add(written.name)
        made.append(written)
        gaps.append("\n\n")
        notebook = replace(notebook, cells=tuple(made), gaps=tuple(gaps))
    return notebook
