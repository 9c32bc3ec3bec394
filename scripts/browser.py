"""A Chromium on this machine and a notebook served for it: for the stories in `tests/browser` and for screenshots."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

ARGUMENTS = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


SHELL = "chromium-headless-shell"
"""Debian's package, and its program: Chromium without the parts that show windows. A page costs it half the processor time."""
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_browser(*, whole: bool = False) -> str | None:
    """A Chromium of the system, or the one that Playwright has downloaded; `whole` is the one that people have."""
    for name in WHOLE if whole else (SHELL, *WHOLE):
        found = shutil.which(name)
        if found:
            return found
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return str(path) if path.exists() else None


@contextmanager
def launched(*, whole: bool = False) -> Iterator[Browser]:
    """The browser, running."""
    path = find_browser(whole=whole)
    assert path is not None, "no Chromium; ./test --install-browser"
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=path, args=[*ARGUMENTS, *(["--no-sandbox"] if root else [])]
        )
        yield browser
        browser.close()


@contextmanager
def served(path: Path, command: str = "edit", *options: str, by: Sequence[str] = ()) -> Iterator[str]:
    """The address of the notebook, as the command prints it; afterwards the server has ended by itself. `by`: a command
    that runs the server.
    """
    process = subprocess.Popen(
        [*by, sys.executable, "-m", "quire", command, path.name, "--headless", "--port", "0", *options],
        cwd=path.parent,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        for line in process.stdout:
            if found := re.search(r"http://\S+", line):
                yield found[0]
                break
        else:
            raise RuntimeError(f"`quire {command} {path.name}` printed no address")
    finally:
        process.send_signal(signal.SIGINT)
        status = process.wait(20)
        process.stdout.close()
    assert status in {0, 130}, f"the server ended with {status}"
