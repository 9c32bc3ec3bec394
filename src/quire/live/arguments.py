"""`cli_args()`: what stands behind the notebook's name on the command line, without a parser of one's own."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping

__all__ = ["CliArgs", "cli_args"]

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeAlias

    Argument: TypeAlias = bool | int | float | str


class CliArgs(Mapping[str, "Argument | list[Argument]"]):
    """Options by their names without the leading dashes; one that is given several times has a list of values.

    What looks like a number, `true` or `false` is one, anything else is text, and an option without a value has `''`.
    """

    def __init__(self, pairs: Iterable[tuple[str, Argument]]) -> None:
        self._values: dict[str, list[Argument]] = {}
        for name, value in pairs:
            self._values.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> Argument | list[Argument]:
        values = self._values[name]
        return values[0] if len(values) == 1 else values[:]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return f"CliArgs({self.to_dict()!r})"

    def get_all(self, name: str) -> list[Argument]:
        """Every value of the option, in their order; an empty list when it is not given."""
        return self._values.get(name, [])[:]

    def to_dict(self) -> dict[str, Argument | list[Argument]]:
        """An ordinary dictionary."""
        return dict(self)


def cli_args() -> CliArgs:
    """The options in `sys.argv`: `-x=1`, `--x 1`, `--flag`. Words that belong to no option are left out.

    An option takes the words that follow it, joined by spaces, up to the next option or a bare `--`; a negative number is
    such a word.
    """
    return CliArgs(_options(sys.argv[1:]))


def _options(words: Iterable[str]) -> list[tuple[str, Argument]]:
    options: list[tuple[str, list[str]]] = []
    taken: list[str] = []
    """Where the words go that come next."""
    for word in words:
        name, equals, value = word.lstrip("-").partition("=")
        if word == "--":
            break
        if not word.startswith("-") or not name or not isinstance(_value(word), str):
            taken.append(word)
        elif equals:
            options.append((name, [value]))
            taken = []
        else:
            taken = []
            options.append((name, taken))
    return [(name, _value(" ".join(given))) for name, given in options]


def _value(text: str) -> Argument:
    if text.lower() in {"true", "false"}:
        return text.lower() == "true"
    if text[-1:].isdigit() or text.endswith("."):  # leaves `nan` and `infinity` what they are: words
        for kind in (int, float):
            try:
                return kind(text)
            except ValueError:
                continue
    return text
