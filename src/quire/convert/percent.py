"""Scripts whose cells begin at `# %%`, as Spyder, VS Code, PyCharm and Jupytext know them. Pure."""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import replace

from quire.convert.flat import FlatCell, flatten
from quire.convert.model import Converted, Draft, DraftCell, Kind, Note
from quire.notebook.lines import lines_in_strings

_MARKER = re.compile(r"#\s*%%+(?P<rest>(?:[ \t{\[].*)?)")
_KIND = re.compile(r"\[(?P<kind>markdown|md|raw|code)\]")
_OPTION = re.compile(r'(?P<key>[\w.-]+)\s*=\s*(?P<value>\[[^\]]*\]|\{[^}]*\}|"[^"]*"|\'[^\']*\'|[^\s,]+)')
_BLOCK = re.compile(r"\A(?:#[ ]---\n(?:#.*\n)*?#[ ]---\n)", re.MULTILINE)
_KINDS: Mapping[str, Kind] = {"markdown": "markdown", "md": "markdown", "raw": "raw"}
HIDDEN = frozenset({"hide-input", "hide_input", "remove-input", "remove_input", "hide-cell", "remove-cell"})


def is_percent(text: str) -> bool:
    return re.search(r"^#\s*%%", text, re.MULTILINE) is not None


def read_percent(text: str, _: str) -> Draft:
    """The cells of a script with markers; what stands above the first is a cell too, unless it is the file's head."""
    header, body = split_header(text)
    lines = body.split("\n")
    inside = _strings(body)
    starts = [n for n, line in enumerate(lines) if n not in inside and _MARKER.fullmatch(line.rstrip())]
    cells: list[DraftCell] = []
    notes: list[Note] = []
    bounds = [*starts, len(lines)]
    first = "\n".join(lines[: bounds[0]]).strip("\n")
    if first.strip():
        cells.append(DraftCell("code", first, 1))
    for start, end in zip(starts, bounds[1:], strict=True):
        number = len(cells) + 1
        source = "\n".join(lines[start + 1 : end]).strip("\n")
        cells.append(_cell(lines[start], source, number, notes))
    return wake_magics(Draft(tuple(cells), header, notes=tuple(notes)), text)


def _cell(marker: str, source: str, number: int, notes: list[Note]) -> DraftCell:
    found = _MARKER.fullmatch(marker.rstrip())
    rest = found["rest"].strip() if found else ""
    match = _KIND.search(rest)
    kind: Kind = _KINDS.get(match["kind"], "code") if match else "code"
    rest = rest.replace(match[0], " ") if match else rest
    title = rest[: option.start()].strip() if (option := _OPTION.search(rest)) else rest.partition("{")[0].strip()
    options, name = read_options(rest, number, notes)
    if kind == "markdown":
        return DraftCell(kind, join_title(title, uncomment(source)), number, name, options)
    if kind == "raw":
        return DraftCell(kind, uncomment(source), number, name, options)
    return DraftCell("code", f"# {title}\n{source}" if title else source, number, name, options)


def join_title(title: str, text: str) -> str:
    return f"## {title}\n\n{text}" if title else text


def read_options(text: str, number: int, notes: list[Note]) -> tuple[dict[str, object], str]:
    """Options and name from `tags=["a"] name="b"` or `{"tags": ["a"]}`."""
    values: dict[str, object] = {}
    if text.strip().startswith("{"):
        try:
            loaded = json.loads(text[text.index("{") :])
            values = loaded if isinstance(loaded, dict) else {}  # pyright: ignore[reportUnknownVariableType] - JSON
        except ValueError:
            values = {}
    for option in _OPTION.finditer(text):
        try:
            values[option["key"]] = ast.literal_eval(option["value"])
        except (ValueError, SyntaxError):
            values[option["key"]] = {"true": True, "false": False}.get(option["value"].lower(), option["value"])
    tags = values.get("tags")
    said = {str(tag) for tag in tags} if isinstance(tags, list) else set[str]()  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - JSON
    options: dict[str, object] = {}
    if said & HIDDEN or values.get("hide_code") is True or values.get("hide_input") is True:
        options["hide_code"] = True
    if values.get("disabled") is True:
        options["disabled"] = True
    if "parameters" in said:
        notes.append(Note("its tag `parameters` has no meaning here: a script gets values from `sys.argv`", number))
    name = values.get("name")
    return options, name if isinstance(name, str) else "_"


