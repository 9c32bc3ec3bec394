"""The settings that hold for one notebook: this is the one place where its own head has a say in them."""

import os
from collections.abc import Mapping
from pathlib import Path

from quire.config import Found, Head, read_config
from quire.config.sources import NOTHING
from quire.errors import BadMetadata
from quire.notebook import Notebook, carrier_of, parse_notebook
from quire.notebook.preamble import metadata_of


def notebook_settings(
    path: Path, notebook: Notebook, environment: Mapping[str, str] = os.environ, flags: Mapping[str, object] = NOTHING
) -> Found:
    """What is to be done with the notebook at `path`. Reads files, so it blocks."""
    try:
        head = Head(path.name, metadata_of(notebook))
    except BadMetadata as error:
        head = Head(path.name, "", str(error))
    return read_config(path.parent, environment, head, flags)


def file_settings(path: Path, flags: Mapping[str, object] = NOTHING) -> Found:
    """The same for a notebook that is not open. One that cannot be read says nothing itself."""
    try:
        text = path.read_bytes().decode()
    except (OSError, ValueError):
        text = ""
    # Most notebooks have no such block, and need not be taken apart to know it.
    notebook = parse_notebook(text if "# /// script" in text else "", carrier_of(path))
    return notebook_settings(path, notebook, flags=flags)
