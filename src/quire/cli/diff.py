"""`quire diff`: what became of each cell, for a person, as JSON, or as git's external diff. Changes nothing."""

import difflib
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from quire.cli.failure import Failure
from quire.cli.texts import open_text, read_text
from quire.notebook import Cell, Notebook, carrier_of, parse_notebook
from quire.notebook.compare import CellChange, compare_notebooks
from quire.notebook.merge_cells import describe_cell

GIT_ARGUMENTS = (7, 9)
"""Path, old file, hash, mode, new file, hash, mode; for a renamed file its new name and the likeness too."""
CONTEXT = 3
COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def print_diff(arguments: Sequence[str], *, as_json: bool, color: str) -> None:
    """Two files, or what git gives to an external diff."""
    if len(arguments) in GIT_ARGUMENTS:
        _print_for_git(arguments, color=color)
        return
    if len(arguments) != 2:
        raise Failure(
            f"`quire diff` compares two files, not {len(arguments)}", "with git, `quire git install` sets it up"
        )
    old, new = (Path(argument) for argument in arguments)
    before, after = (open_text(read_text(path), path) for path in (old, new))
    changes = describe_changes(before, after)
    if as_json:
        click.echo(json.dumps(changes, indent=2, ensure_ascii=False))
    else:
        _echo(_render(str(old), str(new), before, after), color=_is_coloured(color))


def describe_changes(before: Notebook, after: Notebook) -> dict[str, object]:
    """What `--json` prints: every cell that is not the same, and whether anything around the cells changed."""
    return {
        "cells": [
            {
                "kind": change.kind,
                "moved": change.moved,
                "before": _describe(before, change.before),
                "after": _describe(after, change.after),
            }
            for change in compare_notebooks(before, after)
            if change.kind != "same" or change.moved
        ],
        "header": before.header != after.header,
        "footer": before.footer != after.footer,
    }


def _describe(notebook: Notebook, cell: Cell | None) -> dict[str, object] | None:
    if cell is None:
        return None
    return {"name": cell.name, "type": cell.type, "line": notebook.line_of(cell.id), "code": cell.code}


# -- for a person


def _render(old: str, new: str, before: Notebook, after: Notebook) -> Iterator[str]:
    yield f"--- {old}"
    yield f"+++ {new}"
    if before.header != after.header:
        yield "@@ above the cells @@"
        yield from _lines(before.header, after.header)
    for change in compare_notebooks(before, after):
        if change.kind != "same" or change.moved:
            yield from _render_change(before, after, change)
    if before.footer != after.footer:
        yield "@@ below the cells @@"
        yield from _lines(before.footer, after.footer)


def _render_change(before: Notebook, after: Notebook, change: CellChange) -> Iterator[str]:
    cell = change.after or change.before
    assert cell is not None
    words = [change.kind] if change.kind != "same" else []
    words += ["moved"] if change.moved else []
    line = (before if change.after is None else after).line_of(cell.id)
    yield f"@@ {describe_cell(cell)} {' and '.join(words)} (line {line}) @@"
    old, new = change.before, change.after
    if old is not None and new is not None:
        yield from _heads(old, new)
    if change.kind != "same":
        yield from _lines(old.code if old else "", new.code if new else "")


def _heads(old: Cell, new: Cell) -> Iterator[str]:
    """Names and options, as the decorated function would tell them; signatures and returns follow from the code."""
    for what, was, now in (("type", old.type, new.type), ("name", old.name, new.name)):
        if was != now:
            yield f"-{what}: {was}"
            yield f"+{what}: {now}"
    for key in sorted({*old.options, *new.options}):
        if old.options.get(key) != new.options.get(key):
            yield from (
                f"{sign}{key}: {cell.options[key]!r}" for sign, cell in (("-", old), ("+", new)) if key in cell.options
            )


def _lines(old: str, new: str) -> Iterator[str]:
    rows = difflib.unified_diff(_rows(old), _rows(new), n=CONTEXT, lineterm="")
    for row in list(rows)[3:]:  # the two names and the first place say nothing here
        yield "   ⋮" if row.startswith("@@") else row