def uncomment(source: str) -> str:
    """Prose that stands in comments, or in a string of its own."""
    try:
        match ast.parse(source).body:
            case [ast.Expr(value=ast.Constant(value=str(text)))]:
                return text.strip("\n")
            case _:
                pass
    except (SyntaxError, ValueError):
        pass
    return "\n".join(re.sub(r"^# ?", "", line) for line in source.split("\n"))


def split_header(text: str) -> tuple[str, str]:
    """(head, rest): a `#!` line, coding, a PEP 723 block and a docstring stay at the top; Jupytext's own block goes."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    head: list[str] = []
    if found := re.match(r"(?:#!.*\n|#.*coding[:=].*\n)+", text):
        head.append(found[0].strip("\n"))
        text = text[found.end() :]
    while True:
        text = text.lstrip("\n")
        if found := _BLOCK.match(text):
            text = text[found.end() :]
        elif found := re.match(r"# /// script\n(?:#.*\n)*?# ///[ \t]*(?:\n|\Z)", text):
            head.append(found[0].strip("\n"))
            text = text[found.end() :]
        else:
            return "\n\n".join(head), text


def wake_magics(draft: Draft, text: str) -> Draft:
    """Jupytext puts IPython's lines into comments; in files that bear its name they are what they were."""
    if not re.search(r"^#\s+jupytext:", text, re.MULTILINE):
        return draft
    cells = [replace(cell, source=_awake(cell.source)) if cell.kind == "code" else cell for cell in draft.cells]
    return replace(draft, cells=tuple(cells))


def _awake(source: str) -> str:
    lines = source.split("\n")
    whole = re.match(r"# ?%%\w", lines[0]) is not None and all(line.startswith("#") for line in lines)
    inside = _strings(source)
    return "\n".join(
        re.sub(r"^# ?", "", line) if whole or (number not in inside and _ASLEEP.match(line)) else line
        for number, line in enumerate(lines)
    )


_ASLEEP = re.compile(r"# ?(?:%%?[A-Za-z]|!{1,2}[\w./~-])")


def _strings(text: str) -> frozenset[int]:
    try:
        return lines_in_strings(text)
    except SyntaxError:
        return frozenset()


# -- writing


def write_percent(text: str) -> Converted:
    """A Quire notebook as a script with `# %%` markers, in the order in which the cells run."""
    flat = flatten(text)
    parts = [flat.header] if flat.header else []
    notes = list(flat.notes)
    for cell in flat.cells:
        parts.append(f"{_marker(cell)}\n{_body(cell)}".rstrip("\n"))
        if not cell.runs:
            notes.append(Note("a cell that does not run is kept as raw text"))
    return Converted("\n\n".join(parts) + "\n", tuple(notes))


def _marker(cell: FlatCell) -> str:
    words = ["# %%"]
    if cell.kind == "markdown":
        words.append("[markdown]")
    elif not cell.runs:
        words.append("[raw]")
    if cell.name != "_":
        words.append(f'name="{cell.name}"')
    if cell.kind == "code" and cell.options.get("hide_code") is True:
        words.append('tags=["hide-input"]')
    return " ".join(words)


def _body(cell: FlatCell) -> str:
    if cell.kind == "markdown" or not cell.runs:
        return "\n".join(f"# {line}".rstrip() for line in cell.source.split("\n"))
    return cell.source
