"""What the tests of kernels share."""

from pathlib import Path

import pytest


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Where the notebook of a test is, or would be."""
    return tmp_path / "notebook.py"
