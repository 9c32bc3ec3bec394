"""Whether the text of a file is still what Python has read: asked where a notebook's file was saved after its import.

The cells of an imported notebook are cut out of the text when the first one runs. A text that is merely saved again has
the same code; in any other, the lines that Python noted down are those of something else.
"""

from __future__ import annotations

from types import CodeType

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def has_functions(text: bytes, filename: str, functions: Iterable[CodeType]) -> bool:
    """True when the text, compiled, has all these functions at its top level, in the lines that they have."""
    try:
        module = compile(text, filename, "exec", dont_inherit=True)
    except (SyntaxError, ValueError):
        return False
    there = {constant for constant in module.co_consts if isinstance(constant, CodeType)}
    return there.issuperset(functions)
