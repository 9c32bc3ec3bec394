"""Frames: msgpack arrays of messages, checked on arrival against the classes of this package."""

import msgspec

from quire.protocol.commands import AnyCommand
from quire.protocol.kernel import KernelCommand, RunNotice
from quire.protocol.messages import Message
from quire.protocol.notices import AnyNotice

_encoder = msgspec.msgpack.Encoder()

decode_commands = msgspec.msgpack.Decoder(list[AnyCommand]).decode
"""Bytes from a page → commands. Raises `msgspec.DecodeError` for anything else."""

decode_notices = msgspec.msgpack.Decoder(list[AnyNotice]).decode
decode_kernel_commands = msgspec.msgpack.Decoder(list[KernelCommand]).decode
decode_run_notices = msgspec.msgpack.Decoder(list[RunNotice]).decode


def encode(messages: list[Message]) -> bytes:
    """One frame."""
    return _encoder.encode(messages)
