"""Measures Quire against marimo and against the floor that the interpreter sets, interleaved in one run.

    python benchmarks/run.py [--write] [--full] [--repeat N]

`--write` puts the table into `benchmarks/README.md`; `--full` also measures marimo at 5,000 cells (minutes). marimo is
installed into `benchmarks/.venv-peers`. Times are the best of N; what counts are the ratios.
"""

import argparse
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from corpora import one_line, seven_lines
from first_output import measure_marimo, measure_quire
from visitors import measure_visits

HERE = Path(__file__).parent
PEERS = HERE / ".venv-peers"
MARIMO = "marimo==0.25.2"
PYTHON = sys.executable
MARIMO_PYTHON = str(PEERS / "bin" / "python")
SCRATCH = Path(tempfile.mkdtemp(prefix="quire-benchmarks-"))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--repeat", type=int, default=7)
    options = parser.parse_args()
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    install_marimo()
    rows: list[Row] = []
    for measure in (measure_commands, measure_scripts, measure_in_process, measure_first_output, measure_visitors):
        for row in measure(options.repeat, full=options.full):
            print(row, flush=True)
            rows.append(row)
    if options.write:
        write_table(rows)
    shutil.rmtree(SCRATCH)


class Row:
    """One line of the table: times in milliseconds."""

    def __init__(
        self, what: str, floor: float | None, ours: float, marimo: float | None, budget: str, *, met: bool
    ) -> None:
        self.what, self.floor, self.ours, self.marimo, self.budget, self.met = what, floor, ours, marimo, budget, met

    def __str__(self) -> str:
        def cell(value: float | None) -> str:
            return "–" if value is None else f"{value:,.0f}" if value >= 10 else f"{value:.1f}"

        to_floor = f"{self.ours / self.floor:.2f}×" if self.floor else "–"
        to_marimo = f"{self.marimo / self.ours:.0f}×" if self.marimo else "–"
        met = "yes" if self.met else "**no**"
        return f"| {self.what} | {cell(self.floor)} | {cell(self.ours)} | {cell(self.marimo)} | {to_floor} | {to_marimo} | {self.budget} | {met} |"


def install_marimo() -> None:
    if not Path(MARIMO_PYTHON).exists():
        subprocess.run([PYTHON, "-m", "venv", str(PEERS)], check=True)
        subprocess.run([MARIMO_PYTHON, "-m", "pip", "install", "--quiet", MARIMO], check=True)


def best(repeat: int, **measured: Callable[[], float]) -> dict[str, float]:
    """The best of `repeat` rounds; in each round every one is measured once, so that noise meets all alike."""
    found: dict[str, list[float]] = {name: [] for name in measured}
    for _ in range(repeat):
        for name, measure in measured.items():
            found[name].append(measure())
    return {name: min(values) for name, values in found.items()}


def command(*words: str, before: Callable[[], None] | None = None) -> Callable[[], float]:
    """Wall time of a whole process, in milliseconds."""

    def measure() -> float:
        if before:
            before()
        started = time.perf_counter()
        subprocess.run(words, check=True, capture_output=True)
        return (time.perf_counter() - started) * 1000

    return measure


# -- commands


def measure_commands(repeat: int, *, full: bool) -> list[Row]:
    bare = command(PYTHON, "-c", "pass")
    found = best(
        repeat,
        bare=bare,
        ours=command(PYTHON, "-c", "import quire"),
        marimo=command(MARIMO_PYTHON, "-c", "import marimo"),
    )
    extra = found["ours"] - found["bare"]
    rows = [Row("`import`", found["bare"], found["ours"], found["marimo"], "≤ 15 ms over bare Python", met=extra <= 15)]
    quire = str(Path(PYTHON).parent / "quire")
    found = best(
        repeat, bare=bare, ours=command(quire, "--version"), marimo=command(str(PEERS / "bin" / "marimo"), "--version")
    )
    rows.append(Row("`--version`", found["bare"], found["ours"], found["marimo"], "≤ 60 ms", met=found["ours"] <= 60))
    return rows


# -- scripts


