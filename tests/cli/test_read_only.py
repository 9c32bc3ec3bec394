"""Folders in which nobody may write, or read: said at the start, and nothing that was typed is lost."""

import asyncio
import os
import shutil
import subprocess
import sys

import pytest

from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.codec import encode
from quire.protocol.messages import Update

from .test_process import NOTEBOOK, command, until

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
PLAIN = ("setpriv", "--bounding-set", "-dac_override,-dac_read_search") if IS_ROOT else ()
"""Permissions count for the superuser too."""

pytestmark = pytest.mark.skipif(
    os.name != "posix" or (IS_ROOT and shutil.which("setpriv") is None), reason="permissions must count"
)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Everybody may read in it, and nobody may write."""
    inner, temporary = tmp_path / "shared", tmp_path / "temporary"
    inner.mkdir()
    temporary.mkdir()
    (inner / "nb.py").write_text(NOTEBOOK)
    inner.chmod(0o555)
    monkeypatch.setenv("TMPDIR", str(temporary))
    yield inner
    inner.chmod(0o755)


REASON = "no permission to write in"


@pytest.mark.parametrize(("what", "name"), [("edit", "nb.py"), ("edit", "other.py"), ("new", "fresh.py")])
def test_the_terminal_and_the_page_say_it_at_once(folder, what, name):
    async def look(running):
        async with running.page() as page:
            return await until(page, lambda notice: isinstance(notice, n.NotebookOpened))

    with command(what, name, cwd=folder, by=PLAIN) as running:
        opened = asyncio.run(look(running))
        end = next(line for line in running.process.stdout if line.startswith("ctrl-c"))
        status, said = running.stop()

    assert f"cannot save `{name}`: {REASON} `{folder}`" in running.printed
    assert end == "ctrl-c stops it\n"  # and no word of saving
    assert (opened.save, REASON in opened.save_message) == ("failed", True)
    assert (status, "unsaved" in said) == (0, False)
    assert [path.name for path in folder.iterdir()] == ["nb.py"]


def test_what_was_typed_is_kept_elsewhere_at_the_end(folder, tmp_path):
    async def work(running):
        async with running.page() as page:
            opened = await until(page, lambda notice: isinstance(notice, n.NotebookOpened))
            first = opened.cells[0].id
            update = Update(client_id="me", changes=[4, [1, "5"], 2])
            await page.send(encode([c.PushUpdates(cell=first, version=0, updates=[update]), c.RunCells(cells=[first])]))
            await until(page, lambda m: isinstance(m, n.ConsoleWritten) and "6" in m.console.text)

    with command("edit", "nb.py", cwd=folder, by=PLAIN) as running:
        asyncio.run(work(running))
        status, said = running.stop()

    (kept,) = (tmp_path / "temporary").glob("nb.unsaved-*.py")
    assert status == 0
    assert str(kept) in said
    assert "x = 5" in kept.read_text()
    assert (folder / "nb.py").read_text() == NOTEBOOK


def test_a_folder_that_can_be_written_again_is_written(folder):
    async def work(running):
        async with running.page() as page:
            opened = await until(page, lambda notice: isinstance(notice, n.NotebookOpened))
            first = opened.cells[0].id
            folder.chmod(0o755)
            update = Update(client_id="me", changes=[4, [1, "5"], 2])
            await page.send(encode([c.PushUpdates(cell=first, version=0, updates=[update]), c.Save()]))
            await until(page, lambda m: isinstance(m, n.SaveChanged) and m.status == "saved")

    with command("edit", "nb.py", cwd=folder, by=PLAIN) as running:
        asyncio.run(work(running))
        running.stop()

    assert "x = 5" in (folder / "nb.py").read_text()


def test_a_folder_that_may_not_be_read_is_refused(folder):
    folder.chmod(0o300)
    done = subprocess.run(
        [*PLAIN, sys.executable, "-m", "quire", "edit", str(folder), "--headless", "--port", "0"],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder.parent,
    )

    assert done.returncode != 0
    assert f"`{folder}`" in done.stderr
    assert "Permission denied" in done.stderr
    assert "Traceback" not in done.stderr
