"""The one ambient slot: what user code may ask of its host. Everything works without one, with initial values.

Only functions that users call read it (an element that is made, a state that is set, a value that is shown); the kernel
fills it. While a cell runs, the slot holds a host that speaks for that cell; asynchronous tasks that the cell starts keep
it, and so does a `qr.Thread`. Everywhere else, the host of the process answers.
"""

from _contextvars import ContextVar, Token  # `contextvars` is one more file to find, for the same names

from quire.ids import CellId, ElementId

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine
    from contextlib import AbstractContextManager
    from typing import Any, Literal

    from quire.protocol.messages import Output, Request

    Shown = Output | Callable[[], Output]
    """An output, or what draws it when it is sent."""


class Host:
    """What a host answers. This class is the answer when there is none: a script, pytest, a REPL."""

    mode: "Literal['edit', 'run'] | None" = None
    """None where no notebook is served."""
    path = ""
    """The notebook's file; empty where nobody knows it."""
    theme: "Literal['light', 'dark', 'system']" = "system"
    """What the settings say."""
    cell: "CellId | None" = None
    """The cell that it speaks for."""
    defs: "frozenset[str] | None" = None
    """The names that the running cell defines; None where no cell runs."""
    refs: "frozenset[str] | None" = None
    """The names that it reads."""
    embedded = 0
    """How many notebooks the cell has embedded so far."""
    inside: "tuple[str, ...]" = ()
    """The files of the notebooks that embed its own, the outermost first."""
    run_script: "Callable[[Any], dict[CellId, object]] | None" = None
    """Who runs the cells of the program that this process is for (a `kernel.program.Run`); None: they just run."""

    def adopt(
        self, element: object, place: str = "", follower: "Callable[[Callable[[], None]], None] | None" = None
    ) -> tuple[ElementId, object | None]:
        """Give a new UI element its identity, and the element that had it in the cell's last run.

        An empty id means that nobody will ever set its value. Who runs a notebook within a cell says in which `place` of
        it the element is made, and gives a `follower`: when somebody has set the element, it is called with what calls its
        `on_change`.
        """
        del element, place, follower
        return ElementId(""), None

    def query(self) -> tuple[tuple[str, str], ...]:
        """Names and values behind the `?` in the address of the page."""
        return ()

    def set_query(self, pairs: tuple[tuple[str, str], ...]) -> None:
        """Change the address of the page to hold these."""
        del pairs

    def request(self) -> "Request | None":
        """What the visitor's browser sent with the page; None where no visitor looks."""
        return None

    def shows_errors(self) -> bool:
        """False when those who look are not to know what went wrong: the visitors of an app."""
        return True

    def announce(self, value: object, *, to_itself: bool = False) -> None:
        """`value` has another content now: cells that read a name bound to it run again.

        The cell that says so does not, unless `to_itself`.
        """
        del value, to_itself

    def soon(self, act: "Callable[[], Coroutine[object, object, None]]") -> None:
        """Let what the cell has made go on: `act` runs where cells run, between two of them. Nothing does where no kernel is."""
        del act

    def redraw(self) -> None:
        """What the cell shows looks different now, in a value that draws itself anew."""

    def show(self, change: "Callable[[list[Shown]], None]") -> None:
        """Change what the running cell shows: outputs above each other. `change` is not called where nobody looks."""
        del change

    def toast(self, title: str, description: str, *, is_danger: bool) -> None:
        """Show a message that goes away by itself."""
        del title, description, is_danger

    def printing(self) -> "AbstractContextManager[object]":
        """While this is open, what the present thread prints belongs to the host's cell."""
        from contextlib import nullcontext  # noqa: PLC0415 - for threads of a script only

        return nullcontext()

    def on_close(self, act: "Callable[[], None]") -> None:
        """Call `act` when the cell's present run is over and done with: it runs again, or is gone."""
        del act


NOBODY = Host()

_process: Host = NOBODY
_cell: "ContextVar[Host]" = ContextVar("quire_host")


def host() -> Host:
    """The present host."""
    return _cell.get(_process)


def set_host(host: Host) -> Host:
    """Let `host` answer for this process; returns who did before."""
    global _process  # this is the slot
    before, _process = _process, host
    return before


def enter_cell(host: Host) -> "Token[Host]":
    """Let `host` answer in this thread, and in what it starts, until `leave_cell`."""
    return _cell.set(host)


def leave_cell(token: "Token[Host]") -> None:
    """Undo `enter_cell`."""
    _cell.reset(token)
