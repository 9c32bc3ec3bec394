"""Rows of the table, and how a thing is measured several times."""

import math
import os
import platform
import re
import subprocess
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

PATIENCE = 60.0
"""Seconds until we give up waiting for one thing; shown as more than that."""
GAVE_UP = math.inf

README = Path(__file__).parent / "README.md"


class Row:
    """One line of the table: milliseconds, or what its name says."""

    def __init__(
        self,
        what: str,
        floor: float | None,
        ours: float,
        marimo: float | None,
        budget: str,
        *,
        met: bool,
        jupyter: float | None = None,
    ) -> None:
        self.what, self.floor, self.ours, self.marimo, self.budget, self.met = what, floor, ours, marimo, budget, met
        self.jupyter = jupyter

    def __str__(self) -> str:
        to_floor = f"{self.ours / self.floor:.2f}×" if self.floor else "–"
        cells = [
            self.what,
            *map(_number, (self.floor, self.ours, self.marimo, self.jupyter)),
            to_floor,
            *(_times(peer, self.ours) for peer in (self.marimo, self.jupyter)),
            self.budget,
            "yes" if self.met else "**no**",
        ]
        return f"| {' | '.join(cells)} |"


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    if value == GAVE_UP:
        return f"> {PATIENCE * 1000:,.0f}"
    return f"{value:,.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"


def _times(peer: float | None, ours: float) -> str:
    if not peer:
        return "–"
    if peer == GAVE_UP:
        return f"> {PATIENCE * 1000 / ours:.0f}×"
    return f"{peer / ours:.0f}×" if peer / ours >= 9.5 else f"{peer / ours:.1f}×"


def best(repeat: int, **measured: Callable[[], float]) -> dict[str, float]:
    """The best of `repeat` rounds; in each round every one is measured once, so that noise meets all alike."""
    return {name: min(values) for name, values in rounds(repeat, **measured).items()}


def rounds(repeat: int, **measured: Callable[[], Any]) -> dict[str, list[Any]]:
    """What each gave in each round."""
    found: dict[str, list[Any]] = {name: [] for name in measured}
    for _ in range(repeat):
        for name, measure in measured.items():
            found[name].append(measure())
    return found


def command(*words: str, before: Callable[[], None] | None = None) -> Callable[[], float]:
    """Wall time of a whole process, in milliseconds."""

    def measure() -> float:
        if before:
            before()
        started = time.perf_counter()
        subprocess.run(words, check=True, capture_output=True)
        return (time.perf_counter() - started) * 1000

    return measure


def write_table(rows: list[Row], peers: str) -> None:
    """Put the rows into the README."""
    text = README.read_text(encoding="utf-8")
    where = f"{datetime.now(UTC):%Y-%m-%d}; {os.cpu_count()} cores ({_cpu()}), {platform.system()}, Python {platform.python_version()}; {peers}."
    noise = "Milliseconds, where the row does not say otherwise."
    table = "\n".join(
        [
            f"{where} {noise}",
            "",
            "| measure | floor | Quire | marimo | JupyterLab | Quire / floor | marimo / Quire | JupyterLab / Quire | budget | met |",
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |",
            *map(str, rows),
        ]
    )
    README.write_text(
        re.sub(r"(?s)(<!-- table -->\n).*?(<!-- end -->)", lambda m: f"{m[1]}{table}\n{m[2]}", text), encoding="utf-8"
    )


def _cpu() -> str:
    lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines() if Path("/proc/cpuinfo").exists() else []
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor())
