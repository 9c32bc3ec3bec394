"""The link's framing, for both ends: four bytes of length, little-endian, then a msgpack array of messages. Pure."""

from collections.abc import Iterator

_LENGTH = 4
LONGEST = 1 << 30
"""Bytes. Outputs are limited far below; more is no frame."""
LONGEST_DATAGRAM = 256
"""Bytes of a request to the template of kernels, or of its answer."""


def frame(payload: bytes) -> bytes:
    """The bytes to send for one payload."""
    return len(payload).to_bytes(_LENGTH, "little") + payload


class Frames:
    """Bytes as they arrive → whole payloads."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Payloads that are complete now.

        Raises:
            ValueError: what arrives is not of this protocol.
        """
        self._bytes += data
        while len(self._bytes) >= _LENGTH:
            length = int.from_bytes(self._bytes[:_LENGTH], "little")
            if length > LONGEST:
                raise ValueError(f"a frame of {length} bytes is announced; the other side is no kernel of this version")
            end = _LENGTH + length
            if len(self._bytes) < end:
                return
            payload = bytes(self._bytes[_LENGTH:end])
            del self._bytes[:end]
            yield payload
