"""What a cell defines and reads, construct by construct."""

import symtable
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.names import Names, is_private, names_of
from quire.names.quick import quick_names
from tests.notebook.strategies import SNIPPETS

_WITH_TYPE_PARAMETERS = (
    [
        ("def f[T](x: T) -> R:\n    return T, q", {"f"}, {"R", "q"}),
        ("def f[T: B](x: T = d): ...", {"f"}, {"B", "d"}),
        ("class A[T](Base[T]):\n    x: T\n    def m[U: T](self, a: U) -> k: return U, q", {"A"}, {"Base", "k", "q"}),
        ("class A[*Ts, **P]:\n    z = [Ts for _ in y]", {"A"}, {"y"}),
        ("class A[k]:\n    k = k", {"A"}, {"k"}),
        ("def f[T](a=(x := 1)): ...", {"f", "x"}, set()),
        ("type A = B", {"A"}, {"B"}),
        ("type A[T] = dict[T, A]", {"A"}, {"dict"}),
        ("def f[T](x: A): ...\nA = 1", {"A", "f"}, {"A"}),
    ]
    if sys.version_info >= (3, 12)
    else []
)


@pytest.mark.parametrize(
    ("code", "defs", "refs"),
    [
        *_WITH_TYPE_PARAMETERS,
        ("x = 1", {"x"}, set()),
        ("x: int = y", {"x"}, {"int", "y"}),
        ("x: int", {"x"}, {"int"}),
        ("x += y", {"x"}, {"y"}),
        ("x = x + 1", {"x"}, {"x"}),
        ("(x := y)", {"x"}, {"y"}),
        ("[(x := i) for i in y]", {"x"}, {"y"}),
        ("for i in y: print(i)", {"i"}, {"y", "print"}),
        ("for i in y:\n    t = i\nt", {"i", "t"}, {"y"}),
        ("with f() as g, h: g", {"g"}, {"f", "h"}),
        ("try:\n    a\nexcept E as err:\n    err\nfinally:\n    b", set(), {"a", "b", "E"}),
        ("import a.b.c", {"a"}, set()),
        ("import a.b as q", {"q"}, set()),
        ("from a import b as c, d", {"c", "d"}, set()),
        ("foo.a = 1\nd['k'] = v", set(), {"foo", "d", "v"}),
        ("del x", set(), {"x"}),
        ("x = 1\ndel x", {"x"}, set()),
        ("def f(a, b=c) -> R:\n    return a + d", {"f"}, {"c", "R", "d"}),
        ("def f():\n    return y\ny = 1", {"f", "y"}, set()),
        ("def f():\n    global g\n    g = 1", {"f", "g"}, set()),
        ("class A(B, metaclass=M):\n    x = 1\n    def m(self):\n        return x, q", {"A"}, {"B", "M", "x", "q"}),
        ("class A:\n    z = z", {"A"}, {"z"}),
        ("lambda a: a + b", set(), {"b"}),
        ("[a for a in b if c]", set(), {"b", "c"}),
        ("{k: v for k, v in d.items()}", set(), {"d"}),
        ("{a for a in b for c in a}\nc = 1", {"c"}, {"b"}),
        ("[0 for a[i] in b]", set(), {"a", "i", "b"}),
        ("class A:\n    k = 1\n    z = [k for _ in k]", {"A"}, {"k"}),
        ("def f(super): return super", {"f"}, set()),
        (
            "match v:\n    case {'a': b, **rest}:\n        pass\n    case [c, *ds] as e:\n        pass",
            {"b", "rest", "c", "ds", "e"},
            {"v"},
        ),
        ("match v:\n    case Point(x=0):\n        pass", set(), {"v", "Point"}),
        ("await f(x)", set(), {"f", "x"}),
        ("async with a as b:\n    pass", {"b"}, {"a"}),
        ("f'{x!r:{w}}'", set(), {"x", "w"}),
        ("__version__ = 1", {"__version__"}, set()),
        ("@d\ndef f(): ...", {"f"}, {"d"}),
        ("x, (y, *z) = t", {"x", "y", "z"}, {"t"}),
        ("(x): int", set(), {"int"}),
        ("raise E\nx = y", {"x"}, {"E", "y"}),
        ("class A:\n    __x = __y\n    def m(self): return __z", {"A"}, {"_A__y", "_A__z"}),
        ("class A:\n    x += y", {"A"}, {"x", "y"}),
        ("class A:\n    x = 1\n    del x", {"A"}, set()),
        ("class A:\n    if c:\n        x = 1\n    y = x", {"A"}, {"c", "x"}),
        ("class A:\n    global x\n    x = 1\nx", {"A", "x"}, set()),
        ("def f():\n    global x\n    del x", {"f"}, {"x"}),
        ("def f(a):\n    def g():\n        nonlocal a\n        a = b", {"f"}, {"b"}),
        ("class A:\n    def m(self): return __class__, super", {"A"}, {"super"}),
        ("from __future__ import annotations\nx: int = y\nx = x", {"annotations", "x"}, {"y"}),
        ("", set(), set()),
    ],
)
def test_what_counts_as_defined_and_as_read(code: str, defs: set[str], refs: set[str]):
    names = names_of(code)

    assert (names.defs, names.refs) == (defs, refs)


