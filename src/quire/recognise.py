"""Whether a Python file begins like a notebook. Imports nothing: it is asked about every test module of a project."""

HEAD = 8192
"""Bytes of a file in which `import quire` and `quire.App(` have to come."""


def begins_like_notebook(head: bytes) -> bool:
    """True when the first `HEAD` bytes of a Python file are those of a notebook of ours. A file that only quotes one may pass."""
    return b"quire.App(" in head and b"import quire" in head
