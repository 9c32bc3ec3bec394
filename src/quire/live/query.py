"""`query_params()`: what stands behind the `?` in the address of the page."""

from collections.abc import Iterator, MutableMapping, Sequence

from quire.context import host

__all__ = ["QueryParams", "query_params"]


class QueryParams(MutableMapping[str, "str | list[str]"]):
    """The parameters in the address, as they are now. A name that occurs once has a string, one that occurs several times
    a list of them.

    Setting one changes the address of the visitor's page, without loading it again; cells that read the name this is bound
    to run, but for the one that set it.
    """

    def __getitem__(self, name: str) -> "str | list[str]":
        values = self.get_all(name)
        if not values:
            raise KeyError(name)
        return values[0] if len(values) == 1 else values

    def __setitem__(self, name: str, value: "str | Sequence[str]") -> None:
        values = list(value) if isinstance(value, list | tuple) else [value]
        pairs = [(key, kept) for key, kept in host().query() if key != name]
        self._write([*pairs, *((name, _text(name, one)) for one in values)])

    def __delitem__(self, name: str) -> None:
        if name not in self:
            raise KeyError(name)
        self._write([(key, value) for key, value in host().query() if key != name])

    def __iter__(self) -> Iterator[str]:
        return iter(dict(host().query()))

    def __len__(self) -> int:
        return len(dict(host().query()))

    def __repr__(self) -> str:
        return f"QueryParams({self.to_dict()!r})"

    def get_all(self, name: str) -> list[str]:
        """Every value of the name, in the order of the address; an empty list when it is not there."""
        return [value for key, value in host().query() if key == name]

    def to_dict(self) -> "dict[str, str | list[str]]":
        """An ordinary dictionary."""
        return dict(self)

    def set(self, name: str, value: "str | Sequence[str]") -> None:
        """The name has this value, or these, and no others."""
        self[name] = value

    def append(self, name: str, value: str) -> None:
        """The name has this value too."""
        self._write([*host().query(), (name, _text(name, value))])

    def remove(self, name: str, value: str | None = None) -> None:
        """The name has not this value any more, or none; nothing happens when it had not."""
        self._write([(key, one) for key, one in host().query() if key != name or (value is not None and one != value)])

    def clear(self) -> None:
        """There are no parameters."""
        self._write([])

    def _write(self, pairs: "list[tuple[str, str]]") -> None:
        if tuple(pairs) != host().query():
            host().set_query(tuple(pairs))
            host().announce(self)


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(
            f"the parameter `{name}` is a `{type(value).__name__}`; an address holds text: `str(…)` makes some"
        )
    return value


_PARAMS = QueryParams()
"""One for all: cells are told by what their names are bound to."""


def query_params() -> QueryParams:
    """The parameters in the address of the page; none in scripts and in tests, where setting them does nothing."""
    return _PARAMS
