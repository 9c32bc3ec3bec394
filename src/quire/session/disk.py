"""The notebook's file: read as bytes, replaced as a whole, never half written and never over somebody else's text.

Everything here blocks and belongs on a thread. The bytes are the identity of a version: what is on disk is compared
with what was last read or written, so that clocks and coarse time stamps do not matter.
"""

import contextlib
import errno
import glob
import os
import secrets
import stat
import time
from pathlib import Path

from quire.errors import NotANotebook
from quire.session.swap import swap_files

LEFTOVER_SECONDS = 3600


def read_file(path: Path) -> bytes | None:
    """The bytes of the file; None when there is none. Raises `OSError` (see `explain_error`)."""
    try:
        mode = path.stat().st_mode
        if not stat.S_ISREG(mode):
            # Opening a pipe would wait for a writer.
            raise OSError(errno.EISDIR if stat.S_ISDIR(mode) else errno.EINVAL, "it is not an ordinary file", str(path))
        return path.read_bytes()
    except FileNotFoundError:
        return None


def decode_text(data: bytes, path: Path) -> str:
    """The text of a notebook file, a byte order mark and all line endings included.

    Raises:
        NotANotebook: the bytes are not UTF-8.
    """
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise NotANotebook(
            f"`{path.name}` is not UTF-8 text (byte {error.start}, line {line}); save it as UTF-8 in another editor"
        ) from None


def write_file(path: Path, data: bytes, known: bytes | None) -> bytes | None:
    """Replace the file by `data` if it still holds `known`, keeping its mode, owner and symbolic link.

    None when it is written; else what somebody else put there, which stays. A file that was deleted is created again.
    Raises `OSError` (see `explain_error`); the file is the old one then, and no temporary file is left.
    """
    target = Path(os.path.realpath(path))
    found = read_file(target)
    if found == data:
        return None
    if found is not None and found != known:
        return found
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}.quire")
    try:
        _write_temporary(temporary, data, _status(target))
        if found is None:
            return _create(temporary, target)
        if swap_files(temporary, target):
            return _settle_swap(temporary, target, data, found)
        # Not every system can swap: here the file may change between the comparison and this line.
        temporary.replace(target)
        return None
    finally:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        _sync_directory(target.parent)


def remove_leftovers(path: Path) -> None:
    """Remove temporary files that a process left behind which was killed while it saved, some time ago."""
    target = Path(os.path.realpath(path))
    with contextlib.suppress(OSError):
        for leftover in target.parent.glob(f".{glob.escape(target.name)}.????????.quire"):
            if leftover.stat().st_mtime < time.time() - LEFTOVER_SECONDS:
                leftover.unlink()


def explain_error(error: OSError, path: Path) -> str:
    """Why the file could not be read or written, and what to do."""
    name, directory = path.name, path.resolve().parent
    match error.errno:
        case errno.ENOSPC | errno.EDQUOT:
            return f"cannot save `{name}`: the disk is full; make room, then save again"
        case errno.EFBIG:
            return f"cannot save `{name}`: it is larger than this system allows for a file"
        case errno.EROFS:
            return f"cannot save `{name}`: `{directory}` is on a read-only disk; copy the notebook elsewhere"
        case errno.EACCES | errno.EPERM:
            return f"cannot save `{name}`: no permission to write in `{directory}`; change it, or copy the notebook elsewhere"
        case errno.ENOENT | errno.ENOTDIR:
            return (
                f"cannot save `{name}`: the directory `{directory}` does not exist any more; create it, then save again"
            )
        case errno.EISDIR:
            return f"cannot save `{name}`: a directory of this name is in its place; move it away, then save again"
        case _:
            return f"cannot save `{name}`: {error.strerror or error}"


def explain_place(path: Path) -> str:
    """Why the file cannot be saved where it is; empty when nothing speaks against it. Tries nothing."""
    directory = Path(os.path.realpath(path)).parent
    if os.access(directory, os.W_OK | os.X_OK):
        return ""
    is_read_only = hasattr(os, "statvfs") and directory.exists() and os.statvfs(directory).f_flag & os.ST_RDONLY
    return explain_error(OSError(errno.EROFS if is_read_only else errno.EACCES, ""), path)


def _status(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


def _write_temporary(temporary: Path, data: bytes, like: os.stat_result | None) -> None:
    # A new file gets what the umask leaves; a copy is private until it has the mode of its original.
    descriptor = os.open(
        temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600 if like else 0o666
    )
    with open(descriptor, "wb") as file:  # noqa: PTH123 (a descriptor, not a path)
        file.write(data)
        file.flush()
        if like:
            _keep_owner(temporary, like)
            temporary.chmod(like.st_mode & 0o7777)
        os.fsync(file.fileno())


def _keep_owner(temporary: Path, like: os.stat_result) -> None:
    status = temporary.stat()
    if hasattr(os, "chown") and (status.st_uid, status.st_gid) != (like.st_uid, like.st_gid):
        # Only the superuser may give files away; a file of a group that we belong to is still ours to replace.
        with contextlib.suppress(PermissionError):
            os.chown(temporary, like.st_uid, like.st_gid)


def _create(temporary: Path, target: Path) -> bytes | None:
    try:
        target.hardlink_to(temporary)
    except FileExistsError:
        return read_file(target)
    except OSError:
        # A file system without hard links.
        temporary.replace(target)
    return None


def _settle_swap(temporary: Path, target: Path, data: bytes, known: bytes) -> bytes | None:
    """Look at what came out; when it is not what was known, put it back: the newest foreign text stays in place."""
    inside, outside = data, temporary.read_bytes()
    if outside == known:
        return None
    while True:
        swap_files(temporary, target)
        inside, expected, outside = outside, inside, temporary.read_bytes()
        if outside == expected:
            return inside
        # Not what we swapped in: somebody wrote there in between, and that is newer than what was put back just now.


def _sync_directory(directory: Path) -> None:
    # Windows cannot open directories, and some network file systems cannot sync them.
    with contextlib.suppress(OSError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
