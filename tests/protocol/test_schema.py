"""The page's types are those of the message classes, and every message survives the wire."""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.protocol import codec, schema
from quire.protocol.commands import AnyCommand, CellOptions, Command, ConfigureCells, SetElements
from quire.protocol.kernel import KernelCommand, RunNotice
from quire.protocol.messages import CellView, Message, Output
from quire.protocol.notices import AnyNotice, CellStarted, OutputChanged
from tests.examples import examples

COMMANDS = get_args(AnyCommand)
NOTICES = get_args(AnyNotice)
DIRECTIONS: list[tuple[tuple[type[Message], ...], Callable[[bytes], Any]]] = [
    (COMMANDS, codec.decode_commands),
    (NOTICES, codec.decode_notices),
    (get_args(KernelCommand), codec.decode_kernel_commands),
    (get_args(RunNotice), codec.decode_run_notices),
]
CASES = [(kind, decode) for kinds, decode in DIRECTIONS for kind in kinds]


def subclasses(base: type[Message]) -> set[type[Message]]:
    return {leaf for kind in base.__subclasses__() for leaf in (subclasses(kind) or {kind})}


def test_the_committed_types_are_current():
    """Run `python -m quire.protocol.schema` after changing a message class."""
    assert schema.GENERATED.read_text(encoding="utf-8") == schema.typescript()


def test_the_types_are_written_where_asked(tmp_path):
    schema.main([str(tmp_path / "deep" / "types.ts")])

    assert (tmp_path / "deep" / "types.ts").read_bytes() == schema.GENERATED.read_bytes()


@pytest.mark.parametrize("kind", [*COMMANDS, *NOTICES], ids=lambda kind: kind.__name__)
def test_every_message_has_an_interface_with_its_kind(kind: type[Message]):
    tag = kind.__struct_config__.tag

    assert re.search(rf'export interface {kind.__name__} {{\n  readonly kind: "{tag}";', schema.typescript())
    assert f"\n  | {kind.__name__}" in schema.typescript()


def test_fields_are_in_camel_case_as_on_the_wire():
    text = schema.typescript()

    assert "readonly hideCode: boolean;" in text
    assert "hide_code" not in text


def test_only_a_command_may_leave_out_what_has_a_default():
    text = schema.typescript()

    assert "readonly request?: number;" in text
    optional = {
        block.split()[2] for block in text.split("/**") if "?:" in block for block in [block[block.find("export") :]]
    }
    assert optional <= {kind.__name__ for kind in COMMANDS}


def test_every_message_class_belongs_to_a_union():
    """One that does not could be sent and never be read."""
    known = {kind for kinds, _ in DIRECTIONS for kind in kinds}

    assert subclasses(Message) == known
    assert subclasses(Command) == set(COMMANDS)


def test_no_two_messages_of_one_direction_share_a_kind():
    for kinds, _ in DIRECTIONS:
        tags = [kind.__struct_config__.tag for kind in kinds]
        assert len(set(tags)) == len(tags)


def test_a_type_that_the_page_cannot_have_is_refused():
    class Odd(Message):
        moment: complex

    with pytest.raises(TypeError, match="complex"):
        schema._interface(Odd)


@cache
def values(kind: type[Message]) -> st.SearchStrategy[Message]:
    # Whole numbers as far as JavaScript counts them exactly.
    plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8)
    return strategy_of(kind, plain)


def strategy_of(annotation: Any, plain: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Any value of the type; `Any` on the wire is what msgpack has."""
    if annotation is Any:
        return plain
    if annotation is int:
        return st.integers(-(2**53), 2**53)
    if annotation is float:
        return st.floats(allow_nan=False)
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        fields = msgspec.structs.fields(annotation)
        drawn = st.fixed_dictionaries({field.name: strategy_of(field.type, plain) for field in fields})
        return drawn.map(lambda values: annotation(**values))
    arguments = get_args(annotation)
    origin = getattr(annotation, "__origin__", None)
    if origin is list:
        return st.lists(strategy_of(arguments[0], plain), max_size=3)
    if origin is tuple:
        return st.tuples(*(strategy_of(argument, plain) for argument in arguments))
    if origin is dict:
        return st.dictionaries(strategy_of(arguments[0], plain), strategy_of(arguments[1], plain), max_size=3)
    if arguments and not isinstance(arguments[0], str):
        return st.one_of([strategy_of(argument, plain) for argument in arguments])
    return st.from_type(annotation)


@pytest.mark.parametrize(("kind", "decode"), CASES, ids=lambda case: getattr(case, "__name__", ""))
@examples(0.15)
@given(data=st.data())
def test_every_message_comes_back_as_it_was_sent(
    kind: type[Message], decode: Callable[[bytes], Any], data: st.DataObject
):
    messages = data.draw(st.lists(values(kind), min_size=1, max_size=3))

    assert decode(codec.encode(messages)) == messages


def test_a_frame_names_its_messages_in_camel_case():
    frame = codec.encode([ConfigureCells(options=[CellOptions(cell="a", hide_code=True)])])

    assert msgspec.msgpack.decode(frame) == [
        {"kind": "configureCells", "options": [{"cell": "a", "hideCode": True, "disabled": None}], "request": 0}
    ]


def test_a_number_without_a_fraction_is_a_float_where_one_is_meant():
    """JavaScript has one kind of number and sends 3.0 as 3."""
    frame = msgspec.msgpack.encode([{"kind": "cellStarted", "cell": "a", "started": 3}])

    assert codec.decode_notices(frame) == [CellStarted(cell="a", started=3.0)]


def test_bytes_travel_as_bytes():
    output = Output(mime="image/png", blob=b"\x00\xff")
    frame = codec.encode([OutputChanged(cell="a", output=output)])

    assert msgspec.msgpack.decode(frame)[0]["output"]["blob"] == b"\x00\xff"


@pytest.mark.parametrize(
    "frame",
    [
        b"",
        b"\xc1",
        msgspec.msgpack.encode({"kind": "save"}),
        msgspec.msgpack.encode([{"kind": "unheardOf"}]),
        msgspec.msgpack.encode([{"cell": "a"}]),
        msgspec.msgpack.encode([{"kind": "runCells", "cells": "all"}]),
        msgspec.msgpack.encode([{"kind": "addCell", "cell": "a", "after": None, "type": "stray"}]),
        msgspec.msgpack.encode([{"kind": "settleConflict", "keep": "both"}]),
        msgspec.msgpack.encode([{"kind": "cellStarted", "cell": "a", "started": 1}]),
    ],
)
def test_a_frame_that_is_no_list_of_commands_is_refused(frame: bytes):
    with pytest.raises(msgspec.DecodeError):
        codec.decode_commands(frame)


def test_a_value_of_an_element_may_be_anything_that_the_wire_has():
    command = SetElements(values={"a-0": [1, {"b": None}], "a-1": "x", "a-2": 0.5})

    assert codec.decode_commands(codec.encode([command])) == [command]


def test_a_cell_is_shown_with_everything_that_the_page_reads():
    """The page never asks whether a field is there."""
    frame = codec.encode([OutputChanged(cell="a", output=Output(mime="text/plain"))])

    assert set(msgspec.msgpack.decode(frame)[0]["output"]) == {"mime", "text", "blob"}
    assert all(not field.encode_name.count("_") for field in msgspec.structs.fields(CellView))
