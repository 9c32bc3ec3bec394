"""How large an output may be, and what stands in its place when it is larger."""

import json

from quire.protocol.messages import Output

LIMIT = 8_000_000
"""Bytes of one output that go to a page."""

MESSAGE = "application/vnd.quire.message+json"


def message(title: str, body: str) -> Output:
    """An output that says something about a value instead of showing it."""
    return Output(mime=MESSAGE, text=json.dumps({"title": title, "body": body}, ensure_ascii=False))


def too_large(size: int, what: str = "This output") -> Output:
    """Say how large it is and what to do."""
    return message(
        "Output too large",
        f"{what} is {megabytes(size)}; a page shows at most {megabytes(LIMIT)}. "
        "Show a part of it (a slice, `.head()`, a smaller figure), or write it to a file. The value itself is complete.",
    )


def megabytes(size: int) -> str:
    """A size for people."""
    return f"{size / 1_000_000:,.1f} MB"


def limited(output: Output) -> Output:
    """The output, or the message in its place."""
    size = len(output.text) + len(output.blob)
    if size > LIMIT // 4 and not output.text.isascii():
        size = len(output.text.encode("utf-8", "surrogatepass")) + len(output.blob)
    return too_large(size) if size > LIMIT else output


def cut(text: str, length: int) -> str:
    """The text, or its beginning and how much is left out."""
    return text if len(text) <= length else f"{text[:length]}… ({len(text) - length:,} more characters)"
