"""A notebook with its outputs as a Jupyter notebook: the converter writes the cells, and here is what they showed. Pure."""

import base64
import json
from collections.abc import Iterator, Mapping, Sequence
from textwrap import indent
from typing import Any

from quire.convert.jupyter import write_jupyter
from quire.convert.model import Converted
from quire.export.page import between, still
from quire.outputs.limit import MESSAGE
from quire.outputs.markup import markup_of_output
from quire.outputs.tracebacks import TRACEBACK
from quire.protocol.messages import CellView, ConsoleText, Output


def write_jupyter_with_outputs(text: str, cells: Sequence[CellView]) -> Converted:
    """The notebook `text` (of a Python file) as `.ipynb`; `cells` in the order in which they ran, as they ended.

    Raises:
        ConversionRefused: the text is no Quire notebook.
    """
    return write_jupyter(text, {cell.id: outputs_of(cell) for cell in cells})


def outputs_of(cell: CellView) -> list[dict[str, object]]:
    """What a cell printed and showed, as `nbformat` 4 has it."""
    found = [_stream(piece) for piece in cell.console]
    if cell.output is not None:
        found.append(_error(json.loads(cell.output.text)) if cell.output.mime == TRACEBACK else _shown(cell.output))
    return found


def _stream(piece: ConsoleText) -> dict[str, object]:
    name = "stderr" if piece.stream == "stderr" else "stdout"
    return {"output_type": "stream", "name": name, "text": piece.text}


def _shown(output: Output) -> dict[str, object]:
    return {"output_type": "display_data", "data": _bundle(output), "metadata": {}}


def _bundle(output: Output) -> dict[str, object]:
    match output.mime:
        case "text/plain":
            return {"text/plain": output.text}
        case "text/html":
            return {"text/html": still(output.text), "text/plain": "(markup)"}
        case mime if output.blob:
            return {mime: base64.b64encode(output.blob).decode(), "text/plain": "(a picture)"}
        case "image/svg+xml":
            return {"image/svg+xml": output.text, "text/plain": "(a picture)"}
        case mime if mime == MESSAGE:
            said: Mapping[str, str] = json.loads(output.text)
            return {"text/plain": f"{said['title']}: {said['body']}"}
        case "application/json":
            return {"text/plain": _text(json.loads(output.text))}
        case _:
            return {"text/html": markup_of_output(output)}


def _text(node: Mapping[str, Any]) -> str:
    """A tree (see `outputs.tree`) as Python would write it."""
    match node["t"]:
        case "leaf":
            return str(node["v"])
        case "more":
            return "…"
        case "html":
            return "(markup)"
        case "dict":
            inner = [_text(item) if "t" in item else f"{_text(item[0])}: {_text(item[1])}" for item in node["i"]]
        case _:
            inner = [_text(item) for item in node["i"]]
    if node["t"] == "tuple":
        return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
    if node["t"] == "set" and not inner:
        return "set()"
    opening, closing = "[]" if node["t"] == "list" else "{}"
    return f"{opening}{', '.join(inner)}{closing}"


def _error(shown: Mapping[str, Any]) -> dict[str, object]:
    return {
        "output_type": "error",
        "ename": shown["error"],
        "evalue": shown["message"],
        "traceback": list(_traceback(shown)),
    }


def _traceback(shown: Mapping[str, Any]) -> Iterator[str]:
    """A traceback as `outputs.tracebacks` describes it: what it came from first, as Python has it."""
    if cause := shown.get("cause"):
        yield from _traceback(cause)
        yield f"\n{between(shown)}\n"
    for frame in shown["frames"]:
        if frame["file"]:
            yield f"{frame['file']}, line {frame['line']}\n    {frame['source'].strip()}"
    yield f"{shown['error']}: {shown['message']}" if shown["message"] else str(shown["error"])
    if shown["note"]:
        yield shown["note"]
    for member in shown.get("members", ()):
        yield from (indent(part, "    ") for part in _traceback(member))