def measure_scripts(repeat: int, *, full: bool) -> list[Row]:
    rows: list[Row] = []
    cache = SCRATCH / "cache"
    os.environ["QUIRE_CACHE_DIR"] = str(cache)
    for cells, corpus, name in (
        (1, one_line, "one-line"),
        (1000, one_line, "one-line"),
        (1000, seven_lines, "seven-line"),
    ):
        ours, theirs = SCRATCH / f"ours_{name}_{cells}.py", SCRATCH / f"marimo_{name}_{cells}.py"
        ours.write_text(corpus(cells), encoding="utf-8")
        theirs.write_text(corpus(cells, "marimo"), encoding="utf-8")
        floor = f"compile(open({str(ours)!r}).read(), {str(ours)!r}, 'exec')"
        found = best(
            repeat,
            floor=command(PYTHON, "-c", floor),
            cold=command(PYTHON, str(ours), before=lambda: shutil.rmtree(cache, ignore_errors=True)),
            cached=command(PYTHON, str(ours)),
        )
        marimo = best(3, marimo=command(MARIMO_PYTHON, str(theirs)))["marimo"] if name == "one-line" else None
        what = f"script, {cells:,} {name} cell{'s' if cells > 1 else ''}"
        if cells == 1:
            rows.append(Row(what, found["floor"], found["cold"], marimo, "≤ 45 ms", met=found["cold"] <= 45))
            continue
        rows.append(
            Row(
                f"{what}, cold",
                found["floor"],
                found["cold"],
                marimo,
                "≤ 2× floor",
                met=found["cold"] <= 2 * found["floor"],
            )
        )
        limit = 1.25 * found["floor"] + 15
        rows.append(
            Row(
                f"{what}, cached",
                found["floor"],
                found["cached"],
                marimo,
                "≤ 1.25× floor + 15 ms",
                met=found["cached"] <= limit,
            )
        )
    return rows


# -- parse, analyse, write, in one process


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
from quire.dataflow import Source, build_graph, plan
before = build_graph({f"c{n}": Source(f"x{n} = x{n - 1} + 1" if n else "x0 = 1") for n in range(10_000)})
before.problems
best = 1e9
for k in range(5):
    source = Source(f"x9999 = x9998 + {k + 2}")
    started = time.perf_counter()
    after = before.updated({"c9999": source})
    plan(before, after, ["c9999"])
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


def measure_in_process(repeat: int, *, full: bool) -> list[Row]:
    rows: list[Row] = []
    budgets = {100: ("linear", 1e9), 1000: ("≤ 300 ms", 300), 5000: ("≤ 1,500 ms", 1500)}
    for cells, (budget, limit) in budgets.items():
        ours, theirs = SCRATCH / f"chain_{cells}.py", SCRATCH / f"marimo_chain_{cells}.py"
        ours.write_text(one_line(cells), encoding="utf-8")
        theirs.write_text(one_line(cells, "marimo"), encoding="utf-8")
        found = best(min(repeat, 5), floor=inner(PYTHON, FLOOR, ours), ours=inner(PYTHON, OURS, ours))
        marimo = inner(MARIMO_PYTHON, THEIRS, theirs)() if cells < 5000 or full else None
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
    edit = inner(PYTHON, EDIT, SCRATCH)()
    rows.append(Row("re-plan 10,000 cells after one edit", None, edit, None, "≤ 5 ms", met=edit <= 5))
    save = inner(PYTHON, SAVE, SCRATCH / "chain_1000.py")()
    rows.append(Row("edit one cell of 1,000 and write the file", None, save, None, "≤ 10 ms", met=save <= 10))
    return rows


# -- command → first output


def measure_first_output(repeat: int, *, full: bool) -> list[Row]:
    bare = best(repeat, bare=command(PYTHON, "-c", "pass"))["bare"]
    rounds = [
        (measure_quire(PYTHON, SCRATCH), measure_marimo(str(PEERS / "bin" / "marimo"), SCRATCH)) for _ in range(3)
    ]
    page = min(ours.page for ours, _ in rounds)
    output = statistics.median(ours.output for ours, _ in rounds)
    marimo_page = min(theirs.page for _, theirs in rounds)
    marimo_output = statistics.median(theirs.output for _, theirs in rounds)
    return [
        Row("`edit` → page answers", bare, page, marimo_page, "≤ 12× bare Python", met=page <= 12 * bare),
        Row("`edit` → first output over the socket", bare, output, marimo_output, "≤ 600 ms", met=output <= 600),
    ]


def measure_visitors(repeat: int, *, full: bool) -> list[Row]:
    rounds = [measure_visits(PYTHON, SCRATCH) for _ in range(3)]
    alone = min(visits.alone for visits in rounds)
    beside = min(visits.beside_burning for visits in rounds)
    first = min(visits.first_output for visits in rounds)
    return [
        Row(
            "app: a slider while 4 others burn CPU (floor: alone)",
            alone,
            beside,
            None,
            "≤ 4× alone",
            met=beside <= 4 * alone,
        ),
        Row("app: 50 visitors at once, first output (median)", None, first, None, "≤ 1,500 ms", met=first <= 1500),
    ]


# -- the table


def write_table(rows: list[Row]) -> None:
    readme = HERE / "README.md"
    text = readme.read_text(encoding="utf-8")
    cpu = next(
        (
            line.split(":")[1].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.processor(),
    )
    table = "\n".join(
        [
            f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores ({cpu}), {platform.system()}, Python {platform.python_version()}; {MARIMO.replace('==', ' ')}. Milliseconds.",
            "",
            "| measure | floor | Quire | marimo | Quire / floor | marimo / Quire | budget | met |",
            "| --- | ---: | ---: | ---: | ---: | ---: | --- | --- |",
            *map(str, rows),
        ]
    )
    readme.write_text(
        re.sub(r"(?s)(<!-- table -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{table}\n{m[2]}", text), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
