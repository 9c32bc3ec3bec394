"""The file is the old one or the new one, never half of one, and never somebody else's text overwritten."""

import contextlib
import errno
import os
import stat
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from quire.errors import NotANotebook
from quire.session import disk
from quire.session.disk import decode_text, explain_error, read_file, remove_leftovers, write_file
from quire.session.swap import swap_files


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


def test_a_missing_file_is_created(tmp_path):
    path = tmp_path / "nb.py"

    assert write_file(path, b"new", None) is None
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["nb.py"]


def test_bytes_are_kept_as_they_are(tmp_path):
    data = "\ufeffx = 1\r\ny = '😀'\rz\n".encode()
    path = tmp_path / "nb.py"
    write_file(path, data, None)

    assert read_file(path) == data
    assert decode_text(data, path).encode() == data


def test_a_file_that_somebody_else_changed_stays(tmp_path):
    path = tmp_path / "nb.py"
    path.write_bytes(b"theirs")

    assert write_file(path, b"ours", b"base") == b"theirs"
    assert path.read_bytes() == b"theirs"
    assert names(tmp_path) == ["nb.py"]


def test_a_file_that_somebody_else_created_stays(tmp_path):
    path = tmp_path / "nb.py"
    path.write_bytes(b"theirs")

    assert write_file(path, b"ours", None) == b"theirs"
    assert path.read_bytes() == b"theirs"


def test_a_deleted_file_is_created_again(tmp_path):
    path = tmp_path / "nb.py"

    assert write_file(path, b"new", b"old") is None
    assert path.read_bytes() == b"new"


def test_a_file_that_holds_the_text_already_is_left_alone(tmp_path):
    path = tmp_path / "nb.py"
    path.write_bytes(b"same")
    before = path.stat()

    assert write_file(path, b"same", b"base") is None
    assert path.stat().st_ino == before.st_ino


def test_mode_and_owner_are_kept(tmp_path):
    path = tmp_path / "nb.py"
    path.write_bytes(b"old")
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 65534, 65534)
    before = path.stat()
    write_file(path, b"new", b"old")

    after = path.stat()
    assert stat.S_IMODE(after.st_mode) == 0o640
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def test_a_symbolic_link_stays_one_and_its_target_is_written(tmp_path):
    (tmp_path / "real").mkdir()
    target, link = tmp_path / "real" / "target.py", tmp_path / "link.py"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_file(link, b"new", b"old")

    assert link.is_symlink()
    assert target.read_bytes() == b"new"
    assert names(tmp_path / "real") == ["target.py"]


def test_a_change_between_comparison_and_swap_is_put_back(tmp_path, monkeypatch):
    """The one moment that a comparison before the write cannot see."""
    path = tmp_path / "nb.py"
    path.write_bytes(b"base")

    def swap_late(one: Path, other: Path) -> bool:
        monkeypatch.setattr(disk, "swap_files", swap_files)
        other.write_bytes(b"theirs")
        return swap_files(one, other)

    monkeypatch.setattr(disk, "swap_files", swap_late)

    assert write_file(path, b"ours", b"base") == b"theirs"
    assert path.read_bytes() == b"theirs"
    assert names(tmp_path) == ["nb.py"]


def test_the_newest_foreign_text_wins_over_the_one_before(tmp_path, monkeypatch):
    path = tmp_path / "nb.py"
    path.write_bytes(b"base")
    writes = iter([b"theirs", b"newer"])

    def swap_late(one: Path, other: Path) -> bool:
        if (late := next(writes, None)) is not None:
            other.write_bytes(late)
        return swap_files(one, other)

    monkeypatch.setattr(disk, "swap_files", swap_late)

    assert write_file(path, b"ours", b"base") == b"newer"
    assert path.read_bytes() == b"newer"


def test_without_swapping_the_file_is_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(disk, "swap_files", lambda *_: False)
    path = tmp_path / "nb.py"
    path.write_bytes(b"old")

    assert write_file(path, b"new", b"old") is None
    assert path.read_bytes() == b"new"
    assert names(tmp_path) == ["nb.py"]


def as_nobody(script: str, *arguments: str) -> str:
    """What the script prints, run by a user for whom permissions count (unlike for root)."""
    code = textwrap.dedent(script)
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True).stdout


