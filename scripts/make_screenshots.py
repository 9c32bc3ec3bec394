"""Makes every screenshot of the documents: `python scripts/make_screenshots.py [FOLDER]` (`docs/images` by default)."""

import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Page, expect

from scripts.browser import launched, served

SCENES = (
    # name, notebook, words of the cell to scroll to, width, height
    ("analysis", ROOT / "examples/analysis.py", "window = qr.ui.slider", 1280, 1080),
    ("intro", ROOT / "src/quire/tutorials/intro.py", "Welcome to Quire", 1280, 800),
    ("narrow", ROOT / "src/quire/tutorials/intro.py", "Move something", 390, 844),
)


def main(folder: Path) -> None:
    """Every scene, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    with launched() as browser, tempfile.TemporaryDirectory() as scratch:
        for name, notebook, words, width, height in SCENES:
            path = Path(shutil.copy(notebook, scratch))
            with served(path) as url:
                context = browser.new_context(viewport={"width": width, "height": height})
                page = context.new_page()
                page.goto(url)
                for scheme in ("light", "dark"):
                    page.emulate_media(color_scheme=scheme)
                    take(page, folder / f"{name}-{scheme}.png", words)
                context.close()


def take(page: Page, path: Path, words: str) -> None:
    """One picture, when everything has run and the fonts are there."""
    expect(page.locator(".status-line")).to_contain_text("idle", timeout=60_000)
    cell = page.locator("[data-cell]").filter(has_text=words).first
    cell.evaluate("cell => cell.scrollIntoView({ block: 'start' })")
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    page.screenshot(path=path)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs/images")
