"""A copy of the notebook in another format, for the page that asked and for nobody else."""

import json

from quire.notebook import read_notebook
from quire.protocol import notices as n
from quire.protocol.commands import ExportNotebook
from quire.session.apply import apply
from quire.session.events import Answer, Export, Exported, ExportFailed
from quire.session.exporting import export_notebook
from quire.session.state import File, Place, open_state

from .model import PAGE, ask, ids, of_kind, opened, typed


def asked(state, target="ipynb"):
    state, effects = ask(state, ExportNotebook(format=target, request=7))
    (effect,) = of_kind(effects, Export)
    return state, effect


def test_what_was_typed_and_not_saved_is_in_the_copy():
    state = opened("x = 1")
    state, _ = ask(state, typed(state, ids(state)[0], "x = 2"))
    state, effect = asked(state)
    exported = export_notebook(effect)

    assert exported.name == "nb.ipynb"
    assert [cell["source"] for cell in json.loads(exported.text)["cells"]] == [["x = 2"]]


def test_a_copy_that_is_python_too_has_another_name_than_the_notebook():
    names = {
        target: export_notebook(asked(opened("x = 1"), target)[1]).name for target in ("percent", "script", "marimo")
    }

    assert names == {"percent": "nb_percent.py", "script": "nb_script.py", "marimo": "nb_marimo.py"}


def test_the_answer_goes_to_the_page_that_asked():
    state, effect = asked(opened("x = 1"))
    _, effects = apply(state, Exported(effect, "nb.ipynb", "{}", ["a note"]))
    assert effects == [
        Answer(PAGE, n.NotebookExported(name="nb.ipynb", text="{}", notes=["a note"])),
        Answer(PAGE, n.CommandAnswered(request=7)),
    ]
    _, effects = apply(state, ExportFailed(effect, "why not"))
    assert effects == [Answer(PAGE, n.CommandAnswered(request=7, refused="why not"))]


def test_a_markdown_notebook_is_read_as_markdown_and_its_copy_as_markdown_is_what_it_is():
    text = "---\nquire-version: 0.1.0\n---\n\n# Title\n\n```python {.quire}\nx = 1\n```\n"
    place = Place("/notebooks/nb.md", "nb.md", "/notebooks")
    state = open_state(place, read_notebook(text, "markdown"), File(text.encode()), epoch="e")

    assert export_notebook(asked(state, "markdown")[1]).text == text
    cells = json.loads(export_notebook(asked(state, "ipynb")[1]).text)["cells"]
    assert [(cell["cell_type"], "".join(cell["source"])) for cell in cells[-2:]] == [
        ("markdown", "# Title"),
        ("code", "x = 1"),
    ]