WRITE = """
    import os, resource, sys
    from pathlib import Path
    from quire.session.disk import write_file, explain_error
    path, size = Path(sys.argv[1]), int(sys.argv[2])
    if os.geteuid() == 0:
        os.setuid(65534)
    if size:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 2, size // 2))
    try:
        write_file(path, b"n" * (size or 10), b"old")
    except OSError as error:
        print(explain_error(error, path))
"""


def test_a_read_only_directory_is_explained(shared_path):
    path = shared_path / "nb.py"
    path.write_bytes(b"old")
    shared_path.chmod(0o555)
    said = as_nobody(WRITE, str(path), "0")
    shared_path.chmod(0o777)

    assert (
        said
        == f"cannot save `nb.py`: no permission to write in `{shared_path}`; change it, or copy the notebook elsewhere\n"
    )
    assert path.read_bytes() == b"old"


def test_a_write_that_ends_half_way_leaves_the_old_file(shared_path):
    """The limit on file sizes stands for a full disk."""
    path = shared_path / "nb.py"
    path.write_bytes(b"old")
    path.chmod(0o666)
    said = as_nobody(WRITE, str(path), "100000")

    assert said.startswith("cannot save `nb.py`: ")
    assert path.read_bytes() == b"old"
    assert names(shared_path) == ["nb.py"]


@pytest.fixture
def shared_path():
    """A directory that every user can reach."""
    import shutil
    import tempfile

    path = Path(tempfile.mkdtemp())
    path.chmod(0o777)
    yield path
    path.chmod(0o777)
    shutil.rmtree(path)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EROFS, "read-only disk"),
        (errno.EACCES, "no permission"),
        (errno.ENOENT, "does not exist any more"),
        (errno.EISDIR, "a directory of this name"),
        (errno.EIO, os.strerror(errno.EIO)),
    ],
)
def test_errors_say_what_happened(code, said):
    message = explain_error(OSError(code, os.strerror(code)), Path("/notebooks/nb.py"))

    assert message.startswith("cannot save `nb.py`: ")
    assert said in message


def test_a_directory_in_its_place_is_an_error(tmp_path):
    (tmp_path / "nb.py").mkdir()

    for act in (lambda: read_file(tmp_path / "nb.py"), lambda: write_file(tmp_path / "nb.py", b"new", b"old")):
        with pytest.raises(OSError, match="not an ordinary file"):
            act()


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "nb.py")

    with pytest.raises(OSError, match="not an ordinary file"):
        read_file(tmp_path / "nb.py")


def test_a_directory_that_is_gone_is_an_error_that_leaves_nothing(tmp_path):
    with pytest.raises(FileNotFoundError):
        write_file(tmp_path / "gone" / "nb.py", b"new", b"old")
    assert names(tmp_path) == []


def test_other_encodings_are_named(tmp_path):
    with pytest.raises(NotANotebook, match=r"`nb.py` is not UTF-8 text \(byte 4, line 2\)"):
        decode_text(b"x\n# \xe9", tmp_path / "nb.py")


SAVE_FOR_EVER = """
    import sys
    from pathlib import Path
    from quire.session.disk import read_file, write_file
    path = Path(sys.argv[1])
    number, known = 0, read_file(path)
    print("begun", flush=True)
    while True:
        number += 1
        data = (str(number % 10) * 200_000).encode()
        assert write_file(path, data, known) is None
        known = data
"""


def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path):
    path = tmp_path / "nb.py"
    path.write_bytes(b"0" * 200_000)
    for delay in (0.0, 0.001, 0.003, 0.007, 0.011, 0.019, 0.023, 0.031):
        code = textwrap.dedent(SAVE_FOR_EVER)
        with subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE) as saving:
            assert saving.stdout is not None
            assert saving.stdout.readline() == b"begun\n"
            with contextlib.suppress(subprocess.TimeoutExpired):
                saving.wait(delay)
            saving.kill()
        data = path.read_bytes()
        assert len(data) == 200_000
        assert data == data[:1] * 200_000


def test_what_a_kill_left_behind_is_removed_later(tmp_path):
    path, old, new, other = (
        tmp_path / name for name in ("nb.py", ".nb.py.0a1b2c3d.quire", ".nb.py.ffffffff.quire", ".x.py.0a1b2c3d.quire")
    )
    for file in (path, old, new, other):
        file.touch()
    for file in (old, other):
        os.utime(file, (0, 0))
    remove_leftovers(path)

    assert names(tmp_path) == sorted([path.name, new.name, other.name])
