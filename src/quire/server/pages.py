"""Every HTML page that the server itself writes, and its one redirect. No value enters markup unescaped."""

import json
from html import escape

import msgspec
from starlette.responses import HTMLResponse, RedirectResponse

from quire.config import Found
from quire.server.assets import Entry
from quire.server.served import Served

WIDTHS = ("compact", "medium", "full", "columns")
"""What `App(width=…)` may be, the default first."""


def redirect(path: str) -> RedirectResponse:
    """To a path of ours: never to a place that a request names."""
    if not path.startswith("/") or path.startswith("//") or "\\" in path:
        raise ValueError(f"{path!r} is not a path of this server")
    return RedirectResponse(path, status_code=303)


class PageFrame(msgspec.Struct, frozen=True):
    """What the page of a notebook is made of, beside the notebook. `client`: whom the session expects."""

    title: str
    base: str
    socket: str
    nonce: str
    entry: Entry
    client: str = ""
    home: bool = True
    preferences: Found = Found()
    settings_file: str = ""
    """Where changed settings are written."""


def notebook_page(frame: PageFrame, served: Served) -> HTMLResponse:
    """The page that shows the cells, then opens the socket and shows what comes."""
    title, base, entry = frame.title, frame.base, frame.entry
    data = escape_json(
        {
            "socket": frame.socket,
            "base": base,
            "title": title,
            "home": frame.home,
            "page": frame.client if served.whole else "",
            "settingsFile": frame.settings_file,
            **_preferences(frame.preferences),
        }
    )
    return HTMLResponse(
        _document(
            title,
            base,
            [f'<meta name="quire-nonce" content="{escape(frame.nonce)}">', *_links(base, entry)],
            f'<div id="app"><header class="top-bar"><span class="mark"></span>'
            f'<span class="title">{escape(title)}</span></header>\n'
            f'<main class="page">\n{served.markup}\n</main></div>\n'
            f'<script type="application/json" id="quire-page">{data}</script>\n'
            f'<script type="application/json" id="quire-notebook">{served.data}</script>',
        )
    )


def _preferences(found: Found) -> dict[str, object]:
    display, keymap = found.config.display, found.config.keymap
    return {
        "theme": display.theme,
        "width": display.default_width,
        "codeSize": display.code_editor_font_size,
        "keymap": keymap.preset,
        "onCellChange": found.config.runtime.on_cell_change,
        "overrides": keymap.overrides,
        "formatOnSave": found.config.save.format_on_save,
        "complaints": found.complaints,
        "origins": {name: origin.source for name, origin in found.origins.items()},
    }


def app_page(
    *, title: str, base: str, socket: str, width: object, theme: str = "", nonce: str, entry: Entry
) -> HTMLResponse:
    """The page of an app, without anything that its notebook says but title, width and theme."""
    known = width if width in WIDTHS else WIDTHS[0]
    data = escape_json({"socket": socket, "base": base, "title": title})
    return HTMLResponse(
        _document(
            title,
            base,
            [f'<meta name="quire-nonce" content="{escape(nonce)}">', *_links(base, entry)],
            f'<div id="app" data-width="{known}"><p class="app-waiting">starting</p></div>\n'
            f'<script type="application/json" id="quire-page">{data}</script>',
            theme,
        )
    )


def home_page(base: str, entry: Entry) -> HTMLResponse:
    """The frame of home; its script asks for the rest."""
    data = escape_json({"base": base, "title": "Quire"})
    body = f'<main id="app"></main>\n<script type="application/json" id="quire-page">{data}</script>'
    return HTMLResponse(_document("Quire", base, _links(base, entry), body))


def gallery_page(base: str, entry: Entry, apps: list[tuple[str, str]]) -> HTMLResponse:
    """Several apps on one server: address and title of each. Needs no script."""
    items = [f'<li><a class="gallery-app" href="{escape(path)}">{escape(title)}</a></li>' for path, title in apps]
    styles = [link for link in _links(base, entry) if 'rel="stylesheet"' in link]
    body = '<main class="gallery"><h1>Apps</h1>\n<ul>\n' + "\n".join(items) + "\n</ul></main>"
    return HTMLResponse(_document("Apps", base, styles, body))


def rule_page(base: str, entry: Entry, title: str, markup: str) -> HTMLResponse:
    """What a rule of `quire check` looks for. `markup` is sanitised. Needs no script."""
    styles = [link for link in _links(base, entry) if 'rel="stylesheet"' in link]
    body = f'<main class="rule-page"><div class="quire-md">{markup}</div></main>'
    return HTMLResponse(_document(title, base, styles, body))


def unbuilt_page(base: str) -> HTMLResponse:
    """For a source tree whose front end nobody has built."""
    body = (
        "<h1>The editor is not built</h1>\n<p>Run <code>python build_frontend.py</code>, then load this page again.</p>"
    )
    return HTMLResponse(_document("The editor is not built", base, [], body), status_code=503)


def refusal_page(status: int, reason: str, base: str, *, reload: bool = False) -> HTMLResponse:
    """Says why not, and nothing about the notebook."""
    # A strict cookie stays away when another site leads here; the page's own reload brings it along.
    head = [f'<meta http-equiv="refresh" content="0; url={escape(base)}/">'] if reload else []
    return HTMLResponse(_document("Quire", base, head, f"<h1>Quire</h1>\n<p>{escape(reason)}</p>"), status_code=status)


def escape_json(value: object) -> str:
    """JSON that can stand in a script element."""
    text = json.dumps(value)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _links(base: str, entry: Entry) -> list[str]:
    return [
        *(f'<link rel="stylesheet" href="{escape(base)}/{escape(path)}">' for path in entry.styles),
        *(f'<link rel="modulepreload" href="{escape(base)}/{escape(path)}">' for path in entry.imports),
        f'<script type="module" src="{escape(base)}/{escape(entry.script)}"></script>',
    ]


def _document(title: str, base: str, head: list[str], body: str, theme: str = "") -> str:
    lines = [
        "<!doctype html>",
        f'<html lang="en" data-theme="{escape(theme)}">' if theme else '<html lang="en">',
        '<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{escape(title)}</title>",
        f'<link rel="icon" type="image/svg+xml" href="{escape(base)}/favicon.svg">',
        *head,
        body,
        "</html>",
        "",
    ]
    return "\n".join(lines)
