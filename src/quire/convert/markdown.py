"""Markdown notebooks: prose with fenced code. Those of marimo and Quire mark their cells; in others every Python fence is one. Pure."""

import re
from collections.abc import Iterator, Mapping

from quire.convert.flat import header_of, read_prose
from quire.convert.marimo import import_quire
from quire.convert.model import Converted, Draft, DraftCell, Note
from quire.errors import ConversionRefused
from quire.notebook import Cell, parse_notebook
from quire.notebook.model import Source
from quire.version import __version__

_FENCE = re.compile(r"(?P<indent> {0,3})(?P<mark>`{3,}|~{3,})[ \t]*(?P<info>[^`]*)")
_ATTRIBUTE = re.compile(r'(?P<key>[\w-]+)="(?P<value>(?:[^"\\]|\\.)*)"')
_OURS = re.compile(r"\{[^}]*(?:\.|\b)(?:quire|marimo)\b[^}]*\}|^\{\.python\.(?:marimo|quire)\b")
_PYTHON = re.compile(
    r"(?:python3?|py|ipython3?|\{python[^}]*\}|\{code-cell\}.*|\{\.python[^}]*\})\b.*|\{python[^}]*\}|\{code-cell\}.*",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(r"^<!---->[ \t]*$", re.MULTILINE)
_FRONT = re.compile(r"\A---[ \t]*\n(?P<body>.*?)^---[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)
_BOOLEANS = {"true": True, "false": False}


def is_markdown(text: str) -> bool:
    """True for prose with a fence of Python in it."""
    return re.search(r"^ {0,3}(?:`{3,}|~{3,})[ \t]*\{?\.?(?:python|py|code-cell)\b", text, re.MULTILINE) is not None


def read_markdown(text: str, _: str) -> Draft:
    """The cells of a markdown file: prose between fences, and the code in them."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT.match(text)
    values = read_front_matter(front["body"]) if front else {}
    parts = list(_parts(text[front.end() :] if front else text))
    marked = any(info is not None and _OURS.search(info) for info, _ in parts)
    cells: list[DraftCell] = []
    notes: list[Note] = []
    setup = ""
    for info, source in _joined(parts, marked=marked):
        number = len(cells) + 1
        if info is None:
            cells += _prose(source, number)
            continue
        attributes = {found["key"]: found["value"].replace('\\"', '"') for found in _ATTRIBUTE.finditer(info)}
        code, said = import_quire(source) if marked else (source, [])
        notes += [Note(message, number) for message in said]
        if info.lstrip("{.").startswith("sql"):
            cells.append(DraftCell("code", _sql(code, attributes), number, attributes.get("name", "_")))
        elif attributes.get("name") == "setup":
            setup = code
        else:
            options = {
                key: _BOOLEANS.get(value, int(value) if value.isdigit() else value)
                for key, value in attributes.items()
                if key not in {"name", "unparsable"}
            }
            cells.append(DraftCell("code", code, number, attributes.get("name", "_"), options if marked else {}))
    options = {"app_title" if key == "title" else key: value for key, value in values.items() if key in _APP}
    return Draft(tuple(cells), str(values.get("header", "")), options, notes=tuple(notes), setup=setup, reactive=marked)


_APP = frozenset({"title", "width", "layout_file", "css_file", "html_head_file", "sql_output", "auto_download"})


def read_front_matter(body: str) -> dict[str, object]:
    """Scalars and blocks (`key: |-`) of a YAML front matter; what is nested otherwise is left out."""
    values: dict[str, object] = {}
    lines = body.split("\n")
    at = 0
    while at < len(lines):
        found = re.fullmatch(r"([\w-]+):[ \t]*(.*)", lines[at])
        at += 1
        if found is None:
            continue
        key, value = found[1].replace("-", "_"), found[2].strip()
        if re.fullmatch(r"[|>][-+]?", value):
            block: list[str] = []
            while at < len(lines) and (lines[at].startswith(" ") or not lines[at].strip()):
                block.append(lines[at])
                at += 1
            margin = min((len(line) - len(line.lstrip()) for line in block if line.strip()), default=0)
            values[key] = "\n".join(line[margin:] for line in block).strip("\n")
        elif value:
            plain = value[1:-1] if value[0] == value[-1] and value[0] in "\"'" and len(value) > 1 else value
            values[key] = (
                _BOOLEANS.get(plain, plain) if plain == value else plain.replace("''", "'").replace('\\"', '"')
            )
    return values


def _parts(text: str) -> Iterator[tuple[str | None, str]]:
    """(info of the fence, its content), or (None, text) for what is outside fences."""
    lines = text.split("\n")
    outside: list[str] = []
    at = 0
    while at < len(lines):
        opened = _FENCE.fullmatch(lines[at].rstrip())
        if opened is None:
            outside.append(lines[at])
            at += 1
            continue
        close = re.compile(rf" {{0,3}}{re.escape(opened['mark'][0])}{{{len(opened['mark'])},}}[ \t]*")
        end = next((number for number in range(at + 1, len(lines)) if close.fullmatch(lines[number])), len(lines))
        yield None, "\n".join(outside)
        outside = []
        margin = len(opened["indent"])
        content = [line[margin:] if line[:margin].strip() == "" else line for line in lines[at + 1 : end]]
        yield opened["info"].strip(), "\n".join(content)
        yield "fence", "\n".join(lines[at : end + 1])
        at = end + 1
    yield None, "\n".join(outside)


def _joined(parts: list[tuple[str | None, str]], *, marked: bool) -> Iterator[tuple[str | None, str]]:
    """Fences of cells, and prose in one piece, fences that are only shown included."""
    prose: list[str] = []
    raw = [part for part in parts if part[0] != "fence"]
    originals = iter([source for info, source in parts if info == "fence"])
    for info, source in raw:
        if info is None:
            prose.append(source)
            continue
        original = next(originals)
        is_cell = bool(_OURS.search(info)) if marked else bool(_PYTHON.fullmatch(info))
        if is_cell:
            yield None, "\n".join(prose)
            prose = []
            yield info, source if marked else _without_options(source)
        else:
            prose.append(original)
    yield None, "\n".join(prose)


def _without_options(source: str) -> str:
    """Quarto's `#| echo: false` and MyST's `:tags:` are for their own renderers."""
    return re.sub(r"\A(?:(?:#\||:[\w-]+:).*\n)+", "", source)


def _prose(text: str, number: int) -> list[DraftCell]:
    parts = [part.strip("\n") for part in _SEPARATOR.split(text)]
    return [
        DraftCell("markdown", part, number + place) for place, part in enumerate(part for part in parts if part.strip())
    ]


def _sql(code: str, attributes: Mapping[str, str]) -> str:
    """A fence of SQL is a call; its braces interpolate, as they do in the call."""
    engine = f", engine={attributes['engine']}" if attributes.get("engine") else ""
    output = ", output=False" if attributes.get("hide_output") == "true" or attributes.get("output") == "false" else ""
    query = attributes.get("query") or "_df"
    body = "\n".join(f"    {line}" if line else "" for line in code.split("\n"))
    return f'{query} = mo.sql(\n    f"""\n{body}\n    """{output}{engine}\n)'


# -- writing


def write_markdown_notebook(text: str) -> Converted:
    """A Quire notebook as a markdown notebook: cells in their own order, which need not be that of running.

    Raises:
        ConversionRefused: the text is no Quire notebook.
    """
    notebook = parse_notebook(text)
    if notebook.foreign:
        raise ConversionRefused(notebook.foreign)
    notes: list[Note] = []
    front = [f"title: {_scalar(notebook.title)}"] if notebook.title else []
    front.append(f"quire-version: {__version__}")
    front += [
        f"{key}: {_scalar(value)}"
        for key, value in notebook.options.items()
        if key != "app_title" and isinstance(value, str | bool | int)
    ]
    header = header_of(notebook)
    if header:
        front += ["header: |-", *(f"  {line}" if line else "" for line in header.split("\n"))]
    parts = ["---\n" + "\n".join(front) + "\n---"]
    was_prose = False
    for number, cell in enumerate(notebook.cells, 1):
        prose = read_prose(cell.code) if cell.name == "_" and set(cell.options) <= {"hide_code"} else None
        if prose is not None and prose.strip() and not _FENCE.match(prose) and not _SEPARATOR.search(prose):
            parts += ["<!---->", prose] if was_prose else [prose]
            was_prose = True
            continue
        was_prose = False
        if cell.type == "stray":
            notes.append(
                Note("this stands between cells, where markdown has no place for code; it is a cell now", number)
            )
        parts.append(_fence(cell))
    return Converted("\n\n".join(parts) + "\n", tuple(notes))


def _fence(cell: Cell) -> str:
    attributes: dict[str, object] = {}
    if cell.name != "_":
        attributes["name"] = cell.name
    attributes |= {key: value for key, value in cell.options.items() if not isinstance(value, Source)}
    if cell.type == "unparsable":
        attributes["unparsable"] = "true"
    words = [".quire", *(f'{key}="{_attribute(value)}"' for key, value in attributes.items())]
    longest = max((len(found) for found in re.findall(r"`{3,}", cell.code)), default=2)
    mark = "`" * max(3, longest + 1)
    return (
        f"{mark}python {{{' '.join(words)}}}\n{cell.code}\n{mark}"
        if cell.code
        else f"{mark}python {{{' '.join(words)}}}\n{mark}"
    )


def _attribute(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value).replace('"', '\\"')


def _scalar(value: object) -> str:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    plain = re.fullmatch(r"[\w][\w ./-]*", text) and (not isinstance(value, str) or text not in _BOOLEANS)
    return text if plain else "'" + text.replace("'", "''") + "'"
