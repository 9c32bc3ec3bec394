"""Which kind of file carries a notebook, by its name."""

from pathlib import PurePath

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.protocol.messages import Carrier

MARKDOWN_SUFFIXES = (".md", ".markdown", ".qmd")
NOTEBOOK_SUFFIXES = (".py", *MARKDOWN_SUFFIXES)


def carrier_of(path: str | PurePath) -> "Carrier":
    """`markdown` for a name that ends like a markdown file's, else `python`."""
    return "markdown" if PurePath(path).suffix.lower() in MARKDOWN_SUFFIXES else "python"
