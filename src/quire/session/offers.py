"""What an error about a missing module offers: the distribution that brings it. Pure."""

import json

from msgspec.structs import replace

from quire.outputs.tracebacks import TRACEBACK
from quire.packages.names import DISTRIBUTIONS, distribution_of
from quire.protocol.messages import Output


def with_install_offer(output: Output | None) -> Output | None:
    """An error about a missing module says which distribution would bring it, if that can be told."""
    if output is None or output.mime != TRACEBACK or '"module"' not in output.text:
        return output
    shown = json.loads(output.text)
    missing = shown.pop("module", None)
    below = shown.pop("below", False)
    if isinstance(missing, str) and (
        not below or any(missing.startswith(f"{name}.") or missing == name for name in _DOTTED)
    ):
        shown["install"] = distribution_of(missing)
    return replace(output, text=json.dumps(shown))


_DOTTED = tuple(name for name in DISTRIBUTIONS if "." in name)
