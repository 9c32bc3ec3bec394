"""The built front end: a fixed table of files, made once from the directory; requests only look things up in it."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

STATIC = Path(__file__).parent.parent / "static"
ENTRIES = ("edit", "app", "home")
"""The pages that there are: each is a script in `src/app/` of the front end."""
ENCODINGS = {"br": ".br", "gzip": ".gz"}
"""In the order of preference."""

TYPES = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/json",
    ".map": "application/json",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".wasm": "application/wasm",
}


class Asset(msgspec.Struct, frozen=True):
    """A file and its compressed forms, by content encoding."""

    path: Path
    media_type: str
    encoded: Mapping[str, Path] = {}

    def choose(self, accepted: str) -> tuple[Path, str | None]:
        """The file for a browser that sent this `Accept-Encoding`, and its encoding."""
        wanted = _accepted_encodings(accepted)
        for encoding, path in self.encoded.items():
            if encoding in wanted:
                return path, encoding
        return self.path, None


class Entry(msgspec.Struct, frozen=True):
    """What a page loads at first: paths below the base."""

    script: str
    styles: tuple[str, ...]
    imports: tuple[str, ...]


class Assets(msgspec.Struct, frozen=True):
    """`files` by path below `static/`; `entries` by the name of the page, empty when the front end is not built."""

    files: Mapping[str, Asset]
    entries: Mapping[str, Entry]


def find_assets(static: Path = STATIC) -> Assets:
    """Everything that the build left in `static/assets/`; nothing else is ever served."""
    found = {f"assets/{path.name}": path for path in sorted((static / "assets").glob("*")) if path.is_file()}
    files = {
        name: Asset(
            path,
            TYPES.get(path.suffix, "application/octet-stream"),
            {code: found[name + suffix] for code, suffix in ENCODINGS.items() if name + suffix in found},
        )
        for name, path in found.items()
        if path.suffix not in ENCODINGS.values()
    }
    return Assets(files, _find_entries(static / "manifest.json"))


def _find_entries(manifest: Path) -> dict[str, Entry]:
    try:
        chunks: dict[str, dict[str, Any]] = json.loads(manifest.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    names = {page: f"src/app/{page}.tsx" for page in ENTRIES}
    return {page: _entry(chunks, name) for page, name in names.items() if name in chunks}


def _entry(chunks: Mapping[str, Mapping[str, Any]], entry: str) -> Entry:
    reached: list[str] = []
    seen: set[str] = set()

    def reach(name: str) -> None:
        """What a chunk imports comes before it: later rules of style win."""
        if name not in seen:
            seen.add(name)
            for imported in chunks[name].get("imports", []):
                reach(imported)
            reached.append(name)

    reach(entry)
    styles = dict.fromkeys(style for name in reached for style in chunks[name].get("css", []))
    imports = [chunks[name]["file"] for name in reached if name != entry]
    return Entry(chunks[entry]["file"], tuple(styles), tuple(imports))


def _accepted_encodings(header: str) -> set[str]:
    accepted: set[str] = set()
    for item in header.split(","):
        name, _, quality = item.partition(";")
        if quality.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}:
            accepted.add(name.strip().lower())
    return accepted
