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
    from quire.cli.commands import quire  # click and what the commands need

    quire(prog_name="quire")
