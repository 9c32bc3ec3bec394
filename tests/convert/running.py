"""Notebooks as Jupyter runs them, from top to bottom in one namespace, and as Quire does: what each prints."""

import ast
import asyncio
import contextlib
import inspect
import io
import json
import runpy
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from quire.convert import Converted, convert_text


def jupyter(*cells: str | tuple[str, str]) -> str:
    """The text of an `.ipynb`: strings are code, pairs are (kind, source)."""
    pairs = [("code", cell) if isinstance(cell, str) else cell for cell in cells]
    made = [{"cell_type": kind, "source": source, "metadata": {}} for kind, source in pairs]
    return json.dumps({"cells": made, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def converted(*cells: str | tuple[str, str]) -> Converted:
    return convert_text(jupyter(*cells))


def printed_from_top(cells: Iterable[str]) -> str:
    """What plain cells print one after the other; a cell that fails costs no other, as when somebody goes on."""
    namespace: dict[str, object] = {"__name__": "__main__"}
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        for cell in cells:
            code = compile(cell, "<cell>", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True)
            result = eval(code, namespace)
            if inspect.iscoroutine(result):
                asyncio.run(result)
    return out.getvalue()


def printed_by_script(text: str) -> str:
    """What a Quire notebook prints as a script, in this process."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "notebook.py")
        path.write_text(text, encoding="utf-8")
        out = io.StringIO()
        before = sys.path[:]
        with contextlib.redirect_stdout(out):
            try:
                runpy.run_path(str(path), run_name="__main__")
            finally:
                sys.path[:] = before
        return out.getvalue()
