"""An installer that reaches nothing but wheels made here, and keeps what it makes in a folder of the test's own."""

from pathlib import Path

import pytest

from .wheels import make_wheelhouse


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Quire needs, as wheels."""
    return make_wheelhouse(tmp_path_factory.mktemp("wheelhouse"))


@pytest.fixture
def shelf(tmp_path: Path, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that uv finds, and no index."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name, value in {
        "UV_FIND_LINKS": f"{folder},{wheelhouse}",
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(wheelhouse.parent / "uv"),
        "QUIRE_CACHE_DIR": str(tmp_path / "cache"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
    }.items():
        monkeypatch.setenv(name, value)
    return folder
