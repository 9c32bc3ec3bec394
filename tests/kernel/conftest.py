"""What the tests of kernels share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .running import close_engines


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    close_engines()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the notebook of a test is, or would be."""
    return tmp_path / "notebook.py"
