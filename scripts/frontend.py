"""The front end's checks for `./test`: `python scripts/frontend.py lint|types|test`."""

import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from build_frontend import FRONTEND, needs_packages, npm


def main(arguments: list[str]) -> int:
    """Run one check; 0 when it passed."""
    if needs_packages(FRONTEND):
        npm(["ci", "--silent"])
    match arguments:
        case ["lint"]:
            if needs_packages(FRONTEND / "lint"):
                npm(["ci", "--silent", "--prefix", "lint"])
            steps = [["run", "--silent", "--prefix", "lint", "check"]]
        case ["types"]:
            steps = [["run", "--silent", "check"]]
        case ["test"]:
            steps = [["test", "--silent"]]
        case _:
            sys.stderr.write("frontend.py: say `lint`, `types` or `test`\n")
            return 2
    try:
        for step in steps:
            npm(step)
    except subprocess.CalledProcessError as error:
        return error.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
