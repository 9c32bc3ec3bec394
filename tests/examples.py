"""How many examples a property takes."""

from hypothesis import settings


def examples(share: float) -> settings:
    """For one that is faster or slower than others: this share of the examples that they take, also with `--long`."""
    return settings(max_examples=max(1, round(share * settings.default.max_examples)))
