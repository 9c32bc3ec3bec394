"""From source text to live values, as far as that leads without running code of the user's own."""

import ast
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Mapping
from typing import Any, cast

_MISSING = object()
_ACCESSORS = frozenset({"str", "dt", "cat", "plot", "list", "struct", "loc", "iloc"})
_DICTIONARIES: frozenset[type] = frozenset({dict, OrderedDict, defaultdict, Counter})
_FRAMES = {"pandas", "polars"}


def value_at(source: str, names: Mapping[str, object]) -> object | None:
    """The value of `source`, an expression such as `frame["price"].str` or `settings["colours"][0]`.

    None when it is anything else, or when only running it would tell.
    """
    try:
        tree = ast.parse(source, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    value = _value(tree, names)
    return None if value is _MISSING else value


def keys_of(value: object) -> list[str]:
    """The texts that `value[…]` takes."""
    if type(value) in _DICTIONARIES:
        return [key for key in list(cast("dict[object, object]", value)) if isinstance(key, str)]
    if _is_frame(value):
        return [name for name in list(cast("Any", value).columns) if isinstance(name, str)]
    return []


def _value(tree: ast.expr, names: Mapping[str, object]) -> object:
    match tree:
        case ast.Name(id=name):
            return names.get(name, _MISSING)
        case ast.Subscript(value=inner, slice=ast.Constant(value=key)):
            return _item(_value(inner, names), key)
        case ast.Attribute(value=inner, attr=name):
            return _attribute(_value(inner, names), name)
        case _:
            return _MISSING


def _item(value: Any, key: object) -> object:
    if type(value) in {dict, list, tuple, str}:
        try:
            return value[key]
        except (LookupError, TypeError):
            return _MISSING
    return value[key] if isinstance(key, str) and key in keys_of(value) and _is_frame(value) else _MISSING


def _attribute(value: Any, name: str) -> object:
    """Columns and their tools: other attributes are for the analysis, which knows them without reading them."""
    if not _is_of_frames(value):
        return _MISSING
    if name in _ACCESSORS or name in keys_of(value):
        return getattr(value, name, _MISSING)
    return _MISSING


def _is_of_frames(value: object) -> bool:
    return type(value).__module__.partition(".")[0] in _FRAMES


def _is_frame(value: object) -> bool:
    return _is_of_frames(value) and type(value).__name__ == "DataFrame"
