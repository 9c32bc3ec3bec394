"""Each product's own functions in one process: a whole notebook read, analysed and written, and one edit of it."""

import subprocess
from collections.abc import Callable
from pathlib import Path

from corpora import one_line
from servers import PEERS_PYTHON, PYTHON
from table import Row, best

OURS = """
import sys, time
from quire.dataflow import Source, build_graph
from quire.notebook import SetCode, apply_edit, parse_notebook, write_notebook
text = open(sys.argv[1], encoding="utf-8").read()
started = time.perf_counter()
notebook = parse_notebook(text)
graph = build_graph({cell.id: Source(cell.code, cell.type, cell.name) for cell in notebook.cells})
graph.sorted(graph.order), graph.problems
assert write_notebook(notebook) == text
print((time.perf_counter() - started) * 1000)
"""
FLOOR = """
import ast, sys, time
text = open(sys.argv[1], encoding="utf-8").read()
started = time.perf_counter()
for node in ast.parse(text).body:
    compile(ast.Module([node], []), "cell", "exec")
print((time.perf_counter() - started) * 1000)
"""
THEIRS = """
import sys, time
from marimo._ast.codegen import generate_filecontents_from_ir
from marimo._ast.load import load_notebook_ir
from marimo._ast.parse import parse_notebook
text = open(sys.argv[1], encoding="utf-8").read()
started = time.perf_counter()
ir = parse_notebook(text, filepath=sys.argv[1])
app = load_notebook_ir(ir)
app._maybe_initialize()
generate_filecontents_from_ir(ir)
print((time.perf_counter() - started) * 1000)
"""
EDIT = """
import sys, time
from quire.dataflow import Source
from quire.kernel.events import CellsSynced
from quire.kernel.records import Record
from quire.kernel.state import KernelState, apply
sources = {f"c{n}": Source(f"x{n} = x{n - 1} + 1" if n else "x0 = 1") for n in range(10_000)}
state, _ = apply(KernelState(), CellsSynced(tuple(sources), sources))
state = state.with_records(dict.fromkeys(sources, Record("succeeded", stale=False, run=1)))
best = 1e9
for k in range(5):
    source = Source(f"x9999 = x9998 + {k + 2}")
    started = time.perf_counter()
    state, _ = apply(state, CellsSynced(tuple(sources), {"c9999": source}))
    best = min(best, (time.perf_counter() - started) * 1000)
print(best)
"""
SAVE = """
import sys, time
from pathlib import Path
from quire.notebook import SetCode, apply_edit, parse_notebook, write_notebook
notebook = parse_notebook(Path(sys.argv[1]).read_text(encoding="utf-8"))
cell = notebook.cells[500]
best = 1e9
for k in range(5):
    started = time.perf_counter()
    edited = apply_edit(notebook, SetCode(cell.id, f"{cell.code} + {k}"))
    Path(sys.argv[1]).with_suffix(".saved").write_text(write_notebook(edited), encoding="utf-8")
    best = min(best, (time.perf_counter() - started) * 1000)
print(best)
"""


def inner(python: str, code: str, path: Path) -> Callable[[], float]:
    """The time that the code itself prints, in milliseconds."""
    return lambda: float(
        subprocess.run([python, "-c", code, str(path)], check=True, capture_output=True, text=True).stdout
    )


def measure_in_process(repeat: int, scratch: Path, *, full: bool) -> list[Row]:
    rows: list[Row] = []
    budgets = {100: ("linear", 1e9), 1000: ("≤ 300 ms", 300), 5000: ("≤ 1,500 ms", 1500)}
    for cells, (budget, limit) in budgets.items():
        ours, theirs = scratch / f"chain_{cells}.py", scratch / f"marimo_chain_{cells}.py"
        ours.write_text(one_line(cells), encoding="utf-8")
        theirs.write_text(one_line(cells, "marimo"), encoding="utf-8")
        found = best(min(repeat, 5), floor=inner(PYTHON, FLOOR, ours), ours=inner(PYTHON, OURS, ours))
        marimo = inner(PEERS_PYTHON, THEIRS, theirs)() if cells < 5000 or full else None
        rows.append(
            Row(
                f"parse + analyse + write, {cells:,} cells",
                found["floor"],
                found["ours"],
                marimo,
                budget,
                met=found["ours"] <= limit,
            )
        )
    edit = inner(PYTHON, EDIT, scratch)()
    rows.append(Row("re-plan 10,000 cells after one edit", None, edit, None, "≤ 5 ms", met=edit <= 5))
    save = inner(PYTHON, SAVE, scratch / "chain_1000.py")()
    rows.append(Row("edit one cell of 1,000 and write the file", None, save, None, "≤ 10 ms", met=save <= 10))
    return rows
