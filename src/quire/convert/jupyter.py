"""Jupyter notebooks, `.ipynb` of versions 3 and 4: JSON ↔ cells. Tolerant of what tools leave out or get wrong. Pure."""

import base64
import binascii
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from types import MappingProxyType
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from quire.convert.flat import flatten
from quire.convert.model import Converted, Draft, DraftCell, Kind, Note
from quire.convert.nbdev import is_nbdev, read_nbdev
from quire.errors import ConversionRefused
from quire.ids import CellId
from quire.notebook.model import Source

_PYTHON = re.compile(r"(?:i?python|pypy|sage|xpython|pyodide|conda|base|venv).*", re.IGNORECASE)
_HIDDEN = frozenset(
    {"hide-input", "hide_input", "remove-input", "remove_input", "hide-cell", "hide_cell", "remove_cell", "remove-cell"}
)
_ATTACHED = re.compile(r"attachment:([^\s)\"'>]+)")

NO_OUTPUTS: Mapping[CellId, Sequence[Mapping[str, object]]] = MappingProxyType({})

Lines = str | list[str] | None


class _Cell(msgspec.Struct):
    cell_type: str = "code"
    source: Lines = None
    input: Lines = None  # version 3
    level: int = 1  # headings of version 3
    language: str = ""  # version 3
    metadata: dict[str, Any] | None = None
    attachments: dict[str, Any] | None = None


class _Worksheet(msgspec.Struct):
    cells: list[msgspec.Raw] = []


class _File(msgspec.Struct):
    cells: list[msgspec.Raw] | None = None
    worksheets: list[_Worksheet] | None = None  # version 3
    metadata: dict[str, Any] | None = None


def is_jupyter(text: str) -> bool:
    """True for JSON that has cells."""
    start = text.lstrip("\ufeff \t\r\n")[:1]
    return start == "{" and ('"cells"' in text or '"worksheets"' in text)


def read_jupyter(text: str, stem: str) -> Draft:
    """The cells of an `.ipynb`; what is attached to them becomes files in the folder `<stem>_files`.

    Raises:
        ConversionRefused: this is no Jupyter notebook, or its cells are not Python.
    """
    try:
        file = msgspec.json.decode(text.removeprefix("\ufeff"), type=_File)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ConversionRefused(f"this is not a Jupyter notebook: {error}") from None
    metadata = file.metadata or {}
    raws = file.cells if file.cells is not None else [raw for sheet in file.worksheets or [] for raw in sheet.cells]
    if file.cells is None and file.worksheets is None:
        raise ConversionRefused("this is JSON, but not a Jupyter notebook: it has no cells")
    _check_language(metadata)
    notes = _notes_on(metadata)
    cells: list[DraftCell] = []
    files: dict[str, bytes] = {}
    header = ""
    for number, raw in enumerate(raws, 1):
        try:
            cell = msgspec.json.decode(raw, type=_Cell)
        except msgspec.DecodeError as error:
            notes.append(Note(f"this cell is damaged and left out: {error}", number))
            continue
        source = _joined(cell.source if cell.source is not None else cell.input)
        if cell.language and not _PYTHON.fullmatch(cell.language):
            raise ConversionRefused(f"the cells of this notebook are {cell.language}; only Python can be converted")
        if cell.cell_type == "code" and not header and source.lstrip().startswith("# /// script"):
            header = source.strip("\n")
            continue
        source = _with_files(source, cell, stem, number, files, notes)
        cells.append(_draft(cell, source, number, notes))
    options = _app_options(metadata)
    draft = Draft(tuple(cells), header, options, notes=tuple(notes), files=files)
    return read_nbdev(draft) if is_nbdev(draft) else draft


def _joined(source: Lines) -> str:
    text = "".join(source) if isinstance(source, list) else source or ""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_language(metadata: Mapping[str, Any]) -> None:
    kernel, info = _mapping(metadata.get("kernelspec")), _mapping(metadata.get("language_info"))
    language = info.get("name") or kernel.get("language") or metadata.get("language") or ""
    if not language and kernel.get("name") in {"ir", "julia", "bash", "scala", "javascript", "deno"}:
        language = kernel["name"]
    if language and not _PYTHON.fullmatch(str(language)):
        raise ConversionRefused(f"the cells of this notebook are {language}; only Python can be converted")


def _notes_on(metadata: Mapping[str, Any]) -> list[Note]:
    notes: list[Note] = []
    if str(_mapping(metadata.get("language_info")).get("version", "3")).startswith("2"):
        notes.append(
            Note("this notebook was written for Python 2; cells that Python 3 cannot read are kept as they are")
        )
    if metadata.get("widgets"):
        notes.append(Note("the state of its widgets is not taken over"))
    return notes


def _app_options(metadata: Mapping[str, Any]) -> dict[str, object]:
    ours = _mapping(_mapping(metadata.get("quire")).get("app"))
    title = metadata.get("title")
    return {**({"app_title": title} if isinstance(title, str) and title else {}), **ours}


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}  # pyright: ignore[reportUnknownVariableType] - JSON


