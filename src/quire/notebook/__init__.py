"""The notebook file: text ↔ `Notebook`, and edits that rewrite no more than their own cell. Pure."""

from quire.notebook.carrier import NOTEBOOK_SUFFIXES, carrier_of
from quire.notebook.edits import (
    Edit,
    InsertCell,
    MakeCell,
    MakeImportable,
    MoveCell,
    RemoveCell,
    RenameCell,
    SetAppOptions,
    SetCode,
    SetOptions,
    SetTitle,
    apply_edit,
)
from quire.notebook.header import read_metadata, write_metadata
from quire.notebook.importable import Reason, explain_definitions, why_not_importable
from quire.notebook.markdown import is_markdown_notebook
from quire.notebook.model import Cell, Notebook
from quire.notebook.new import new_notebook
from quire.notebook.parse import parse_notebook, read_notebook
from quire.notebook.write import write_notebook

__all__ = [
    "NOTEBOOK_SUFFIXES",
    "Cell",
    "Edit",
    "InsertCell",
    "MakeCell",
    "MakeImportable",
    "MoveCell",
    "Notebook",
    "Reason",
    "RemoveCell",
    "RenameCell",
    "SetAppOptions",
    "SetCode",
    "SetOptions",
    "SetTitle",
    "apply_edit",
    "carrier_of",
    "explain_definitions",
    "is_markdown_notebook",
    "new_notebook",
    "parse_notebook",
    "read_metadata",
    "read_notebook",
    "why_not_importable",
    "write_metadata",
    "write_notebook",
]
