"""What a cell wants to know of itself and of the notebook it stands in."""

from __future__ import annotations

import os
import sys

from quire.context import host

TYPE_CHECKING = False
if TYPE_CHECKING:
    from pathlib import Path
    from typing import Literal

    from quire.protocol.messages import Request


def defs() -> tuple[str, ...]:
    """The names that the running cell defines, sorted; none where no cell runs in a notebook."""
    return tuple(sorted(host().defs or ()))


def refs() -> tuple[str, ...]:
    """The names that the running cell reads, builtins included, sorted; none where no cell runs in a notebook."""
    return tuple(sorted(host().refs or ()))


def running_in_notebook() -> bool:
    """True when a kernel runs the code: in the editor and in apps, not in scripts, tests and imports."""
    return host().mode is not None


class AppMeta:
    """How the notebook is being used."""

    @property
    def mode(self) -> Literal["edit", "run", "script", "test"] | None:
        """`edit` in the editor, `run` in an app, `test` under pytest, `script` in any other program that uses a notebook;
        None where there is no notebook.
        """
        if (mode := host().mode) is not None or "quire.app" not in sys.modules:
            return mode
        return "test" if "PYTEST_CURRENT_TEST" in os.environ else "script"

    @property
    def theme(self) -> Literal["light", "dark", "system"]:
        """The theme that the settings name. `system` follows the reader's device, which code cannot know."""
        return host().theme

    @property
    def request(self) -> Request | None:
        """What the visitor's browser sent with the page of the app: `.headers` (names in lower case), `.cookies`, `.url`.

        None elsewhere. A proxy that knows who somebody is says it in a header, such as `x-forwarded-user`.
        """
        return host().request()

    def __repr__(self) -> str:
        return f"AppMeta(mode={self.mode!r}, theme={self.theme!r})"


def app_meta() -> AppMeta:
    """How the notebook is being used: `qr.app_meta().mode`, `.theme`."""
    return AppMeta()


def notebook_location() -> Path | None:
    """The directory of the notebook; None in an interactive session without a file."""
    return notebook_dir()


def notebook_dir() -> Path | None:
    """The directory of the notebook, wherever it was started from; None in an interactive session without a file."""
    from pathlib import Path  # noqa: PLC0415 - importing it costs a script 5 ms

    path = host().path or getattr(sys.modules["__main__"], "__file__", None)
    return Path(path).absolute().parent if path else None
