"""`query_params()`: what stands behind the `?` in the address of an app's visitor."""

from collections.abc import Iterator, Mapping

from quire.context import host

__all__ = ["QueryParams", "query_params"]


class QueryParams(Mapping[str, "str | list[str]"]):
    """Read-only. A name that occurs once has a string, one that occurs several times a list of them."""

    def __init__(self, pairs: tuple[tuple[str, str], ...]) -> None:
        self._pairs = pairs

    def __getitem__(self, name: str) -> "str | list[str]":
        values = self.get_all(name)
        if not values:
            raise KeyError(name)
        return values[0] if len(values) == 1 else values

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self._pairs))

    def __len__(self) -> int:
        return len(dict(self._pairs))

    def __repr__(self) -> str:
        return f"QueryParams({self.to_dict()!r})"

    def get_all(self, name: str) -> list[str]:
        """Every value of the name, in the order of the address; an empty list when it is not there."""
        return [value for key, value in self._pairs if key == name]

    def to_dict(self) -> "dict[str, str | list[str]]":
        """An ordinary dictionary."""
        return dict(self)


def query_params() -> QueryParams:
    """The parameters in the address of the page; empty in scripts, in tests and in the editor."""
    return QueryParams(host().query())
