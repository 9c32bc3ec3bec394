"""What axe-core finds in a page: https://github.com/dequelabs/axe-core, WCAG 2.2 A and AA."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

SOURCE = Path(__file__).parents[2] / "frontend/node_modules/axe-core/axe.min.js"
# Corners of tables that pandas makes are empty; they are the user's, and of no weight ("minor").
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def findings(page: Page) -> list[str]:
    """Each rule that is broken, with the first elements that break it."""
    page.evaluate(SOURCE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(
        "(rules) => axe.run(document, { runOnly: rules, rules: { 'empty-table-header': { enabled: false } } })", RULES
    )
    return [
        f"{one['impact']}: {one['id']}: {one['help']}: {[node['html'][:160] for node in one['nodes'][:3]]}"
        for one in found["violations"]
    ]
