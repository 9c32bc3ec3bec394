"""The text of a `.env` file, as python-dotenv reads it (a property test holds us to that). Pure.

The library itself takes longer to import than a whole script may take.
"""

import re
from collections.abc import Iterator, Mapping

_BINDING = re.compile(
    r"""
    (?: export [^\S\r\n]+ )?
    (?: ' (?P<quoted> [^']+ ) ' | (?! ' ) (?P<key> [^=\#\s]+ ) ) [^\S\r\n]*
    (?: = (?:
        [^\S\r\n]+ (?= \# )
      | [^\S\r\n]* ' (?P<single> (?: \\. | [^'\\] )* ) '
      | [^\S\r\n]* " (?P<double> (?: \\. | [^"\\] )* ) "
      | [^\S\r\n]* (?! [\s'"] ) (?P<plain> [^\r\n]* )
      | [^\S\r\n]* (?P<empty> )
    ) )?
    [^\S\r\n]* (?: \# [^\r\n]* )? (?= [\r\n] | \Z )
    """,
    re.VERBOSE | re.DOTALL,
)
_SPACE = re.compile(r"\s*")
_LINE = re.compile(r"[^\r\n]*")
_COMMENT = re.compile(r"\s+#.*")
_VARIABLE = re.compile(r"\$\{([^}:]*)(?::-([^}]*))?\}")
_ESCAPES = {"a": "\a", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


def read_dotenv(text: str) -> Iterator[tuple[str, str] | int]:
    """Names and values in their order; for a line that says nothing of the kind its number, from 1."""
    text = text.removeprefix("\ufeff")
    at = 0
    while (at := _end(_SPACE, text, at)) < len(text):
        if text[at] == "#":
            at = _end(_LINE, text, at)
        elif (found := _BINDING.match(text, at)) is not None:
            at = found.end()
            if "=" in found[0][len(found["quoted"] or found["key"]) :]:
                yield found["quoted"] or found["key"], _value(found)
        else:
            yield text.count("\n", 0, at) + 1
            at = _end(_LINE, text, at)


def expand(value: str, environment: Mapping[str, str]) -> str:
    """The value with `${NAME}` and `${NAME:-default}` replaced."""
    return _VARIABLE.sub(lambda found: environment.get(found[1], found[2] or ""), value)


def _end(pattern: "re.Pattern[str]", text: str, at: int) -> int:
    found = pattern.match(text, at)
    return at if found is None else found.end()


def _value(found: "re.Match[str]") -> str:
    if (single := found["single"]) is not None:
        return re.sub(r"\\([\\'])", r"\1", single)
    if (double := found["double"]) is not None:
        return re.sub(r"""\\([\\'"abfnrtv])""", lambda escape: _ESCAPES.get(escape[1], escape[1]), double)
    return _COMMENT.sub("", found["plain"] or "").rstrip()
