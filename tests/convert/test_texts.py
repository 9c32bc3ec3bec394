"""Scripts with cells, light scripts, markdown, Databricks and nbdev notebooks, and scripts without any cells."""

import json

import pytest

from quire.convert import convert_text, recognise
from quire.errors import ConversionRefused
from quire.notebook import parse_notebook
from tests.convert.running import converted, jupyter, printed_by_script, printed_from_top


def codes(text: str, source: str = "") -> list[str]:
    return [cell.code for cell in parse_notebook(convert_text(text, source=source).text).cells]


def md(text: str) -> str:
    return f'qr.md(r"""\n    {text}\n    """)'


# -- percent

PERCENT = '''# ---
# jupyter:
#   kernelspec:
#     name: python3
# ---

# %% [markdown]
# # Title
#
# text

# %% Load the data tags=["hide-input"] name="load"
x = 1

# %%
s = """
# %% no marker
"""

# %% [markdown]
"""
In a string
"""

# %% [raw]
# raw

# %% {"tags": ["parameters"]}
x = x + 1
print(x)
'''


def test_markers_make_cells():
    assert codes(PERCENT) == [
        "import quire as qr",
        'qr.md(r"""\n    # Title\n\n    text\n    """)',
        "# Load the data\nx = 1",
        's = """\n# %% no marker\n"""',
        md("In a string"),
        "# raw",
        "x_1 = x + 1\nprint(x_1)",
    ]


def test_markers_carry_names_and_tags():
    cell = parse_notebook(convert_text(PERCENT).text).cells[2]

    assert (cell.name, cell.hide_code) == ("load", True)


def test_code_above_the_first_marker_is_a_cell_and_the_head_stays():
    text = '#!/usr/bin/env python\n# /// script\n# dependencies = ["rich"]\n# ///\nimport os\n# %%\nx = 1\n'

    assert codes(text) == ["import os", "x = 1"]
    assert convert_text(text).text.startswith(
        '#!/usr/bin/env python\n\n# /// script\n# dependencies = ["rich"]\n# ///\n\nimport quire'
    )


def test_percent_scripts_come_back_as_they_went():
    text = convert_text(PERCENT).text
    again = convert_text(convert_text(text, target="percent").text).text

    assert again == text


# -- light


def test_paragraphs_make_cells():
    text = '# # Title\n# text\n\nx = 1\ny = (2,\n\n 3)\n\ndef f():\n    a = 1\n\n    return a\n\n# + tags=["hide-input"]\nz = 1\n\nprint(z)\n# -\n\nprint(x)\n'

    assert codes(text, "light") == [
        "import quire as qr",
        'qr.md(r"""\n    # Title\n    text\n    """)',
        "x = 1\ny = (2,\n\n 3)",
        "def f():\n    a = 1\n\n    return a",
        "z = 1\n\nprint(z)",
        "print(x)",
    ]
    assert recognise(text) == "light"


# -- markdown


def test_fences_of_python_are_cells_and_other_fences_are_prose():
    text = "# Title\n\n```python\nx = 1\n```\n\nthen\n\n```bash\nls\n```\n\n~~~{python}\n#| echo: false\nx = x + 1\n~~~\n\n```python\nprint(x)\n```\n"

    assert codes(text) == [
        "import quire as qr",
        md("# Title"),
        "x = 1",
        'qr.md(r"""\n    then\n\n    ```bash\n    ls\n    ```\n    """)',
        "x_1 = x + 1",
        "print(x_1)",
    ]


MARIMO_MARKDOWN = """---
title: My notebook
marimo-version: 0.25.2
width: full
header: |-
  # /// script
  # dependencies = ["numpy"]
  # ///
---

# Title

<!---->

more

```python {.marimo name="setup"}
import marimo as mo
```

```python {.marimo hide_code="true" name="load"}
x = 1
```

```python
only = "shown"
```

````python {.marimo}
fence = '''
```
'''
````

```sql {.marimo query="found"}
select {x}
```
"""


