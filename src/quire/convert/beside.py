"""What a converted notebook is called, beside its original. Pure: whether something has the name already, others look."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import TypeVar

Name = TypeVar("Name", bound=PurePath)


def names_beside(original: Name) -> Iterator[Name]:
    """Names to try, the best first, without end."""
    stem = original.stem if original.suffix != ".py" else f"{original.stem}_quire"
    number = 1
    while True:
        yield original.with_name(f"{stem}.py" if number == 1 else f"{stem}_{number}.py")
        number += 1
