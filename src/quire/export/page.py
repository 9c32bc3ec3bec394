"""A notebook as one page that stands for itself: no network, no script of ours, nothing that reaches out. Pure.

Markup comes sanitised from `outputs`. What carries scripts stays in sandboxed frames, on an origin of its own; the page's
policy, which frames share, lets nothing be loaded.
"""

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

from quire.notebook.prose import read_prose
from quire.outputs.frames import TAG, replace_frames
from quire.outputs.html import escape
from quire.outputs.limit import MESSAGE
from quire.outputs.markdown import md
from quire.outputs.markup import markup_of_output
from quire.outputs.registry import render
from quire.outputs.tracebacks import TRACEBACK
from quire.protocol.messages import CellView, ConsoleText, Output

_ELEMENT = re.compile(r'<quire-element\b[^<>]*?\bspec="([^"]*)"[^<>]*>\s*</quire-element>')
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
_OUTCOMES: Mapping[str, str] = {
    "never": "did not run",
    "cancelled": "did not run, because a cell that it needs failed",
    "waiting": "did not run, because a cell that it needs was stopped",
    "interrupted": "was interrupted",
    "disabled": "is switched off",
}
_REACHED = ' tabindex="0"'
"""On what may scroll, so that keys can do it."""
_LONG = 20  # lines, more than which a window may not show
_STILL = "default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'"
_ACTING = f"{_STILL}; font-src data:; script-src 'unsafe-inline' 'unsafe-eval'"


def write_page(title: str, cells: Sequence[CellView]) -> str:
    """The page, cells in the order given. Code that the notebook hides is left out, and so are cells that show nothing."""
    body = "\n".join(section for section in map(_section, cells) if section)
    policy = _ACTING if "<iframe " in body else _STILL
    heading = "" if "<h1" in body else f'<h1 class="title">{escape(title)}</h1>\n'
    page = (
        "<!doctype html>\n"
        '<html lang="en">\n'
        '<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n"
        f"<style>\n{_style()}</style>\n"
        f"<main>\n{heading}{body}\n</main>\n"
        "</html>\n"
    )
    return page.encode("utf-8", "replace").decode()


@cache
def _style() -> str:
    return (Path(__file__).parent / "page.css").read_text(encoding="utf-8")


def _section(cell: CellView) -> str:
    parts: list[str] = []
    if cell.name != "_" and not cell.hide_code:
        parts.append(f'<div class="name">{escape(cell.name)}</div>')
    output = cell.output
    if (prose := read_prose(cell.code)) is not None:
        output = output or render(md(prose))  # text can be read whether or not it has run
    elif not cell.hide_code:
        parts.append(f'<pre class="code">{_highlighted(cell.code)}</pre>')
    if output is not None:
        parts.append(_output(output))
    if printed := _printed(cell.console):
        reached = _REACHED if printed.count("\n") >= _LONG else ""
        parts.append(f'<pre class="console"{reached}>{printed}</pre>')
    if cell.outcome in _OUTCOMES and not (prose is not None and cell.outcome == "never"):
        parts.append(f'<div class="state">this cell {_OUTCOMES[cell.outcome]}</div>')
    inner = "\n".join(parts)
    return f'<section class="cell">\n{inner}\n</section>' if parts else ""


def _highlighted(code: str) -> str:
    from pygments import highlight  # noqa: PLC0415 - few commands write pages
    from pygments.formatters.html import HtmlFormatter  # noqa: PLC0415
    from pygments.lexers.python import PythonLexer  # noqa: PLC0415

    formatter: HtmlFormatter[str] = HtmlFormatter(nowrap=True)
    return highlight(code, PythonLexer(stripnl=False), formatter).rstrip("\n")


def _printed(console: Sequence[ConsoleText]) -> str:
    return "".join(f'<span class="{piece.stream}">{escape(plain(piece.text))}</span>' for piece in console)


