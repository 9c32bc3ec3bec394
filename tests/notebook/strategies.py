"""Notebooks as people and tools write them, and what becomes of them in merges and by accident."""

from hypothesis import strategies as st

SNIPPETS = (
    "x = 1",
    "y = x + 1\nprint(y)",
    "import math",
    "import os\nimport sys as system",
    "def area(r):\n    return math.pi * r**2",
    "class Point:\n    x: int = 0\n\n    def norm(self):\n        return abs(self.x)",
    "for i in range(3):\n    total = i\ntotal",
    'text = """\nkept\n    as it is\n\t tab\n"""',
    "text = f'''\n{x}\n   two\n'''",
    "# only a comment",
    "a = (\n    1,\n  2,\n)",
    "if x:\n    z = 1\nelse:\n    z = 2",
    "await run(x)",
    "def broken(:\n    pass",
    "return 5",
    "from math import *",
    "global x\nx = 2",
    "x = 'back\\\nslash'",
    "try:\n    1 / 0\nexcept ZeroDivisionError as error:\n    print(error)",
    "größe = 'ü'  # Ä",
    "@decorate\ndef f(a, b=x):\n    '''doc\n    more'''\n    return a",
    "with open('f') as f:\n    data = f.read()\n\n# trailing comment",
    "match x:\n    case {'a': b, **rest}:\n        c = b\n    case _:\n        c = None",
    "\n\nx = 1",
    "x = 1;",
    "  indented = 1",
    '"""a docstring"""',
    "r'''\\'''\nlambda: (yield)",
    'app._unparsable_cell("x")',
    "@app.cell\ndef g():\n    return",
    "if __name__ == '__main__':\n    app.run()",
    "x = 1 \\",
    "print('''@app.cell\ndef _():\n    pass\n''')",
    "\x0cx = 1",
    "'\\x00'",
    "",
)

codes = st.one_of(
    st.sampled_from(SNIPPETS),
    st.lists(st.sampled_from(SNIPPETS), min_size=2, max_size=3).map("\n".join),
    st.text(alphabet="ab=()[]{}:#'\"\\\n \t\x0cré@,1f", max_size=30),
)

_BODIES = (
    "    x = 1\n    return (x,)\n",
    "    x = 1\n    return x,\n",
    "    x = 1\n    return x  # why\n",
    "    x = 1\n",
    "  x = 1\n  y = 2\n  return (x, y,)\n  # after\n",
    "\tx = 1\n\treturn\n",
    "\n\n    # first\n    x = 1\n\n    return\n\n    # behind\n",
    "    return\n",
    "    pass\n",
    '    t = """\nzero\n    four\n"""\n    return (t,)\n',
    "    t = f'''\n{1}\n    four\n'''\n\n    return (t,)\n",
    "    a = [\n  1,\n    2,\n    ]\n    return (a,)\n",
    "    if x:\n        return\n    y = 1\n    return (y,)\n",
    "    # comment only\n    return\n",
    "    x = 1; return (x,)\n",
    "    return g(x)\n",
    "    y = = 2\n    return (y,)\n",
    "<<<<<<< HEAD\n    x = 1\n=======\n    x = 2\n>>>>>>> other\n    return (x,)\n",
    "    s = '''open\n    return\n",
)
_HEADS = (
    "@app.cell\ndef _():\n",
    "@app.cell\ndef _(a, b):\n",
    "@app.cell(hide_code=True)\ndef named(a: int, *, b=3) -> int:  # odd\n",
    "@app.cell(\n    hide_code=True,  # note\n    unknown=[1, {2}],\n)\nasync def _(\n    a,\n    b,\n):\n",
    "# touching\n@app.cell\n@other.thing(1)\ndef _(a):\n",
    "@first\n@app.cell\ndef f2():\n",
)
_OTHERS = (
    "@app.function\ndef helper(x):\n    return x\n",
    "@app.function(hide_code=True)\n# note\n@cache\ndef helper2(x, y=1):\n    'doc'\n    return x\n",
    "@app.class_definition\nclass Thing:\n    x = 1\n",
    'app._unparsable_cell(\n    r"""\ndef (\n""",\n    name="bad",\n    hide_code=True,\n)\n',
    'app._unparsable_cell("a b", other=x)\n',
    "x = 5\n",
    "x = 5; y = 6\n",
    "# a comment between cells\n",
    "print('''\n@app.cell\n''')\n",
    "@app.cell\ndef one_line(): x = 1\n",
    "@app.cell\ndef one_line2(a): x = 1; return (x,)\n",
    "<<<<<<< HEAD\n",
    "=======\n",
    ">>>>>>> branch\n",
    "\n",
)
_HEADERS = (
    'import quire\n\n__generated_with = "0.0.1"\napp = quire.App()\n',
    "# /// script\n# dependencies = ['quire']\n# ///\n'''A docstring.'''\n\nimport quire as q\n\napp = q.App(\n    width='full',  # wide\n)\n",
    "#!/usr/bin/env python\nfrom quire import App\nimport sys; app = App(app_title='Ünïcode')\n# below\n",
    "\ufeffimport quire\napp = quire.App()\n",
    "import quire\nx = = 1\napp = quire.App()\n",
)
_SETUPS = (
    "",
    "\n\nwith app.setup:\n    import math\n\n    K = 3\n",
    "\n\nwith app.setup(hide_code=True):  # first\n    pass\n",
    "\n\nwith app.setup:\n    # nothing yet\n    pass\n",
)
_FOOTERS = (
    '\n\nif __name__ == "__main__":\n    app.run()\n',
    "\n\nif __name__ == '__main__':\n    app.run()\n\n# the end\nx = 1\n",
    "",
    "\n\n\n",
)

cell_texts = st.one_of(
    st.builds(str.__add__, st.sampled_from(_HEADS), st.sampled_from(_BODIES)), st.sampled_from(_OTHERS)
)


@st.composite
def notebook_texts(draw: st.DrawFn) -> str:
    """A file as somebody might have written it."""
    parts = [draw(st.sampled_from(_HEADERS)), draw(st.sampled_from(_SETUPS))]
    for text in draw(st.lists(cell_texts, max_size=5)):
        parts += [draw(st.sampled_from(["\n\n", "\n", "", "\n\n\n\n", "\n# loose\n\n", "\n    # indented\n\n"])), text]
    parts.append(draw(st.sampled_from(_FOOTERS)))
    text = "".join(parts)
    ending = draw(st.sampled_from(["\n", "\n", "\n", "\r\n", "\r"]))
    return text.replace("\n", ending)


@st.composite
def mutated_texts(draw: st.DrawFn) -> str:
    """A file after a few accidents."""
    text = draw(notebook_texts())
    for _ in range(draw(st.integers(1, 4))):
        if not text:
            break
        at = draw(st.integers(0, len(text)))
        to = draw(st.integers(at, min(len(text), at + 12)))
        text = (
            text[:at]
            + draw(st.sampled_from(["", "\n", '"""', "(", "\r", "'", "\t", "\0", "\x0c", "#", "é", "    "]))
            + text[to:]
        )
    return text
