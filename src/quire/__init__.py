"""Quire: a reactive Python notebook that is an ordinary Python program.

Public names, resolved when they are first used (PEP 562): importing this costs next to nothing.
"""

from quire.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire import ui
    from quire.app import App, Cell
    from quire.outputs.embed import as_html
    from quire.outputs.frames import iframe
    from quire.outputs.html import Html
    from quire.outputs.layout import hstack, vstack
    from quire.outputs.markdown import md
    from quire.query import query_params

__all__ = ["App", "Cell", "Html", "__version__", "as_html", "hstack", "iframe", "md", "query_params", "ui", "vstack"]

_HOME = {
    "App": "quire.app",
    "Cell": "quire.app",
    "Html": "quire.outputs.html",
    "as_html": "quire.outputs.embed",
    "hstack": "quire.outputs.layout",
    "iframe": "quire.outputs.frames",
    "md": "quire.outputs.markdown",
    "query_params": "quire.query",
    "vstack": "quire.outputs.layout",
}


def __getattr__(name: str) -> object:
    if name == "ui":
        return __import__("quire.ui", fromlist=["ui"])
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(__import__(_HOME[name], fromlist=[name]), name)
    return value


def __dir__() -> list[str]:
    return __all__
