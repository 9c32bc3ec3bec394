"""Measures Quire against its peers and against the floor that the machine sets, interleaved in one run.

    python benchmarks/run.py [--write] [--full] [--repeat N] [--only SUBJECT]…

`--write` puts the table into `benchmarks/README.md`; `--full` also measures what takes a peer minutes. The peers are
installed into `benchmarks/.venv-peers`. What counts are the ratios.
"""

import argparse
import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from apps import measure_apps
from browser import measure_browser
from commands import measure_commands, measure_imports, measure_scripts
from first_output import measure_first_output
from footprint import measure_footprint
from in_process import measure_in_process
from kernel_rows import measure_kernel
from servers import JUPYTER, MARIMO, install_peers
from socket_rows import measure_socket
from table import Row, write_table

SUBJECTS = {
    "commands": measure_commands,
    "imports": measure_imports,
    "scripts": measure_scripts,
    "files": measure_in_process,
    "start": measure_first_output,
    "browser": measure_browser,
    "kernel": measure_kernel,
    "socket": measure_socket,
    "apps": measure_apps,
    "footprint": measure_footprint,
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--full", action="store_true")
    parser.add_argument("--repeat", type=int, default=7)
    parser.add_argument("--only", choices=SUBJECTS, action="append")
    options = parser.parse_args()
    if options.write and options.only:
        parser.error("`--write` needs all subjects, since it writes the whole table")
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    install_peers()
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="quire-benchmarks-", ignore_cleanup_errors=True) as scratch:
        for subject in options.only or SUBJECTS:
            for row in SUBJECTS[subject](options.repeat, Path(scratch), full=options.full):
                print(row, flush=True)
                rows.append(row)
    if options.write:
        write_table(rows, ", ".join(peer.replace("==", " ") for peer in (MARIMO, JUPYTER)))


if __name__ == "__main__":
    main()
