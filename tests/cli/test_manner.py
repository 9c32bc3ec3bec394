"""What stands before a command, and editors that end by themselves."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from quire.server import serve


def quire(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "quire", *arguments],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
        timeout=60,
    )


SERVED = ("--headless", "--port", "0", "--timeout", "0.01")


def test_an_editor_that_nobody_uses_ends_by_itself_and_says_where_it_was(tmp_path: Path):
    done = quire("edit", "nb.py", *SERVED, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "http://" in done.stdout


def test_yes_converts_where_nobody_can_be_asked_and_quiet_says_nothing(tmp_path: Path):
    cells = [{"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": [], "execution_count": None}]
    content = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    (tmp_path / "old.ipynb").write_text(json.dumps(content), encoding="utf-8")

    done = quire("--yes", "--quiet", "edit", "old.ipynb", *SERVED, cwd=tmp_path)

    assert (done.returncode, done.stdout) == (0, "")
    assert "x = 1" in (tmp_path / "old.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("is_used", [True, False])
def test_an_editor_that_somebody_uses_goes_on(monkeypatch: pytest.MonkeyPatch, is_used: bool):  # noqa: FBT001
    """Looked at many times in the time that it would wait."""
    monkeypatch.setattr(serve, "_LOOK", 0.001)
    looks = 0

    class House:
        @property
        def sessions(self) -> list[Any]:
            nonlocal looks
            looks += 1
            if looks == 200:
                asked.set()
            return [SimpleNamespace(is_used=is_used)]

    asked = asyncio.Event()

    async def wait() -> None:
        house: Any = House()
        await serve._end_of_use(house, 0.02 / 60, asked)

    asyncio.run(wait())
    assert asked.is_set() is is_used