@pytest.mark.parametrize("code", ["_x = 1", "import q as _", "__ = 3", "def _f(): ...", "for _ in y: pass"])
def test_names_with_one_leading_underscore_stay_in_their_cell(code: str):
    names = names_of(code)

    assert names.defs == set()
    assert len(names.private) == 1


def test_the_target_of_except_stays_in_its_cell():
    assert names_of("try:\n    a\nexcept E as err:\n    pass").private == {"err"}


@pytest.mark.parametrize(
    ("code", "early"),
    [
        ("x += 1", {"x"}),
        ("df = df.dropna()", {"df"}),
        ("x = 1\nx += 1", set()),
        ("if c:\n    x = 1\nx", {"x"}),
        ("if c:\n    x = 1\nelse:\n    x = 2\nx", set()),
        ("if c:\n    x = 1\nelse:\n    raise E\nx", set()),
        ("for i in y:\n    t = i\nt", set()),
        ("try:\n    x = 1\nexcept E:\n    x = 2\nx", set()),
        ("try:\n    x = 1\nexcept E:\n    pass\nx", {"x"}),
        ("with a as b:\n    c = b\nc", set()),
        ("del x\nx = 1", {"x"}),
        ("[x for _ in y]\nx = 2", {"x"}),
        ("def f():\n    return x\nx = 2", set()),
        ("match v:\n    case 1:\n        x = 1\n    case _:\n        x = 2\nx", set()),
        ("match v:\n    case 1:\n        x = 1\n    case 2:\n        x = 2\nx", {"x"}),
        ("match v:\n    case [x] | x: pass\nx", set()),
        ("a and (x := 1)\nx", {"x"}),
        ("(x := 1) and a\nx", set()),
        ("(x := 1) if a else 2\nx", {"x"}),
        ("a < b < (x := 1)\nx", {"x"}),
        ("assert a, (x := 1)\nx", {"x"}),
        ("{(x := 1): x, 2: (y := 3), y: 4}", set()),
        ("a[x] += (x := 1)", {"x"}),
        ("x: x = 1", set()),
        ("def f(a: x = (x := 1)): ...", set()),
        ("x = 1\ntry:\n    del x\n    a\nexcept E:\n    x", {"x"}),
        ("x = 1\nfor i in y:\n    x\n    del x", {"x"}),
        ("try:\n    x = 1\nfinally:\n    x", set()),
        ("if c:\n    if d:\n        raise E\n    else:\n        raise F\nelse:\n    x = 1\nx", set()),
        ("class A:\n    k = 1\n    z = [k for _ in y]\nk = 2", {"k"}),
    ],
)
def test_names_that_may_be_read_before_they_are_bound(code: str, early: set[str]):
    assert names_of(code).early == early


