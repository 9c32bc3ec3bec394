"""What pytest makes of notebooks: what it collects, what runs for it, and what is told."""

import pytest

from tests.testing.notebooks import ARTICLE, notebook

pytest_plugins = ["pytester"]

QUICK = ("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest")
"""Without plugins that take long to load; `test_command` runs with all there are."""
SETUP = """
with app.setup:
    import pytest
"""


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


def outcomes(lines: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in lines:
        outcome, _, rest = line.partition(" ")
        if outcome in {"PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL", "XPASS"} and "::" in rest:
            found[rest.partition(" - ")[0].removeprefix("nb.py::")] = outcome.lower()
    return found


def collected(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    lines = pytester.runpytest_inprocess("--collect-only", "-q", *QUICK, *arguments).outlines
    return [line for line in lines if "::" in line]


# -- what is collected


def test_mixed_cells_are_collected_below_their_name_or_directly(run):
    found, _ = run(
        """
        @app.cell
        def _():
            def helper(): return 1

            def test_a():
                assert helper() == 1
            return helper, test_a
        """,
        """
        @app.cell
        def named(helper):
            limit = 2

            def test_b():
                assert helper() < limit

            class TestC:
                def test_d(self):
                    assert helper() == 1
            return TestC, limit, test_b
        """,
    )

    assert found == {"test_a": "passed", "named::test_b": "passed", "named::TestC::test_d": "passed"}


def test_top_level_definitions_and_setup_are_collected(run):
    found, _ = run(
        """
        with app.setup:
            def test_in_setup(): pass
        """,
        """
        @app.function
        def test_function(): pass
        """,
        """
        @app.class_definition
        class TestClass:
            def test_method(self): pass
        """,
    )

    assert found == dict.fromkeys(("test_in_setup", "test_function", "TestClass::test_method"), "passed")


def test_unittest_classes_work_as_pytest_does_them(run):
    found, _ = run(
        """
        @app.cell
        def _():
            import unittest

            class Sums(unittest.TestCase):
                def setUp(self):
                    self.value = 1

                def test_right(self):
                    self.assertEqual(self.value, 1)

                def test_wrong(self):
                    self.assertEqual(self.value, 2)

                @unittest.expectedFailure
                def test_expected(self):
                    self.fail()
            return (Sums,)
        """
    )

    assert found == {"Sums::test_right": "passed", "Sums::test_wrong": "failed", "Sums::test_expected": "xfail"}


def test_folders_are_searched_by_pytests_patterns_and_files_by_name_always(pytester: pytest.Pytester):
    for name in ("test_nb.py", "other.py", "check_nb.py"):
        pytester.path.joinpath(name).write_text(notebook("@app.cell\ndef test_it():\n    assert True\n    return"))
    pytester.makepyfile(test_plain="import quire\nTEXT = 'app = quire.App()'\ndef test_plain(): pass")

    assert collected(pytester, ".") == ["test_nb.py::test_it", "test_plain.py::test_plain"]
    assert collected(pytester, "other.py") == ["other.py::test_it"]
    assert collected(pytester, "-o", "python_files=check_*.py", ".") == ["check_nb.py::test_it"]


def test_names_of_tests_can_be_configured(run):
    found, _ = run(
        "@app.cell\ndef check_cell():\n    assert True\n    return",
        "@app.cell\ndef _():\n    def check_it(): pass\n    def test_it(): pass\n    return",
        arguments=("-o", "python_functions=check_*"),
    )

    assert found == {"check_cell": "passed", "check_it": "passed"}


def test_ids_say_nothing_of_positions_and_select_tests(pytester: pytest.Pytester):
    pytester.path.joinpath("nb.py").write_text(ARTICLE)
    everything = [
        "nb.py::test_fails",
        "nb.py::test_sanity",
        "nb.py::collection_of_tests::test_answer[3-4]",
        "nb.py::collection_of_tests::test_answer[4-5]",
    ]

    assert collected(pytester, "nb.py") == everything
    for one in everything:
        assert collected(pytester, one) == [one]
    assert collected(pytester, "nb.py::collection_of_tests") == everything[2:]
    assert collected(pytester, "nb.py", "-k", "answer and 4-5") == everything[3:]
    assert collected(pytester, "nb.py", "-k", "collection_of_tests") == everything[2:]


def test_places_are_those_of_the_file_for_editors_that_look_for_tests(pytester: pytest.Pytester):
    pytester.path.joinpath("nb.py").write_text(ARTICLE)

    items, _ = pytester.inline_genitems("nb.py", *QUICK)

    assert [item.location[:2] for item in items] == [("nb.py", 12), ("nb.py", 18), ("nb.py", 26), ("nb.py", 26)]


def test_only_what_failed_runs_again(pytester: pytest.Pytester):
    pytester.path.joinpath("nb.py").write_text(ARTICLE)

    pytester.runpytest_inprocess("nb.py", *QUICK[2:]).assert_outcomes(failed=1, passed=3)
    pytester.runpytest_inprocess("nb.py", "--lf", *QUICK[2:]).assert_outcomes(failed=1)
    pytester.runpytest_inprocess("nb.py", "-x", *QUICK[2:]).assert_outcomes(failed=1)


def test_two_tests_of_one_name_are_one_that_fails_and_says_why(run):
    twice = "@app.cell\ndef _():\n    def test_it(): pass\n    return"
    found, told = run(twice, twice, twice.replace("_()", "named()", 1))

    assert found == {"test_it": "failed", "named::test_it": "passed"}
    assert "`test_it` is defined more than once (cells at lines 6, 12): rename one, or give its cell a name" in told


# -- what runs


def test_only_what_a_chosen_test_needs_runs_and_once(run):
    cells = [
        '@app.cell\ndef _():\n    print("data ran")\n    data = [1]\n    return (data,)',
        '@app.cell\ndef _():\n    print("other ran")\n    other = [1]\n    return (other,)',
        "@app.cell\ndef test_a(data):\n    assert data\n    return",
        "@app.cell\ndef _(data):\n    def test_b():\n        assert data\n    return",
        "@app.cell\ndef test_c(other):\n    assert other\n    return",
    ]

    found, told = run(*cells, arguments=("-s", "-k", "not test_c"))

    assert found == {"test_a": "passed", "test_b": "passed"}
    assert told.count("data ran") == 1
    assert "other ran" not in told
    assert "ran" not in run(*cells, arguments=("-s", "--collect-only"))[1].replace("collector", "")


def test_decorators_may_use_what_other_cells_compute(run):
    found, _ = run(
        SETUP,
        '@app.cell\ndef _(cases):\n    @pytest.mark.parametrize("case", cases)\n    def test_it(case):\n        assert case\n    return',
        '@app.cell\ndef _():\n    cases = ["one", "two"]\n    return (cases,)',
    )

    assert found == {"test_it[one]": "passed", "test_it[two]": "passed"}


def test_a_cell_that_fails_fails_the_tests_that_need_it_and_no_other(run):
    found, told = run(
        SETUP,
        "@app.cell\ndef _():\n    cases = 1 / 0\n    return (cases,)",
        '@app.cell\ndef early(cases):\n    @pytest.mark.parametrize("case", cases)\n    def test_a(case): pass\n    return',
        "@app.cell\ndef late(cases):\n    def test_b():\n        assert cases\n    return",
        "@app.cell\ndef _():\n    1 / 0\n    def test_c(): pass\n    return",
        "@app.cell\ndef _(nowhere):\n    def test_d(missing=nowhere): pass\n    return",
        "@app.cell\ndef test_fine():\n    assert True\n    return",
    )

    assert found == {
        "early::test_a": "error",
        "late::test_b": "error",
        "test_c": "failed",
        "test_d": "failed",
        "test_fine": "passed",
    }
    assert ">       cases = 1 / 0" in told
    assert "nb.py:12: ZeroDivisionError" in told
    assert "NameError: name 'nowhere' is not defined" in told
    assert "site-packages" not in told


def test_a_cell_that_cannot_run_fails_its_tests_and_says_why(run):
    found, told = run(
        "@app.cell\ndef _():\n    x = 1\n    return (x,)",
        "@app.cell\ndef _():\n    x = 2\n    return (x,)",
        "@app.cell\ndef test_a(x):\n    assert x\n    return",
        'app._unparsable_cell("""\ndef test_b(:\n    pass\n""", name="broken")',
        "@app.cell(disabled=True)\ndef test_c():\n    return",
    )

    assert found == {"test_a": "error", "broken::test_b": "failed"}
    assert "`x` is defined in 2 cells" in told
    assert "line 26: Python cannot read this cell" in told
    assert "SKIPPED [1] nb.py:30: the cell at line 30 is disabled" in told
    assert "site-packages" not in told
    assert "NotebookCells" not in told


def test_names_of_cells_are_private_to_a_test_cell(run):
    found, _ = run(
        "@app.cell\ndef test_a():\n    _x = 1\n    y = 2\n    assert _x < y\n    return (y,)",
        "@app.cell\ndef test_b():\n    _x = 3\n    assert _x == 3\n    return",
    )

    assert found == {"test_a": "passed", "test_b": "passed"}


def test_stop_skips_what_needs_the_cell(run):
    found, told = run(
        "@app.cell\ndef _():\n    quire.stop(True)\n    x = 1\n    return (x,)",
        "@app.cell\ndef test_a(x):\n    assert x\n    return",
        "@app.cell\ndef _():\n    import quire\n    return (quire,)",
        arguments=("-rs",),
    )

    assert not found
    assert "was ended by `qr.stop`" in told


def test_cells_run_in_the_module_that_others_import(run):
    found, _ = run(
        """
        @app.cell
        def _():
            class Point:
                pass
            return (Point,)
        """,
        """
        @app.cell
        def test_pickled(Point):
            import pickle
            assert isinstance(pickle.loads(pickle.dumps(Point())), Point)
            return
        """,
        """
        @app.cell
        def base():
            value = 1
            return (value,)
        """,
        """
        @app.cell
        def test_cells_are_still_cells():
            import nb
            assert nb.base.run()[1] == {"value": 1}
            return
        """,
    )

    assert found == {"test_pickled": "passed", "test_cells_are_still_cells": "passed"}


# -- fixtures, marks, parameters


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


# -- assertions


def test_helpers_in_other_cells_explain_themselves_too(run):
    _, told = run(
        "@app.cell\ndef _():\n    def check(x):\n        assert x == 2\n    return (check,)",
        "@app.cell\ndef test_it(check):\n    check(1)\n    return",
    )

    assert (
        ">           assert x == 2\nE           assert 1 == 2" in told
        or ">       assert x == 2\nE       assert 1 == 2" in told
    )


def test_assertions_stay_as_they_are_where_somebody_wants_them_so(run):
    _, told = run("@app.cell\ndef test_it():\n    x = 1\n    assert x == 2\n    return", arguments=("--assert=plain",))

    assert "assert 1 == 2" not in told


# -- doctests


def test_examples_in_cells_are_tested_and_run_what_they_mention(run):
    found, told = run(
        "@app.cell\ndef _():\n    data = [1, 2]\n    return (data,)",
        '''
        @app.cell
        def _():
            def double(x):
                """Twice as much.

                >>> double(2)
                4
                >>> double(len(data))
                5
                """
                return 2 * x

            class Box:
                def open(self):
                    """
                    >>> Box().open()
                    1
                    """
                    return 1
            return Box, double
        ''',
        '@app.function\ndef top():\n    """\n    >>> top()\n    1\n    """\n    return 1',
        '@app.cell\ndef _():\n    print("other ran")\n    return',
        arguments=("--doctest-modules", "-s"),
    )

    assert found == {"nb.double": "failed", "nb.Box.open": "passed", "nb.top": "passed"}
    assert "nb.py:19: DocTestFailure" in told
    assert "other ran" not in told
