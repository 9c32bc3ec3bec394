"""What `quire check` says about the document: told to the pages that ask, mended where they want it. Pure.

Findings keep nothing from running, and nobody waits for them: the rules look at the notebook off the event loop, after
the graph, when nobody has typed for a moment.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from quire.check import RULES, Finding, Fix, check_notebook, select_rules
from quire.check.fixes import apply_fix
from quire.check.model import AddGuard, AddVersion, Rewrite, Rule
from quire.errors import EditRefused
from quire.ids import CellId
from quire.notebook import Edit, InsertCell, Notebook, RemoveCell, SetCode
from quire.protocol.commands import FixFinding
from quire.protocol.kernel import RunKernelCells
from quire.protocol.messages import FindingView
from quire.protocol.notices import FindingsChanged
from quire.session.editing import QUIRE, edit_notebook, rewrite_text
from quire.session.events import Answer, CheckSoon, Effect, Look, LookSoon, PageId
from quire.session.problems import graph_after, take_graph
from quire.session.saving import mark_unsaved
from quire.session.settling import adopt_notebook, settle
from quire.session.state import SessionState, Step
from quire.session.structure import delete_cells
from quire.session.syncing import run_cells, sync_structure

FILE = CellId("")
"""Stands for the file, in findings that are about no cell."""

_NOT_IMPORTABLE = "QR011"
_TOLD_OTHERWISE = frozenset({"QB002", "QB003", "QB004", "QB005", "QB006", "QB007", "QB008", "QF005", "QF008"})
"""What pages are told as problems, or see: a statement between cells says that it is one."""
_BEING_WRITTEN = frozenset({"QF003"})
"""An empty cell is where somebody is about to write."""

_RULES = {rule.code: rule for rule in RULES}


def rules_of_page(select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
    """The rules that look while somebody writes, as `quire check` chooses them; hints are no matter of choice but of `ignore`."""
    unwanted = tuple(ignore)
    hints = [] if unwanted and _NOT_IMPORTABLE.startswith(unwanted) else [_RULES[_NOT_IMPORTABLE]]
    chosen = [rule for rule in select_rules(select, ignore) if rule.code not in _TOLD_OTHERWISE | _BEING_WRITTEN]
    return tuple(dict.fromkeys([*chosen, *hints]))


def follow_findings(state: SessionState, page: PageId, *, follow: bool) -> Step:
    """Begin or stop to tell the page."""
    if not follow:
        return replace(state, finding_pages=state.finding_pages - {page}), []
    state = replace(state, finding_pages=state.finding_pages | {page})
    effects: list[Effect] = [Answer(page, FindingsChanged(findings=dict(state.findings)))] if state.findings else []
    return state, [*effects, LookSoon()]


def start_look(state: SessionState) -> Step:
    """Have the rules look, if somebody wants to know and there is something new to look at."""
    if not state.finding_pages or state.checked is None or state.graph is None or state.looked is state.checked:
        return state, []
    return state, [Look(notebook=state.checked, graph=state.graph)]


def take_findings(state: SessionState, notebook: Notebook, found: Iterable[Finding]) -> Step:
    """Keep what was found in `notebook`, and tell of which cells it is other than before."""
    findings: dict[CellId, list[FindingView]] = {}
    for finding in found:
        cell = finding.cell or FILE
        if cell is FILE or state.has(cell):
            findings.setdefault(cell, []).append(_view(finding))
    rewritten = _rewritten(state.looked, notebook)
    changed = {
        cell: findings.get(cell, [])
        for cell in {**findings, **state.findings}
        # Where the code was written anew, the page has lost the place of what is still there.
        if findings.get(cell, []) != state.findings.get(cell, []) or cell in rewritten
    }
    state = replace(state, findings=findings, looked=notebook)
    if not changed:
        return state, []
    return state, [Answer(page, FindingsChanged(findings=changed)) for page in sorted(state.finding_pages)]


def fix_finding(state: SessionState, command: FixFinding) -> Step:
    """Carry out the fix that the page offered, and run what it changed."""
    state, effects = settle(state)
    graph = graph_after(state.checked, state.graph, state.notebook)
    state, told = take_graph(state, state.notebook, graph)
    effects += told
    changed: list[CellId] = []
    for step in _find_fix(state, command).steps:
        state, told = _carry_out(state, step)
        effects += told
        if isinstance(step, SetCode | InsertCell):
            changed.append(step.cell)
    changed = [cell for cell in changed if state.has(cell)]
    if changed and state.kernel != "dead":
        state, told = settle(state)
        effects += told
        state, told = run_cells(state, RunKernelCells(cells=changed))
        effects += told
    return state, effects


def _find_fix(state: SessionState, command: FixFinding) -> Fix:
    """The fix of the same finding, now. One rule is quick; raises `EditRefused` when it finds nothing of the kind."""
    rule = _RULES.get(command.code)
    rules: Sequence[Rule] = [] if rule is None else [rule]
    found = [
        finding
        for finding in check_notebook(state.notebook, Path(state.place.path), rules, state.graph)
        if (finding.cell or FILE) == command.cell and finding.fix is not None and finding.fix.label == command.fix
    ]
    if not found:
        raise EditRefused(f"what `{command.code}` found here is gone; nothing to mend")
    fix = min(found, key=lambda finding: abs(_view(finding).line - command.line)).fix
    assert fix is not None
    return fix


def _carry_out(state: SessionState, step: Edit | Rewrite | AddGuard | AddVersion) -> Step:
    """One step of a fix, by the ways in which pages do the same."""
    match step:
        case SetCode(cell, code):
            return rewrite_text(state, cell, QUIRE, code)
        case RemoveCell(cell):
            return delete_cells(state, [cell])
        case Rewrite() | AddGuard() | AddVersion():
            return _rewrite_file(state, step)
        case _:
            return edit_notebook(state, step)


def _rewrite_file(state: SessionState, step: Rewrite | AddGuard | AddVersion) -> Step:
    """The code of the cells stays; what stands around it in the file changes."""
    state, effects = settle(state)
    notebook = apply_fix(state.notebook, Fix("", (step,)))
    state, told = adopt_notebook(state, notebook, notebook.reports)
    state, saving = mark_unsaved(state)
    state, synced = sync_structure(state)
    return state, [*effects, *told, *saving, CheckSoon(), *synced]


def _view(finding: Finding) -> FindingView:
    place = finding.in_cell or finding.in_file
    rule = _RULES[finding.code]
    return FindingView(
        code=finding.code,
        name=rule.name,
        message=finding.message,
        line=place.line,
        column=place.column,
        end_line=place.end_line,
        end_column=place.end_column,
        fix=finding.fix.label if finding.fix else "",
        is_hint=rule.is_quiet,
    )


def _rewritten(before: Notebook | None, after: Notebook) -> frozenset[CellId]:
    """Cells of both notebooks whose code is not the same."""
    if before is None:
        return frozenset()
    known = before.positions
    return frozenset(
        cell.id
        for cell in after.cells
        if cell.id in known and (old := before.cells[known[cell.id]]) is not cell and old.code != cell.code
    )
