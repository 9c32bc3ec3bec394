"""All rules over one notebook: findings in the order of the file, those that a comment ignores left out, and fixes applied."""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from quire.check import breaking, danger, display, form, naming
from quire.check.fixes import apply_fix
from quire.check.model import Finding, Fix, Rule
from quire.check.view import View
from quire.dataflow import Graph
from quire.errors import QuireError
from quire.notebook import Notebook, write_notebook
from quire.notebook.lines import split_lines
from quire.notebook.model import count_lines

RULES: tuple[Rule, ...] = tuple(
    sorted(
        (*breaking.RULES, *display.RULES, *naming.RULES, *danger.RULES, *form.RULES),
        key=lambda rule: ("BRF".index(rule.code[1]), rule.code),
    )
)
"""Every rule, by code: first what breaks, then what is risky, then form."""

_PASSES = 10
"""Fixes may uncover others; after so many rounds something goes in circles."""
_IGNORE = re.compile(r"#\s*quire:\s*ignore(?:\[(?P<codes>[\w\s,]*)\])?")


def select_rules(select: Iterable[str] = (), ignore: Iterable[str] = ()) -> tuple[Rule, ...]:
    """The rules whose codes begin with one of `select` (all, when empty) and with none of `ignore`.

    Quiet rules are selected by their whole code only.
    """
    wanted, unwanted = tuple(select), tuple(ignore)
    return tuple(
        rule
        for rule in RULES
        if (rule.code in wanted or (not rule.is_quiet and (not wanted or rule.code.startswith(wanted))))
        and not (unwanted and rule.code.startswith(unwanted))
    )


def find_unknown(codes: Iterable[str]) -> list[str]:
    """Those with which the code of no rule begins."""
    return [code for code in codes if not any(rule.code.startswith(code) for rule in RULES)]


USUAL = select_rules()
"""The rules that nobody has to name."""


def check_notebook(
    notebook: Notebook, path: Path, rules: Sequence[Rule] = USUAL, graph: Graph | None = None
) -> list[Finding]:
    """What the rules find, in the order of the file. `path` is what the file is called; it is not read.

    `graph`, when the caller has one of this notebook, saves the time of making it.
    """
    if notebook.foreign:
        return []
    view = View(notebook, path, graph)
    found = [finding for rule in rules for finding in rule.look(view)]
    if "quire:" in write_notebook(notebook):
        found = list(_without_ignored(notebook, found))
    return sorted(found, key=lambda finding: (finding.in_file.line, finding.in_file.column, finding.code))


def apply_fixes(
    notebook: Notebook, path: Path, rules: Sequence[Rule] = USUAL, *, unsafe: bool = False
) -> tuple[Notebook, int]:
    """The notebook with what can be mended mended, and how many findings that were."""
    count = 0
    for _ in range(_PASSES):
        done: set[object] = set()
        for finding in check_notebook(notebook, path, rules):
            fix = finding.fix
            if fix is None or not (fix.safe or unsafe) or finding.cell in done:
                continue
            try:
                mended = apply_fix(notebook, fix)
            except QuireError:
                continue  # what an edit refuses stays a finding
            if write_notebook(mended) == write_notebook(notebook):
                continue
            notebook = mended
            done.add(finding.cell)
            count += 1
        if not done:
            break
    return notebook, count


def _without_ignored(notebook: Notebook, findings: Iterable[Finding]) -> Iterator[Finding]:
    """Comments on a line of the finding, or on a cell's decorator, hide findings."""
    rows = split_lines(write_notebook(notebook))
    heads = _heads(notebook)
    for finding in findings:
        places = range(finding.in_file.line, max(finding.in_file.end_line, finding.in_file.line) + 1)
        lines = [*places, *heads.get(finding.cell or "", ())]
        if not any(_ignores(rows[line - 1], finding.code) for line in lines if 0 < line <= len(rows)):
            yield finding


def _heads(notebook: Notebook) -> dict[str, range]:
    """Lines of each cell before its code."""
    heads: dict[str, range] = {}
    line = 1 + count_lines(notebook.header)
    for gap, cell in zip(notebook.gaps, notebook.cells, strict=True):
        line += count_lines(gap)
        heads[cell.id] = range(line, line + cell.lead)
        line += count_lines(cell.text)
    return heads


def _ignores(row: str, code: str) -> bool:
    for found in _IGNORE.finditer(row):
        codes = found["codes"]
        if codes is None or code in [one.strip() for one in codes.split(",")]:
            return True
    return False


def describe_fix(fix: Fix) -> str:
    """Whether and how a person gets it."""
    return fix.label if fix.safe else f"{fix.label} (unsafe)"
