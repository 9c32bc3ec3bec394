"""What runs for a test: the cells that it needs, once each, and what is told of those that fail."""

from tests.testing.notebooks import SETUP

pytest_plugins = ["pytester"]


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


def test_classes_of_a_cell_that_fails_fail_by_the_ids_that_they_always_have(run):
    found, told = run(
        SETUP,
        "@app.cell\ndef _():\n    bad = 1 / 0\n    return (bad,)",
        """
        @app.cell
        def _(bad):
            class TestA:
                first = bad

                def helper(self): ...

                def test_b(self): ...

                async def test_c(self, tmp_path): ...

                class TestInner:
                    def test_d(self): ...
            return (TestA,)
        """,
        """
        @app.cell
        def named(bad, unittest):
            class Sums(unittest.TestCase):
                first = bad

                def test_e(self): ...

            class TestInherited(Sums):
                ...
            return Sums, TestInherited
        """,
        "@app.cell\ndef _():\n    import unittest\n    return (unittest,)",
        'app._unparsable_cell("""\nclass TestBroken(:\n    pass\n""", name="broken")',
    )

    assert found == {
        "TestA::test_b": "error",
        "TestA::test_c": "error",
        "TestA::TestInner::test_d": "error",
        "named::Sums::test_e": "error",
        "named::TestInherited": "error",
        "broken::TestBroken": "failed",
    }
    assert ">       bad = 1 / 0" in told
    assert "nb.py:12: ZeroDivisionError" in told


def test_a_failure_shows_its_cell_alone_however_the_cell_is_written(run):
    _, told = run(
        "@app.cell\ndef _():\n    1 / 0\n    def test_a(): ...",
        "@app.cell\ndef _():\n    bad = [][0]",
        "@app.cell\ndef test_b(bad):\n    assert bad",
    )

    assert ">       1 / 0\nE       ZeroDivisionError" in told
    assert ">       bad = [][0]\n" in told
    assert "nb.py:8: ZeroDivisionError" in told
    assert "app = quire.App()" not in told
    assert "NotebookModule" not in told


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


def test_a_test_cell_that_stops_itself_is_skipped(run):
    found, told = run(
        "@app.cell\ndef test_a():\n    quire.stop(True)\n    assert False\n    return",
        "@app.cell\nasync def test_b():\n    import asyncio\n    await asyncio.sleep(0)\n    quire.stop(True)\n    return",
        "@app.cell\ndef _():\n    import quire\n    return (quire,)",
        arguments=("-rs",),
    )

    assert not found
    assert "SKIPPED [1] nb.py:6: the cell was ended by `qr.stop`" in told
    assert "SKIPPED [1] nb.py:13: the cell was ended by `qr.stop`" in told


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