@pytest.mark.parametrize(
    ("code", "nested"),
    [
        ("[a + k for a in b]", {"k"}),
        ("[(x := i) for i in y]", {"x"}),
        ("class A:\n    k = 1\n    z = {k: a for a in k}", {"k"}),
        ("k = 1\n[lambda: (a, k) for a in b]", {"k"}),
    ],
)
def test_a_comprehension_uses_globals_as_a_function_does(code: str, nested: set[str]):
    """Whether Python compiles it as one or not."""
    assert names_of(code).nested == nested


@pytest.mark.parametrize(
    ("code", "hints"),
    [
        ("x: 'M' = 1", {"M"}),
        ("def f(a: 'a.T[U] | None', *b: list['V']) -> 'R': ...", {"a", "U", "V", "R"}),
        ("class A:\n    next: 'A'\n    other: 'B'", {"B"}),
        ("def f(\n    a: dict[\n        'K', 'V'\n    ],\n): ...", {"K", "V"}),
        ("x: Literal['a'] | Annotated['T', 'unit'] = 1", {"T"}),
        ("from __future__ import annotations\ndef f(a: T, b: k = k) -> R: ...", {"T", "R"}),
        ("from __future__ import annotations\ndef f(a: k): return k", set()),
        ("x: 'no name' = 1", set()),
        ("x: '' = 1", set()),
        ("def f():\n    x: 'T' = 1\n    def g(a: 'U'): ...", {"U"}),
        ("x = {y: 'a'}", set()),
    ],
)
def test_names_in_the_text_of_annotations_are_told_apart(code: str, hints: set[str]):
    """Nothing looks them up when the cell runs; whoever asks for its types does."""
    assert names_of(code).hints == hints


@pytest.mark.parametrize(
    ("code", "hints"),
    [
        ("def test_it(db, /, user, *, tmp_path): ...", {"db", "user", "tmp_path"}),
        ("async def test_it(db): ...", {"db"}),
        ("class TestAll:\n    def test_it(self, db): ...\n    def helper(self, x): ...", {"self", "db"}),
        ("@pytest.fixture\ndef db(folder): ...", {"folder"}),
        ("@fixture(scope='module')\ndef db(folder): ...\ndef folder(x): ...", set()),
        ("@pytest_asyncio.fixture\nasync def db(folder): ...", {"folder"}),
        ("@pytest.mark.usefixtures('db', name)\ndef test_it(): ...", {"db"}),
        ("def test_it(db): return db\ndb = 1", set()),
        ("def test_it(db): ...\nprint(db)", set()),
        ("def check(db): ...", set()),
        ("def test_it(db: 'Database'): ...", {"db", "Database"}),
    ],
)
def test_what_tests_and_fixtures_ask_for_is_told_apart(code: str, hints: set[str]):
    """Nothing looks it up when the cell runs; pytest does."""
    found = names_of(code)
    assert found.hints == hints
    assert found.refs.isdisjoint(hints)


def test_only_plain_imports_of_a_package_are_identical_in_any_cell():
    names = names_of("import os.path, sys\nimport json as j\nfrom re import match")

    assert names.imports == (("os", "os"), ("sys", "sys"))


def test_a_name_that_is_imported_and_bound_otherwise_is_no_plain_import():
    assert names_of("import os\nos = 3").imports == ()


def test_a_star_import_is_marked():
    assert names_of("from math import *").star


@pytest.mark.parametrize("code", ["await x", "async for a in b: pass", "async with a: pass", "[a async for a in b]"])
def test_a_cell_that_awaits_at_its_top_level_is_async(code: str):
    assert names_of(code).is_async


def test_a_cell_with_an_async_function_is_not_async_itself():
    assert not names_of("async def f():\n    await x").is_async


@pytest.mark.parametrize(
    "code", ["x = = 1", "return 5", "break", "x = '\0'", "def f(a, a): ...", "(" * 500, "'\ud800'"]
)
def test_what_does_not_compile_is_a_syntax_error(code: str):
    with pytest.raises(SyntaxError):
        names_of(code)


def test_private_means_one_leading_underscore():
    assert [name for name in ("_", "_x", "__", "__x", "__all__", "x_") if is_private(name)] == ["_", "_x", "__"]


