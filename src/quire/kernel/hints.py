"""What an exception of a cell says beyond Python's own words."""

import sys

from quire.dataflow import Graph
from quire.kernel.memory import free_memory, peak_memory
from quire.kernel.namespace import Namespace
from quire.names.model import unmangled
from quire.outputs.limit import megabytes

_EXIT = "in a notebook this ends the cell, not the kernel"
_INPUT = "standard input is empty in an app; to ask for a value, show `qr.ui.text()`"


def hint_for(error: BaseException, graph: Graph, namespace: Namespace, *, is_app: bool) -> str:
    """What to know, or to do; empty where the exception says all."""
    if isinstance(error, SystemExit):
        return _EXIT
    if isinstance(error, EOFError) and is_app:
        return _INPUT
    if isinstance(error, MemoryError):
        used = megabytes(peak_memory() or 0)
        return f"the kernel has used up to {used} of memory at once; {megabytes(free_memory())} are free now"
    if isinstance(error, ModuleNotFoundError) and error.name is not None:
        return _module_meant(error.name)
    name = missing_name(error)
    if name and any(name in graph.private(cell) and name in namespace.private(cell) for cell in graph.order):
        return f"another cell defines `{name}`, but keeps it to itself; `{name.lstrip('_')}` would be seen by all"
    return ""


def _module_meant(name: str) -> str:
    """Whoever mistypes a module of their own is not to install what a stranger has given that name."""
    import pkgutil  # noqa: PLC0415 - 5 ms that a kernel does not have when it starts
    from difflib import get_close_matches  # noqa: PLC0415 - the same

    there = {module.name for module in pkgutil.iter_modules()}.union(sys.builtin_module_names)
    near = [other for other in get_close_matches(name, there, 1, cutoff=0.8) if not other.startswith("_")]
    return f"is `{near[0]}` meant? It is here" if near else ""


def missing_name(error: BaseException | None) -> str:
    """The name that a `NameError` is about, as the user wrote it; the exception is mended on the way."""
    if not isinstance(error, NameError) or isinstance(error, UnboundLocalError) or not error.name:
        return ""
    error.name = unmangled(error.name)
    return error.name
