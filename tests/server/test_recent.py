"""What was opened last: a small file of the user's own that never makes anything fail."""

import asyncio
import json
import os
import stat
from pathlib import Path
from urllib.parse import quote

import msgspec
import pytest

from quire.server.notebooks import Notebooks
from quire.server.recent import MOST, Opened, RecentNotebooks, recent_file
from quire.server.workspace import open_workspace

from .serving import NOTEBOOK, TOKEN, serving
from .test_files import answer, ask, run


@pytest.fixture
def file(tmp_path):
    return tmp_path / "state" / "quire" / "recent.json"


def notebook(folder, name):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(NOTEBOOK, encoding="utf-8")
    return path


def names(recent):
    return [Path(opened.path).name for opened in recent.existing()]


def test_the_newest_is_first_and_stands_there_once(tmp_path, file):
    one, other = notebook(tmp_path, "one.py"), notebook(tmp_path, "other.py")
    for path in (one, other, one):
        RecentNotebooks(file).add(path)

    assert names(RecentNotebooks(file)) == ["one.py", "other.py"]


def test_it_is_bounded(tmp_path, file):
    recent = RecentNotebooks(file)
    for number in range(MOST + 5):
        recent.add(notebook(tmp_path, f"nb{number}.py"))

    assert len(json.loads(file.read_text())) == MOST
    assert names(recent)[0] == f"nb{MOST + 4}.py"


def test_what_is_gone_is_left_out_and_comes_back_with_its_disk(tmp_path, file):
    recent = RecentNotebooks(file)
    gone = notebook(tmp_path, "gone.py")
    recent.add(gone)
    gone.unlink()
    recent.add(notebook(tmp_path, "there.py"))
    assert names(recent) == ["there.py"]

    gone.write_text(NOTEBOOK)
    assert names(recent) == ["there.py", "gone.py"]


@pytest.mark.skipif(os.name != "posix", reason="modes")
def test_nobody_else_reads_it(tmp_path, file):
    RecentNotebooks(file).add(notebook(tmp_path, "nb.py"))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [found.name for found in file.parent.iterdir()] == ["recent.json"]


@pytest.mark.parametrize(
    "text", [b"", b"{", b"\xff", b"{}", b'["x"]', b'[{"path": 1, "when": 2}]', b'[{"path": "\\u0000", "when": 2}]']
)
def test_a_broken_file_is_an_empty_list_and_is_replaced(tmp_path, file, text):
    file.parent.mkdir(parents=True)
    file.write_bytes(text)
    recent = RecentNotebooks(file)
    assert recent.existing() == []

    recent.add(notebook(tmp_path, "nb.py"))
    assert names(recent) == ["nb.py"]


def test_where_nothing_can_be_written_nothing_is_remembered(tmp_path):
    (tmp_path / "state").write_text("a file")
    recent = RecentNotebooks(tmp_path / "state" / "quire" / "recent.json")
    recent.add(notebook(tmp_path, "nb.py"))

    assert recent.existing() == []


def test_the_system_says_where_it_is():
    assert recent_file({"XDG_STATE_HOME": "/s", "HOME": "/h"}).as_posix() == "/s/quire/recent.json"
    assert recent_file({"HOME": "/h"}).as_posix() == "/h/.local/state/quire/recent.json"


def test_opening_a_notebook_of_the_folder_is_remembered(tmp_path, file):
    path = notebook(tmp_path, "nb.py")

    async def story():
        from quire.kernel.fake import FakeKernel

        workspace = open_workspace(tmp_path)
        notebooks = Notebooks(workspace, FakeKernel, RecentNotebooks(file))
        await notebooks.session(workspace.path("nb.py"))
        await notebooks.close()

    asyncio.run(story())
    assert [opened.path for opened in RecentNotebooks(file).existing()] == [str(path.resolve())]


def test_home_links_to_those_of_the_folder_and_names_the_command_for_others(tmp_path, file):
    folder = tmp_path / "work"
    inside, outside = notebook(folder / "sub", "in.py"), notebook(tmp_path / "else where", "out.py")
    hidden = notebook(folder / ".secret", "hidden.py")

    async def story():
        async with serving(folder) as server:
            server.notebooks.recent = RecentNotebooks(file)
            for path in (folder / "nb.py", hidden, inside, outside):
                server.notebooks.recent.add(path.resolve())
            listed = await ask(server, "/api/home/list", {})
            opened = await server.get(f"/edit/{quote(str(outside))}", token=TOKEN)
            return answer(listed)["recent"], opened.status

    recent, status = run(story())
    assert [(item["path"], item["name"], item["command"]) for item in recent] == [
        ("", "out.py", f"quire edit '{outside.resolve()}'"),
        ("sub/in.py", "in.py", ""),
        ("", "hidden.py", f"quire edit {hidden.resolve()}"),
    ]
    assert status == 404


def test_a_list_of_a_later_version_may_say_more(file, tmp_path):
    path = notebook(tmp_path, "nb.py")
    file.parent.mkdir(parents=True)
    file.write_bytes(msgspec.json.encode([{"path": str(path), "when": 1.0, "more": True}]))

    assert RecentNotebooks(file).existing() == [Opened(str(path), 1.0)]