def test_marimos_markdown_is_read_with_its_names_options_and_head():
    text = convert_text(MARIMO_MARKDOWN).text
    notebook = parse_notebook(text)

    assert text.startswith('# /// script\n# dependencies = ["numpy"]\n# ///\n\nimport quire\n')
    assert dict(notebook.options) == {"app_title": "My notebook", "width": "full"}
    assert notebook.cells[0].type == "setup"
    assert [cell.code for cell in notebook.cells] == [
        "import quire as mo",
        'mo.md(r"""\n    # Title\n    """)',
        'mo.md(r"""\n    more\n    """)',
        "x = 1",
        'mo.md(r"""\n    ```python\n    only = "shown"\n    ```\n    """)',
        "fence = '''\n```\n'''",
        'found = mo.sql(\n    f"""\n    select {x}\n    """\n)',
    ]
    assert notebook.cells[3].hide_code


def test_marimos_pyproject_becomes_script_metadata():
    text = '---\nmarimo-version: 0.23.13\npyproject: |-\n  dependencies = [\n      "numpy",\n  ]\n---\n\n# Title\n'

    assert convert_text(text, source="markdown").text.startswith(
        '# /// script\n# dependencies = [\n#     "numpy",\n# ]\n# ///\n\nimport quire\n'
    )


def test_markdown_is_written_with_fences_that_say_what_they_are():
    text = convert_text(MARIMO_MARKDOWN).text
    written = convert_text(text, target="markdown").text

    assert written.startswith(
        "---\ntitle: My notebook\nquire-version: 0.1.0\nwidth: full\nheader: |-\n  # /// script\n"
    )
    assert "# Title\n\n<!---->\n\nmore\n\n" in written
    assert '\n```python {.quire name="load" hide_code="true"}\nx = 1\n```\n' in written
    assert "\n````python {.quire}\nfence = '''\n```\n'''\n````\n" in written


def test_markdown_comes_back_as_it_went():
    text = converted(
        ("markdown", "# A"), ("markdown", "B"), "x = 1", "def f(a):\n    return a", "print 'x'", "print(f(x))"
    ).text

    assert convert_text(convert_text(text, target="markdown").text).text == text


# -- Databricks

DATABRICKS = """# Databricks notebook source
# MAGIC %md
# MAGIC # Title

# COMMAND ----------

# DBTITLE 1,Load
df = spark.table("t")

# COMMAND ----------

# MAGIC %sql
# MAGIC select 1

# COMMAND ----------

# MAGIC %pip install rich

# COMMAND ----------

# MAGIC %sh
# MAGIC ls

# COMMAND ----------

# MAGIC %scala
# MAGIC val x = 1
"""


def test_databricks_cells_are_read_by_their_language():
    done = convert_text(DATABRICKS)

    assert codes(DATABRICKS) == [
        "import quire as qr",
        md("# Title"),
        '# Load\ndf = spark.table("t")',
        "# %%sql\n# select 1",
        "# %pip install rich",
        'import subprocess\n\nsubprocess.run(\'bash\'.split(), input="""\\\nls\n""", text=True)',
        "# %scala\n# val x = 1",
    ]
    assert '"rich"' in done.text
    assert any("`spark` is given by Databricks" in str(note) for note in done.notes)


# -- nbdev


def test_exported_cells_become_importable_definitions():
    cells = [
        "#| default_exp core",
        "#| export\nimport math\nfrom os import sep",
        "#| export\ndef area(r):\n    return math.pi * r\n\n\n# twice\ndef twice(r):\n    return 2 * area(r)",
        "#| hide\nprint(area(1))",
        "#| eval: false\nprint('never')",
    ]
    notebook = parse_notebook(converted(*cells).text)

    assert [(cell.type, cell.code) for cell in notebook.cells] == [
        ("setup", "import math\nfrom os import sep"),
        ("function", "def area(r):\n    return math.pi * r"),
        ("function", "# twice\ndef twice(r):\n    return 2 * area(r)"),
        ("cell", "print(area(1))"),
        ("cell", "print('never')"),
    ]
    assert (notebook.cells[3].hide_code, notebook.cells[4].disabled) == (True, True)


