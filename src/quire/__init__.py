"""Quire: a reactive Python notebook that is an ordinary Python program.

Public names, resolved when they are first used (PEP 562): importing this costs next to nothing.
"""

from quire.version import __version__

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire import ui
    from quire.app import App, Cell
    from quire.errors import StopError
    from quire.live import output, status, watch
    from quire.live.about import app_meta, defs, notebook_dir, notebook_location, refs, running_in_notebook
    from quire.live.arguments import cli_args
    from quire.live.control import state, stop
    from quire.live.query import query_params
    from quire.live.streams import capture_stderr, capture_stdout, redirect_stderr, redirect_stdout
    from quire.live.threads import Thread, current_thread
    from quire.outputs.embed import as_html
    from quire.outputs.frames import iframe
    from quire.outputs.html import Html
    from quire.outputs.layout import hstack, vstack
    from quire.outputs.markdown import md

_MODULES = {"output": "quire.live.output", "status": "quire.live.status", "ui": "quire.ui", "watch": "quire.live.watch"}
_HOME = {
    "App": "quire.app",
    "Cell": "quire.app",
    "Html": "quire.outputs.html",
    "StopError": "quire.errors",
    "Thread": "quire.live.threads",
    "app_meta": "quire.live.about",
    "as_html": "quire.outputs.embed",
    "capture_stderr": "quire.live.streams",
    "capture_stdout": "quire.live.streams",
    "cli_args": "quire.live.arguments",
    "current_thread": "quire.live.threads",
    "defs": "quire.live.about",
    "hstack": "quire.outputs.layout",
    "iframe": "quire.outputs.frames",
    "md": "quire.outputs.markdown",
    "notebook_dir": "quire.live.about",
    "notebook_location": "quire.live.about",
    "query_params": "quire.live.query",
    "redirect_stderr": "quire.live.streams",
    "redirect_stdout": "quire.live.streams",
    "refs": "quire.live.about",
    "running_in_notebook": "quire.live.about",
    "state": "quire.live.control",
    "stop": "quire.live.control",
    "vstack": "quire.outputs.layout",
}

__all__ = [
    "App",
    "Cell",
    "Html",
    "StopError",
    "Thread",
    "__version__",
    "app_meta",
    "as_html",
    "capture_stderr",
    "capture_stdout",
    "cli_args",
    "current_thread",
    "defs",
    "hstack",
    "iframe",
    "md",
    "notebook_dir",
    "notebook_location",
    "output",
    "query_params",
    "redirect_stderr",
    "redirect_stdout",
    "refs",
    "running_in_notebook",
    "state",
    "status",
    "stop",
    "ui",
    "vstack",
    "watch",
]


def __getattr__(name: str) -> object:
    if name in _MODULES:
        value: object = __import__(_MODULES[name], fromlist=[name])
    elif name in _HOME:
        value = getattr(__import__(_HOME[name], fromlist=[name]), name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
