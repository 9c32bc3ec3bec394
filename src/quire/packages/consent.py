"""Whether somebody wants a notebook's header to decide where its cells run: asked once for each file and each header.

Remembered in the user's own state directory, never in the notebook or beside it.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import cast

MOST = 1000
"""Answers that are kept, the newest."""


def digest_of(metadata: Mapping[str, object]) -> str:
    """Of all that has a say in what is fetched and run. Comments and settings of ours do not."""
    tool = metadata.get("tool")
    uv = cast("dict[str, object]", tool).get("uv") if isinstance(tool, dict) else None
    whole = [metadata.get("dependencies"), metadata.get("requires-python"), uv]
    return hashlib.sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()


class Consents:
    """The answers in a file. One that is missing or broken is no answer."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file or _state_directory() / "consents.json"

    def answer(self, notebook: Path, digest: str) -> bool | None:
        """What was said of this header of this file; None: nobody was asked."""
        entry = self._read().get(str(notebook.resolve()))
        return entry[1] if entry is not None and entry[0] == digest else None

    def remember(self, notebook: Path, digest: str, *, yes: bool) -> None:
        """Where nothing can be written, it is asked again."""
        path = str(notebook.resolve())
        others = {other: entry for other, entry in self._read().items() if other != path}
        kept = dict(list(others.items())[-MOST + 1 :]) | {path: [digest, yes]}
        with contextlib.suppress(OSError):
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            temporary = self._file.with_name(f".{self._file.name}.{os.getpid()}")
            temporary.write_text(json.dumps(kept), encoding="utf-8")
            temporary.replace(self._file)

    def _read(self) -> dict[str, tuple[str, bool]]:
        try:
            found = json.loads(self._file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        entries = cast("dict[str, object]", found).items() if isinstance(found, dict) else ()
        return {
            path: (str(entry[0]), entry[1] is True)
            for path, entry in (
                (path, cast("list[object]", entry)) for path, entry in entries if isinstance(entry, list)
            )
            if len(entry) == 2
        }


def _state_directory(environment: Mapping[str, str] = os.environ) -> Path:
    base = environment.get("XDG_STATE_HOME") or str(Path(environment.get("HOME", "~")).expanduser() / ".local/state")
    return Path(base) / "quire"
