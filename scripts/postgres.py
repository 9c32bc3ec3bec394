"""A PostgreSQL server of the tests' own: a new cluster in a folder, reached by a socket in it and in no other way."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_DEBIAN = Path("/usr/lib/postgresql")


def find_postgres() -> Path | None:
    """Where the server's programs are: Debian keeps them beside the path, by version."""
    newest = sorted(_DEBIAN.glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    found = shutil.which("initdb") or (newest and newest[-1])
    return Path(found).resolve().parent if found else None


@contextmanager
def served() -> Iterator[str]:
    """The server, running; what drivers connect to. It refuses to run as root, so root runs it as `postgres`."""
    programs = find_postgres()
    assert programs is not None, "no PostgreSQL; ./test --install-postgres"
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    # Not under the folder of the tests: the path of a socket has at most 107 bytes.
    folder = Path(tempfile.mkdtemp(prefix="quire-postgres-"))
    if root:
        shutil.chown(folder, "postgres")

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(folder / "data"), *arguments]
        user = "postgres" if root else None
        subprocess.run(command, check=True, user=user, cwd=folder, stdout=subprocess.DEVNULL)

    try:
        run("initdb", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        run("pg_ctl", "start", "-w", "-l", "log", "-o", f"-k {folder} -c listen_addresses= -c fsync=off")
        try:
            yield f"host={folder} user=postgres"
        finally:
            run("pg_ctl", "stop", "-m", "immediate")
    finally:
        shutil.rmtree(folder, ignore_errors=True)
