"""Compiled notebooks between runs: code objects in the user's cache directory, keyed by content, interpreter and version.

Never read from the project's folder, and never a reason to fail: what cannot be read is made again, what cannot be written
is not kept.
"""

from __future__ import annotations

import marshal
import os
import sys

from quire.version import __version__


def cache_directory() -> str:
    """Where compiled forms live: `QUIRE_CACHE_DIR`, else the system's place for caches of this user."""
    chosen = os.environ.get("QUIRE_CACHE_DIR")
    if chosen:
        return chosen
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or os.path.expanduser(r"~\AppData\Local")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "quire")


def _place(filename: str) -> str:
    name = int.from_bytes(filename.encode(errors="surrogatepass"), "big") % (
        2**89 - 1
    )  # a prime: spreads names, needs no import
    return os.path.join(cache_directory(), "scripts", f"{name:x}.{sys.implementation.cache_tag}")


def _key(filename: str, text: bytes) -> tuple[object, ...]:
    # the text itself is the key: comparing it costs less than any digest, and cannot collide
    return (__version__, sys.hexversion, sys.flags.optimize, filename, text)


TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def load_compiled(filename: str, text: bytes) -> Any:
    """What was stored for this file with this text, or None."""
    try:
        with open(_place(filename), "rb") as file:
            # from bytes: from a file, `marshal` asks for every object anew
            stored: Any = marshal.loads(file.read())  # noqa: S302 - a folder of the user's own, like __pycache__
    except (OSError, ValueError, EOFError, TypeError):
        return None
    try:
        key, compiled = stored
    except (TypeError, ValueError):
        return None
    return compiled if key == _key(filename, text) else None


def store_compiled(filename: str, text: bytes, compiled: Any) -> None:
    """Keep `compiled` (anything that `marshal` takes) for the next run of the file."""
    place = _place(filename)
    temporary = f"{place}.{os.getpid()}"
    kept: Any = (_key(filename, text), compiled)
    try:
        os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
        with open(temporary, "wb") as file:
            file.write(marshal.dumps(kept))
        os.replace(temporary, place)
    except (OSError, ValueError):
        if os.path.exists(temporary):
            os.unlink(temporary)
