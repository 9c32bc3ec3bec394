"""Quire: a reactive Python notebook that is an ordinary Python program."""

from quire.version import __version__ as __version__
