"""`quire graph`: the notebook's dataflow, as JSON or as a table. Runs nothing and serves nothing."""

import json
from pathlib import Path

import click

from quire.cli.failure import Failure, unread
from quire.dataflow import Source, build_graph, describe_graph
from quire.errors import NotANotebook
from quire.notebook import carrier_of, read_notebook

COLUMNS = ("cell", "defines", "private", "reads")


def print_graph(path: Path, *, as_json: bool) -> None:
    """To standard output."""
    try:
        notebook = read_notebook(path.read_bytes().decode("utf-8"), carrier_of(path))
    except UnicodeDecodeError:
        raise Failure(f"`{path}` is not UTF-8 text") from None
    except NotANotebook as error:
        raise Failure(f"`{path}` cannot be opened: {error}") from None
    except OSError as error:
        raise unread(path, error) from None
    sources = {cell.id: Source(cell.code, cell.type, cell.name, disabled=cell.disabled) for cell in notebook.cells}
    description = describe_graph(build_graph(sources))
    if as_json:
        click.echo(json.dumps(description, indent=2, ensure_ascii=False))
        return
    defined = {name for cell in description["cells"] for name in cell["defs"]}
    rows = [
        (
            cell["name"] if cell["name"] != "_" else cell["id"],
            " ".join(cell["defs"]),
            " ".join(cell["private"]),
            " ".join(name for name in cell["refs"] if name in defined),
        )
        for cell in description["cells"]
    ]
    for row in (COLUMNS, *rows):
        widths = [max(len(line[column]) for line in (COLUMNS, *rows)) for column in range(len(COLUMNS))]
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())
    for problem in description["problems"]:
        click.echo(f"{problem['kind']}: {problem['message']}")