# -- plain scripts

SCRIPT = '''#!/usr/bin/env python
"""What it does."""
import os
import sys


LIMIT = 3

# how it counts
def count(n):
    return n + LIMIT


class Counter:
    pass

total = 0
for i in range(2):
    total += count(i)

LIMIT = 10
print(total, count(0))

if __name__ == "__main__":
    print("main", len(sys.argv) > 0)
'''


def test_a_script_is_cut_where_a_reader_would():
    text = convert_text(SCRIPT).text

    assert text.startswith('#!/usr/bin/env python\n\n"""What it does."""\n\nimport quire\n')
    assert codes(SCRIPT)[0] == "import os\nimport sys"
    assert 'if __name__ == "__main__":\n    print("main", len(sys.argv) > 0)' in codes(SCRIPT)[-1]


def test_a_converted_script_does_what_it_did():
    assert printed_by_script(convert_text(SCRIPT).text) == printed_from_top([SCRIPT]) == "7 10\nmain True\n"


def test_what_is_no_script_is_refused():
    with pytest.raises(ConversionRefused, match="Python cannot read"):
        convert_text("def broken(:\n", source="script")


def test_a_notebook_leaves_as_a_script_that_prints_the_same():
    cells = [
        ("markdown", "# Title"),
        "def f():\n    return rate",
        "rate = 2",
        "_a = 1\ndef g():\n    return _a\nprint(f())",
        "for i in range(2):\n    print(i)",
        "print(g())",
    ]
    text = converted(*cells).text
    script = convert_text(text, target="script").text

    assert "app.run" not in script
    assert printed_from_top([script]) == printed_by_script(text)


def test_functions_keep_their_own_names_in_a_script_without_cells():
    """Both cells call something `_scale`; in one namespace the second would change what the first function reads."""
    cells = "@app.cell\ndef _():\n    _scale = 1\n    def f():\n        return _scale\n    return (f,)\n\n\n@app.cell\ndef _(f):\n    _scale = 5\n    def h():\n        return _scale\n    print(f(), h())\n    return\n"
    text = f'import quire\n\napp = quire.App()\n\n\n{cells}\n\nif __name__ == "__main__":\n    app.run()\n'

    assert printed_from_top([convert_text(text, target="script").text]) == printed_by_script(text) == "1 5\n"


# -- all of them


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (PERCENT, "percent"),
        (DATABRICKS, "databricks"),
        (MARIMO_MARKDOWN, "markdown"),
        (SCRIPT, "script"),
        (jupyter("x = 1"), "ipynb"),
        ("import marimo\napp = marimo.App()\n", "marimo"),
        ("import quire\napp = quire.App()\n", "quire"),
    ],
)
def test_a_format_is_recognised_by_its_text(text, name):
    assert recognise(text) == name


def test_text_that_is_nothing_is_refused_with_the_names_of_what_there_is():
    with pytest.raises(ConversionRefused, match="ipynb"):
        recognise("just words, no code")


@pytest.mark.parametrize("target", ["ipynb", "percent", "script", "markdown", "marimo"])
def test_every_format_is_written_from_every_other(target):
    for source in (PERCENT, DATABRICKS, MARIMO_MARKDOWN, SCRIPT, jupyter("x = 1")):
        if recognise(source) != target:
            assert convert_text(source, target=target).text


@pytest.mark.parametrize("target", ["ipynb", "percent", "script", "markdown"])
def test_cells_that_are_off_or_broken_do_not_run_elsewhere(target):
    text = 'import quire\n\napp = quire.App()\n\n\n@app.cell(disabled=True)\ndef _():\n    x = print("no")\n    return (x,)\n\n\n@app.cell\ndef _(x):\n    print(x)\n    return\n'
    written = convert_text(text, target=target).text
    if target == "ipynb":
        assert all(cell["cell_type"] == "raw" for cell in json.loads(written)["cells"])
    elif target == "markdown":
        assert 'disabled="true"' in written
    else:
        assert all(line.startswith("#") for line in written.split("\n") if line)
