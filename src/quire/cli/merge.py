"""`quire merge`: git's merge driver for notebooks. Writes the result over ours; other Python files are git's own business."""

import subprocess
from pathlib import Path

import click

from quire.cli.failure import Failure
from quire.cli.texts import read_text
from quire.notebook import Notebook, parse_notebook
from quire.notebook.merge import Labels, merge_notebooks

CONFLICT = 1
NOT_TOLD = {"%X": "ours", "%Y": "theirs"}
"""Git older than 2.44 does not say how the sides are called, and leaves the placeholders."""


def merge_files(base: Path, ours: Path, theirs: Path, shown: str, labels: Labels) -> int:
    """The exit status: 0, or 1 when something is disputed. `shown` is the path that the user knows."""
    labels = Labels(NOT_TOLD.get(labels.ours, labels.ours), NOT_TOLD.get(labels.theirs, labels.theirs), labels.size)
    try:
        versions = [parse_notebook(read_text(path)) for path in (base, ours, theirs)]
    except Failure:
        return _merge_as_git(base, ours, theirs, labels)
    was, one, other = versions
    if was.foreign and not was.header.strip():
        # Both added the file: what surrounds the cells differs in nothing that one of them meant.
        was = Notebook(header=one.header, footer=one.footer, newline=one.newline, options=one.options)
    if was.foreign or one.foreign or other.foreign:
        return _merge_as_git(base, ours, theirs, labels)
    merged = merge_notebooks(was, one, other, labels)
    try:
        ours.write_bytes(merged.text.encode())
    except OSError as error:
        raise Failure(f"cannot write `{ours}`: {error.strerror or error}") from None
    for said in (*merged.conflicts, *merged.reports):
        click.echo(f"{shown}: {said}", err=True)
    return CONFLICT if merged.conflicts else 0


def _merge_as_git(base: Path, ours: Path, theirs: Path, labels: Labels) -> int:
    """Files that are not notebooks are merged as if we were not there."""
    names = ["-L", labels.ours, "-L", "base", "-L", labels.theirs]
    command = ["git", "merge-file", f"--marker-size={labels.size}", *names, str(ours), str(base), str(theirs)]
    try:
        done = subprocess.run(command, check=False)  # noqa: S603 - git calls us; we call git
    except OSError as error:
        raise Failure(f"cannot merge `{ours}`: git could not be started: {error}") from None
    # Git counts conflicts; a driver says 1, and anything above 128 is a failure.
    return done.returncode if done.returncode > 128 or done.returncode < 0 else min(done.returncode, CONFLICT)
