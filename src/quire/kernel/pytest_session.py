"""A pytest session inside the kernel: it runs the functions and classes it is given, and reads no file but settings and `conftest.py`.

It prints nothing, keeps no cache, takes no options from files or environment, and leaves the process as it found it.
Imported when the first test runs, since it imports pytest.
"""

import os
import sys
import warnings
from collections.abc import Generator, Iterable, Mapping
from contextlib import contextmanager
from inspect import Parameter, Signature
from io import StringIO
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Literal, NamedTuple, cast

import pytest
from _pytest.terminal import TerminalReporter

from quire.kernel.pytest_nodes import Finish, collect_fixtures, nodes_of, run_asynchronous
from quire.outputs.tracebacks import is_installed

OPTIONS = (
    "-o=addopts=",
    "--tb=short",
    "-Wignore::pytest.PytestAssertRewriteWarning",  # of Quire itself, which is loaded already
    "--capture=no",  # what tests print belongs to the cell
    "--import-mode=importlib",  # of `conftest.py`: leaves the search path alone
    *(f"-pno:{name}" for name in ("cacheprovider", "faulthandler", "threadexception", "unraisableexception")),
    # Plugins that take the process for theirs: workers, counters, the state of random numbers.
    *(f"-pno:{name}" for name in ("xdist", "xdist.looponfail", "pytest_cov", "randomly", "sugar", "rerunfailures")),
)

_LAST = ("last_exc", "last_type", "last_value", "last_traceback")
"""Where pytest leaves what a test has raised, with all values in its frames."""

Outcome = Literal["passed", "failed", "skipped", "xfailed", "xpassed"]


class TestReport(NamedTuple):
    """What became of one test."""

    __test__ = False

    name: str
    """As in its id, behind the file."""
    outcome: Outcome
    duration: float
    """Seconds, with setting up and tearing down."""
    text: str = ""
    """A reason, or what is wrong where there is no exception of the test's own."""
    error: BaseException | None = None
    """Its traceback begins in the user's code."""


def run_tests(
    path: str, names: Mapping[str, object], tests: Mapping[str, Any], asks: Iterable[str], finish: Finish
) -> list[TestReport]:
    """Run `tests` as those of the module at `path` with these names, where fixtures are looked for; that file is not read.
    `finish` is for those that await.

    With `asks`, the tests take any arguments, and get those among them that pytest knows fixtures for.

    Raises:
        KeyboardInterrupt: somebody interrupted a test.
    """
    module = ModuleType("__main__")
    vars(module).update({**names, **tests})
    given = _Given(Path(path), module, tests, tuple(asks), finish)
    with _left_as_it_was():
        status = pytest.main([str(given.path.parent), *OPTIONS], plugins=[given])
    if given.interrupted is not None:
        raise given.interrupted
    if status not in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}:
        given.fail("pytest", given.told.getvalue().strip() or "pytest could not start; the console says why")
    return given.reports


class _Given:
    """The plugin that gives a session its tests, and takes their reports."""

    def __init__(
        self, path: Path, module: ModuleType, tests: Mapping[str, Any], asks: tuple[str, ...], finish: Finish
    ) -> None:
        self.path = path
        self.module = module
        self.tests = tests
        self.asks = asks
        self.finish = finish
        self.reports: list[TestReport] = []
        self.interrupted: KeyboardInterrupt | None = None
        self.told = StringIO()
        self._errors: dict[str, BaseException] = {}
        self._durations: dict[str, float] = {}

    def fail(self, name: str, text: str) -> None:
        """Report something that failed without being a test."""
        self.reports.append(TestReport(name, "failed", 0, text))

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self, config: pytest.Config) -> None:
        """Let pytest tell nobody; other plugins ask for the one who tells."""
        plugins = config.pluginmanager
        if (reporter := plugins.get_plugin("terminalreporter")) is not None:
            plugins.unregister(reporter)
        plugins.register(TerminalReporter(config, self.told), "terminalreporter")

    @pytest.hookimpl(tryfirst=True)
    def pytest_collect_directory(self, path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        if path != self.path.parent:
            return None
        folder = cast("Any", _Folder).from_parent(parent, path=path)
        folder.given = self
        return folder

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: Any) -> Generator[None, Any, Any]:
        report = yield
        if call.excinfo is not None:
            self._errors[f"{item.nodeid} {call.when}"] = call.excinfo.value
        return report

    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        return run_asynchronous(pyfuncitem, self.finish)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.passed and hasattr(report, "context"):
            return  # a subtest; its test is told of
        duration = self._durations.pop(report.nodeid, 0) + report.duration
        if report.when == "call" or report.failed or report.skipped:
            error = self._errors.pop(f"{report.nodeid} {report.when}", None)
            self.reports.append(_reported(report, duration, error))
        else:
            self._durations[report.nodeid] = duration

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self.fail(_name(report.nodeid) or "pytest", report.longreprtext)

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        if isinstance(excinfo.value, KeyboardInterrupt):
            self.interrupted = excinfo.value


