"""The markdown parser and its highlighter, set up once. Slow to import; `markdown` imports it when something is shown."""

import zlib
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from typing import Any, cast

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererProtocol
from markdown_it.token import Token
from mdit_py_plugins.anchors import anchors_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from pygments import highlight
from pygments.formatters.html import HtmlFormatter
from pygments.lexer import Lexer
from pygments.lexers import (
    get_lexer_by_name,  # pyright: ignore[reportUnknownVariableType] - its options have no types
)
from pygments.util import ClassNotFound

from quire.outputs.html import escape

_LONGEST = 100_000  # characters of code that are worth colours
_lexer = cast("Callable[..., Lexer]", get_lexer_by_name)
_formatter: HtmlFormatter[str] = HtmlFormatter(cssclass="highlight")


def highlighted(code: str, language: str) -> str:
    """Code with the CSS classes of Pygments, or plain when the language is not known."""
    if language and len(code) <= _LONGEST:
        try:
            return highlight(code, _lexer(language, stripnl=False), _formatter)
        except ClassNotFound:
            pass
    return f'<div class="highlight"><pre>{escape(code)}</pre></div>\n'


def _fence(
    renderer: RendererProtocol,
    tokens: Sequence[Token],
    index: int,
    options: Mapping[str, Any],
    env: MutableMapping[str, Any],
) -> str:
    del renderer, options, env
    words = tokens[index].info.split(maxsplit=1)
    return highlighted(tokens[index].content, words[0].strip("{}.") if words else "")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    parser.use(footnote_plugin).use(tasklists_plugin).use(anchors_plugin, max_level=6)
    parser.add_render_rule("fence", _fence)
    parser.add_render_rule("code_block", _fence)
    return parser


_markdown = _parser()


def render(text: str, *, inline: bool) -> str:
    """Markdown → markup, not yet sanitised."""
    # Notes are numbered anew in every cell; the prefix keeps the links of one cell apart from those of another.
    env: dict[str, Any] = {"docId": f"{zlib.crc32(text.encode('utf-8', 'replace')):x}"}
    return _markdown.renderInline(text, env) if inline else _markdown.render(text, env)