def _draft(cell: _Cell, source: str, number: int, notes: list[Note]) -> DraftCell:
    metadata = cell.metadata or {}
    found = metadata.get("tags")
    tags = {str(tag) for tag in found} if isinstance(found, list) else set[str]()  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - JSON
    options: dict[str, object] = {}
    hidden = _mapping(metadata.get("jupyter")).get("source_hidden") is True or metadata.get("hide_input") is True
    if tags & _HIDDEN or hidden:
        options["hide_code"] = True
    if tags & {"parameters", "injected-parameters"}:
        notes.append(Note("its tag `parameters` has no meaning here: a script gets values from `sys.argv`", number))
    ours = _mapping(metadata.get("quire")) or _mapping(metadata.get("marimo"))
    options |= _mapping(ours.get("options")) or _mapping(ours.get("config"))
    name = ours.get("name") or metadata.get("name")
    if cell.cell_type == "heading":
        return DraftCell("markdown", f"{'#' * max(1, min(cell.level, 6))} {source}", number)
    kinds: dict[str, Kind] = {"code": "code", "markdown": "markdown", "raw": "raw"}
    kind = kinds.get(cell.cell_type)
    if kind is None:
        notes.append(Note(f"cells of the type `{cell.cell_type}` are unknown; it stands as a comment", number))
    return DraftCell(kind or "raw", source, number, name if isinstance(name, str) else "_", options)


def _with_files(source: str, cell: _Cell, stem: str, number: int, files: dict[str, bytes], notes: list[Note]) -> str:
    """The source with `attachment:…` leading to files, which are put among `files`."""
    if not cell.attachments or cell.cell_type != "markdown":
        return source
    paths: dict[str, str] = {}
    for name, bundle in cell.attachments.items():
        data = next(iter(_mapping(bundle).values()), "")
        try:
            content = base64.b64decode("".join(data) if isinstance(data, list) else str(data), validate=False)  # pyright: ignore[reportUnknownArgumentType] - JSON
        except (binascii.Error, ValueError, TypeError):
            content = b""
        if not content:
            notes.append(Note(f"its attachment `{name}` is damaged and left out", number))
            continue
        plain = PurePosixPath(name.replace("\\", "/")).name
        path = f"{stem}_files/{plain if plain.strip('.') else 'attachment'}"
        if files.get(path, content) != content:
            path = f"{stem}_files/{number}-{PurePosixPath(path).name}"
        files[path] = content
        paths[name] = quote(path)
    return _ATTACHED.sub(lambda found: paths.get(unquote(found[1]), found[0]), source)


# -- writing


def write_jupyter(text: str, outputs: Mapping[CellId, Sequence[Mapping[str, object]]] = NO_OUTPUTS) -> Converted:
    """A Quire notebook as `.ipynb` 4.5; the same text gives the same bytes. `outputs` are those of the cells that ran, in
    the form of the format and in the order in which they ran.
    """
    flat = flatten(text)
    counts = {cell: number for number, cell in enumerate(outputs, 1)}
    notes = list(flat.notes)
    cells: list[dict[str, object]] = []
    if flat.header:
        cells.append(_json_cell("code", flat.header, "head", {}))
    for cell in flat.cells:
        ours: dict[str, object] = {}
        if cell.name != "_":
            ours["name"] = cell.name
        options = {key: value for key, value in cell.options.items() if not isinstance(value, Source)}
        if cell.kind == "markdown" and options == {"hide_code": True}:
            options = {}
        if options:
            ours["options"] = options
        metadata: dict[str, object] = {"quire": ours} if ours else {}
        if options.get("hide_code") is True:
            metadata["tags"] = ["hide-input"]
        kind = cell.kind if cell.runs else "raw"
        made = _json_cell(kind, cell.source, cell.id, metadata)
        if kind == "code" and cell.id in outputs:
            made |= {"execution_count": counts[cell.id], "outputs": [*outputs[cell.id]]}
        cells.append(made)
        if not cell.runs:
            notes.append(
                Note(f"a cell that does not run is kept as raw text: `{cell.source.strip().partition(chr(10))[0]}`")
            )
    options = {key: value for key, value in flat.notebook.options.items() if not isinstance(value, Source)}
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        **({"quire": {"app": options}} if options else {}),
        **({"title": flat.notebook.title} if flat.notebook.title else {}),
    }
    file = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    written = json.dumps(file, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    return Converted(written.encode(errors="replace").decode(), tuple(notes))


def _json_cell(kind: str, source: str, cell: str, metadata: dict[str, object]) -> dict[str, object]:
    made: dict[str, object] = {
        "cell_type": kind,
        "id": re.sub(r"[^A-Za-z0-9_-]", "-", cell)[:64],
        "metadata": metadata,
        "source": source.splitlines(keepends=True)
        if not re.search(r"[\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", source)
        else [source],
    }
    return {**made, "execution_count": None, "outputs": []} if kind == "code" else made
