"""The command line. Imports nothing until it knows what is wanted: `quire --version` costs a bare Python."""

import gc
import sys

from quire.version import __version__


def main() -> None:
    """The console script."""
    if sys.argv[1:] == ["--version"]:
        print(f"quire {__version__}")
        return
    gc.disable()  # what is imported stays: looking through it for garbage takes a tenth of a start
    try:
        from quire.cli.commands import quire  # click and what the commands need
        from quire.cli.failure import Handover
    except KeyboardInterrupt:
        sys.exit(130)  # `exits.INTERRUPTED`: nothing has begun

    run = None
    try:
        quire(prog_name="quire")
    except Handover as handover:
        run = handover.run
    if run is not None:  # not above: what it raises has nothing to do with the command
        run()