class _Folder(pytest.Directory):
    """The notebook's folder, with nothing in it but the module."""

    given: _Given

    def collect(self) -> Iterable[pytest.Collector]:
        module = cast("Any", _Module).from_parent(self, path=self.given.path)
        module.obj, module.given = self.given.module, self.given
        yield module


class _Module(pytest.Module):
    """The names of the notebook."""

    given: _Given

    def collect(self) -> Iterable[pytest.Item | pytest.Collector]:
        collect_fixtures(self)
        for name, value in self.given.tests.items():
            if self.given.asks and isinstance(value, FunctionType):
                known = [fixture for fixture in self.given.asks if self._is_fixture(fixture)]
                parameters = [Parameter(fixture, Parameter.KEYWORD_ONLY) for fixture in known]
                cast("Any", value).__signature__ = Signature(parameters)
            yield from nodes_of(self, name, value)

    def _is_fixture(self, name: str) -> bool:
        manager: Any = self.session._fixturemanager
        return name == "request" or bool(manager.getfixturedefs(name, self))


def _reported(report: pytest.TestReport, duration: float, error: BaseException | None) -> TestReport:
    name = _name(report.nodeid)
    if (context := getattr(report, "context", None)) is not None:  # one of its subtests
        parameters = ", ".join(f"{key}={value}" for key, value in dict(context.kwargs).items())
        name = f"{name} ({context.msg or parameters})"
    expected = getattr(report, "wasxfail", None)
    if expected is not None:
        return TestReport(
            name, "xfailed" if report.skipped else "xpassed", duration, str(expected).removeprefix("reason: ")
        )
    if report.passed:
        return TestReport(name, "passed", duration)
    if report.skipped:
        longrepr = report.longrepr
        reason = str(longrepr[2] if isinstance(longrepr, tuple) else longrepr).removeprefix("Skipped: ")
        return TestReport(name, "skipped", duration, reason)
    if error is None or not _from_user(error):
        return TestReport(name, "failed", duration, getattr(error, "msg", None) or _last_lines(report.longreprtext))
    return TestReport(name, "failed", duration, error=error)


def _name(nodeid: str) -> str:
    return nodeid.partition("::")[2]


def _last_lines(text: str) -> str:
    """What pytest says of a fixture that nobody defines, without the place and the list of all that there are."""
    told = [line[1:].strip() for line in text.split("\n") if line.startswith("E ")]
    return "\n".join(told) or text


def _from_user(error: BaseException) -> bool:
    """Let the traceback begin in the user's code; False when it never comes by there."""
    place = error.__traceback__
    while place is not None and is_installed(place.tb_frame.f_code.co_filename):
        place = place.tb_next
    if place is None:
        return False
    error.__traceback__ = place
    return True


@contextmanager
def _left_as_it_was() -> Generator[None]:
    """Modules that `conftest.py` imports stay; itself it is read anew by every session."""
    modules, path, hooks = set(sys.modules), sys.path[:], sys.meta_path[:]
    options = os.environ.pop("PYTEST_ADDOPTS", None)
    last = {name: getattr(sys, name) for name in _LAST if hasattr(sys, name)}
    try:
        with warnings.catch_warnings():
            yield
    finally:
        if options is not None:
            os.environ["PYTEST_ADDOPTS"] = options
        sys.path[:], sys.meta_path[:] = path, hooks
        for name in _LAST:
            sys.__dict__.pop(name, None)
        sys.__dict__.update(last)
        for name in sys.modules.keys() - modules:
            file = getattr(sys.modules[name], "__file__", None)
            if file and os.path.basename(file) == "conftest.py":  # noqa: PTH119 - a text
                del sys.modules[name]
