"""The one ambient slot: what user code may ask of its host. Everything works without one, with initial values.

Only functions that users call read it (an element that is made, a value that is shown); the kernel fills it.
"""

from quire.ids import ElementId


class Host:
    """What a host answers. This class is the answer when there is none: a script, pytest, a REPL."""

    def adopt(self, element: object) -> tuple[ElementId, object | None]:
        """Give a new UI element its identity, and the element that had it in the cell's last run.

        An empty id means that nobody will ever set its value.
        """
        del element
        return ElementId(""), None

    def query(self) -> tuple[tuple[str, str], ...]:
        """Names and values behind the `?` in the address of the page."""
        return ()

    def shows_errors(self) -> bool:
        """False when those who look are not to know what went wrong: the visitors of an app."""
        return True


NOBODY = Host()

_host: Host = NOBODY


def host() -> Host:
    """The present host."""
    return _host


def set_host(host: Host) -> Host:
    """Fill the slot; returns what was there before."""
    global _host  # this is the slot
    before, _host = _host, host
    return before