def plain(text: str) -> str:
    """What stands on a terminal in the end: without colours, each line after its last return."""
    lines = _ANSI.sub("", text).replace("\r\n", "\n").split("\n")
    return "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)


def _output(output: Output) -> str:
    if output.mime == TRACEBACK:
        return f'<div class="output"><div class="error">{_error(json.loads(output.text))}</div></div>'
    if output.mime == "application/json":
        return f'<div class="output"><ul class="tree"><li>{_tree(json.loads(output.text))}</li></ul></div>'
    if output.mime == MESSAGE:
        return f'<div class="output note">{markup_of_output(output)}</div>'
    markup = still(markup_of_output(output))
    return f'<div class="output"{_REACHED if "<table" in markup else ""}>{markup}</div>'


def still(markup: str) -> str:
    """Sanitised markup with its elements as they stood, and its frames as frames of this page."""
    markup = _ELEMENT.sub(lambda found: _element(json.loads(unescape(found[1]))), markup)
    if TAG not in markup:
        return markup
    return replace_frames(
        markup,
        lambda source, size: (
            f'<iframe title="output" sandbox="allow-scripts"{size} srcdoc="{escape(source)}"></iframe>'
        ),
    )


def _element(spec: Mapping[str, Any]) -> str:
    value = spec.get("value")
    if spec["type"] in {"button", "run_button"}:
        return f'<span class="element">{spec["label"]}</span>'
    if isinstance(steps := spec.get("steps"), list) and isinstance(value, int):
        value = steps[value]  # pyright: ignore[reportUnknownVariableType] - JSON
    shown = {True: "yes", False: "no"}[value] if isinstance(value, bool) else "" if value is None else str(value)  # pyright: ignore[reportUnknownArgumentType]
    return f'<span class="element">{spec["label"]} <output>{escape(shown)}</output></span>'


def _error(shown: Mapping[str, Any]) -> str:
    """A traceback as `outputs.tracebacks` describes it: what it came from first, as Python has it."""
    parts: list[str] = []
    if cause := shown.get("cause"):
        parts += [_error(cause), f"<p>{between(shown)}</p>"]
    if lines := "\n".join(_frame(frame) for frame in shown["frames"] if frame["own"]):
        parts.append(f"<pre>{lines}</pre>")
    what = f"{shown['error']}: {shown['message']}" if shown["message"] else shown["error"]
    parts.append(f'<pre class="what">{escape(plain(what))}</pre>')
    if shown["note"]:
        parts.append(f"<pre>{escape(plain(shown['note']))}</pre>")
    parts += [f"<blockquote>{_error(member)}</blockquote>" for member in shown.get("members", ())]
    return "".join(parts)


def between(shown: Mapping[str, Any]) -> str:
    """What an error has to do with the one that it came from."""
    return "which caused" if shown.get("explicit") else "while that was handled"


def _frame(frame: Mapping[str, Any]) -> str:
    if not frame["file"]:
        return escape(frame["name"])
    where = f"{Path(frame['file']).name}, line {frame['line']}"
    name = f", in {frame['name']}" if frame["name"] not in {"", "_", "<module>"} else ""
    return escape(f"{where}{name}\n    {frame['source'].strip()}")


def _tree(node: Mapping[str, Any]) -> str:
    """A container as `outputs.tree` describes it."""
    match node["t"]:
        case "leaf":
            return escape(node["v"])
        case "html":
            return still(node["v"])
        case "more":
            return f"… {node['n']} more"
        case kind:
            opening, closing = {"list": "[]", "tuple": "()"}.get(kind, "{}")
    inner = "".join(f"<li>{_item(item)}</li>" for item in node["i"])
    return f'{opening}<ul class="tree">{inner}</ul>{closing}' if inner else opening + closing


def _item(item: Any) -> str:
    """Of a list a node, of a dictionary a pair of them."""
    return _tree(item) if "t" in item else f"{_tree(item[0])}: {_tree(item[1])}"
