"""From a bound socket to a served session, and back: start, signals, an orderly end.

The order is the point: the kernel's process starts first, and the server is imported while that one does the same;
browsers that come early wait in the socket. Nothing at the top of this module is slow to import.
"""

import asyncio
import signal
import socket
from collections.abc import Callable
from types import FrameType

from quire.kernel.spare import SpareKernels
from quire.server.address import Address
from quire.session.session import Session
from quire.session.state import SessionState


def serve_notebook(
    state: SessionState, listening: socket.socket, address: Address, token: str | None, *, ticket: str = ""
) -> None:
    """Serve until SIGINT or SIGTERM: then save, end the kernels, return. A second signal does not wait for that.

    `ticket` opens the page once, like the token.
    """
    asyncio.run(_serve(state, listening, address, token, ticket))


async def _serve(
    state: SessionState, listening: socket.socket, address: Address, token: str | None, ticket: str
) -> None:
    stopping = asyncio.Event()
    forget_signals = _on_signals(stopping)
    spares = SpareKernels()
    session = Session(state, spares.make_kernel)
    session.start()
    await asyncio.sleep(0)  # the kernel's process is on its way before the imports begin
    # A fifth of a second, during which the kernel starts on another core.
    from quire.server.http import make_server

    server = make_server(session, address, token, ticket)
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    waiting = asyncio.create_task(stopping.wait())
    try:
        await asyncio.wait({serving, waiting}, return_when=asyncio.FIRST_COMPLETED)
        await asyncio.gather(session.close(), spares.discard())
        server.should_exit = True
        await serving
    finally:
        waiting.cancel()
        forget_signals()


def _on_signals(stopping: asyncio.Event) -> Callable[[], None]:
    """The first signal asks, the second one ends the process as Python would."""
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}

    def forget() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    def ask(_number: int, _frame: FrameType | None) -> None:
        forget()
        loop.call_soon_threadsafe(stopping.set)

    for number in before:
        signal.signal(number, ask)
    return forget
