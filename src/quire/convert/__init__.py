"""Every neighbour format, both ways: text in; text, notes and files out. Pure: never reads, writes or runs anything."""

from quire.convert.beside import names_beside
from quire.convert.formats import FORMATS, convert_text, recognise
from quire.convert.model import Converted, Note

__all__ = ["FORMATS", "Converted", "Note", "convert_text", "names_beside", "recognise"]
