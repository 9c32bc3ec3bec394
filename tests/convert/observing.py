"""What notebooks print and show: `python -m tests.convert.observing FILE …` writes one JSON object, by file.

A process of its own runs them, for they close, patch and exit what they like. Each `.ipynb` runs twice: cell by cell
through IPython's own translation of its cells, and as the Quire notebook it is converted to.
"""

import ast
import asyncio
import contextlib
import inspect
import io
import json
import re
import runpy
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell

from quire import Html
from quire.convert import convert_text


@dataclass(frozen=True)
class Observed:
    """What a notebook printed, the values it showed as text, and the exception that stopped it, if one did."""

    printed: str
    shown: tuple[str, ...]
    stopped: str | None


def as_jupyter(path: Path) -> Observed:
    """The cells one after the other in one namespace, until one fails."""
    read = json.loads(path.read_text(encoding="utf-8"))
    cells = read["cells"] if "cells" in read else read["worksheets"][0]["cells"]
    sources = [source_of(cell) for cell in cells if cell["cell_type"] == "code"]

    def run() -> list[object]:
        shell = InteractiveShell()
        shell.enable_matplotlib = lambda _: None  # a shell without a front end has nowhere to draw
        return [value_of(shell.transform_cell(source), shell.user_ns) for source in sources]

    seen = observe(run)
    return replace(seen, printed=re.sub(r"^(CPU times|Wall time): .*\n", "", seen.printed, flags=re.MULTILINE))


def source_of(cell: Mapping[str, object]) -> str:
    source = cell.get("source", cell.get("input", ""))
    return source if isinstance(source, str) else "".join(source)


def value_of(code: str, names: dict[str, object]) -> object:
    """Run a cell and return the value of its last expression; IPython shows none before a `;`."""
    body = ast.parse(code).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) and not code.rstrip().endswith(";") else None
    evaluate(ast.Module(body, []), names, "exec")
    return None if last is None else evaluate(ast.Expression(last.value), names, "eval")


def evaluate(tree: ast.Module | ast.Expression, names: dict[str, object], mode: str) -> object:
    value = eval(compile(tree, "<cell>", mode, ast.PyCF_ALLOW_TOP_LEVEL_AWAIT, dont_inherit=True), names)
    return asyncio.run(value) if inspect.iscoroutine(value) else value


def as_quire(path: Path) -> Observed:
    """The notebook that it is converted to; texts are no values that Jupyter would show."""
    text = convert_text(path.read_text(encoding="utf-8"), path=path).text

    def run() -> list[object]:
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder, "notebook.py")
            script.write_text(text, encoding="utf-8")
            outputs, _ = runpy.run_path(str(script), run_name="converted")["app"].run()
        return [value for value in outputs if not isinstance(value, Html)]

    return observe(run)


def observe(run: Callable[[], list[object]]) -> Observed:
    out = io.StringIO()
    values: list[object] = []
    stopped = None
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
        try:
            values = run()
        except BaseException as error:  # noqa: BLE001 -- notebooks exit and are interrupted; that is observed
            stopped = type(error).__name__
    shown = tuple(re.sub(r"0x[0-9a-f]+", "0x…", repr(value)) for value in values if value is not None)
    return Observed(out.getvalue(), shown, stopped)


if __name__ == "__main__":
    time.sleep = lambda _: None  # one of them waits for a minute to be interrupted
    pairs = {name: (as_jupyter(Path(name)), as_quire(Path(name))) for name in sys.argv[1:]}
    print(json.dumps({name: [asdict(before), asdict(after)] for name, (before, after) in pairs.items()}))
