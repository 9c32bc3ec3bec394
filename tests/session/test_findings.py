"""What the rules of `quire check` find is told to those who ask, once, and mended where they want it."""

from pathlib import Path

from quire.check import check_notebook
from quire.ids import CellId
from quire.notebook import InsertCell, apply_edit, new_notebook, write_notebook
from quire.protocol import notices as n
from quire.protocol.commands import FixFinding, FollowFindings
from quire.session.apply import apply
from quire.session.events import (
    Answer,
    Check,
    CheckDue,
    Look,
    LookDue,
    Looked,
    LookSoon,
    PageClosed,
    PageId,
    SendKernel,
)
from quire.session.findings import FILE, rules_of_page

from .model import PAGE, ask, check, codes, ids, of_kind, opened, told, typed

LOST = "x = 1\nx\nprint(x)"
"""A value in the middle, which nobody sees (QR003)."""
RATE = "rate = 2\nprint(rate)"
PRICE = "def price(n):\n    return n * rate"
USE = "print(price(2))"


def written(*cells: str) -> str:
    """As Quire writes them."""
    notebook = new_notebook()
    for number, code in reversed(list(enumerate(cells))):
        notebook = apply_edit(notebook, InsertCell(CellId(f"c{number}"), None, code))
    return write_notebook(notebook)


def looked(state):
    """After a look at the graph and one by the rules: the state, and the findings told to whom."""
    state, effects = apply(state, CheckDue())
    for effect in of_kind(effects, Check):
        state, effects = apply(state, check(effect))
    state, effects = apply(state, LookDue())
    for effect in of_kind(effects, Look):
        found = check_notebook(effect.notebook, Path("nb.py"), rules_of_page(), effect.graph)
        state, effects = apply(state, Looked(effect.notebook, found))
    return state, findings(effects)


def findings(effects):
    return {e.page: e.notice.findings for e in of_kind(effects, Answer) if isinstance(e.notice, n.FindingsChanged)}


def followed(*cells: str, text: str | None = None):
    """A page that has asked, and what it was told of the cells."""
    state, _ = ask(opened(text=text or written(*cells)), FollowFindings(follow=True))
    state, told = looked(state)
    return state, {cell: found for cell, found in told.get(PAGE, {}).items() if cell != FILE}


def test_a_finding_has_its_place_in_the_cell():
    state, told = followed("y = 1\nprint(y)", LOST)

    ((cell, (found,)),) = told.items()
    assert cell == ids(state)[1]
    assert (found.code, found.name, found.fix, found.is_hint) == ("QR003", "lost-value", "", False)
    assert (found.line, found.column, found.end_line, found.end_column) == (2, 1, 2, 2)


def test_rules_look_only_where_somebody_wants_to_know():
    state, effects = apply(opened(LOST), CheckDue())
    state, effects = apply(state, check(of_kind(effects, Check)[0]))
    assert of_kind(effects, LookSoon) == []
    assert apply(state, LookDue())[1] == []

    state, effects = ask(state, FollowFindings(follow=True))
    assert len(of_kind(effects, LookSoon)) == 1
    state, _ = apply(state, PageClosed(PAGE))
    assert apply(state, LookDue())[1] == []


def test_nothing_is_looked_at_twice():
    state, _ = followed(LOST)

    assert apply(state, LookDue())[1] == []


def test_only_cells_that_are_other_than_before_are_told():
    state, _ = followed(LOST, "y = 1\ny\nprint(y)")
    first, second = ids(state)
    state, _ = ask(state, typed(state, first, "x = 1\nprint(x)"))
    state, told = looked(state)
    assert told == {PAGE: {first: []}}

    # Written anew with the same finding at the same place: the page has lost it with the text.
    state, _ = ask(state, typed(state, second, "z = 1\nz\nprint(z)"))
    state, told = looked(state)
    assert [(cell, [one.code for one in found]) for cell, found in told[PAGE].items()] == [(second, ["QR003"])]


def test_a_page_that_comes_later_is_told_what_is_known():
    state, told = followed(LOST)
    state, effects = ask(state, FollowFindings(follow=True), PageId("other"))

    assert {cell: found for cell, found in findings(effects)["other"].items() if cell != FILE} == told


