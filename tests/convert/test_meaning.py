"""A converted notebook prints what it printed from top to bottom, whatever its cells call their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.dataflow import Source, build_graph
from quire.notebook import parse_notebook
from tests.convert.running import converted, printed_by_script, printed_from_top
from tests.examples import examples

NAMES = ("x", "y", "_z", "max")
NUMBERS = st.integers(0, 3).map(str)


def statements(bound: list[str]) -> st.SearchStrategy[str]:
    """One statement that succeeds when the names of `bound` have values."""
    name, old, number = st.sampled_from(NAMES[:3]), st.sampled_from(bound), NUMBERS
    return st.one_of(
        st.builds("{} = {}".format, name, number),
        st.builds("{} = {} + {}".format, name, old, number),
        st.builds("{} += {}".format, old, number),
        st.builds("print({!r}, {})".format, name, old),
        st.builds("for {} in range(2):\n    print({}, {})".format, name, old, number),
        st.builds("if {0} > {1}:\n    {0} = 7".format, old, number),
        st.builds("def f(a={}):\n    return a + {}".format, number, old),
        st.builds("print('f', f({}))".format, number),
        st.builds("print([{} + a for a in range({})])".format, old, number),
        st.builds("{}, w = {}, {}".format, name, old, number),
        st.builds("print(f'{{{}}} {{{} + 1}}')".format, old, old),
        st.builds("class C:\n    k = {}\n    def m(self):\n        return {}".format, old, old),
        st.builds("c = C()".format),
        st.builds("print(C().m(), C.k, c.m())".format),
        st.builds("g = lambda: ({}, f(1))".format, old),
        st.builds("print(g())".format),
        st.builds("def bump():\n    global {0}\n    {0} += 1".format, old),
        st.builds("bump()".format),
        st.builds("max = {}".format, number),
        st.builds("print(max)".format),
        st.builds("import math\nfrom os import sep as {}1".format, name),
        st.builds("try:\n    {} = {} // 0\nexcept ZeroDivisionError as e:\n    print(e)".format, name, old),
    )


START = "x = 1\ny = 2\n_z = 3\ndef f(a):\n    return a\ng = lambda: 0\nclass C:\n    k = 0\n    def m(self):\n        return 1\nc = C()\ndef bump():\n    pass"
CELLS = st.lists(st.lists(statements(list(NAMES[:3])), min_size=1, max_size=3).map("\n".join), min_size=1, max_size=9)


@examples(1.5)
@given(CELLS)
def test_a_converted_notebook_prints_what_it_printed(cells):
    first = START.split("\n")
    whole = ["\n".join(first[:3]), "\n".join(first[3:]), *cells]

    assert printed_by_script(converted(*whole).text) == printed_from_top(whole)


@examples(0.6)
@given(CELLS)
def test_no_converted_notebook_has_a_problem(cells):
    notebook = parse_notebook(converted(START, *cells).text)
    graph = build_graph({cell.id: Source(cell.code, cell.type) for cell in notebook.cells})

    assert not graph.problems


@pytest.mark.parametrize("between", ["\n", "\n\n# cell\n"])
def test_a_function_that_calls_one_which_waits_does_not_hold_up_what_stands_beside_it(between: str):
    """`f` reads the `y` of a cell below; what is printed beside `g` is printed first all the same."""
    cells = f"def f(a):\n    return a + y{between}g = lambda: f(1)\nprint('first')".split("\n\n# cell\n")
    whole = ["y = 1", *cells, "print('second')\ny = 2", "print(g())"]
    assert printed_by_script(converted(*whole).text) == printed_from_top(whole) == "first\nsecond\n3\n"


def test_cells_that_had_to_become_one_are_not_divided_again():
    """`f` has two meanings here, and one of them waits for the last `_z`: dividing and joining them never ended."""
    whole = [
        *START.replace("\ndef", "\n# cell\ndef", 1).split("\n# cell\n"),
        "g = lambda: (x, f(1))\ndef f(a=1):\n    return a + x",
        "def f(a=3):\n    return a + _z",
        "for _z in range(2):\n    print(_z, 2)",
        "print(g())",
    ]
    result = converted(*whole)
    assert printed_by_script(result.text) == printed_from_top(whole) == "0 2\n1 2\n(1, 2)\n"