def _rows(text: str) -> list[str]:
    return [row.rstrip("\r") for row in text.removesuffix("\n").split("\n")] if text else []


def _echo(lines: Iterator[str], *, color: bool) -> None:
    for line in lines:
        heading = line.startswith(("---", "+++"))
        shown = click.style(line, bold=heading, fg=None if heading else COLOURS.get(line[:1])) if color else line
        click.echo(shown, color=color)


def _is_coloured(color: str) -> bool:
    if color != "auto":
        return color == "always"
    return "NO_COLOR" not in os.environ and _is_read_by_person()


def _is_read_by_person() -> bool:
    """A terminal, or the pager that git has put before one."""
    return (sys.stdout is not None and sys.stdout.isatty()) or os.environ.get("GIT_PAGER_IN_USE") in {"1", "true"}


# -- for git


def _print_for_git(arguments: Sequence[str], *, color: str) -> None:
    """Where a program reads (`git diff > changes.patch`), the lines must be a patch; a person sees cells."""
    name, old_file, _, old_mode, new_file, _, new_mode = arguments[:7]
    new_name = arguments[7] if len(arguments) > 7 else name
    # Git compares work trees' files in place, and every other version in a temporary file.
    old, new = (b"" if path == os.devnull else Path(path).read_bytes() for path in (old_file, new_file))
    is_new, is_gone = old_file == os.devnull, new_file == os.devnull
    patch = list(_patch_head(name, new_name, old_mode, new_mode, is_new=is_new, is_gone=is_gone))
    before, after = (
        parse_notebook(data.decode("utf-8", errors="replace"), carrier_of(path))
        for data, path in ((old, name), (new, new_name))
    )
    if not before.foreign and not after.foreign and _is_read_by_person():
        _echo(iter([*patch, *_render(f"a/{name}", f"b/{new_name}", before, after)]), color=_is_coloured(color))
        return
    if b"\0" in old + new:
        click.echo("\n".join([*patch, f"Binary files a/{name} and b/{new_name} differ"]))
        return
    body = _patch_body(name, new_name, old, new, is_new=is_new, is_gone=is_gone)
    stream = sys.stdout.buffer
    coloured = _is_coloured(color)
    for line in [*(f"{row}\n".encode() for row in patch), *body]:
        stream.write(_coloured(line) if coloured else line)
    stream.flush()


def _patch_head(
    name: str, new_name: str, old_mode: str, new_mode: str, *, is_new: bool, is_gone: bool
) -> Iterator[str]:
    yield f"diff --git a/{name} b/{new_name}"
    if is_new:
        yield f"new file mode {new_mode}"
    elif is_gone:
        yield f"deleted file mode {old_mode}"
    elif old_mode != new_mode:
        yield f"old mode {old_mode}"
        yield f"new mode {new_mode}"
    if name != new_name:
        yield f"rename from {name}"
        yield f"rename to {new_name}"


def _patch_body(name: str, new_name: str, old: bytes, new: bytes, *, is_new: bool, is_gone: bool) -> Iterator[bytes]:
    """Lines end with LF here, as they do for git; bytes are bytes, whatever they mean."""
    rows = difflib.diff_bytes(
        difflib.unified_diff,
        _byte_lines(old),
        _byte_lines(new),
        b"/dev/null" if is_new else f"a/{name}".encode(),
        b"/dev/null" if is_gone else f"b/{new_name}".encode(),
        n=CONTEXT,
    )
    for row in rows:
        yield row if row.endswith(b"\n") else row + b"\n\\ No newline at end of file\n"


def _byte_lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    return [line + b"\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])


def _coloured(line: bytes) -> bytes:
    codes = {b"+": b"\x1b[32m", b"-": b"\x1b[31m", b"@": b"\x1b[36m"}
    code = b"\x1b[1m" if line.startswith((b"+++ ", b"--- ", b"diff ")) else codes.get(line[:1], b"")
    return code + line.rstrip(b"\n") + b"\x1b[m\n" if code else line
