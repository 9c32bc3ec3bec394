"""The identifiers that every layer shares. At run time they are plain strings: scripts import this module, but not `typing`."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NewType

    CellId = NewType("CellId", str)
    """Names one cell of one open notebook. Fresh from a file, it is a function of the text; edits keep it."""
    ElementId = NewType("ElementId", str)
    """Names one UI element of one session: `<cell id>-<n>`, the n-th element its cell made in a run."""
else:
    CellId = ElementId = str
