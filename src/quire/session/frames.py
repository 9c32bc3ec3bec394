"""Frames out of outputs: pages get a name, the session keeps the markup until the output is another one. Pure."""

import base64
import binascii
import hashlib
import re
from collections.abc import Mapping

from msgspec.structs import replace

from quire.ids import CellId
from quire.protocol.messages import Output
from quire.session.state import SessionState

_OPENING = "<quire-frame "
_FRAME = re.compile(r'(<quire-frame\b[^<>]*?)\bsource="([A-Za-z0-9+/=]*)"')
_NAME_DIGITS = 32


def take_out_frames(output: Output | None, salt: str) -> tuple[Output | None, dict[str, str]]:
    """The output with names in place of sources, and the sources by name.

    Equal markup has an equal name, so that the page leaves the frame alone when a run makes the same once more; with the
    `salt` nobody can guess it.
    """
    if output is None or output.mime != "text/html" or _OPENING not in output.text:
        return output, {}
    frames: dict[str, str] = {}

    def name(found: re.Match[str]) -> str:
        digest = hashlib.sha256(f"{salt}\0{found[2]}".encode()).hexdigest()[:_NAME_DIGITS]
        frames[digest] = found[2]
        return f'{found[1]}name="{digest}"'

    return replace(output, text=_FRAME.sub(name, output.text)), frames


def hold_frames(state: SessionState, cell: CellId, frames: Mapping[str, str]) -> SessionState:
    """Keep the frames of the cell's new output, and none of the one before."""
    if not frames and cell not in state.frames:
        return state
    others = {other: held for other, held in state.frames.items() if other != cell}
    return replace(state, frames={**others, cell: frames} if frames else others)


def find_frame(state: SessionState, name: str) -> str | None:
    """The markup of a frame that a cell shows now."""
    for held in state.frames.values():
        if name in held:
            try:
                return base64.b64decode(held[name], validate=True).decode("utf-8", "replace")
            except binascii.Error:
                return ""
    return None
