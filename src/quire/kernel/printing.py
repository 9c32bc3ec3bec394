"""What threads of a cell print: it belongs to their cell, whichever cell is running. There only while there are such threads."""

import sys
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Any, Literal

Stream = Literal["stdout", "stderr"]
Print = Callable[[Stream, str], bool]

_routes: dict[int, Print] = {}
"""By thread, where its text goes; False when it is not taken there."""
_lock = threading.Lock()


@contextmanager
def printed_to(take: Print) -> Generator[None]:
    """While this is open, `take` gets what this thread prints."""
    with _lock:
        _routes[threading.get_ident()] = take
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name)
            if not isinstance(stream, _Routed):
                setattr(sys, name, _Routed(name, stream))
    try:
        yield
    finally:
        with _lock:
            del _routes[threading.get_ident()]
            for name in ("stdout", "stderr"):
                stream = getattr(sys, name)
                if not _routes and isinstance(stream, _Routed):
                    setattr(sys, name, stream.stream)


class _Routed:
    """A stream that asks for each text whose it is."""

    def __init__(self, name: Stream, stream: Any) -> None:
        self._name: Stream = name
        self.stream = stream

    def write(self, text: str) -> int:
        take = _routes.get(threading.get_ident())
        if take is not None and take(self._name, text):
            return len(text)
        return self.stream.write(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
