"""The pages that explain rules: in a checkout among the documents, in an installed package beside the rules."""

from pathlib import Path

from quire.check.model import Rule

_PLACES = (Path(__file__).parent / "pages", Path(__file__).parents[3] / "docs" / "check")


def read_page(rule: Rule) -> str:
    """The page of a rule, as markdown. Raises `FileNotFoundError` where it was not installed."""
    name = Path(rule.page).name
    place = next((place for place in _PLACES if (place / name).is_file()), _PLACES[0])
    return (place / name).read_text(encoding="utf-8")
