"""The table of the built front end."""

import json
from pathlib import Path

from quire.server.assets import Entry, find_assets


def test_rules_of_style_come_in_the_order_of_the_imports(tmp_path: Path):
    """Those of the page itself last, so that they win."""
    chunks = {
        "src/app/edit.tsx": {"file": "edit.js", "css": ["edit.css"], "imports": ["_tokens.js", "_cells.js"]},
        "_cells.js": {"file": "cells.js", "css": ["cells.css"], "imports": ["_base.js", "src/app/edit.tsx"]},
        "_base.js": {"file": "base.js", "css": ["base.css"], "imports": ["_tokens.js"]},
        "_tokens.js": {"file": "tokens.js", "css": ["tokens.css"]},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(chunks), encoding="utf-8")

    styles = ("tokens.css", "base.css", "cells.css", "edit.css")
    scripts = ("tokens.js", "base.js", "cells.js")
    assert find_assets(tmp_path).entries == {"edit": Entry("edit.js", styles, scripts)}
