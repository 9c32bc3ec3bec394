"""Any value as markup that can stand inside other markup."""

import base64
import json
from collections.abc import Sequence

from quire.outputs.html import Html, escape
from quire.outputs.limit import MESSAGE, cut, limited
from quire.outputs.registry import render
from quire.protocol.messages import Output

_LONGEST = 100_000


def markup_of(value: object) -> str:
    """The value as markup; bare text stands for itself."""
    if isinstance(value, Html):
        return value.text
    if isinstance(value, str):
        return f"<span>{escape(cut(value, _LONGEST))}</span>"
    output = render(value, tree=False)
    return "" if output is None else markup_of_output(output)


def markup_of_output(output: Output) -> str:
    """An output as markup."""
    match output.mime:
        case "text/html":
            return output.text
        case "image/png" | "image/jpeg" | "image/gif" | "image/webp" | "image/svg+xml":
            return _picture(output)
        case mime if mime == MESSAGE:
            said = json.loads(output.text)
            return f"<div><strong>{escape(said['title'])}</strong> {escape(said['body'])}</div>"
        case _:
            return f'<pre class="quire-text">{escape(cut(output.text, _LONGEST))}</pre>'


def stack_outputs(outputs: Sequence[Output]) -> Output | None:
    """One output that shows these above each other."""
    if len(outputs) < 2:
        return outputs[0] if outputs else None
    inner = "".join(f"<div>{markup_of_output(output)}</div>" for output in outputs)
    return limited(Output(mime="text/html", text=f'<div class="quire-vstack" style="gap: 0.5rem">{inner}</div>'))


def _picture(output: Output) -> str:
    data = output.blob or output.text.encode("utf-8", "replace")
    size: dict[str, float] = json.loads(output.text) if output.blob and output.text else {}
    attributes = "".join(f' {name}="{size[name]:g}"' for name in ("width", "height") if name in size)
    return f'<img alt=""{attributes} src="data:{output.mime};base64,{base64.b64encode(data).decode()}">'
