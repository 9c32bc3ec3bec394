"""Whatever a page sends, as long as it is a command, is carried out or refused with words."""

from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.protocol import notices as n
from quire.protocol.codec import decode_commands, encode
from quire.protocol.commands import AnyCommand
from quire.protocol.messages import Caret
from quire.session.events import Export, FindPackages, Format, PageId
from quire.session.state import view_notebook

from .model import Model, ask, opened, told
from .test_model import World

COMMANDS = get_args(AnyCommand)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False)
    | st.text(max_size=5)
    | st.binary(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


def some(kind: Any, cells: list[str]) -> st.SearchStrategy:
    """Values of a field, ids of cells that exist among them."""
    if kind is str or getattr(kind, "__supertype__", None) is str:
        return st.sampled_from([*cells, *[f"{cell}-0" for cell in cells], "x", "_", "class", "a b", ""]) | st.text(
            max_size=6
        )
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return struct(kind, cells)
    if get_args(kind) and getattr(kind, "__origin__", None) is list:
        return st.lists(some(get_args(kind)[0], cells), max_size=4)
    if getattr(kind, "__origin__", None) is dict:
        return st.dictionaries(some(str, cells), ANYTHING, max_size=3)
    if get_args(kind) and all(isinstance(option, str) for option in get_args(kind)):
        return st.sampled_from(get_args(kind))
    if get_args(kind):
        return st.one_of([some(option, cells) for option in get_args(kind)])
    return {int: st.integers(-2, 9), bool: st.booleans(), type(None): st.none()}.get(kind, ANYTHING)


def struct(kind: type, cells: list[str]) -> st.SearchStrategy:
    return st.builds(kind, **{field.name: some(field.type, cells) for field in msgspec.structs.fields(kind)})


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
def test_every_command_is_understood(kind):
    """Also by its name on the wire."""
    state = opened("x = 1")
    cell = state.order()[0]
    given = {"cell": cell, "cells": [cell], "version": 0, "updates": [], "after": None, "name": "_", "fix": "merge"}
    given |= {"options": [], "moves": [], "cuts": [], "follow": True, "lazy": True, "sandbox": True}
    given |= {"about": "completions", "code": "x", "line": 1, "column": 1, "watch": True, "number": 1, "text": ""}
    fields = {
        field.name: given[field.name]
        for field in msgspec.structs.fields(kind)
        if field.required and field.name in given
    }
    fields |= {"title": "t"} if "title" in kind.__struct_fields__ else {}
    fields |= {"values": {}} if "values" in kind.__struct_fields__ else {}
    fields |= {"caret": Caret(cell=cell, anchor=0, head=1)} if "caret" in kind.__struct_fields__ else {}
    fields |= {"keep": "page"} if "keep" in kind.__struct_fields__ else {}
    fields |= {"format": "ipynb"} if "format" in kind.__struct_fields__ else {}
    fields |= {"cells": []} if kind.__name__ == "AddCells" else {}
    (command,) = decode_commands(encode([kind(request=3, **fields)]))
    _, effects = ask(state, command)

    answers = [answer.request for answer in told(effects, n.CommandAnswered) + told(effects, n.CodeAnswered)]
    later = [effect.request for effect in effects if isinstance(effect, Format | Export | FindPackages)]
    assert answers + later == [3]


@given(st.data())
def test_no_command_breaks_the_session_or_the_page(data):
    world = World(["x = 1", "x = 2\ny = x", "def f():\n    return y"])
    for _ in range(data.draw(st.integers(1, 12))):
        cells = [*world.state.order(), *world.state.removed]
        world.ask(data.draw(struct(data.draw(st.sampled_from(COMMANDS)), cells)))

    newcomer = Model(view_notebook(world.state, PageId("other")))
    assert world.model.view() == newcomer.view()
    encode([view_notebook(world.state, PageId("other"))])
