"""Running pytest on a notebook within this process."""

import pytest

from tests.testing.notebooks import QUICK, notebook, outcomes


@pytest.fixture
def run(pytester: pytest.Pytester):
    """Run pytest on `nb.py`, made of these parts; the outcome of each test, and all that is told."""

    def run(*parts: str, arguments: tuple[str, ...] = (), **files: str) -> tuple[dict[str, str], str]:
        for name, text in files.items():
            pytester.path.joinpath(f"{name}.py").write_text(text)
        pytester.path.joinpath("nb.py").write_text(notebook(*parts))
        result = pytester.runpytest_inprocess("nb.py", *QUICK, "-rA", *arguments)
        return outcomes(result.outlines), result.stdout.str()

    return run
