"""The tests of cells, run by pytest when their cell runs: what became of them, and how that is shown."""

import builtins
import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING

from quire.kernel.compile import Compiled
from quire.kernel.interrupts import Interrupts
from quire.kernel.runner import Ended, Runner, lent
from quire.kernel.tests import find_tests, is_test_function
from quire.outputs.limit import message
from quire.outputs.tracebacks import Texts, describe_error
from quire.protocol.kernel import CellSource
from quire.protocol.messages import Output

if TYPE_CHECKING:
    from quire.kernel.compile import Rewrite
    from quire.kernel.pytest_session import TestReport

TESTS = "application/vnd.quire.tests+json"

_MISSING = message("Not tested", "pytest is not installed: the tests are defined, and have not run.")


class Trials:
    """Runs the tests of one kernel's cells, one cell at a time."""

    def __init__(self, names: dict[str, object], runner: Runner, interrupts: Interrupts, texts: Texts) -> None:
        self.is_on = False
        """What the settings say."""
        self.path = ""
        """The notebook's file, for pytest to find `conftest.py` and settings."""
        self._names = names
        self._runner = runner
        self._interrupts = interrupts
        self._texts = texts
        self._defined: tuple[str, ...] = ()
        """Tests that the cell defines."""
        self._is_one = False
        """True for a cell that is a test itself."""
        self._is_missing = False
        """True when there are tests, and no pytest that could run them."""
        self._reports: list[TestReport] = []

    def begin(self, source: CellSource) -> "Rewrite | None":
        """A cell is about to run: what lets its assertions explain themselves, if it holds tests or is one."""
        self._reports, self._is_missing = [], False
        self._defined = _tests_of(source.code) if self.is_on else ()
        self._is_one = self.is_on and not self._defined and is_test_function(source.name)
        if not self._defined and not self._is_one:
            return None
        try:
            from quire.kernel.pytest_nodes import rewrite_assertions  # noqa: PLC0415 - brings pytest
        except Exception:  # noqa: BLE001 - an edge: it is not there, too old, or what it imports is broken
            self._is_missing, self._defined, self._is_one = bool(self._defined), (), False
            return None
        return rewrite_assertions

    def run_cell(self, source: CellSource, compiled: Compiled, refs: Collection[str]) -> Ended:
        """Run the cell. One that is a test itself has the fixtures among what it reads and nobody defines."""
        if not self._is_one:
            return self._runner.run(compiled)
        value: object = None

        def test(**fixtures: object) -> None:
            nonlocal value
            with lent(self._names, fixtures):
                value = self._runner.execute(compiled)

        unknown = sorted(name for name in refs if self._is_unknown(name))
        error = self._try({source.name: test}, unknown)
        for report in self._reports:
            if report.outcome == "failed":
                import pytest  # noqa: PLC0415 - loaded already

                error = error or report.error or pytest.fail.Exception(report.text, pytrace=False)
        if error is not None:
            self._reports = []  # the error says it all
            return Ended(None, error)
        return Ended(value)

    @property
    def are_due(self) -> bool:
        """True when the cell has defined tests."""
        return bool(self._defined)

    def try_defined(self, values: Mapping[str, object]) -> BaseException | None:
        """Run the tests that the cell has defined, which are among `values`; an interrupt, if there was one."""
        return self._try({name: values[name] for name in self._defined if name in values}, ())

    @property
    def has_failed(self) -> bool:
        """True when a test of the cell has failed."""
        return any(report.outcome == "failed" for report in self._reports)

    def forget(self) -> None:
        """Let go of what tests have raised, and of the values in its frames."""
        self._reports = []

    def render(self) -> Output | None:
        """What became of the cell's tests; None when it has none."""
        if not self._reports:
            return _MISSING if self._is_missing else None
        tests = [
            {
                "name": report.name,
                "outcome": report.outcome,
                "duration": report.duration,
                "text": report.text,
                "traceback": None if report.error is None else describe_error(report.error, self._texts),
            }
            for report in self._reports
        ]
        return Output(mime=TESTS, text=json.dumps({"tests": tests}))

    def _try(self, tests: Mapping[str, object], asks: Collection[str]) -> BaseException | None:
        from quire.kernel.pytest_session import run_tests  # noqa: PLC0415 - brings pytest

        def run() -> None:
            self._reports = run_tests(self.path, self._names, tests, asks, self._runner.finish)

        return self._interrupts.call(run)

    def _is_unknown(self, name: str) -> bool:
        if name in self._names:
            return type(self._names[name]).__name__ == "FixtureFunctionDefinition"
        return not hasattr(builtins, name)


@lru_cache(1000)
def _tests_of(code: str) -> tuple[str, ...]:
    return tuple(find_tests(code).tests)
