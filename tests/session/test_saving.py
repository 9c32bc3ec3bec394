"""When the file is written, what a page is told, and what happens when somebody else writes it."""

import pytest

from quire.notebook import new_notebook
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.session.apply import apply
from quire.session.events import (
    Answer,
    FileFound,
    FileSeen,
    FileWritten,
    PageId,
    PageOpened,
    SaveDue,
    SaveSoon,
    SendKernel,
    WriteFailed,
    WriteFile,
)
from quire.session.state import File, Place, open_state

from .model import ask, codes, ids, notebook_text, of_kind, opened, told, typed


def edited(*cells: str):
    """A session whose first cell was typed in."""
    state = opened(*(cells or ("x = 1", "y = x")))
    return ask(state, typed(state, ids(state)[0], "x = 10"))


def writing(state):
    return of_kind(apply(state, SaveDue())[1], WriteFile)


def test_an_edit_is_saved_a_second_later():
    state, effects = edited()
    assert of_kind(effects, SaveSoon) == [SaveSoon()]
    assert state.file.status == "unsaved"

    state, effects = apply(state, SaveDue())
    (write,) = of_kind(effects, WriteFile)
    assert write.data == notebook_text("x = 10", "y = x").encode()
    assert write.known == notebook_text("x = 1", "y = x").encode()
    assert state.file.status == "saving"

    state, effects = apply(state, FileWritten(write.data))
    assert told(effects) == [n.SaveChanged(status="saved")]


def test_an_edit_during_a_write_is_saved_afterwards():
    state, _ = edited()
    state, effects = apply(state, SaveDue())
    (write,) = of_kind(effects, WriteFile)
    state, _ = ask(state, typed(state, ids(state)[0], "x = 100"))
    assert writing(state) == []

    state, effects = apply(state, FileWritten(write.data))
    assert state.file.status == "unsaved"
    assert of_kind(effects, SaveSoon) == [SaveSoon()]
    assert b"x = 100" in writing(state)[0].data


def test_nothing_is_written_when_nothing_changed():
    state = opened("x = 1")
    assert writing(state) == []

    state, _ = ask(state, typed(state, ids(state)[0], "x = 2"))
    state, _ = ask(state, typed(state, ids(state)[0], "x = 1"))
    assert writing(state) == []
    assert apply(state, SaveDue())[0].file.status == "saved"


def test_a_file_that_does_not_exist_is_created_by_the_first_edit_or_when_asked():
    state = open_state(Place("/notebooks/nb.py", "nb.py", "/notebooks"), new_notebook(), File(None), epoch="e")
    assert writing(state) == []

    assert of_kind(ask(state, c.Save())[1], WriteFile)
    state, _ = ask(state, c.AddCells(cells=[c.NewCell(cell="a")], after=None))
    assert writing(state)[0].known is None


def test_a_failed_save_says_why_and_is_tried_again():
    state, _ = edited()
    state, _ = apply(state, SaveDue())
    state, effects = apply(state, WriteFailed("cannot save `nb.py`: the disk is full"))
    assert told(effects) == [n.SaveChanged(status="failed", message="cannot save `nb.py`: the disk is full")]
    assert of_kind(effects, SaveSoon) == [SaveSoon(failed=True)]

    state, effects = apply(state, SaveDue())
    assert told(effects) == []  # still failed, until it is not
    (write,) = of_kind(effects, WriteFile)
    state, effects = apply(state, FileWritten(write.data))
    assert told(effects) == [n.SaveChanged(status="saved")]


def test_a_file_changed_outside_is_loaded_when_nothing_is_unsaved():
    state = opened("x = 1", "y = x", "z = 0")
    before = ids(state)
    text = notebook_text("x = 1", "y = x + 1", "new = 1", "z = 0")
    state, effects = apply(state, FileSeen(text.encode()))

    assert codes(state) == ["x = 1", "y = x + 1", "new = 1", "z = 0"]
    assert [cell for cell in ids(state) if cell in before] == before
    assert state.file.known == text.encode()
    assert n.CellsEdited(cells=[before[1]], edited=True) in told(effects)
    assert [notice.updates[0].client_id for notice in told(effects, n.UpdatesAccepted)] == ["disk"]
    assert of_kind(effects, WriteFile) == []


def test_loading_tells_the_kernel_no_text_that_nobody_ran():
    state = opened("x = 1", "y = x")
    state, _ = ask(state, c.RunAll())
    _, effects = apply(state, FileSeen(notebook_text("x = 2").encode()))

    (sync,) = [effect.command for effect in of_kind(effects, SendKernel)]
    assert len(sync.order) == 1
    assert sync.changed == []


def test_a_moved_cell_keeps_its_identity():
    state = opened("x = 1", "y = x", "z = 0")
    a, b, z = ids(state)
    state, effects = apply(state, FileSeen(notebook_text("z = 0", "x = 1", "y = x").encode()))

    assert ids(state) == [z, a, b]
    assert told(effects, n.CellMoved) == [n.CellMoved(cell=z, after=None)]
    assert told(effects, n.CellAdded) == []


def test_changes_on_both_sides_stop_saving_and_ask():
    state, _ = edited()
    theirs = notebook_text("x = 2").encode()
    state, effects = apply(state, FileSeen(theirs))

    assert state.file.status == "conflict"
    (conflict,) = told(effects, n.ConflictFound)
    assert conflict.disk.encode() == theirs
    assert "x = 10" in conflict.page
    assert writing(state) == []
    state, effects = ask(state, typed(state, ids(state)[0], "x = 100"))
    assert of_kind(effects, SaveSoon) == []


