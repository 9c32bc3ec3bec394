"""About how much memory values take: whether a cell's old values can wait beside its new ones.

Never asks objects of the user's own; a guess that is too small only means that something is kept.
"""

import sys
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any, cast

from quire.kernel.memory import free_memory

_LARGE = 1 << 24
"""Bytes below which nobody need look how much memory is free."""
_SHARE = 10
_DEEPEST = 3
_SAMPLED = 20
"""Items of a long container that stand for the others."""

_BY_ATTRIBUTE: Mapping[str, str] = {
    "numpy.ndarray": "nbytes",
    "pyarrow.lib.Table": "nbytes",
    "pyarrow.lib.RecordBatch": "nbytes",
    "pyarrow.lib.ChunkedArray": "nbytes",
    "torch.Tensor": "nbytes",
    "xarray.core.dataset.Dataset": "nbytes",
    "xarray.core.dataarray.DataArray": "nbytes",
}
_BY_METHOD: Mapping[str, str] = {
    "polars.dataframe.frame.DataFrame": "estimated_size",
    "polars.series.series.Series": "estimated_size",
}


def fit_beside(values: Iterable[object]) -> bool:
    """False when the values take more than a tenth of the memory that is free."""
    size = sum(size_of(value) for value in values)
    return size < _LARGE or size * _SHARE < free_memory()


def size_of(value: object, depth: int = 0) -> int:
    """Bytes, roughly."""
    kind = type(value)
    name = f"{kind.__module__}.{kind.__qualname__}"
    found: Any = None
    if name in _BY_ATTRIBUTE:
        found = getattr(value, _BY_ATTRIBUTE[name], 0)
    elif name in _BY_METHOD:
        found = getattr(value, _BY_METHOD[name])()
    elif kind.__module__.startswith("pandas.") and kind.__name__ in {"DataFrame", "Series"}:
        used: Any = cast("Any", value).memory_usage(index=True)
        found = used if kind.__name__ == "Series" else used.sum()
    elif kind in (list, tuple, set, frozenset, dict) and depth < _DEEPEST:
        return sys.getsizeof(value) + _size_of_items(value, depth)
    elif kind in (bytes, bytearray, str, memoryview, int):
        return sys.getsizeof(value)
    return int(found or 0)


def _size_of_items(container: Any, depth: int) -> int:
    items = cast("dict[object, object]", container).values() if isinstance(container, dict) else container
    sample: list[object] = list(islice(items, _SAMPLED))
    count: int = len(container)  # pyright: ignore[reportUnknownArgumentType]
    return sum(size_of(item, depth + 1) for item in sample) * count // max(1, len(sample))