@given(st.lists(st.sampled_from(SNIPPETS), min_size=1, max_size=3).map("\n".join))
def test_every_global_that_python_sees_is_defined_or_read(code: str):
    """Held against CPython's own symbol table."""
    try:
        names = names_of(code)
        table = symtable.symtable(code, "<cell>", "exec")
    except SyntaxError:
        return
    seen = {symbol.get_name() for symbol in table.get_symbols() if symbol.is_local() or symbol.is_referenced()}

    assert seen <= names.defs | names.refs | names.private | names.deleted


@given(
    st.lists(
        st.sampled_from(
            [
                *SNIPPETS,
                "import a.b\nimport c as d\nfrom e import f as _g",
                "def f(a):\n    return [a + k for k in b]",
                "x = 1 if y else 2",
                "z = lambda: q",
                "print(x)\nx",
                "a.b = c[d]",
                "y = 1 or q",
                "if not x:\n    raise E\nelse:\n    raise F",
                "def f():\n    return (\n        a\n    )",
                "def f():\n    if a:\n        return b\n    else:\n        return c\n    d",
                "def f():\n    return a; b",
                "def f():\n    global g",
                "def f(super): return super",
                "[k for k in y]",
                "{k: (w := v) for k, v in y}",
                "class A:\n    k = 1\n    z = [k for _ in k]",
                'print("""if 1 or 2,\n    return""")',
            ]
        ),
        min_size=1,
        max_size=3,
    ).map("\n".join)
)
def test_names_from_byte_code_are_the_same_or_none(code: str):
    """A script takes the names of plain cells from their byte code."""
    body = "".join(f"    {line}\n" for line in code.split("\n"))
    try:
        compiled = compile("if 1:\n" + body, "<cell>", "exec", dont_inherit=True)
        expected = names_of(code)
    except SyntaxError:
        return
    found = quick_names(body, compiled)

    assert found is None or found == expected


def test_byte_code_tells_the_names_of_plain_cells():
    """So that scripts seldom need more."""
    body = "    import os\n    y = f(x) + 1\n"

    assert quick_names(body, compile("if 1:\n" + body, "<cell>", "exec")) == Names(
        defs=frozenset({"os", "y"}), refs=frozenset({"f", "x"}), imports=(("os", "os"),)
    )


def test_byte_code_tells_names_behind_many_constants():
    lines = [f"    x = f({number}.5)" for number in range(300)]
    body = "\n".join([*lines, "    y = g(1)", ""])
    found = quick_names(body, compile("if 1:\n" + body, "<cell>", "exec"))

    assert found == Names(defs=frozenset({"x", "y"}), refs=frozenset({"f", "g"}))


@pytest.mark.parametrize(
    "code",
    [
        "y = 1 or q",
        "def test_it(db): ...",
        "import pytest\n\n@pytest.fixture\ndef db(folder): ...",
        "y = '' and q",
        "raise E\nx = 1",
        "if(0):\n    x",
        "def f():\n    return 1\n    q",
        "def f():\n    try:\n        return a\n    finally:\n        return b\n    q",
        "def f():\n    with (\n        a,\n    ):\n        return b\n    q",
        "def f():\n    return [\n        1,\n    ]; q",
        "for i in y:\n    break\n    x = 1",
    ],
)
def test_code_that_the_compiler_may_leave_out_is_not_judged_by_its_byte_code(code: str):
    body = "".join(f"    {line}\n" for line in code.split("\n"))

    assert quick_names(body, compile("if 1:\n" + body, "<cell>", "exec")) is None


@pytest.mark.parametrize(
    "code",
    [
        "def f(\n    a,\n):\n    if a:\n        return b\n    return [\n        c,\n    ]",
        "if x:\n    y = 1",
        'print("""this and that, or not;\n    return""")',
        'def f():\n    """Say it."""\n    return a if b else c',
    ],
)
def test_plain_tests_returns_and_texts_leave_no_doubt(code: str):
    body = "".join(f"    {line}\n" for line in code.split("\n"))

    assert quick_names(body, compile("if 1:\n" + body, "<cell>", "exec")) == names_of(code)
