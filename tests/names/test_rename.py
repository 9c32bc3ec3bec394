"""Renaming a cell's globals in its text, and in its tree to run it."""

import ast
import sys

import pytest

from quire.names import mangle, mangled_name, rename_names, unmangled

_SINCE_3_12 = (
    [
        ("def f[df](x: df) -> b: return df", "def f[df](x: df) -> b: return df"),
        ("def f[T: df](x: df): ...", "def f[T: y](x: y): ..."),
        ("class C[df](df):\n    x: df", "class C[df](df):\n    x: df"),
        ("class df[T](df): df", "class y[T](y): y"),
        ("type df = list[df]", "type y = list[y]"),
        ("type A[df] = df", "type A[df] = df"),
        ("type A[T] = df", "type A[T] = y"),
        ("f'é{df!r:{df}} {df=} {df['df']}'", "f'é{y!r:{y}} {y=} {y['df']}'"),
        ("f'''\n {a}\n  {df}\n'''", "f'''\n {a}\n  {y}\n'''"),
    ]
    if sys.version_info >= (3, 12)
    else []
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        *_SINCE_3_12,
        ("class A:\n    df = 1\n    b = [a for a in df]", "class A:\n    df = 1\n    b = [a for a in df]"),
        ("class A:\n    df = 1\n    b = [df for a in b]", "class A:\n    df = 1\n    b = [y for a in b]"),
        ("class A:\n    df = 1\n    def m(self, a=df): df", "class A:\n    df = 1\n    def m(self, a=df): y"),
        ("class A:\n    df = 1\n    class B:\n        df", "class A:\n    df = 1\n    class B:\n        y"),
        ("def f():\n    def g(a=(df := 1)): return df", "def f():\n    def g(a=(df := 1)): return df"),
        ("df = df.df(df=df)[df]", "y = y.df(df=y)[y]"),
        ("def f(df, b=df):\n    return df", "def f(df, b=y):\n    return df"),
        ("def f():\n    df = 1\n    return df", "def f():\n    df = 1\n    return df"),
        ("def f():\n    global df\n    df = 1", "def f():\n    global y\n    y = 1"),
        ("def df(): return df", "def y(): return y"),
        (
            "class df(df):\n    df = df\n    df = df\n    def m(self): return df",
            "class y(y):\n    df = y\n    df = df\n    def m(self): return y",
        ),
        ("class A:\n    a = df\n    df = 1", "class A:\n    a = y\n    df = 1"),
        ("class A:\n    global df\n    df = 1", "class A:\n    global y\n    y = 1"),
        (
            "def f(df):\n    def g():\n        global df\n        df = df",
            "def f(df):\n    def g():\n        global y\n        y = y",
        ),
        (
            "def f(df):\n    def g():\n        global df\n    df = df",
            "def f(df):\n    def g():\n        global y\n    df = df",
        ),
        ("[lambda: (df := 1) for a in df]", "[lambda: (df := 1) for a in y]"),
        ("import df", "import df as y"),
        ("import a as df, b", "import a as y, b"),
        ("from a import df", "from a import df as y"),
        ("[df for df in df]", "[df for df in y]"),
        ("[a for a in b if df]", "[a for a in b if y]"),
        ("lambda df: df", "lambda df: df"),
        ("try: 0\nexcept E as df: df", "try: 0\nexcept E as y: y"),
        ("match a:\n    case {'k': df, **rest}: df", "match a:\n    case {'k': y, **rest}: y"),
        ("'é'; df  # df", "'é'; y  # df"),
        ("with a as df: 'df'", "with a as y: 'df'"),
        ("f'{df}'", "f'{y}'"),
        ("x.df\r\ndf", "x.df\r\ny"),
    ],
)
def test_only_the_global_of_that_name_is_renamed(before: str, after: str):
    assert rename_names(before, {"df": "y"}) == after


def test_an_import_of_a_submodule_is_left_to_the_user():
    with pytest.raises(ValueError, match="by hand"):
        rename_names("import os.path", {"os": "os_1"})


def _run(code: str, *names: str) -> dict[str, object]:
    mangled = {name: mangled_name("c1", name) for name in names}
    namespace: dict[str, object] = {}
    exec(compile(mangle(ast.parse(code), code, mangled), "<cell>", "exec"), namespace)
    return namespace


def test_a_mangled_cell_binds_only_mangled_names():
    found = _run(
        "import os.path, json as j\ndef f(): return a\na = 1\nclass C: pass\nout = f()", "os", "j", "f", "a", "C"
    )

    assert {name for name in found if not name.startswith("__")} == {
        "out",
        *(mangled_name("c1", name) for name in ("os", "j", "f", "a", "C")),
    }
    assert found["out"] == 1


def test_mangled_functions_and_classes_keep_their_real_names():
    found = _run("def _f(): ...\nclass _C:\n    def m(self): ...", "_f", "_C")

    assert found[mangled_name("c1", "_f")].__name__ == "_f"
    assert found[mangled_name("c1", "_C")].__qualname__ == "_C"


def test_private_names_of_a_mangled_class_are_those_that_they_were():
    code = "def _f():\n    global _C\n    class _C:\n        __x = 1\n        def get(self): return self.__x\n_f()"
    found = _run(code, "_f", "_C")

    made = found[mangled_name("c1", "_C")]
    assert vars(made)["_C__x"] == made().get() == 1
    assert "_C" not in found


def test_a_recursive_mangled_function_finds_itself():
    assert _run("def _f(n): return n and _f(n - 1)\nx = _f(3)", "_f")["x"] == 0


def test_messages_show_names_as_the_user_wrote_them():
    assert unmangled(f"name '{mangled_name('a1b2', '_total')}' is not defined") == "name '_total' is not defined"
    assert unmangled("nothing to see") == "nothing to see"
