"""Settings for all tests. `--long` makes property tests search for hours' worth of examples in minutes."""

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from scripts.postgres import served
from tests.packages.wheels import make_wheelhouse

settings.register_profile("quick", deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("long", deadline=None, max_examples=10_000, suppress_health_check=list(HealthCheck))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="soaks and long property runs too")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "long: a soak or a long property run; only with --long")
    config.addinivalue_line("markers", "postgres: needs a PostgreSQL server on this machine")
    settings.load_profile("long" if config.getoption("--long") else "quick")
    if config.getoption("--long"):
        config.option.timeout = 3600


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.getoption("--long"):
        chosen = [item for item in items if "long" not in item.keywords]
        config.hook.pytest_deselected(items=[item for item in items if "long" in item.keywords])
        items[:] = chosen


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """What drivers connect to; tests that use it are marked `postgres`."""
    with served() as address:
        yield address


@pytest.fixture(scope="session")
def wheelhouse(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Quire needs, as wheels."""
    return make_wheelhouse(tmp_path_factory.mktemp("wheelhouse"))


@pytest.fixture
def shelf(tmp_path: Path, wheelhouse: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that uv finds, without an index or a network; what it makes is the test's own."""
    folder = tmp_path / "shelf"
    folder.mkdir()
    for name, value in {
        "UV_FIND_LINKS": f"{folder},{wheelhouse}",
        "UV_OFFLINE": "1",
        "UV_CACHE_DIR": str(wheelhouse.parent / "uv"),
        "QUIRE_CACHE_DIR": str(tmp_path / "cache"),
    }.items():
        monkeypatch.setenv(name, value)
    return folder


_FORBIDDEN = "this machine forbids it: "


def forbidden(what: str) -> None:
    """End the test: it cannot be told here. The end of the run says so, and where everything must run it fails."""
    if os.environ.get("CI"):
        pytest.fail(_FORBIDDEN + what)
    pytest.skip(_FORBIDDEN + what)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for report in terminalreporter.stats.get("skipped", []):
        reason = str(report.longrepr[-1] if isinstance(report.longrepr, tuple) else report.longrepr)
        if _FORBIDDEN in reason:
            terminalreporter.write_line(f"NOT RUN, {reason.removeprefix('Skipped: ')}", yellow=True)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests neither read nor fill the caches of whoever runs them, nor the list of what they opened, nor their settings."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / f"state-{uuid.uuid4().hex}"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.getbasetemp() / "no-settings"))
    monkeypatch.setenv("QUIRE_CACHE_DIR", str(tmp_path_factory.getbasetemp() / "cache"))
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
