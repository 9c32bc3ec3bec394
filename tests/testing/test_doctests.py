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
