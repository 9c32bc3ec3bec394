"""Files in every style of hand and tool, grown part by part, and accidents of every kind that may happen to them."""

import sys

from hypothesis import strategies as st

from quire.notebook.lines import split_lines

STATEMENTS = (
    "x = 1",
    "x: int = 1  # typed",
    "größe, ﬁn = 1, 2",
    "print(ﬁn, 𝐱)",
    "text = '''\nzero\n    four\n'''",
    'doc = r"""\\d\n\ttab\n"""  # raw',
    "shown = f'''\n{x!r:>{width}}\n  {f\"{y + f'{z}'}\"}\n'''",
    "joined = 'a' \\\n  'b'",
    "match point:\n    case {'x': px, **rest} if px:\n        pass\n    case [first, *_] | first:\n        pass",
    "if (n := len(data)) > 1:\n    big = True\nelif n:\n    big = False",
    "rows = [(k, v) for k, v in table.items() if (last := v)]",
    "value = await fetch(url)",
    "async with session as s:\n    async for chunk in s:\n        print(chunk)",
    "for i in range(3): total = i",
    "def inner(a, /, b=x, *args: 'T', c, **kw) -> int:\n    '''doc\n    string'''\n    return a",
    "class Point(Base, meta=Meta):\n    x: int = 0\n\n    @property\n    def y(self): return self.x",
    "@decorate(\n    1,  # why\n)\ndef decorated(): ...",
    "try:\n    risky()\nexcept* (A, B) as error:\n    print(error)\nfinally:\n    done = 1",
    "with open('f') as f, \\\n     open('g') as g:\n    data = f.read()",
    "import os.path, numpy as np",
    "from . import (\n    a,\n    b as c,\n)",
    "del x",
    "x += 1",
    "x = 1; y = 2",
    "x;",
    "if x:\n    return 3",
    "# a comment",
    "\n# after a blank line",
    "\x0c\nx = 2",
    "a = [\n1,\n        2,\n]",
    "lambda: (yield)",
    "global g\ng = 1",
    "_private = 1\n__dunder__ = 2",
    "ünïcode = '\U0001f40d'",
    "pass",
    "assert x, 'why'",
    "raise ValueError('no')",
    "'''a docstring'''",
    "a.b.c[0] = d",
    "print('@app.cell\\ndef _():')",
    "print('''\n@app.cell\ndef _():\n    return\n''')",
    "return_value = 1",
    "x = yield_ = 2",
    *(
        (
            "type Pair[T] = tuple[T, T]",
            "def first[T: int](items: list[T]) -> T:\n    return items[0]",
            "class Box[T]:\n    item: T",
        )
        if sys.version_info >= (3, 12)
        else ()
    ),
)
BROKEN = (
    "x = = 1",
    "def f(:",
    "'''open",
    "print(",
    ")",
    "<<<<<<< HEAD\nx = 1\n=======\nx = 2\n>>>>>>> other",
    "  indented = 1",
    "from math import *",
    "from __future__ import annotations",
    "nonlocal q",
    "\\",
    "x = 1 \\",
    "%matplotlib inline",
    "f'{'",
    "\0",
    "\ud800",
    "return",
    "return (x,)",
    "break",
    "@app.cell\ndef _():\n    return",
    "@app.function\ndef g(): ...",
    "with app.setup:\n    import a",
    "if __name__ == '__main__':\n    app.run()",
    'app._unparsable_cell("x")',
    "app = quire.App()",
)

_statements = st.lists(st.sampled_from(STATEMENTS), min_size=1, max_size=4).map("\n".join)
new_codes = st.one_of(
    _statements,
    _statements,
    st.sampled_from(BROKEN),
    st.lists(st.sampled_from(STATEMENTS + BROKEN), min_size=2, max_size=3).map("\n".join),
    st.text(alphabet="xf=()[]{}:#'\"\\\n \t\x0c\rré@,1;\u2028\xa0", max_size=25),
    st.just(""),
)

