"""What the exit status of a command means: one table for the commands, their help, and the documentation."""

from collections.abc import Mapping
from types import MappingProxyType

DONE = 0
FOUND = 1
REFUSED = 2
INTERRUPTED = 130

EXITS: Mapping[int, str] = MappingProxyType(
    {
        DONE: "Done; nothing to complain about.",
        FOUND: "Done, and there is something to look at: findings, disputes, a cell that failed.",
        REFUSED: "Not done: the command is wrong, or a file cannot be read, written or understood.",
        INTERRUPTED: "Interrupted by ctrl-c. (Commands that serve end with 0 then: it is how they are ended.)",
    }
)
"""`quire script` ends with the status of the notebook instead, as `python` does."""
