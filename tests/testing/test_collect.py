"""What pytest collects from notebooks, and under which ids."""

import pytest

from tests.testing.notebooks import ARTICLE, QUICK, notebook

pytest_plugins = ["pytester"]


def collected(pytester: pytest.Pytester, *arguments: str) -> list[str]:
    lines = pytester.runpytest_inprocess("--collect-only", "-q", *QUICK, *arguments).outlines
    return [line for line in lines if "::" in line]


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


def test_ids_stay_when_cells_move_and_others_come(pytester: pytest.Pytester):
    cells = [
        "@app.cell\ndef test_a():\n    assert False\n    return",
        "@app.cell\ndef _():\n    def test_b(): ...\n    def test_c(): assert False\n    return",
        "@app.cell\ndef named():\n    class TestD:\n        def test_e(self): assert False\n    return",
    ]
    new = "@app.cell\ndef _():\n    def test_new(): ...\n    return"
    path = pytester.path.joinpath("nb.py")
    path.write_text(notebook(*cells))
    before = collected(pytester, "nb.py")
    pytester.runpytest_inprocess("nb.py", *QUICK[2:]).assert_outcomes(failed=3, passed=1)

    path.write_text(notebook(new, *reversed(cells)))

    assert sorted(collected(pytester, "nb.py")) == sorted([*before, "nb.py::test_new"])
    pytester.runpytest_inprocess("nb.py", "--lf", *QUICK[2:]).assert_outcomes(failed=3, deselected=2)


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
