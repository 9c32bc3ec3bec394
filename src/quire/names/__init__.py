"""What one cell's source defines and reads. A leaf; pure."""

from quire.names.analysis import names_of
from quire.names.model import Names, is_private
from quire.names.rename import mangle, rename_names

__all__ = ["Names", "is_private", "mangle", "names_of", "rename_names"]