_INDENTS = ("    ", "    ", "  ", "\t", "   ", " ", "        ", "\t  ")
_COMMENTS = ("", "", "", "  # note", " #", "\t# tab", "  # 'quote\" (", "  # größe")
_SIGNATURES = (
    "()",
    "(a, b)",
    "(a: int, *, b=3)",
    "(a,)",
    "( a , b )",
    "(\n    a,\n    b: 'list[int]' = [1, 2],\n)",
    "(  # why\n    a,  # first\n    # between\n    b,\n)",
    "(größe, x: \"str\" = ')')",
    "(*args, **kwargs)",
    "(x=lambda a: a, /)",
)
_RETURNS = (
    "return",
    "return x,",
    "return x",
    "return (x,)",
    "return (x, y)",
    "return x, y",
    "return (\n{0}    x,\n{0})",
    "return (  # which\n{0}    x,  # one\n{0})",
    "return ()",
    "return;",
    "return f(x)",
    "return [x]",
    "",
    "",
    "pass",
)
_DECORATORS = (
    "@app.cell",
    "@app.cell",
    "@app.cell()",
    "@app.cell(hide_code=True)",
    "@app.cell(column=1, disabled=False, unknown=[1, {'a': f(x)}])",
    "@app.cell(\n    hide_code=True,  # note\n    expand_output=True,\n)",
    "@ app . cell",
    "@(app.cell)",
    "@first\n@app.cell",
    "@app.cell\n@second(1)",
    "@app.cell\n# a comment in between\n\n# and one more",
    "@app.cell(**settings)",
)
_NAMES = ("_", "_", "__", "named", "again", "again", "größe", "ﬁn", "test_it")


@st.composite
def _cells(draw: st.DrawFn) -> str:
    indent = draw(st.sampled_from(_INDENTS))
    code = draw(_statements | st.just("") | st.sampled_from(BROKEN) if draw(st.integers(0, 5)) == 0 else _statements)
    lines = code.split("\n") if code else []
    body = "".join(
        (indent + line if line else "") + draw(st.sampled_from(_COMMENTS[:1] * 6 + _COMMENTS)) + "\n" for line in lines
    )
    returned = draw(st.sampled_from(_RETURNS))
    if returned:
        body += draw(st.sampled_from(["", "", "\n", "\n\n", f"{indent}# before\n", "# at the margin\n"]))
        body += indent + returned.format(indent) + draw(st.sampled_from(_COMMENTS)) + "\n"
    body += draw(st.sampled_from(["", "", "", f"{indent}# after\n", f"\n{indent}# later\n\n  # last\n"]))
    is_async = draw(st.sampled_from(["", "", "async "]))
    annotation = draw(st.sampled_from(["", "", " -> int", " -> 'tuple[int, str]'", "->None"]))
    head = draw(st.sampled_from(_DECORATORS)) + draw(st.sampled_from(_COMMENTS)) + "\n"
    head += f"{is_async}def {draw(st.sampled_from(_NAMES))}{draw(st.sampled_from(_SIGNATURES))}{annotation}:"
    head += draw(st.sampled_from([*_COMMENTS, " "])) + "\n"
    return draw(st.sampled_from(["", "", "# touching\n", "# two\n# lines\n"])) + head + body


