"""Examples in the docstrings of notebooks."""

pytest_plugins = ["pytester"]


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


def test_examples_are_found_wherever_a_function_stands_and_may_mention_any_cell(run):
    found, told = run(
        "@app.cell\ndef _():\n    other = 5\n    return (other,)",
        """
        @app.cell
        def _():
            if True:
                def nested():
                    '''
                    >>> nested()
                    4
                    '''
                    return 3
            return (nested,)
        """,
        """
        @app.function
        def top(x):
            '''
            >>> top(other)
            5
            '''
            return x
        """,
        arguments=("--doctest-modules",),
    )

    assert found == {"nb.nested": "failed", "nb.top": "passed"}
    assert "nb.py:17: DocTestFailure" in told


def test_a_cell_that_fails_fails_its_examples_with_its_own_lines_alone(run):
    found, told = run(
        """
        @app.cell
        def _():
            1 / 0

            def never():
                '''
                >>> never()
                '''
            return (never,)
        """,
        arguments=("--doctest-modules",),
    )

    assert found == {"nb.never": "error"}
    assert ">       1 / 0" in told
    assert "site-packages" not in told
    assert "prepare" not in told


def test_examples_of_two_functions_of_one_name_are_one_that_fails_and_says_why(run):
    same = "@app.cell\ndef _():\n    def it():\n        '''\n        >>> {0}\n        1\n        '''\n    return"
    found, told = run(same.format(1), same.format(2), arguments=("--doctest-modules",))

    assert found == {"nb.it": "error"}
    assert "`it` has examples in several cells (at lines 6, 16): rename one" in told
