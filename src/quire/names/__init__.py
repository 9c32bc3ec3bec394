"""What one cell's source defines and reads. A leaf; pure.

Names are resolved lazily (PEP 562): a script needs `Names`, but neither `ast` nor `symtable`.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from quire.names.analysis import compile_code, names_of
    from quire.names.model import Names, is_private, mangled_name, unmangled
    from quire.names.rename import mangle, rename_names

__all__ = [
    "Names",
    "compile_code",
    "is_private",
    "mangle",
    "mangled_name",
    "names_of",
    "rename_names",
    "unmangled",
]

_HOME = {
    "Names": "model",
    "is_private": "model",
    "compile_code": "analysis",
    "names_of": "analysis",
    "mangle": "rename",
    "mangled_name": "model",
    "rename_names": "rename",
    "unmangled": "model",
}


def __getattr__(name: str) -> object:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = __import__(f"{__name__}.{_HOME[name]}", fromlist=[name])
    value = globals()[name] = getattr(module, name)
    return value
