"""Fixtures, marks and parameters of tests in notebooks, and tests that await."""

from tests.testing.notebooks import SETUP

pytest_plugins = ["pytester"]

FIXTURES = """
@app.cell
def _(log):
    @pytest.fixture(scope="module")
    def database():
        log.append("up")
        yield "database"
        log.append("down")
    return (database,)
"""
LOG = "@app.cell\ndef _():\n    log = []\n    return (log,)"


def test_fixtures_come_from_everywhere(run):
    found, _ = run(
        SETUP + "\n\n    @pytest.fixture\n    def in_setup():\n        return 'setup'",
        LOG,
        FIXTURES,
        '@app.cell\ndef _():\n    print("unused ran")\n    @pytest.fixture\n    def unused(): ...\n    return (unused,)',
        """
        @app.cell
        def test_cell(database, in_setup, in_conftest, log, tmp_path):
            assert (database, in_setup, in_conftest) == ("database", "setup", "conftest")
            assert log == ["up"]
            assert tmp_path.is_dir()
            return
        """,
        """
        @app.cell
        def own(log):
            @pytest.fixture
            def here(database):
                return f"{database} here"

            def test_function(here, in_setup, in_conftest, request):
                assert (here, in_setup, in_conftest) == ("database here", "setup", "conftest")
                assert log == ["up"]

            class TestClass:
                @pytest.fixture
                def inside(self, here):
                    return here

                def test_method(self, inside):
                    assert inside == "database here"
            return TestClass, here, test_function
        """,
        """
        @app.function
        def test_top(database):
            assert database == "database"
        """,
        conftest="import pytest\n@pytest.fixture\ndef in_conftest(): return 'conftest'",
    )

    assert found == dict.fromkeys(
        ("test_cell", "own::test_function", "own::TestClass::test_method", "test_top"), "passed"
    )


def test_fixtures_that_a_cell_imports_or_makes_by_a_call_are_fixtures_too(run):
    cells = [
        SETUP,
        '@app.cell\ndef _():\n    from helpers import database\n    print("imported")\n    return (database,)',
        """
        @app.cell
        def _():
            def make():
                return "made"

            made = pytest.fixture(make)
            many = pytest.fixture(params=[1, 2], name="number")(lambda request: request.param)
            return made, many
        """,
        "@app.cell\ndef test_a(database, made, number):\n    assert (database, made) == ('database', 'made')\n    assert number\n    return",
        """
        @app.cell
        def _():
            def test_b(database, made):
                assert (database, made) == ("database", "made")
            return
        """,
        "@app.cell\nasync def test_c(database):\n    import asyncio\n    await asyncio.sleep(0)\n    assert database == 'database'\n    return",
        "@app.cell\ndef test_d():\n    assert True\n    return",
    ]
    helpers = "import pytest\n@pytest.fixture\ndef database():\n    yield 'database'\n    print('closed')"

    found, told = run(*cells, arguments=("-s",), helpers=helpers)

    assert found == dict.fromkeys(("test_a[1]", "test_a[2]", "test_b", "test_c", "test_d"), "passed")
    assert (told.count("imported"), told.count("closed")) == (1, 4)
    assert "imported" not in run(*cells, arguments=("-s", "-k", "test_d"), helpers=helpers)[1]


def test_a_fixture_of_a_cell_runs_what_it_needs_only_for_tests_that_ask_for_it(run):
    cells = [
        SETUP,
        '@app.cell\ndef _():\n    print("costly ran")\n    costly = 1\n    return (costly,)',
        "@app.cell\ndef _(costly):\n    @pytest.fixture\n    def model():\n        return costly\n    return (model,)",
        "@app.cell\ndef test_a(model):\n    assert model == 1\n    return",
        "@app.cell\ndef test_b():\n    assert True\n    return",
    ]

    assert run(*cells)[0] == {"test_a": "passed", "test_b": "passed"}
    assert "costly ran" not in run(*cells, arguments=("-s", "-k", "test_b"))[1]


def test_autouse_fixtures_are_for_all_tests_and_private_ones_for_their_cell(run):
    found, _ = run(
        SETUP,
        LOG,
        '@app.cell\ndef _(log):\n    @pytest.fixture(autouse=True)\n    def _always():\n        log.append("auto")\n    return',
        "@app.cell\ndef test_a(log):\n    assert log.pop() == 'auto'\n    return",
        "@app.cell\ndef one():\n    @pytest.fixture\n    def value(): return 1\n    def test_b(value): assert value == 1\n    return",
        "@app.cell\ndef two():\n    @pytest.fixture\n    def value(): return 2\n    def test_b(value): assert value == 2\n    return",
    )

    assert found == {"test_a": "passed", "one::test_b": "passed", "two::test_b": "passed"}


