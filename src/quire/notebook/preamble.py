"""Where a notebook's script metadata stands: above the cells of a Python file, under `header` in a markdown file's front matter."""

from collections.abc import Mapping
from dataclasses import replace

from quire.notebook.front_matter import Entry, front_matter_end, read_front_matter
from quire.notebook.header import metadata_text, read_metadata, write_metadata
from quire.notebook.lines import split_ending, split_lines
from quire.notebook.model import Notebook

INDENT = "  "


def metadata_of(notebook: Notebook) -> str:
    """The TOML of the script metadata, each line of it with the number that it has in the file; empty when there is none.

    Raises:
        BadMetadata: there are two blocks of it.
    """
    return metadata_text(_preamble(notebook))


def read_notebook_metadata(notebook: Notebook) -> Mapping[str, object]:
    """What the script metadata says; nothing when there is none. Raises like `read_metadata`."""
    return read_metadata(_preamble(notebook))


def with_metadata(notebook: Notebook, changes: Mapping[str, object]) -> Notebook:
    """The notebook with these keys of its script metadata changed, as `write_metadata` does it.

    Raises:
        BadMetadata: the block there cannot be read.
    """
    if notebook.carrier == "python":
        return replace(notebook, header=write_metadata(notebook.header, changes))
    bom = "\ufeff" if notebook.header.startswith("\ufeff") else ""
    lines = split_lines(notebook.header[len(bom) :])
    entry = _entry(lines)
    ending = notebook.newline
    read_metadata(_preamble(notebook))  # when it cannot be read, the message has the line of the file
    before = f"{entry.value}\n" if entry else ""
    text = write_metadata(before, changes)
    if text == before:
        return notebook
    rows = [f"{INDENT}{line}".rstrip() for line in text.rstrip("\n").split("\n")]
    written = [f"{row}{ending}" for row in ("header: |-", *rows)]
    lines = lines or [f"---{ending}", f"---{ending}"]
    start, end = (entry.start, entry.end) if entry else (len(lines) - 1, len(lines) - 1)
    return replace(notebook, header=bom + "".join([*lines[:start], *written, *lines[end:]]))


def _preamble(notebook: Notebook) -> str:
    """What may hold metadata, each line of it with the number that it has in the file."""
    if notebook.carrier == "python":
        return notebook.header
    lines = split_lines(notebook.header.removeprefix("\ufeff"))
    entry = _entry(lines)
    if entry is None:
        return ""
    rows = [split_ending(line)[0] for line in lines[entry.start + 1 : entry.end]]
    margin = min((len(row) - len(row.lstrip()) for row in rows if row.strip()), default=0)
    return "\n" * (entry.start + 1) + "".join(f"{row[margin:]}\n" for row in rows)


def _entry(lines: list[str]) -> Entry | None:
    return read_front_matter(lines[: front_matter_end(lines)]).get("header")
