"""Wheels without an index: small ones made of nothing, and those of what is installed here, for an installer that is offline."""

import importlib.metadata
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

from quire.version import __version__

IN_KERNELS = frozenset({"markdown-it-py", "mdit-py-plugins", "msgspec", "nh3", "pygments"})
SOURCE = Path(__file__).parents[2] / "src"


def make_wheel(
    folder: Path, name: str, version: str = "1.0", *, module: str = "", code: str = "", requires: Sequence[str] = ()
) -> Path:
    """A wheel with one module, which is named like the distribution unless said otherwise."""
    module = module or name
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace('-', '_')}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr(f"{module}.py", code or f"version = {version!r}\n")
        _describe(wheel, name, version, [f"Requires-Dist: {text}" for text in requires], "py3-none-any")
    return path


def make_quire_wheel(folder: Path, version: str = __version__) -> Path:
    """Our sources as a wheel; `./test` builds the one that is published in `tests/test_package.py`."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"quire-{version}-py3-none-any.whl"
    needed = [f"Requires-Dist: {text}" for text in importlib.metadata.requires("quire") or [] if "extra" not in text]
    with zipfile.ZipFile(path, "w") as wheel:
        for file in (SOURCE / "quire").rglob("*.py"):
            text = file.read_bytes()
            if file.name == "version.py":
                text = text.replace(__version__.encode(), version.encode())
            wheel.writestr(file.relative_to(SOURCE).as_posix(), text)
        _describe(wheel, "quire", version, needed, "py3-none-any")
    return path


def make_wheelhouse(folder: Path) -> Path:
    """What Quire needs: as installed here what a kernel imports to run cells, empty what only a server or a question does."""
    folder.mkdir(parents=True, exist_ok=True)
    for text in importlib.metadata.requires("quire") or []:
        name = re.match(r"[\w.-]+", text)
        if name is not None and "extra ==" not in text:
            found = importlib.metadata.distribution(name[0])
            if name[0] in IN_KERNELS:
                _pack(folder, found)
            else:
                make_wheel(folder, name[0].replace("-", "_"), found.version)
    _pack(folder, importlib.metadata.distribution("mdurl"))  # of markdown-it-py
    return folder


def _pack(folder: Path, found: importlib.metadata.Distribution) -> None:
    name = found.metadata["Name"].replace("-", "_")
    tag = re.search(r"^Tag: (\S+)", found.read_text("WHEEL") or "", re.MULTILINE)
    with zipfile.ZipFile(folder / f"{name}-{found.version}-{tag[1] if tag else ''}.whl", "w") as wheel:
        for file in found.files or []:
            if ".." not in file.parts and file.suffix != ".pyc" and file.name not in {"INSTALLER", "REQUESTED"}:
                wheel.write(str(file.locate()), str(file))


def _describe(wheel: zipfile.ZipFile, name: str, version: str, lines: Sequence[str], tag: str) -> None:
    folder = f"{name.replace('-', '_')}-{version}.dist-info"
    texts = {
        "METADATA": "\n".join(["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *lines, ""]),
        "WHEEL": f"Wheel-Version: 1.0\nGenerator: quire\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    for file, text in texts.items():
        wheel.writestr(f"{folder}/{file}", text)
    rows = [f"{file},," for file in (*wheel.namelist(), f"{folder}/RECORD")]
    wheel.writestr(f"{folder}/RECORD", "\n".join(rows) + "\n")
