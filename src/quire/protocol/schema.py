"""TypeScript types of everything on the wire, generated from the message classes: `python -m quire.protocol.schema`."""

import sys
import types
from collections.abc import Iterator
from inspect import cleandoc
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin

import msgspec

from quire.protocol import messages
from quire.protocol.commands import AnyCommand, Command
from quire.protocol.messages import Message
from quire.protocol.notices import AnyNotice

HEADER = "// Generated from src/quire/protocol by `python -m quire.protocol.schema`; edit the Python classes instead.\n"

GENERATED = Path(__file__).parents[3] / "frontend" / "src" / "protocol" / "generated.ts"
"""Where the browser's copy lives in a checkout of the project."""

SCALARS: dict[object, str] = {
    str: "string",
    int: "number",
    float: "number",
    bool: "boolean",
    bytes: "Uint8Array",
    type(None): "null",
    Any: "unknown",
}

IDENTIFIERS = ("CellId", "ElementId")

NAMED_UNIONS = (
    "CellKind",
    "Carrier",
    "Activity",
    "Outcome",
    "Change",
    "KernelStatus",
    "SaveStatus",
    "About",
    "CompletionType",
    "ExportFormat",
)
"""Aliases of `messages` that keep their name in TypeScript."""


def typescript() -> str:
    """The whole module."""
    parts = [HEADER, *_identifiers(), *_aliases()]
    parts += [_interface(struct) for struct in _structs()]
    parts += [_union("Command", get_args(AnyCommand)), _union("Notice", get_args(AnyNotice))]
    return "\n".join(parts)


def _identifiers() -> Iterator[str]:
    """At run time they are strings in Python too; the page keeps the names for its readers."""
    for name in IDENTIFIERS:
        yield f"export type {name} = string;\n"


def _aliases() -> Iterator[str]:
    for name in NAMED_UNIONS:
        yield f"export type {name} = {_spell(getattr(messages, name), top=True)};\n"


def _structs() -> list[type[msgspec.Struct]]:
    """Every class that a command or a notice is or contains, contained ones first."""
    found: dict[type[msgspec.Struct], None] = {}

    def visit(annotation: object) -> None:
        for argument in get_args(annotation):
            visit(argument)
        if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
            for field in msgspec.structs.fields(annotation):
                visit(field.type)
            found.setdefault(annotation)

    visit(AnyCommand)
    visit(AnyNotice)
    return list(found)


def _interface(struct: type[msgspec.Struct]) -> str:
    """One class. Fields with a default may be left out of a command; a notice always carries all of its fields."""
    lines = [_comment(struct), f"export interface {struct.__name__} {{"]
    if issubclass(struct, Message):
        lines.append(f'  readonly kind: "{struct.__struct_config__.tag}";')
    for field in msgspec.structs.fields(struct):
        mark = "?" if issubclass(struct, Command) and not field.required else ""
        lines.append(f"  readonly {field.encode_name}{mark}: {_spell(field.type)};")
    lines.append("}\n")
    return "\n".join(line for line in lines if line)


def _comment(struct: type[msgspec.Struct]) -> str:
    text = cleandoc(struct.__doc__ or "").replace("\n", " ").replace("*/", "* /")
    return f"/** {text} */" if text and struct.__doc__ is not None else ""


def _union(name: str, members: tuple[type[msgspec.Struct], ...]) -> str:
    listed = "".join(f"\n  | {member.__name__}" for member in members)
    return f"export type {name} ={listed};\n"


def _spell(annotation: Any, *, top: bool = False) -> str:
    """A Python annotation as a TypeScript type. Raises `TypeError` for one that the wire should not carry."""
    if not top:
        for name in NAMED_UNIONS:
            if annotation == getattr(messages, name):
                return name
    if annotation in SCALARS:
        return SCALARS[annotation]
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return annotation.__name__
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " | ".join(f'"{value}"' for value in arguments)
    if origin in (Union, types.UnionType):
        return " | ".join(_spell(argument) for argument in arguments)
    if origin is list:
        inner = _spell(arguments[0])
        return f"readonly ({inner})[]" if "|" in inner or inner.startswith("readonly") else f"readonly {inner}[]"
    if origin is dict:
        return f"Readonly<Record<{_spell(arguments[0])}, {_spell(arguments[1])}>>"
    message = f"`{annotation!r}` has no TypeScript counterpart; teach `quire.protocol.schema` how to spell it"
    raise TypeError(message)


def main(arguments: list[str]) -> None:
    """Write the module to the path given, or to its place in the checkout."""
    target = Path(arguments[0]) if arguments else GENERATED
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(typescript(), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(sys.argv[1:])
