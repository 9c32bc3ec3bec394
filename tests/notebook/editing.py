"""Notebooks to edit, for tests: their texts, and what becomes of them."""

from quire.notebook import SetCode, apply_edit, read_notebook, write_notebook

HEADER = "import quire\n\napp = quire.App()\n"
GUARD = '\n\nif __name__ == "__main__":\n    app.run()\n'


def text_of(*cells: str) -> str:
    return HEADER + "".join(f"\n\n{cell}" for cell in cells) + GUARD


def edited(text: str, *changes: tuple[int, str]) -> str:
    """The text after setting the code of some cells, by position."""
    notebook = read_notebook(text)
    for position, code in changes:
        notebook = apply_edit(notebook, SetCode(notebook.cells[position].id, code))
    return write_notebook(notebook)


def cell(
    *lines: str, parameters: str = "", decorator: str = "@app.cell", name: str = "_", returns: str = "return"
) -> str:
    body = "".join(f"    {line}\n" if line else "\n" for line in lines)
    return f"{decorator}\ndef {name}({parameters}):\n{body}    {returns}\n"
