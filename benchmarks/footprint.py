"""What a product takes: memory at rest, and room on disk."""

import json
import subprocess
import time
import urllib.request
import zipfile
from pathlib import Path

from corpora import Cell
from servers import (
    JUPYTER,
    MARIMO,
    PEERS_PYTHON,
    PYTHON,
    Started,
    processes_of,
    serve_jupyter,
    serve_marimo,
    serve_quire,
)
from table import Row
from wire import marimo_page, quire_page

MIB = 1024 * 1024
NOTEBOOK = [Cell(("6 * 7000007",))]
ANSWER = "42000042"
REST = 4.0
"""Seconds after the first output: what is started later, such as a kernel in reserve, is there by then."""

INSTALLED = """
import json, sys
from importlib.metadata import PackageNotFoundError, distribution
from packaging.requirements import Requirement
seen, pending = {}, [(sys.argv[1], "")]
while pending:
    name, extra = pending.pop()
    try:
        found = distribution(name)
    except PackageNotFoundError:
        continue
    key = found.metadata["Name"].lower().replace("_", "-")
    if (key, extra) in seen:
        continue
    files = [found.locate_file(file) for file in found.files or () if file.suffix != ".pyc"]
    seen[key, extra] = sum(file.stat().st_size for file in files if file.is_file())
    for line in found.requires or ():
        wanted = Requirement(line)
        if wanted.marker is None or wanted.marker.evaluate({"extra": extra}):
            pending += [(wanted.name, each) for each in ("", *wanted.extras)]
sizes = {key: size for (key, _), size in seen.items()}
print(json.dumps(sizes))
"""


def measure_footprint(repeat: int, scratch: Path, *, full: bool) -> list[Row]:
    ours, marimo, jupyter = quire_memory(scratch), marimo_memory(scratch), jupyter_memory(scratch)
    what = "server + idle kernel: MiB (PSS)"
    rows = [Row(what, None, ours, marimo, "≤ 60", met=ours <= 60, jupyter=jupyter)]
    wheel = quire_wheel(scratch)
    wheels = [wheel.stat().st_size / MIB, *(peer_wheel(scratch, peer) / MIB for peer in (MARIMO, JUPYTER))]
    rows.append(_row("wheel: MiB", wheels, 3))
    installed = [
        installed_sizes(PYTHON, "quire"),
        *(installed_sizes(PEERS_PYTHON, one) for one in ("marimo", "jupyterlab")),
    ]
    installed[0]["quire"] = sum(file.file_size for file in zipfile.ZipFile(wheel).infolist())
    rows.append(_row("packages that come with it", [float(len(sizes) - 1) for sizes in installed], 20))
    rows.append(_row("installed: MiB", [sum(sizes.values()) / MIB for sizes in installed], 70))
    return rows


def _row(what: str, found: list[float], limit: float) -> Row:
    return Row(what, None, found[0], found[1], f"≤ {limit}", met=found[0] <= limit, jupyter=found[2])


# -- memory


def quire_memory(scratch: Path) -> float:
    with serve_quire(scratch, NOTEBOOK) as server:
        server.wait()
        with quire_page(server) as page:
            page.hear_until(lambda: ANSWER in str(page.outputs))
            return memory_at_rest(server)


def marimo_memory(scratch: Path) -> float:
    with serve_marimo(scratch, NOTEBOOK) as server, marimo_page(server, server.wait()) as page:
        page.run_all()
        page.hear_until(lambda: ANSWER in str(page.outputs))
        return memory_at_rest(server)


def jupyter_memory(scratch: Path) -> float:
    """With a kernel that has not run anything."""
    with serve_jupyter(scratch, NOTEBOOK) as server:
        server.wait()
        what = {"path": "notebook.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3"}}
        address = f"http://127.0.0.1:{server.port}/api/sessions"
        request = urllib.request.Request(address, json.dumps(what).encode(), {"Content-Type": "application/json"})
        urllib.request.urlopen(request).read()
        return memory_at_rest(server)


def memory_at_rest(server: Started) -> float:
    """MiB of all its processes, what they share counted once."""
    time.sleep(REST)
    return sum(pss(pid) for pid in processes_of(server.pid)) / MIB


def pss(pid: int) -> int:
    """Bytes of a process, each page that several share divided by their number."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) * 1024


# -- on disk


def quire_wheel(scratch: Path) -> Path:
    words = [PYTHON, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(scratch / "wheels")]
    subprocess.run(words, check=True, capture_output=True, cwd=Path(__file__).parent.parent)
    return next((scratch / "wheels").glob("quire-*.whl"))


def peer_wheel(scratch: Path, peer: str) -> int:
    """Bytes of what an installer fetches for the package itself."""
    folder = scratch / "wheels"
    words = [PEERS_PYTHON, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), peer]
    subprocess.run(words, check=True)
    return next(folder.glob(f"{peer.partition('==')[0]}-*.whl")).stat().st_size


def installed_sizes(python: str, package: str) -> dict[str, int]:
    """Bytes of the package and of each package that it needs, without compiled forms."""
    run = subprocess.run([python, "-c", INSTALLED, package], check=True, capture_output=True, text=True)
    return json.loads(run.stdout)
