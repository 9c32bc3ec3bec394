"""Whole processes: importing, the command, and notebooks as scripts."""

import os
import shutil
from pathlib import Path

from corpora import Cell, many_cells, notebook, one_line, seven_lines
from servers import PEERS, PEERS_PYTHON, PYTHON
from table import Row, best, command


def measure_commands(repeat: int, scratch: Path, *, full: bool) -> list[Row]:
    bare = command(PYTHON, "-c", "pass")
    found = best(
        repeat,
        bare=bare,
        ours=command(PYTHON, "-c", "import quire"),
        marimo=command(PEERS_PYTHON, "-c", "import marimo"),
    )
    extra = found["ours"] - found["bare"]
    rows = [Row("`import`", found["bare"], found["ours"], found["marimo"], "≤ 15 ms over bare Python", met=extra <= 15)]
    quire = str(Path(PYTHON).parent / "quire")
    found = best(
        repeat,
        bare=bare,
        ours=command(quire, "--version"),
        marimo=command(str(PEERS / "bin" / "marimo"), "--version"),
        jupyter=command(str(PEERS / "bin" / "jupyter-lab"), "--version"),
    )
    ours, met = found["ours"], found["ours"] <= 60
    rows.append(Row("`--version`", found["bare"], ours, found["marimo"], "≤ 60 ms", met=met, jupyter=found["jupyter"]))
    return rows


def measure_imports(repeat: int, scratch: Path, *, full: bool) -> list[Row]:
    """A notebook of 200 cells, 40 of them tests: a function imported from it, and pytest's collection of it."""
    os.environ["QUIRE_CACHE_DIR"] = str(scratch / "cache")
    os.environ["PYTHONPATH"] = str(scratch)  # what the commands import
    tests = [
        Cell((f"def test_{n}():", f"    assert value_{n} > {n}"), (f"value_{n}",), (f"test_{n}",)) for n in range(1, 41)
    ]
    (scratch / "plain.py").write_text("def test_plain(): pass\n", encoding="utf-8")
    for package in ("quire", "marimo"):
        app = f"app = {package}.App()\n"
        text = notebook([*many_cells(160), *tests], package)
        text = text.replace(app, f"{app}\n\n@app.function\ndef double(x):\n    return 2 * x\n", 1)
        (scratch / f"{package}_200.py").write_text(text, encoding="utf-8")
    bare = command(PYTHON, "-c", "pass")
    found = best(
        repeat,
        bare=bare,
        ours=command(PYTHON, "-c", "from quire_200 import double"),
        marimo=command(PEERS_PYTHON, "-c", "from marimo_200 import double"),
    )
    extra = found["ours"] - found["bare"]
    what = "import a function from 200 cells, cached"
    rows = [Row(what, found["bare"], found["ours"], found["marimo"], "≤ 20 ms over bare Python", met=extra <= 20)]
    collect = ("-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider")
    found = best(
        repeat,
        floor=command(PYTHON, *collect, str(scratch / "plain.py")),
        ours=command(PYTHON, *collect, str(scratch / "quire_200.py")),
        marimo=command(PEERS_PYTHON, *collect, str(scratch / "marimo_200.py")),
    )
    extra = found["ours"] - found["floor"]
    what = "pytest collects 200 cells, 40 tests, cached"
    rows.append(
        Row(what, found["floor"], found["ours"], found["marimo"], "≤ 100 ms over a file of one test", met=extra <= 100)
    )
    del os.environ["PYTHONPATH"]
    return rows


def measure_scripts(repeat: int, scratch: Path, *, full: bool) -> list[Row]:
    rows: list[Row] = []
    cache = scratch / "cache"
    os.environ["QUIRE_CACHE_DIR"] = str(cache)
    for cells, corpus, name in (
        (1, one_line, "one-line"),
        (1000, one_line, "one-line"),
        (1000, seven_lines, "seven-line"),
    ):
        ours, theirs = scratch / f"ours_{name}_{cells}.py", scratch / f"marimo_{name}_{cells}.py"
        ours.write_text(corpus(cells), encoding="utf-8")
        theirs.write_text(corpus(cells, "marimo"), encoding="utf-8")
        floor = f"compile(open({str(ours)!r}).read(), {str(ours)!r}, 'exec')"
        found = best(
            repeat,
            floor=command(PYTHON, "-c", floor),
            cold=command(PYTHON, str(ours), before=lambda: shutil.rmtree(cache, ignore_errors=True)),
            cached=command(PYTHON, str(ours)),
        )
        marimo = best(3, marimo=command(PEERS_PYTHON, str(theirs)))["marimo"] if name == "one-line" else None
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
