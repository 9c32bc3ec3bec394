"""One of several options."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, cast

from quire.ui.base import Element


class dropdown(Element[Any]):  # noqa: N801 - called like a function
    """A choice of one option.

    `options` is a list of values, shown as text, or a dictionary from what is shown to the value that it stands for.
    `value` is the option to begin with, as it is shown; without one, nothing is chosen and `.value` is None.
    """

    kind = "dropdown"

    def __init__(
        self,
        options: Iterable[Any] | Mapping[str, Any],
        value: Any = None,
        allow_select_none: bool | None = None,  # noqa: FBT001 - the signature is kept
        searchable: bool = False,  # noqa: FBT001, FBT002
        *,
        label: str = "",
        on_change: Callable[[Any], object] | None = None,
        full_width: bool = False,
        disabled: bool = False,
    ) -> None:
        self._by_key = _keyed(options)
        initial = self._key_of(value)
        allow_none = initial is None if allow_select_none is None else bool(allow_select_none)
        if initial is None and not allow_none:
            raise ValueError("`dropdown` has no `value`, and `allow_select_none` is False; give it one of its options")
        self._allow_none = allow_none
        super().__init__(
            initial=initial,
            options={"options": list(self._by_key), "allowNone": allow_none},
            looks={"searchable": bool(searchable), "disabled": bool(disabled), "fullWidth": bool(full_width)},
            label=label,
            on_change=on_change,
        )

    @classmethod
    def from_series(cls, series: Any, **options: Any) -> "dropdown":
        """A choice of one of the values in a series of pandas or polars, sorted where they can be."""
        present = dict.fromkeys(series.to_list())
        found = [value for value in present if value is not None and value == value]  # noqa: PLR0124 - NaN is none
        try:
            found.sort()
        except TypeError:
            found.sort(key=str)
        given: dict[str, Any] = {"options": found, "label": str(getattr(series, "name", "") or "")} | options
        return cls(**given)

    @property
    def options(self) -> dict[str, Any]:
        """What is shown, and what it stands for."""
        return dict(self._by_key)

    @property
    def selected_key(self) -> str | None:
        """The option chosen, as it is shown."""
        return self._wire if isinstance(self._wire, str) else None

    def _key_of(self, value: object) -> str | None:
        if value is None:
            return None
        if isinstance(value, str) and value in self._by_key:
            return value
        for key, option in self._by_key.items():
            if option is value or (not isinstance(value, str) and key == str(value)):
                return key
        raise ValueError(f"`value` of `dropdown` is {value!r:.100}; it must be one of its options: {self._some_keys()}")

    def _some_keys(self) -> str:
        return ", ".join(repr(key) for key in list(self._by_key)[:10])

    def _read(self, wire: object) -> Any:
        if wire is None and self._allow_none:
            return None
        if not isinstance(wire, str) or wire not in self._by_key:
            self._refuse(wire, f"one of its options: {self._some_keys()}")
        return self._by_key[wire]


def _keyed(options: Iterable[Any] | Mapping[str, Any]) -> dict[str, Any]:
    pairs: list[tuple[str, Any]]
    if isinstance(options, Mapping):
        by_key = cast("Mapping[object, Any]", options)
        pairs = [(str(key), value) for key, value in by_key.items()]
    elif isinstance(options, str | bytes) or not isinstance(options, Iterable):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"`options` of `dropdown` is a `{type(options).__name__}`; it must be a list or a dictionary")
    else:
        pairs = [(str(value), value) for value in options]
    keyed = dict(pairs)
    if len(keyed) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))
        raise ValueError(f"two options of `dropdown` are shown as {twice!r}; give a dictionary with a name for each")
    return keyed
