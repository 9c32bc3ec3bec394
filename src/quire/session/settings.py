"""The settings that hold for one notebook: this is the one place where its own head has a say in them."""

import os
from collections.abc import Mapping
from pathlib import Path

from quire.config import Found, Head, read_config
from quire.errors import BadMetadata
from quire.notebook import parse_notebook
from quire.notebook.header import metadata_text


def notebook_settings(
    path: Path, header: str, environment: Mapping[str, str] = os.environ, flags: Mapping[str, object] | None = None
) -> Found:
    """What is to be done with the notebook at `path`, whose file begins with `header`. Reads files, so it blocks."""
    try:
        head = Head(path.name, metadata_text(header))
    except BadMetadata as error:
        head = Head(path.name, "", str(error))
    return read_config(path.parent, environment, head, flags or {})


def file_settings(path: Path, flags: Mapping[str, object] | None = None) -> Found:
    """The same for a notebook that is not open. One that cannot be read says nothing itself."""
    try:
        text = path.read_bytes().decode()
    except (OSError, ValueError):
        text = ""
    # Most notebooks have no such block, and need not be taken apart to know it.
    header = parse_notebook(text).header if "# /// script" in text else ""
    return notebook_settings(path, header, flags=flags)
