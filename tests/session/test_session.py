"""The loop with real files and a kernel without a process."""

import asyncio
import logging
import time
from pathlib import Path

import pytest

from quire.errors import NotANotebook
from quire.kernel.fake import FakeKernel
from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.session import session as session_module
from quire.session.outbox import Outbox
from quire.session.session import Session, open_notebook
from quire.session.state import Place

from .model import codes, ids, notebook_text, typed

DEADLINE = 15.0


@pytest.fixture(autouse=True)
def _quick(monkeypatch):
    """As in life, but ten times as fast."""
    for name in ("SAVE_SECONDS", "RETRY_SECONDS", "CHECK_SECONDS"):
        monkeypatch.setattr(session_module, name, getattr(session_module, name) / 10)


class World:
    """One session, one page, one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kernels: list[FakeKernel] = []
        self.session = Session(open_notebook(Place(str(path), path.name, str(path.parent))), self._make_kernel)
        self.seen: list = []

    def _make_kernel(self) -> FakeKernel:
        self.kernels.append(FakeKernel())
        return self.kernels[-1]

    @property
    def state(self):
        return self.session.state

    def open(self) -> Outbox:
        self.session.start()
        self.page = self.session.connect()
        self._reader = asyncio.create_task(self._read(self.page))
        return self.page

    async def _read(self, page: Outbox) -> None:
        while (frame := await page.take()) is not None:
            self.seen += frame

    def ask(self, command) -> None:
        self.session.submit(self.page, command)

    async def until(self, fact) -> None:
        deadline = time.monotonic() + DEADLINE
        while not fact():
            assert time.monotonic() < deadline, self.state.file
            await asyncio.sleep(0.01)

    async def settled(self) -> None:
        await self.until(lambda: self.state.kernel == "idle")


def story(tmp_path, tell, *cells: str, name: str = "nb.py"):
    """Tell it with an open notebook of these cells; afterwards the session is closed."""
    path = tmp_path / name
    if cells:
        path.write_text(notebook_text(*cells), encoding="utf-8")

    async def whole():
        world = World(path)
        world.open()
        try:
            return await tell(world)
        finally:
            await world.session.close()

    return asyncio.run(asyncio.wait_for(whole(), 60))


def others(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir() if path.name != "nb.py")


def test_opening_runs_the_cells_and_finds_problems(tmp_path):
    async def tell(world):
        await world.settled()
        await world.until(lambda: world.state.problems)
        return {p.type for found in world.state.problems.values() for p in found}, world.state.runs

    problems, runs = story(tmp_path, tell, "x = 1", "x = 2", "y = x", "z = 5\nz")
    assert problems == {"DefinedTwice"}
    assert [run.outcome for run in runs.values()] == ["blocked", "blocked", "blocked", "succeeded"]


@pytest.mark.parametrize(("mode", "lazy"), [("edit", True), ("run", False)])
def test_a_notebook_says_itself_that_it_is_lazy_and_apps_never_are(tmp_path, mode, lazy):
    path = tmp_path / "notebook.py"
    header = '# /// script\n# [tool.quire.runtime]\n# on_cell_change = "lazy"\n# ///\n'
    path.write_text(header + notebook_text("x = 1"))
    place = Place(str(path), path.name, str(tmp_path), mode=mode)
    assert open_notebook(place).lazy is lazy


def test_typing_is_saved_by_itself(tmp_path):
    async def tell(world):
        await world.settled()
        world.ask(typed(world.state, ids(world.state)[0], "x = 10"))
        await world.until(lambda: "x = 10" in world.path.read_text())
        await world.until(lambda: world.state.file.status == "saved")

    story(tmp_path, tell, "x = 1")
    assert others(tmp_path) == []


def test_what_is_unsaved_at_the_end_is_saved(tmp_path):
    async def tell(world):
        world.ask(typed(world.state, ids(world.state)[0], "x = 10"))

    story(tmp_path, tell, "x = 1")
    assert (tmp_path / "nb.py").read_text() == notebook_text("x = 10")


def test_a_new_notebook_is_created_by_its_first_edit(tmp_path):
    async def tell(world):
        await world.settled()
        assert codes(world.state) == [""]
        assert not world.path.exists()
        world.ask(typed(world.state, ids(world.state)[0], "x = 1"))
        await world.until(world.path.exists)

    story(tmp_path, tell)
    assert "    x = 1\n" in (tmp_path / "nb.py").read_text()


def test_a_new_notebook_without_an_edit_leaves_no_file(tmp_path):
    story(tmp_path, World.settled)

    assert list(tmp_path.iterdir()) == []


def test_a_template_is_left_alone(tmp_path):
    template = tmp_path / "template.py"
    template.write_text(notebook_text("x = 1"))
    state = open_notebook(Place(str(tmp_path / "nb.py"), "nb.py", str(tmp_path)), template)

    assert codes(state) == ["x = 1"]
    assert state.file.known is None


def test_a_change_by_another_program_is_seen(tmp_path):
    async def tell(world):
        await world.settled()
        outputs = [run.output for run in world.state.runs.values()]
        world.path.write_text(notebook_text("x = 1\nx", "y = x + 1\ny", "z = 3"))
        await world.until(lambda: codes(world.state)[1:] == ["y = x + 1\ny", "z = 3"])
        return outputs, [run.output for run in world.state.runs.values()][:2]

    before, after = story(tmp_path, tell, "x = 1\nx", "y = x\ny")
    assert before == after


def test_a_change_by_another_program_that_replaces_the_file_is_seen(tmp_path):
    async def tell(world):
        await world.settled()
        other = tmp_path / "other"
        other.write_text(notebook_text("x = 2"))
        other.replace(world.path)
        await world.until(lambda: codes(world.state) == ["x = 2"])
        return world.path.read_text()

    assert story(tmp_path, tell, "x = 1") == notebook_text("x = 2")


def test_both_sides_changed_stops_saving_and_keeps_both(tmp_path):
    async def tell(world):
        await world.settled()
        world.ask(typed(world.state, ids(world.state)[0], "x = 10"))
        world.path.write_text(notebook_text("x = 2"))
        await world.until(lambda: world.state.file.status == "conflict")
        await world.until(lambda: any(isinstance(notice, n.ConflictFound) for notice in world.seen))
        assert world.path.read_text() == notebook_text("x = 2")
        world.ask(c.SettleConflict(keep="page"))
        await world.until(lambda: world.state.file.status == "saved")

    story(tmp_path, tell, "x = 1")
    assert (tmp_path / "nb.py").read_text() == notebook_text("x = 10")
    assert others(tmp_path) == []


def test_an_unsettled_conflict_leaves_both_texts_at_the_end(tmp_path, caplog):
    async def tell(world):
        await world.settled()
        world.ask(typed(world.state, ids(world.state)[0], "x = 10"))
        world.path.write_text(notebook_text("x = 2"))
        await world.until(lambda: world.state.file.status == "conflict")

    story(tmp_path, tell, "x = 1")
    (other,) = others(tmp_path)
    assert (tmp_path / "nb.py").read_text() == notebook_text("x = 2")
    assert (tmp_path / other).read_text() == notebook_text("x = 10")
    assert other in caplog.text


def test_a_file_deleted_while_open_is_said_and_made_again(tmp_path):
    async def tell(world):
        await world.settled()
        world.path.unlink()
        await world.until(lambda: world.state.file.gone)
        assert "was deleted" in world.state.file.message
        world.ask(c.Save())
        await world.until(lambda: world.state.file.status == "saved")

    story(tmp_path, tell, "x = 1")
    assert (tmp_path / "nb.py").read_text() == notebook_text("x = 1")


def test_a_directory_in_place_of_the_file_is_said_and_outlived(tmp_path):
    async def tell(world):
        await world.settled()
        world.path.unlink()
        world.path.mkdir()
        world.ask(typed(world.state, ids(world.state)[0], "x = 10"))
        await world.until(lambda: world.state.file.status == "failed")
        assert "a directory of this name" in world.state.file.message
        world.path.rmdir()
        await world.until(lambda: world.state.file.status == "saved")

    story(tmp_path, tell, "x = 1")
    assert (tmp_path / "nb.py").read_text() == notebook_text("x = 10")


def test_a_save_that_fails_to_the_end_leaves_a_copy(tmp_path, caplog):
    async def tell(world):
        await world.settled()
        world.path.unlink()
        world.path.mkdir()
        world.ask(typed(world.state, ids(world.state)[0], "x = 10"))
        await world.until(lambda: world.state.file.status == "failed")

    caplog.set_level(logging.WARNING)
    story(tmp_path, tell, "x = 1")
    (copy,) = others(tmp_path)
    assert (tmp_path / copy).read_text() == notebook_text("x = 10")


def test_many_external_writes_and_edits_lose_nothing(tmp_path):
    """Another program and a page both write, as fast as they can; every line of either ends up somewhere."""

    async def tell(world):
        await world.settled()
        first, second = ids(world.state)
        for number in range(30):
            text = world.state.document.text_of(first).text
            world.ask(typed(world.state, first, f"{text}\na{number} = {number}"))
            await asyncio.sleep(0.02)
        await world.until(lambda: "a29 = 29" in world.path.read_text() and world.state.file.status == "saved")
        for number in range(30):
            with world.path.open("rb") as file:
                now = file.read().decode()
            world.path.write_text(now.replace("b = 0", f"b = 0\n    b{number} = {number}"))
            await asyncio.sleep(0.02)
        await world.until(lambda: "b29 = 29" in world.state.document.text_of(second).text)
        return codes(world.state)

    first, second = story(tmp_path, tell, "a = 0", "b = 0")
    assert [f"a{number} = {number}" in first for number in range(30)] == [True] * 30
    assert [f"b{number} = {number}" in second for number in range(30)] == [True] * 30


def test_a_mistake_of_ours_is_reported_and_the_session_lives(tmp_path, monkeypatch, caplog):
    async def tell(world):
        await world.settled()

        def broken(*_):
            raise ZeroDivisionError

        with monkeypatch.context() as patch:
            patch.setattr(session_module, "apply", broken)
            world.ask(c.RunAll())
        world.ask(c.Save(request=4))
        await world.until(lambda: n.CommandAnswered(request=4) in world.seen)
        return [notice.message for notice in world.seen if isinstance(notice, n.Notified)]

    (message,) = story(tmp_path, tell, "x = 1")
    assert message.startswith("`RunAll` failed inside Quire")
    assert "ZeroDivisionError" in caplog.text


def test_the_old_kernel_is_closed_and_heard_no_more(tmp_path):
    async def tell(world):
        await world.settled()
        world.ask(c.RestartKernel())
        await world.settled()
        old, new = world.kernels
        await world.until(lambda: old.closed)
        old.die("too late")
        return world.state.kernel, new.closed

    assert story(tmp_path, tell, "x = 1") == ("idle", False)


def test_a_kernel_that_cannot_start_is_a_dead_one(tmp_path):
    class Stillborn(FakeKernel):
        async def start(self, events):
            raise OSError(2, "No such file or directory")

    async def whole():
        path = tmp_path / "nb.py"
        path.write_text(notebook_text("x = 1"))
        session = Session(open_notebook(Place(str(path), "nb.py", str(tmp_path))), Stillborn)
        session.start()
        async with asyncio.timeout(DEADLINE):
            while session.state.kernel != "dead":
                await asyncio.sleep(0.01)
        await session.close()
        return session.state.kernel_message

    assert "the kernel could not be started: No such file or directory" in asyncio.run(asyncio.wait_for(whole(), 10))


def test_nothing_is_left_after_closing(tmp_path):
    """No task that waits, no open descriptor."""

    def count() -> int:
        listed = Path("/dev/fd")
        return len(list(listed.iterdir())) if listed.exists() else 0

    async def whole():
        tasks, before = asyncio.all_tasks(), count()
        for _ in range(5):
            world = World(tmp_path / "nb.py")
            world.open()
            await world.settled()
            await world.session.close()
            await world._reader
        remaining = asyncio.all_tasks() - tasks
        await world.until(lambda: count() <= before)  # the thread that watched the file may take a moment
        return remaining

    (tmp_path / "nb.py").write_text(notebook_text("x = 1"))
    assert asyncio.run(asyncio.wait_for(whole(), 60)) == set()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"print('hello')\n", "not a Quire notebook"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (b"\x89PNG\r\n", "not UTF-8"),
        (b'{"cells": []}', "this is JSON|not a Quire notebook"),
    ],
)
def test_something_else_is_not_opened(tmp_path, data, said):
    path = tmp_path / "nb.py"
    path.write_bytes(data)

    with pytest.raises(NotANotebook, match=said):
        open_notebook(Place(str(path), "nb.py", str(tmp_path)))


@pytest.mark.parametrize("data", [b"", b"\n \n", b"\xef\xbb\xbf\r\n"])
def test_an_empty_file_is_a_new_notebook(data, tmp_path):
    path = tmp_path / "nb.py"
    path.write_bytes(data)
    state = open_notebook(Place(str(path), "nb.py", str(tmp_path)))

    assert codes(state) == [""]
    assert state.file.known == data


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_endings_and_marks_are_kept(tmp_path, newline, mark):
    text = mark + notebook_text("x = 1", "y = '''a\n  b'''").replace("\n", newline)
    (tmp_path / "nb.py").write_bytes(text.encode())

    async def tell(world):
        world.ask(typed(world.state, ids(world.state)[0], "x = 2"))

    story(tmp_path, tell)
    assert (tmp_path / "nb.py").read_bytes() == text.replace("x = 1", "x = 2").encode()
