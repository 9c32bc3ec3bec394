"""About how much memory values take, and how much there is: whether a cell's old values can wait beside its new ones.

Never asks objects of the user's own; a guess that is too small only means that something is kept.
"""

import os
import sys
from collections.abc import Iterable, Mapping
from itertools import islice
from pathlib import Path
from typing import Any, cast

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


def free_memory() -> int:
    """Bytes that this process can still get without pushing something else out."""
    return min(_free_in_system(), _free_in_group(), _free_by_limit())


_UNLIMITED = sys.maxsize


def _free_in_system() -> int:
    try:
        text = Path("/proc/meminfo").read_text(encoding="ascii")
        return int(text.partition("MemAvailable:")[2].split()[0]) * 1024
    except (OSError, IndexError, ValueError):
        pass
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return _UNLIMITED


def _free_in_group() -> int:
    """In the container or the service that this process belongs to (control groups, version 2, then 1)."""
    for limit, used in (
        ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
        ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
    ):
        try:
            return max(0, int(Path(limit).read_text(encoding="ascii")) - int(Path(used).read_text(encoding="ascii")))
        except (OSError, ValueError):  # not there, or `max`
            continue
    return _UNLIMITED


def _free_by_limit() -> int:
    """Below the address space that the process may have."""
    try:
        import resource  # noqa: PLC0415 - not on Windows

        limit, _ = resource.getrlimit(resource.RLIMIT_AS)
        if limit == resource.RLIM_INFINITY:
            return _UNLIMITED
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        return max(0, limit - pages * os.sysconf("SC_PAGE_SIZE"))
    except (ImportError, OSError, ValueError):
        return _UNLIMITED
