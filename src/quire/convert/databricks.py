"""Databricks' source format: cells between `# COMMAND ----------`, other languages in `# MAGIC` lines. Pure."""

import re

from quire.convert.model import Draft, DraftCell, Note

_FIRST = "# Databricks notebook source"
_BETWEEN = re.compile(r"^# COMMAND -+[ \t]*$", re.MULTILINE)
_MAGIC = re.compile(r"^# MAGIC ?", re.MULTILINE)
_TITLE = re.compile(r"^# DBTITLE \d+,(.*)$", re.MULTILINE)
_GIVEN = ("spark", "dbutils", "sc", "displayHTML")


def is_databricks(text: str) -> bool:
    return text.lstrip().startswith(_FIRST)


def read_databricks(text: str, _: str) -> Draft:
    """The cells of a Databricks notebook in Python."""
    body = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").lstrip().removeprefix(_FIRST)
    notes: list[Note] = []
    cells = [_cell(part.strip("\n"), number, notes) for number, part in enumerate(_BETWEEN.split(body), 1)]
    for name in _GIVEN:
        users = [
            cell.number for cell in cells if cell.kind == "code" and re.search(rf"(?<![.\w]){name}\b", cell.source)
        ]
        if users:
            notes.append(Note(f"`{name}` is given by Databricks; here the notebook has to make it", users[0]))
    return Draft(tuple(cells), notes=tuple(notes))


def _cell(source: str, number: int, notes: list[Note]) -> DraftCell:
    source = _TITLE.sub(r"# \1", source)
    if not _MAGIC.search(source):
        return DraftCell("code", source, number)
    title = "\n".join(line for line in source.split("\n") if line.startswith("# ") and not line.startswith("# MAGIC"))
    magic = "\n".join(_MAGIC.sub("", line) for line in source.split("\n") if line.startswith("# MAGIC"))
    name, _, rest = magic.lstrip().removeprefix("%").partition("\n")
    word, _, argument = name.partition(" ")
    whole = f"{argument}\n{rest}".strip("\n")
    match word:
        case "md" | "md-sandbox":
            return DraftCell("markdown", whole, number)
        case "sql":
            return DraftCell("code", f"%%sql\n{whole}", number)
        case "sh":
            return DraftCell("code", f"%%bash\n{whole}", number)
        case "python":
            return DraftCell("code", whole, number)
        case "scala" | "r" | "fs":
            notes.append(Note(f"`%{word}` has no place in a Python notebook; it stands as a comment", number))
            return DraftCell("raw", magic, number)
        case "run":
            notes.append(Note(f"`%run {argument}` runs another notebook; import what you need of it", number))
            return DraftCell("raw", magic, number)
        case _:
            left = "\n".join(line for line in source.split("\n") if not line.startswith("# "))
            return DraftCell("code", "\n".join(part for part in (title, magic, left.strip("\n")) if part), number)
