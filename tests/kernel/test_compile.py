"""A cell's text becomes code that reports real lines and hands out its last value."""

import asyncio

import pytest

from quire.kernel.compile import compile_cell


def run(code: str, **options: object) -> tuple[dict[str, object], object]:
    names: dict[str, object] = {}
    compiled = compile_cell(code, **options)  # pyright: ignore[reportArgumentType]
    if compiled.body is not None:
        exec(compiled.body, names)
    value = None if compiled.last is None else eval(compiled.last, names)
    return names, value


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("1 + 1", 2),
        ("x = 3\nx", 3),
        ("x = 3\nx  # said", 3),
        ("x = 3\n(x\n)", 3),
        ("(\n1,\n2)", (1, 2)),
        ("'text'", "text"),
        ("'text'\n'other'", "other"),
        ("x = 3", None),
        ("", None),
        ("# only a comment", None),
        ("\n\n\n", None),
        ("if True:\n    1", None),
        ("1;", None),
        ("1 ; ", None),
        ("1;  # quiet", None),
        ("(1);", None),
        ("x = 1; x", 1),
        ("'a;b'", "a;b"),
        ("1  # not; quiet", 1),
        ("'é';", None),
        ("'é;' + 'ü'", "é;ü"),
        ("x = 1\r\nx;\r\n", None),
        ("x = 1\rx", 1),
    ],
)
def test_the_last_expression_is_the_output_unless_a_semicolon_ends_it(code: str, value: object):
    assert run(code)[1] == value


def test_an_expression_silenced_by_a_semicolon_still_runs():
    names, value = run("seen = []\nseen.append(1);")

    assert names["seen"] == [1]
    assert value is None


def test_a_cell_that_begins_with_text_leaves_the_notebooks_docstring_alone():
    assert "__doc__" not in run('"""About this cell."""\nx = 1')[0]
    assert "__doc__" not in run('"""About this cell.""";')[0]


def test_lines_count_in_the_file():
    compiled = compile_cell("def f():\n    return 1\nf()", "/tmp/notebook.py", 40)

    assert compiled.body is not None
    assert compiled.last is not None
    assert compiled.body.co_filename == "/tmp/notebook.py"
    function = next(c for c in compiled.body.co_consts if hasattr(c, "co_firstlineno"))
    assert function.co_firstlineno == 40
    assert {line for _, _, line in compiled.last.co_lines() if line} == {42}


def test_a_syntax_error_names_the_line_of_the_file_and_the_column_of_the_cell():
    with pytest.raises(SyntaxError) as caught:
        compile_cell("x = 1\ny = = 2", "/tmp/notebook.py", 10)

    assert (caught.value.lineno, caught.value.offset, caught.value.filename) == (11, 5, "/tmp/notebook.py")


@pytest.mark.parametrize(
    "code",
    [
        "x = '\0'",
        "(" * 300 + ")" * 300,
        "x = " + "-" * 100_000 + "1",
        "'\ud800'",
        "return 1",
        "yield 1",
        "%matplotlib inline",
    ],
)
def test_what_python_cannot_compile_is_a_syntax_error_and_nothing_else(code: str):
    with pytest.raises(SyntaxError):
        compile_cell(code)


def test_await_makes_an_asynchronous_cell():
    compiled = compile_cell("import asyncio\nx = await asyncio.sleep(0, 5)\nawait asyncio.sleep(0, x + 1)")

    async def main() -> tuple[dict[str, object], object]:
        names: dict[str, object] = {}
        assert compiled.body is not None
        assert compiled.last is not None
        await eval(compiled.body, names)
        return names, await eval(compiled.last, names)

    names, value = asyncio.run(main())
    assert compiled.is_async
    assert (names["x"], value) == (5, 6)
    assert not compile_cell("1 + 1").is_async


def test_a_future_import_holds_for_the_last_expression_too():
    code = "from __future__ import annotations\nlambda: 1"
    compiled = compile_cell(code)

    assert compiled.last is not None
    assert compiled.last.co_flags & 0x1000000


def test_private_names_run_under_their_mangled_name():
    names, value = run("_x = 2\ndef f():\n    return _x\nf()", mangled={"_x": "_quire_a_x"})

    assert value == 2
    assert names["_quire_a_x"] == 2
    assert "_x" not in names


def test_the_same_text_is_compiled_once():
    assert compile_cell("a = 1", "f", 3) is compile_cell("a = 1", "f", 3)
    assert compile_cell("a = 1", "f", 3) is not compile_cell("a = 1", "f", 4)
