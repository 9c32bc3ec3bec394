"""Pages that are made anew each time, made and compressed in a thread: neither holds the event loop."""

import asyncio
import zlib
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

SMALLEST = 4096
"""Bytes; less is not worth it."""
LEVEL = 1
_GZIP = 31  # a window of 32 KiB, with gzip's header


async def compressed(request: Request, make: Callable[[], Response]) -> Response:
    """The response of `make`, smaller when it is large and the browser takes that."""
    takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
    return await asyncio.to_thread(_make, make, takes_gzip=takes_gzip)


def _make(make: Callable[[], Response], *, takes_gzip: bool) -> Response:
    response = make()
    body = bytes(response.body)
    response.headers["Vary"] = "Accept-Encoding"
    if takes_gzip and len(body) >= SMALLEST:
        packer = zlib.compressobj(LEVEL, zlib.DEFLATED, _GZIP)
        response.body = packer.compress(body) + packer.flush()
        response.headers["Content-Encoding"] = "gzip"
        response.headers["Content-Length"] = str(len(response.body))
    return response
