"""Notebooks to test, as files, and what pytest says of them."""

from textwrap import dedent

HEAD = "import quire\n\napp = quire.App()\n"
TAIL = '\n\nif __name__ == "__main__":\n    app.run()\n'

SETUP = """
with app.setup:
    import pytest
"""
QUICK = ("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:hypothesispytest")
"""Without plugins that take long to load; `test_command` runs with all there are."""


def notebook(*parts: str) -> str:
    """A file of these parts: cells with their decorators, a setup block, definitions."""
    return HEAD + "".join(f"\n\n{dedent(part).strip()}\n" for part in parts) + TAIL


def outcomes(lines: list[str]) -> dict[str, str]:
    """What became of each test of `nb.py`, as `-rA` says it."""
    found: dict[str, str] = {}
    for line in lines:
        outcome, _, rest = line.partition(" ")
        if outcome in {"PASSED", "FAILED", "ERROR", "SKIPPED", "XFAIL", "XPASS"} and "::" in rest:
            found[rest.partition(" - ")[0].removeprefix("nb.py::")] = outcome.lower()
    return found


ARTICLE = notebook(
    """
    @app.cell
    def _():
        def inc(x):
            return x + 1
        return (inc,)
    """,
    """
    @app.cell
    def test_fails(inc):
        assert inc(3) == 5
        return
    """,
    """
    @app.cell
    def test_sanity(inc):
        assert inc(3) == 4
        return
    """,
    """
    @app.cell
    def collection_of_tests(inc, pytest):
        @pytest.mark.parametrize("x, y", [(3, 4), (4, 5)])
        def test_answer(x, y):
            assert inc(x) == y
        return (test_answer,)
    """,
    """
    @app.cell
    def imports():
        import pytest
        return (pytest,)
    """,
    """
    @app.cell
    def _():
        print("this cell ran")
        raise RuntimeError
    """,
)
"""Two cells that are tests, one that holds tests, `pytest` imported below its users, and a cell that no test needs."""
