"""Files that other programs change, watched for real."""

import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

import quire as qr
from quire.context import set_host
from tests.kernel.running import Notebook


class Woken(Notebook):
    """A notebook whose engine wakes up when a thread has something to tell."""

    def __init__(self, **cells: str) -> None:
        super().__init__(**cells)
        self.woken = threading.Event()
        self.engine._wake = self.woken.set

    def wait(self) -> list[str]:
        """Until something is told; which cells run because of it."""
        assert self.woken.wait(30), "nobody was told"
        self.woken.clear()
        self.notices.clear()
        return self.go()


@pytest.fixture
def notebook(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "data").mkdir()
    (tmp_path / "data.txt").write_text("one")
    made = Woken(
        a="import quire as qr",
        f="file = qr.watch.file('data.txt')",
        d="folder = qr.watch.directory('data')",
        r="text = file.read_text() if file.exists() else None",
        n="names = sorted(path.name for path in folder.rglob('*'))",
        u="1",
    )
    before = set_host(made.engine.host)
    made.run()
    yield made
    set_host(before)


def test_cells_that_read_a_file_run_when_another_program_writes_it(notebook: Woken):
    subprocess.run([sys.executable, "-c", "open('data.txt', 'w').write('two')"], check=True)
    ran: list[str] = []
    while notebook.names["text"] != "two":  # a writer empties the file first, which may be told too
        ran += notebook.wait()
    assert set(ran) == {"r"}


def test_a_file_that_is_replaced_goes_and_comes_back(notebook: Woken, tmp_path: Path):
    (tmp_path / "new").write_text("three")
    (tmp_path / "new").replace(tmp_path / "data.txt")
    assert notebook.wait() == ["r"]
    assert notebook.names["text"] == "three"

    (tmp_path / "data.txt").unlink()
    assert notebook.wait() == ["r"]
    assert notebook.names["text"] is None

    (tmp_path / "new").write_text("four")
    (tmp_path / "new").replace(tmp_path / "data.txt")
    assert notebook.wait() == ["r"]
    assert notebook.names["text"] == "four"


def test_cells_that_read_a_directory_run_when_something_below_it_changes(notebook: Woken, tmp_path: Path):
    (tmp_path / "data" / "a").mkdir()
    (tmp_path / "data" / "a" / "b.txt").touch()
    ran: list[str] = []
    while notebook.names["names"] != ["a", "b.txt"]:
        ran += notebook.wait()
    assert set(ran) == {"n"}


def test_a_cell_that_writes_the_file_runs_its_other_readers_and_not_itself(notebook: Woken, tmp_path: Path):
    notebook.sync(w="file.write_text('five')\nwritten = True")

    assert notebook.run("w") == ["w", "r"]
    assert notebook.names["text"] == "five"
    assert (tmp_path / "data.txt").read_text() == "five"


def test_the_watch_ends_when_its_cell_runs_again(notebook: Woken):
    first: Any = notebook.names["file"]
    notebook.run("f")
    assert first._stop.is_set()
    assert not notebook.names["file"]._stop.is_set()  # type: ignore[attr-defined]


def test_nothing_is_watched_in_a_script(tmp_path: Path):
    before = set(threading.enumerate())
    path = tmp_path / "a.txt"
    watched = qr.watch.file(path)
    assert watched.write_text("a") == 1
    assert (watched.read_text(), watched.read_bytes(), watched.path, os.fspath(watched)) == ("a", b"a", path, str(path))
    assert watched.write_bytes(b"b") == 1
    folder = qr.watch.directory(tmp_path)
    assert list(folder.iterdir()) == list(folder.glob("*.txt")) == list(folder.rglob("*")) == [path]
    assert list(folder.walk()) == [(tmp_path, [], ["a.txt"])]
    assert repr(folder) == f"<DirectoryState {str(tmp_path)!r}>"
    assert set(threading.enumerate()) <= before


def test_what_is_not_there_can_be_watched_and_says_so_when_it_is_read(tmp_path: Path):
    watched = qr.watch.file(tmp_path / "no" / "such")
    assert not watched.exists()
    with pytest.raises(FileNotFoundError):
        watched.read_text()
