"""The plugin that pytest loads by itself. Imports nothing of a notebook's until one is collected: others must not pay."""

from collections.abc import Generator
from pathlib import Path

import pytest

from quire.recognise import HEAD, begins_like_notebook


@pytest.hookimpl(tryfirst=True)
def pytest_pycollect_makemodule(module_path: Path, parent: pytest.Collector) -> pytest.Module | None:
    """A notebook is collected by cells; any other module is left to pytest."""
    if not _is_notebook(module_path):
        return None
    from quire.testing import collect  # noqa: PLC0415 - see above

    return collect.collect_notebook(module_path, parent)


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(
    file_path: Path, parent: pytest.Collector
) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
    """With `--doctest-modules`, examples in the cells of a notebook count too."""
    collectors = yield
    if (
        parent.config.getoption("doctestmodules", default=False)
        and file_path.suffix == ".py"
        and _is_notebook(file_path)
    ):
        from quire.testing import doctests  # noqa: PLC0415 - see above

        return doctests.with_cells(collectors)
    return collectors


def _is_notebook(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return begins_like_notebook(file.read(HEAD))
    except OSError:
        return False