_OTHERS = (
    "@app.function\ndef helper(x):\n    return x\n",
    "@app.function(hide_code=True)  # why\n# note\n@cache\ndef helper2(x: Thing, y=helper) -> Thing:\n    'doc'\n    return x\n  # trailing\n",
    "@app.function\nasync def later(): ...\n",
    "@app.class_definition\nclass Thing(Base):\n    x = 1\n",
    "@app.class_definition\n@dataclass\nclass Other:\n\tx: int\n",
    "@cache\n@app.function\ndef odd(): ...\n",
    'app._unparsable_cell(\n    r"""\ndef (\n""",\n    name="bad",\n    hide_code=True,\n)\n',
    "app._unparsable_cell('one line', **more)\n",
    "# above\napp._unparsable_cell('x = (')  # beside\n\n    # below\n",
    "app._unparsable_cell(text)\n",
    "x = 5; y = 6  # stray\n",
    "def plain(): return 1\n",
    "class Plain: pass\n",
    "if True:\n    @app.cell\n    def _(): return\n",
    "with app.setup:\n    import late\n",
    "async with app.setup(hide_code=True):\n    import later\n",
    "@app.cell\ndef one_line(): x = 1\n",
    "@app.cell\ndef one_line2(a): x = 1; return (x,)  # and so on\n",
    "@app.cell\nclass Wrong: pass\n",
    "@app.cell\ndef _():\n    x = 1; return (x,)\n",
    "@app.cell\ndef _():\n    '''\n  open\n    '''; return\n",
    "<<<<<<< HEAD\n",
    "||||||| base\n",
    "=======\n",
    ">>>>>>> branch\n",
    "'''\n@app.cell\ndef _(): pass\n'''\n",
    "\x0c\n",
    "# a comment between cells\n",
    "import quire\n\napp = quire.App()\n",
)
_HEADERS = (
    'import quire\n\n__generated_with = "0.0.1"\napp = quire.App()\n',
    "#!/usr/bin/env -S uv run\n# /// script\n# dependencies = ['quire']\n# ///\n'A docstring.'\nimport quire as q\napp = q.App(\n    width='full',  # wide\n    other=thing,\n)\n",
    "\ufeff# -*- coding: utf-8 -*-\nfrom quire import App\nimport sys; app = App(app_title='Ünïcode')  # here\n# below\n",
    "'''doc\nstring'''\nimport quire\nx = 1\napp = quire.App(**options)\n",
    "import quire\nx = = 1\napp = quire.App()\n",
    "import quire; app = quire.App()\n",
)
_FOOTERS = (
    '\n\nif __name__ == "__main__":\n    app.run()\n',
    "\nif __name__ == '__main__': app.run()\n# the end\nx = 1\n",
    "\n\nif __name__ == '__main__':\n    print(1)\n    app.run()",
    "",
    "\n\n\n",
    "# no line end",
)
_GAPS = ("\n\n", "\n\n", "\n", "", "\n\n\n\n", "\n# loose\n\n", "\n    # indented\n\n", "\n\x0c\n", "\n \t\n")


@st.composite
def styled_texts(draw: st.DrawFn) -> str:
    """A file in many styles at once, with one line ending or several."""
    parts = [draw(st.sampled_from(_HEADERS))]
    for text in draw(st.lists(_cells() | _cells() | st.sampled_from(_OTHERS), max_size=5)):
        parts += [draw(st.sampled_from(_GAPS)), text]
    parts.append(draw(st.sampled_from(_FOOTERS)))
    text = "".join(parts)
    endings = draw(st.sampled_from([["\n"], ["\n"], ["\n"], ["\r\n"], ["\r"], ["\n", "\r\n"], ["\n", "\r", "\r\n"]]))
    if endings == ["\n"]:
        return text
    lines = text.split("\n")
    return "".join(line + endings[at % len(endings)] for at, line in enumerate(lines[:-1])) + lines[-1]


@st.composite
def accidents(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text after slices or lines of it were deleted, doubled, moved or overwritten."""
    text = draw(texts)
    for _ in range(draw(st.integers(1, 3))):
        units = split_lines(text) if draw(st.booleans()) else list(text)
        if not units:
            break
        at = draw(st.integers(0, len(units) - 1))
        to = draw(st.integers(at, min(len(units), at + 12)))
        cut = units[at:to]
        what = draw(st.sampled_from(["delete", "double", "move", "insert"]))
        rest = [*units[:at], *units[to:]]
        there = draw(st.integers(0, len(rest)))
        if what == "delete":
            units = rest
        elif what == "double":
            units = [*units[:to], *cut, *units[to:]]
        elif what == "move":
            units = [*rest[:there], *cut, *rest[there:]]
        else:
            units[at:to] = [
                draw(
                    st.sampled_from(
                        [
                            "\n",
                            '"""',
                            "(",
                            "\r",
                            "'",
                            "\t",
                            "\0",
                            "\x0c",
                            "#",
                            "é",
                            "    ",
                            "\\",
                            ":",
                            "\ud800",
                            "{",
                            "f'",
                        ]
                    )
                )
            ]
        text = "".join(units)
    return text
