"""Helps an interrupt along where a database driver waits in compiled code that does not look for signals: queries are
cancelled by the drivers' own means, which any thread may use. Costs nothing until somebody interrupts.
"""

import contextlib
import gc
import sys
import threading
from collections.abc import Callable
from time import monotonic
from typing import Any, cast

from quire.kernel.interrupts import Interrupts, interrupt_main

PAUSE = 0.25
"""Seconds that code has to hear an interrupt by itself."""
_TURNS = 8
_ACTIVE = 1  # a query runs; what libpq calls `PQTRANS_ACTIVE`


def _interrupt(connection: Any) -> None:
    connection.interrupt()


def _cancel_active(connection: Any) -> None:
    """Asks the server over a connection of its own: not where there is nothing to cancel."""
    if connection.get_transaction_status() == _ACTIVE:
        connection.cancel()


_CANCEL: dict[tuple[str, str], Callable[[Any], None]] = {
    ("sqlite3", "Connection"): _interrupt,
    ("duckdb", "DuckDBPyConnection"): _interrupt,
    ("psycopg2.extensions", "connection"): _cancel_active,
}
"""By module and class. Drivers in Python, and psycopg 3, look for signals themselves."""


def help_interrupt(interrupts: Interrupts) -> None:
    """The code that runs was interrupted just now: if it does not hear that, cancel what it waits for. Never waits."""
    running, asked = interrupts.running, monotonic()
    if running is not None:
        helper = threading.Thread(target=_help, args=(interrupts, running, asked), name="quire-interrupt", daemon=True)
        with contextlib.suppress(RuntimeError):  # there is no room for another thread
            helper.start()


def _help(interrupts: Interrupts, running: int, asked: float) -> None:
    pause = threading.Event()
    for turn in range(_TURNS):  # code may go on with another query
        pause.wait(PAUSE)
        reaction = interrupts.reaction(running, asked)
        if reaction == "heard":
            return
        if reaction == "none":
            interrupt_main()  # a thread of the user's may have taken the signal
        for connection, cancel in _connections():
            interrupts.note_help(spare=turn == 0)
            with contextlib.suppress(Exception):  # closed meanwhile, or the server is gone
                cancel(connection)


def _connections() -> list[tuple[object, Callable[[Any], None]]]:
    """Every live connection of the drivers that are loaded."""
    kinds = {
        id(getattr(sys.modules[module], name, None)): cancel
        for (module, name), cancel in _CANCEL.items()
        if module in sys.modules
    }
    # By the identity of types: comparing them, or asking objects what they are, may run code of the user's.
    known: dict[int, Callable[[Any], None] | None] = {}
    found: list[tuple[object, Callable[[Any], None]]] = []
    for value in cast("list[object]", gc.get_objects()):
        kind = type(value)
        if id(kind) not in known:
            known[id(kind)] = next((kinds[id(base)] for base in kind.__mro__ if id(base) in kinds), None)
        cancel = known[id(kind)]
        if cancel is not None:
            found.append((value, cancel))
    return found
