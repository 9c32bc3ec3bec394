"""The notebook that nobody has written in yet."""

from collections.abc import Mapping

from quire.notebook.model import Notebook
from quire.notebook.parse import parse_notebook
from quire.protocol.messages import Carrier
from quire.version import __version__

_TEXTS: Mapping[Carrier, str] = {
    "python": f"""import quire

__generated_with = "{__version__}"
app = quire.App()


if __name__ == "__main__":
    app.run()
""",
    "markdown": f"""---
quire-version: {__version__}
---
""",
}


def new_notebook(carrier: Carrier = "python") -> Notebook:
    """A notebook without cells."""
    return parse_notebook(_TEXTS[carrier], carrier)
