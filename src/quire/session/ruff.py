"""The formatter `ruff`, as a program of its own. Blocks and belongs on a thread."""

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

from quire.errors import EditRefused

LONGEST_SECONDS = 30


def format_text(text: str, path: Path) -> str:
    """The text of a Python file, formatted by the settings that hold for `path`.

    Raises:
        EditRefused: ruff is not there, or refuses; the message says why.
    """
    found = shutil.which("ruff", path=os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")]))
    if found is None:
        raise EditRefused("code is formatted by `ruff`, which is not installed: pip install 'quire[lsp]'")
    command = [found, "format", "--no-cache", "--force-exclude", "--stdin-filename", str(path), "-"]
    try:
        done = subprocess.run(  # noqa: S603 - the program found, on text that it only reads
            command, input=text.encode(), capture_output=True, check=False, timeout=LONGEST_SECONDS, cwd=path.parent
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise EditRefused(f"`ruff` could not format the notebook: {error}") from None
    if done.returncode != 0:
        raise EditRefused(f"`ruff` could not format the notebook: {done.stderr.decode(errors='replace').strip()}")
    return done.stdout.decode()
