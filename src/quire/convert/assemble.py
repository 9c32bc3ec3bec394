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
    codes, requirements, said = _translate([cell for cell in cells if cell.kind == "code"])
    notes += said
    for rewrite in (replace_display, replace_stars):
        rewritten = rewrite(codes)
        codes = [code for code, _ in rewritten]
        notes += [Note(text, number) for (_, text), number in zip(rewritten, numbers, strict=True) if text]
    notes += _history_notes(codes, numbers)
    alias = _alias(codes)
    blocks = [Block(code, (number,)) for code, number in zip(codes, numbers, strict=True) if code.strip()]
    if any(cell.kind == "markdown" for cell in cells):
        blocks.insert(0, Block("import quire" if alias == "quire" else f"import quire as {alias}", (0,)))
    kept, said = keep_meaning(blocks)
    notes += said
    at: dict[int, list[str]] = {}
    for block in kept:
        at.setdefault(block.numbers[-1], []).append(block.code)
    written = [DraftCell("code", code, 0) for code in at.get(0, ())]
    for cell in cells:
        if cell.kind == "code":
            written += (replace(cell, source=code) for code in at.get(cell.number, ()))
        else:
            text = write_markdown(cell.source, alias) if cell.kind == "markdown" else as_comment(cell.source)
            options = {"hide_code": True, **cell.options} if cell.kind == "markdown" else cell.options
            written.append(replace(cell, source=text, options=options))
    notebook = write_cells(head(draft, requirements), draft.options, written)
    return Converted(write_notebook(notebook), _sorted(notes), draft.files)


def _sorted(notes: Iterable[Note]) -> tuple[Note, ...]:
    return tuple(sorted(dict.fromkeys(notes), key=lambda note: note.cell))


def _translate(cells: Sequence[DraftCell]) -> tuple[list[str], list[str], list[Note]]:
    codes: list[str] = []
    requirements: list[str] = []
    notes: list[Note] = []
    for cell in cells:
        done = translate(normal_code(cell.source))
        codes.append(normal_code(done.code))
        requirements += done.requirements
        notes += [Note(text, cell.number) for text in done.notes]
        if code_names(codes[-1]) is None:
            notes.append(Note("Python cannot read this cell; it is kept as it is and cannot run", cell.number))
    return codes, requirements, notes


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


def _alias(codes: Sequence[str]) -> str:
    """What the notebook calls Quire: `qr`, unless that is something else already."""
    for code in codes:
        cell = code_names(code)
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
