"""The tutorials that come with Quire: opened as copies, which the first edit writes into the working directory."""

from pathlib import Path

from quire.cli.edit import free_path, serve_file
from quire.cli.failure import Failure
from quire.cli.serving import ServerOptions

TUTORIALS = Path(__file__).parent.parent / "tutorials"


def edit_tutorial(name: str, options: ServerOptions) -> None:
    """Open a copy under a name that is free: nobody's file is written over, and none is made without an edit."""
    available = {path.stem: path for path in sorted(TUTORIALS.glob("*.py")) if path.stem != "__init__"}
    if name not in available:
        there = ", ".join(f"`{other}`" for other in available)
        raise Failure(
            f"there is no tutorial `{name}`", f"there are: {there}" if there else "none came with this installation"
        )
    serve_file(free_path(Path(f"{name}.py")), options, template=available[name])
