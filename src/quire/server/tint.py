"""Colours for code in a page that no script has touched yet: the same classes as the editor's, found by one expression.

An approximation on purpose: it is seen for a moment, and the editor's own grammar follows.
"""

import keyword
import re
from html import escape

_PREFIX = r"(?:[rRbBfFuU]{0,2})"
_TOKENS = re.compile(
    rf"""
    (?P<comment>\#[^\n]*)
    | (?P<string>{_PREFIX}(?:\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?))
    | (?P<number>\b(?:\d[\w.]*|True|False|None)\b)
    | (?P<word>\b[^\W\d]\w*\b)
    | (?P<operator>[-+*/%@&|^~<>=!:.,;()\[\]{{}}]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_KEYWORDS = frozenset(keyword.kwlist) - {"True", "False", "None"}
LONGEST = 20_000
"""Characters; longer code stays plain."""


def tint(code: str) -> str:
    """The code as markup."""
    if len(code) > LONGEST:
        return escape(code, quote=False)
    pieces: list[str] = []
    end = 0
    for match in _TOKENS.finditer(code):
        kind = match.lastgroup
        if kind == "word":
            kind = _kind_of_word(code, match)
        if kind:
            pieces.append(escape(code[end : match.start()], quote=False))
            pieces.append(f'<span class="hl-{kind}">{escape(match[0], quote=False)}</span>')
            end = match.end()
    pieces.append(escape(code[end:], quote=False))
    return "".join(pieces)


def _kind_of_word(code: str, match: re.Match[str]) -> str:
    if match[0] in _KEYWORDS:
        return "keyword"
    return "call" if code.startswith("(", match.end()) else ""
