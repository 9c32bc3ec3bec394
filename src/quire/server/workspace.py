"""The one type for paths that come from outside: places below one folder, checked component by component.

Nothing else in the server makes a path of the file system from what a request says.
"""

import contextlib
import os
from collections.abc import Generator
from pathlib import Path

import msgspec

from quire.errors import NotInWorkspace

LONGEST_NAME = 255
"""Bytes of one component; what common file systems take."""

HIDDEN = frozenset({"__quire__", "__pycache__"})
SECRET_NAMES = frozenset({"id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", "credentials", "credentials.json", "token"})
SECRET_SUFFIXES = (".pem", ".key", ".p12", ".pfx", ".keystore", ".token")
_NOT_IN_NAMES = frozenset('\\:*?"<>|')
"""Separators, drives and streams of other systems: a name that has one means something else there."""


def is_hidden(name: str) -> bool:
    """True for what is never listed, read or served: dot files, our own folders, keys and tokens."""
    folded = name.casefold()
    return folded.startswith(".") or folded in HIDDEN or folded in SECRET_NAMES or folded.endswith(SECRET_SUFFIXES)


class WorkspacePath(msgspec.Struct, frozen=True):
    """A place in a workspace that was contained in it when this was made. Made by `Workspace.path` only."""

    root: Path
    """Real."""
    parts: tuple[str, ...]
    """As asked for; none for the root itself."""
    real: Path
    """Where it is, all links followed. What does not exist yet has a real parent."""

    @property
    def shown(self) -> str:
        """Relative to the root, with slashes."""
        return "/".join(self.parts)

    @property
    def name(self) -> str:
        """The last component; empty for the root."""
        return self.parts[-1] if self.parts else ""

    @contextlib.contextmanager
    def parent(self) -> Generator[int | None]:
        """A descriptor of the real parent folder, reached from the root without following a link.

        The path was resolved before: a link on the way has been put there since, and raises `OSError`. None where the
        system cannot do this.
        """
        if os.open not in os.supports_dir_fd or not hasattr(os, "O_NOFOLLOW"):
            yield None
            return
        flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW
        folder = os.open(self.root, flags)
        try:
            for part in self.real.parent.relative_to(self.root).parts:
                inner = os.open(part, flags, dir_fd=folder)
                os.close(folder)
                folder = inner
            yield folder
        finally:
            os.close(folder)

    def open(self, flags: int, mode: int = 0o666) -> int:
        """A descriptor of the file. A link that has taken its place is not followed."""
        flags |= getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
        with self.parent() as folder:
            if folder is None:
                return os.open(self.real, flags, mode)
            return os.open(self.real.name, flags, mode, dir_fd=folder)


class Workspace(msgspec.Struct, frozen=True):
    """One folder. `root` is real: see `open_workspace`."""

    root: Path

    def path(self, text: str) -> WorkspacePath:
        """The place that a request means by `text`: names separated by slashes, empty for the root.

        Raises:
            NotInWorkspace: it leads out, through links too, or to what is hidden, or cannot be a path.
        """
        parts = tuple(text.split("/")) if text else ()
        for part in parts:
            if not _is_name(part) or is_hidden(part):
                raise _refused(text)
        real = self.root
        for part in parts:
            real = self._step(real, part, text)
        return WorkspacePath(self.root, parts, real)

    def contains(self, real: Path) -> bool:
        """True for a real path in this workspace none of whose components is hidden."""
        return real.is_relative_to(self.root) and not any(map(is_hidden, real.relative_to(self.root).parts))

    def _step(self, folder: Path, part: str, text: str) -> Path:
        try:
            real = Path(os.path.realpath(folder / part))
        except (OSError, ValueError):
            raise _refused(text) from None
        if not self.contains(real):
            raise _refused(text)
        return real


def open_workspace(folder: Path) -> Workspace:
    """The workspace of a folder that exists. Raises `OSError`."""
    return Workspace(folder.resolve(strict=True))


def _is_name(part: str) -> bool:
    """True for what is one plain name on every system."""
    if part in {"", ".", ".."} or part != part.strip() or part.endswith("."):
        return False
    if any(character in _NOT_IN_NAMES or not character.isprintable() for character in part):
        return False
    try:
        return len(part.encode("utf-8")) <= LONGEST_NAME
    except UnicodeEncodeError:
        return False


def _refused(text: str) -> NotInWorkspace:
    shown = text if len(text) <= 80 and text.isprintable() else f"{text[:80]!r}"
    return NotInWorkspace(f"`{shown}` is not a path in this folder")