def test_two_cells_without_a_name_cannot_both_have_a_fixture(run):
    same = "@app.cell\ndef _():\n    @pytest.fixture\n    def value(): return {0}\n    def test_{0}(value): assert value\n    return"
    found, told = run(SETUP, same.format(1), same.format(2))

    assert found == {"test_1": "error", "test_2": "error"}
    assert "`value` is a fixture of several cells (at lines 10, 18): rename one, or give the cells names" in told


def test_marks_work_in_cells_and_on_cells(run):
    found, told = run(
        SETUP,
        """
        @app.cell
        def _():
            @pytest.mark.skip(reason="not now")
            def test_skipped(): ...

            @pytest.mark.xfail
            def test_expected():
                assert False

            @pytest.mark.slow
            def test_slow(): ...
            return
        """,
        """
        @app.cell
        @pytest.mark.parametrize("x", [1, 2])
        def test_on_a_cell(x):
            assert x
            return
        """,
        "@app.cell\n@pytest.mark.slow\ndef test_slow_cell():\n    assert True\n    return",
        arguments=("-m", "not slow", "-W", "ignore"),
    )

    assert found == {"test_expected": "xfail", "test_on_a_cell[1]": "passed", "test_on_a_cell[2]": "passed"}
    assert "1 skipped, 2 deselected, 1 xfailed" in told


def test_what_awaits_shares_one_event_loop_and_a_test_leaves_no_task_in_it(run):
    """Connections and locks belong to the loop in which they were made."""
    found, _ = run(
        "@app.cell\ndef _():\n    import asyncio\n    left = []\n    return asyncio, left",
        "@app.cell\nasync def _(asyncio):\n    await asyncio.sleep(0)\n    loop = asyncio.get_running_loop()\n    return (loop,)",
        """
        @app.cell
        async def _(asyncio, loop):
            await asyncio.sleep(0)
            same = asyncio.get_running_loop() is loop
            return (same,)
        """,
        """
        @app.cell
        async def test_a(asyncio, left, loop, same):
            await asyncio.sleep(0)
            left.append(asyncio.create_task(asyncio.sleep(99)))
            assert same
            assert asyncio.get_running_loop() is loop
            return
        """,
        """
        @app.cell
        def _(asyncio, left, loop):
            async def test_b():
                assert asyncio.get_running_loop() is loop
                assert left.pop().cancelled()
            return
        """,
        arguments=("-W", "error"),
    )

    assert found == {"test_a": "passed", "test_b": "passed"}


def test_a_decorator_that_wraps_is_for_functions_and_not_for_cells(run):
    """It would do nothing, and the test would say so of something else, or pass."""
    found, told = run(
        SETUP + "\n    import os\n    from unittest import mock",
        '@app.cell\n@mock.patch("os.getcwd", return_value="there")\ndef test_a(there):\n    assert os.getcwd()\n    return',
        """
        @app.cell
        def _():
            @mock.patch("os.getcwd", return_value="there")
            def test_b(there):
                assert os.getcwd() == "there"
            return
        """,
    )

    hypothesis, _ = run(
        "with app.setup:\n    from hypothesis import given, strategies",
        "@app.cell\n@given(n=strategies.none())\ndef test_c(n):\n    assert True\n    return",
    )

    assert found | hypothesis == {"test_a": "failed", "test_b": "passed", "test_c": "failed"}
    assert "`test_a` is a cell, which only marks can decorate: define the test as a function in a cell" in told


def test_asynchronous_tests_run_without_another_plugin_and_with_anyio(run):
    found, told = run(
        SETUP,
        "@app.cell\ndef _():\n    import asyncio\n    return (asyncio,)",
        "@app.cell\nasync def test_cell(asyncio):\n    await asyncio.sleep(0)\n    assert 1 == 2\n    return",
        """
        @app.cell
        def _(asyncio):
            async def test_function():
                await asyncio.sleep(0)

            @pytest.mark.anyio
            async def test_taken(anyio_backend):
                assert anyio_backend == "asyncio"
                await asyncio.sleep(0)
            return
        """,
        conftest="import pytest\n@pytest.fixture\ndef anyio_backend(): return 'asyncio'",
    )

    assert found == {"test_cell": "failed", "test_function": "passed", "test_taken": "passed"}
    assert ">       assert 1 == 2" in told