def test_what_is_told_as_a_problem_is_not_told_again():
    _, told = followed("x = 1", "x = 2", "print(x)", "a = b", "b = a", "def (", "from os import *", "")
    assert told == {}

    head = "import quire\n\napp = quire.App()\n\nx = 0\n\n"
    one = "@app.cell\ndef one():\n    return\n\n\n"
    state, told = followed(text=head + one + one + "@app.cell\ndef _(\n")
    damaged = ids(state)[-1]
    assert [(cell, [found.code for found in told[cell]]) for cell in told] == [(damaged, ["QB001"])]
    assert damaged not in state.problems


def test_what_a_comment_ignores_is_not_told():
    _, told = followed("x = 1\nx  # quire: ignore[QR003]\nprint(x)")

    assert told == {}


def test_the_file_has_findings_too_and_its_fix_stands_in_it():
    text = "import quire\n\napp = quire.App()\n\n\n@app.cell\ndef _():\n    print(1)\n    return\n"
    state, _ = ask(opened(text=text), FollowFindings(follow=True))
    state, told = looked(state)
    found = {one.code: one for one in told[PAGE][FILE]}
    assert set(found) == {"QF001", "QF002"}

    command = FixFinding(cell=FILE, code="QF001", fix=found["QF001"].fix, line=found["QF001"].line)
    state, effects = ask(state, command)
    assert told_refusals(effects) == []
    assert state.notebook.footer.endswith('if __name__ == "__main__":\n    app.run()\n')
    state, told = looked(state)
    assert [one.code for one in told[PAGE][FILE]] == ["QF002"]


def told_refusals(effects):
    return [answer.refused for answer in told(effects, n.CommandAnswered) if answer.refused]


def test_a_cell_that_nobody_needs_is_removed_and_can_come_back():
    state, told = followed("unused = 1", "print(1)")
    cell = ids(state)[0]
    (found,) = told[cell]
    assert (found.code, found.fix) == ("QR004", "remove the cell")

    state, effects = ask(state, FixFinding(cell=cell, code="QR004", fix=found.fix, line=1))
    assert told_refusals(effects) == []
    assert codes(state) == ["print(1)"]
    assert cell in state.removed


def test_a_function_that_cannot_be_imported_is_a_hint_with_a_way_out():
    state, told = followed(RATE, PRICE, USE)
    rate, price, _ = ids(state)
    ((cell, (found,)),) = told.items()
    assert (cell, found.code, found.is_hint, found.fix) == (price, "QR011", True, "Move `rate` to the setup cell")

    state, effects = ask(state, FixFinding(cell=price, code="QR011", fix=found.fix, line=found.line))
    assert told_refusals(effects) == []
    assert [(cell.type, cell.code) for cell in state.notebook.cells] == [
        ("setup", "rate = 2"),
        ("cell", "print(rate)"),
        ("function", PRICE),
        ("cell", USE),
    ]
    ran = [effect.command.cells for effect in of_kind(effects, SendKernel) if hasattr(effect.command, "cells")]
    assert ran == [["setup", rate]]
    assert looked(state)[1][PAGE][price] == []


def test_a_fix_that_came_too_late_is_refused():
    state, told = followed("unused = 1", "print(1)")
    (cell,) = told
    state, _ = ask(state, typed(state, cell, "unused = 1\nprint(unused)"))
    for code, fix in (("QR004", "remove the cell"), ("QR004", "another"), ("QX999", "remove the cell")):
        _, effects = ask(state, FixFinding(cell=cell, code=code, fix=fix, line=1))
        assert told_refusals(effects) == [f"what `{code}` found here is gone; nothing to mend"]


def test_settings_choose_the_rules_and_hints_stay_until_they_are_ignored():
    usual = {rule.code for rule in rules_of_page()}
    assert {"QR003", "QR011", "QF006"} <= usual
    assert not usual & {"QB002", "QF003"}
    assert [rule.code for rule in rules_of_page(["QR003"])] == ["QR003", "QR011"]
    assert usual - {rule.code for rule in rules_of_page((), ["QR003", "QR011"])} == {"QR003", "QR011"}
