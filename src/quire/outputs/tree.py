"""Containers → a JSON tree that a page can unfold. Cycles, depth and width are limited; values are never copied whole.

Nodes: `{"t": "list"|"tuple"|"set", "n": length, "i": nodes}`, `{"t": "dict", "n": length, "i": [[key, value], …]}`,
`{"t": "leaf", "v": text, "c": "number"|"string"|"none"|"bool"|"other"}`, `{"t": "html", "v": sanitised markup}`,
`{"t": "more", "n": how many are left out}`.
"""

import json
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterable, Mapping
from itertools import islice
from typing import Any, cast

from quire.outputs.limit import cut
from quire.protocol.messages import Output

Node = dict[str, Any]

_WIDEST = 100  # items of one container
_DEEPEST = 8
_MOST_NODES = 3_000
_LONGEST_LEAF = 2_000  # characters
_MOST_MARKUP = 2_000_000  # characters of all markup inside one tree

_SEQUENCES: dict[type, str] = {list: "list", tuple: "tuple", set: "set", frozenset: "set", deque: "list"}
_MAPPINGS = (dict, defaultdict, OrderedDict, Counter)


def is_container(value: object) -> bool:
    """True for the plain containers; subclasses usually have a repr that says more (named tuples)."""
    return type(value) in _SEQUENCES or type(value) in _MAPPINGS


def render_tree(value: object, markup_of: Callable[[object], str | None], text_of: Callable[[object], str]) -> Output:
    """The container as a tree; `markup_of` gives sanitised markup for leaves that have any, `text_of` the repr."""
    node = _Walk(markup_of, text_of).node(value, 0)
    return Output(mime="application/json", text=json.dumps(node, ensure_ascii=False, separators=(",", ":")))


class _Walk:
    def __init__(self, markup_of: Callable[[object], str | None], text_of: Callable[[object], str]) -> None:
        self.markup_of = markup_of
        self.text_of = text_of
        self.nodes = 0
        self.markup = 0
        self.above: set[int] = set()

    def node(self, value: object, depth: int) -> Node:
        self.nodes += 1
        kind = type(value)
        if kind not in _SEQUENCES and kind not in _MAPPINGS:
            return self.leaf(value)
        size = len(cast("list[object]", value))
        name = _SEQUENCES.get(kind, "dict")
        if id(value) in self.above:
            return {"t": "leaf", "v": "…  (contains itself)", "c": "other"}
        if size and depth >= _DEEPEST:
            return {"t": name, "n": size, "i": [{"t": "more", "n": size}]}
        self.above.add(id(value))
        try:
            if name == "dict":
                return {"t": name, "n": size, "i": self.pairs(cast("Mapping[object, object]", value), depth)}
            return {"t": name, "n": size, "i": self.items(cast("Iterable[object]", value), size, depth)}
        finally:
            self.above.discard(id(value))

    def items(self, values: Iterable[object], size: int, depth: int) -> list[Node]:
        nodes: list[Node] = []
        for value in islice(values, _WIDEST):
            if self.nodes >= _MOST_NODES:
                break
            nodes.append(self.node(value, depth + 1))
        if len(nodes) < size:
            nodes.append({"t": "more", "n": size - len(nodes)})
        return nodes

    def pairs(self, mapping: Mapping[object, object], depth: int) -> list[list[Node] | Node]:
        nodes: list[list[Node] | Node] = []
        for key, value in islice(mapping.items(), _WIDEST):
            if self.nodes >= _MOST_NODES:
                break
            nodes.append([self.node(key, depth + 1), self.node(value, depth + 1)])
        if len(nodes) < len(mapping):
            nodes.append({"t": "more", "n": len(mapping) - len(nodes)})
        return nodes

    def leaf(self, value: object) -> Node:
        match value:
            case None:
                return {"t": "leaf", "v": "None", "c": "none"}
            case bool():
                return {"t": "leaf", "v": repr(value), "c": "bool"}
            case int() | float() | complex():
                return {"t": "leaf", "v": cut(self.text_of(value), _LONGEST_LEAF), "c": "number"}
            case str():
                return {"t": "leaf", "v": _short_repr(value), "c": "string"}
            case bytes() | bytearray():
                return {"t": "leaf", "v": _short_repr(value), "c": "other"}
            case _:
                return self.other(value)

    def other(self, value: object) -> Node:
        if self.markup < _MOST_MARKUP:
            markup = self.markup_of(value)
            if markup is not None:
                self.markup += len(markup)
                return {"t": "html", "v": markup}
        return {"t": "leaf", "v": cut(self.text_of(value), _LONGEST_LEAF), "c": "other"}


def _short_repr(value: str | bytes | bytearray) -> str:
    if len(value) <= _LONGEST_LEAF:
        return repr(value)
    return f"{value[:_LONGEST_LEAF]!r}… ({len(value) - _LONGEST_LEAF:,} more)"
