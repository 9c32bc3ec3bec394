"""The notebook that nobody has written in yet."""

from quire.notebook.model import Notebook
from quire.notebook.parse import parse_notebook
from quire.version import __version__

_TEXT = f"""import quire

__generated_with = "{__version__}"
app = quire.App()


if __name__ == "__main__":
    app.run()
"""


def new_notebook() -> Notebook:
    """A notebook without cells."""
    return parse_notebook(_TEXT)