def test_a_change_that_the_write_meets_is_a_conflict_too():
    state, _ = edited()
    state, _ = apply(state, SaveDue())
    state, effects = apply(state, FileFound(b"theirs"))

    assert state.file.status == "conflict"
    assert told(effects, n.ConflictFound)[0].disk == "theirs"


def test_keeping_the_page_writes_over_what_was_seen():
    state, _ = edited()
    theirs = notebook_text("x = 2").encode()
    state, _ = apply(state, FileSeen(theirs))
    state, effects = ask(state, c.SettleConflict(keep="page"))

    (write,) = of_kind(effects, WriteFile)
    assert write.known == theirs
    assert b"x = 10" in write.data


def test_keeping_the_disk_loads_it():
    state, _ = edited()
    state, _ = apply(state, FileSeen(notebook_text("x = 2").encode()))
    state, effects = ask(state, c.SettleConflict(keep="disk"))

    assert codes(state) == ["x = 2"]
    assert state.file.status == "saved"
    assert of_kind(effects, WriteFile) == []


def test_a_conflict_ends_when_the_other_change_is_taken_back():
    state, _ = edited()
    state, _ = apply(state, FileSeen(notebook_text("x = 2").encode()))
    state, effects = apply(state, FileSeen(state.file.known))

    assert state.file.status == "unsaved"
    assert of_kind(effects, SaveSoon)


def test_saving_by_hand_in_a_conflict_says_what_to_do():
    state, _ = edited()
    state, _ = apply(state, FileSeen(notebook_text("x = 2").encode()))
    _, effects = ask(state, c.Save(request=1))

    assert "choose first" in told(effects, n.CommandAnswered)[0].refused


def test_something_else_in_the_file_is_never_loaded():
    state = opened("x = 1")
    state, effects = apply(state, FileSeen(b"print('hello')\n"))

    assert codes(state) == ["x = 1"]
    assert state.file.status == "conflict"
    assert told(effects, n.ConflictFound)[0].disk == "print('hello')\n"
    _, effects = ask(state, c.SettleConflict(keep="disk", request=1))
    assert told(effects, n.CommandAnswered)[0].refused


def test_bytes_that_are_no_text_are_never_loaded():
    state, effects = apply(opened("x = 1"), FileSeen(b"\xff\xfe"))

    assert state.file.status == "conflict"
    assert told(effects, n.ConflictFound)[0].disk == "\ufffd\ufffd"


def test_a_deleted_file_is_written_again_by_the_next_save():
    state, effects = apply(opened("x = 1"), FileSeen(None))
    assert told(effects) == [
        n.SaveChanged(status="unsaved", message="`nb.py` was deleted; the next save writes it again")
    ]
    assert of_kind(effects, SaveSoon) == []

    assert of_kind(ask(state, c.Save())[1], WriteFile)
    state, _ = ask(state, typed(state, ids(state)[0], "x = 2"))
    assert writing(state)[0].data == notebook_text("x = 2").encode()


def test_a_file_that_comes_back_is_as_before():
    """Editors delete and create, and `git` does."""
    before = opened("x = 1")
    state, _ = apply(before, FileSeen(None))
    state, _ = apply(state, FileSeen(before.file.known))
    assert state.file == before.file

    state, _ = apply(before, FileSeen(None))
    state, _ = apply(state, FileSeen(notebook_text("x = 2").encode()))
    assert codes(state) == ["x = 2"]


def test_somebody_elses_same_edit_is_no_conflict():
    state, _ = edited()
    state, effects = apply(state, FileSeen(notebook_text("x = 10", "y = x").encode()))

    assert state.file.status == "saved"
    assert told(effects, n.ConflictFound) == []


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf\r\n"])
def test_a_file_that_somebody_emptied_is_never_loaded(data):
    """Many programs empty a file before they fill it again."""
    state, _ = apply(opened("x = 1"), FileSeen(data))

    assert codes(state) == ["x = 1"]
    assert state.file.status == "conflict"
    state, _ = apply(state, FileSeen(notebook_text("x = 1").encode()))
    assert state.file.status != "conflict"


def test_a_newcomer_hears_of_the_conflict():
    state, _ = edited()
    state, _ = apply(state, FileSeen(notebook_text("x = 2").encode()))
    _, effects = apply(state, PageOpened("late"))

    answers = [type(effect.notice) for effect in of_kind(effects, Answer)]
    assert answers == [n.NotebookOpened, n.ConflictFound]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [("import ( broken\n", "", "above the cells in the file (line 1)"), ("", "\n<<<<<<< HEAD\n", "below the cells")],
)
def test_damage_outside_the_cells_is_said_to_every_page(before, after, words):
    """No cell can show it: the cells run, but the file is no program."""
    state = opened(text=before + notebook_text("x = 1") + after)
    state, effects = apply(state, PageOpened(PageId("late")))

    assert words in told(effects, n.Notified)[0].message


def test_damage_that_another_program_writes_is_said():
    state = opened("x = 1")
    _, effects = apply(state, FileSeen(("import (\n" + notebook_text("x = 1")).encode()))

    assert "above the cells" in told(effects, n.Notified)[0].message


def test_of_a_whole_file_nothing_is_said():
    state = opened(text="\ufeff#!/usr/bin/env python\n" + notebook_text("x = ("))
    assert told(apply(state, PageOpened(PageId("late")))[1], n.Notified) == []
