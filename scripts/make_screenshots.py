"""Makes every screenshot: `python scripts/make_screenshots.py` those of the documents, into `docs/images`;
`python scripts/make_screenshots.py --all FOLDER` the whole list by which the product is judged, in three sizes.
"""

import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, Page, WebSocketRoute, expect

from quire.notebook import InsertCell, apply_edit, new_notebook, write_notebook
from scripts.browser import launched, served

EXAMPLES = ROOT / "examples"
ANALYSIS = EXAMPLES / "analysis.py"
STOCKS = EXAMPLES / "stocks.py"
INTRO = ROOT / "src/quire/tutorials/intro.py"

LOST = "lost"
WIDE, LARGE, NARROW = (1280, 800), (1920, 1080), (390, 844)
SIZES = (WIDE, LARGE, NARROW)

PROBLEMS = (
    "x = 1",
    "x = 2",
    "x * 10",
    "a = b",
    "b = a",
    "from math import *",
    "1 / 0",
    "y = = 1",
    "%cd data",
    "undefined_name",
)
LONG = (
    "a_name_that_is_much_longer_than_anybody_would_want_it_to_be_in_a_notebook_of_ordinary_width = 1",
    "print('one line of output that does not end ' * 40)",
    "{'key ' * 20: ['value ' * 30] * 50}",
    "'\\n'.join(f'line {i}' for i in range(200))",
    "list(range(10_000))",
)


def nothing(_: Page) -> None:
    """The page as it opens."""


def keys(*pressed: str) -> Callable[[Page], None]:
    """What somebody presses once the page is there."""

    def press(page: Page) -> None:
        for key in pressed:
            page.keyboard.press(key)

    return press


def panel(name: str) -> Callable[[Page], None]:
    """Open a panel of the rail."""

    def click(page: Page) -> None:
        page.locator(".rail").get_by_role("button", name=name).click()
        expect(page.locator(".panel")).to_be_visible()

    return click


def show(words: str) -> Callable[[Page], None]:
    """Scroll to the cell that has these words."""

    def scroll(page: Page) -> None:
        cell = page.locator("[data-cell]").filter(has_text=words).first
        cell.evaluate("cell => cell.scrollIntoView({ block: 'start' })")

    return scroll


class Wire:
    """Between the page and its server, so that it can be cut."""

    def __init__(self, page: Page) -> None:
        self._routes: list[WebSocketRoute] = []
        self._cut = False
        page.route_web_socket(re.compile("/socket"), self._join)

    def cut(self) -> None:
        self._cut = True
        for route in self._routes:
            route.close()

    def _join(self, route: WebSocketRoute) -> None:
        if self._cut:
            route.close()
        else:
            route.connect_to_server()
            self._routes.append(route)


def run_long(page: Page) -> None:
    """A run in its middle."""
    page.get_by_role("button", name="run all", exact=True).click()
    expect(page.locator(".status-kernel")).to_contain_text("running")


@dataclass(frozen=True)
class Scene:
    """One thing to look at. `notebook` is a file, a folder for home, or the cells of a notebook."""

    name: str
    notebook: Path | tuple[str, ...]
    prepare: Callable[[Page], None] = nothing
    command: str = "edit"
    sizes: tuple[tuple[int, int], ...] = (WIDE,)


DOCUMENTS = (
    Scene("analysis", ANALYSIS, show("window = qr.ui.slider"), sizes=((1280, 1080),)),
    Scene("intro", INTRO, show("Welcome to Quire")),
    Scene("narrow", INTRO, show("Move something"), sizes=(NARROW,)),
    Scene("palette", STOCKS, keys("ControlOrMeta+k")),
    Scene("variables", STOCKS, panel("Variables")),
    Scene("app", STOCKS, command="run", sizes=((1280, 1080),)),
    Scene("home", EXAMPLES),
)

GALLERY = (
    Scene("empty", ("",), sizes=SIZES),
    *(Scene(path.stem, path, sizes=SIZES) for path in sorted(EXAMPLES.glob("*.py"))),
    Scene("running", ("import time", *(f"time.sleep(2)\n{i}" for i in range(12))), run_long, sizes=SIZES),
    Scene("problems", PROBLEMS, sizes=SIZES),
    Scene("many", tuple(f"x{i} = {i}\nx{i}" for i in range(200)), sizes=SIZES),
    Scene("long", LONG, sizes=SIZES),
    Scene("palette", STOCKS, keys("ControlOrMeta+k"), sizes=SIZES),
    Scene("keys", STOCKS, keys("ControlOrMeta+Shift+h"), sizes=SIZES),
    Scene("find", STOCKS, keys("ControlOrMeta+f", "f", "i", "g"), sizes=SIZES),
    *(
        Scene(f"panel-{name.lower()}", STOCKS, panel(name), sizes=(WIDE, LARGE))
        for name in ("Outline", "Problems", "Variables", "Dependencies", "Files")
    ),
    Scene(LOST, STOCKS, sizes=SIZES),
    Scene("app", STOCKS, command="run", sizes=SIZES),
    Scene("home", EXAMPLES, sizes=SIZES),
)


def main(arguments: list[str]) -> None:
    """Every scene, light and dark."""
    everything = "--all" in arguments
    folder = Path(arguments[-1]) if everything else ROOT / "docs/images"
    folder.mkdir(parents=True, exist_ok=True)
    with launched() as browser:
        for scene in GALLERY if everything else DOCUMENTS:
            with opened(scene) as url:
                for size in scene.sizes:
                    suffix = f"-{size[0]}" if everything else ""
                    take(browser, url, scene, size, folder / f"{scene.name}{suffix}")


@contextmanager
def opened(scene: Scene) -> Iterator[str]:
    """The scene's notebook, copied and served."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "notebook.py"
        if isinstance(scene.notebook, tuple):
            path.write_text(notebook_of(scene.notebook), encoding="utf-8")
        elif scene.notebook.is_dir():
            path = Path(scratch) / scene.notebook.name
            shutil.copytree(scene.notebook, path, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            path = Path(shutil.copy(scene.notebook, scratch))
        with served(path, scene.command) as url:
            yield url


def notebook_of(codes: tuple[str, ...]) -> str:
    """A file with these cells."""
    notebook, last = new_notebook(), None
    for number, code in enumerate(codes):
        notebook = apply_edit(notebook, InsertCell(f"c{number}", last, code))
        last = f"c{number}"
    return write_notebook(notebook)


def take(browser: Browser, url: str, scene: Scene, size: tuple[int, int], path: Path) -> None:
    """Light and dark, when everything has run and the fonts are there."""
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    page = context.new_page()
    wire = Wire(page)
    page.goto(url)
    if scene.command == "edit" and not (isinstance(scene.notebook, Path) and scene.notebook.is_dir()):
        expect(page.locator(".status-line")).to_contain_text("idle", timeout=60_000)
    page.wait_for_load_state("networkidle")
    if scene.command == "run":
        expect(page.locator(".cell-output img").first).to_be_visible(timeout=60_000)
    scene.prepare(page)
    if scene.name == LOST:
        wire.cut()
        expect(page.locator(".status-connection")).to_contain_text("lost")
    page.mouse.move(0, 0)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.evaluate("document.fonts.ready")
        page.wait_for_timeout(400)  # pictures, not facts: what slides in has arrived
        page.screenshot(path=f"{path}-{scheme}.png")
    context.close()


if __name__ == "__main__":
    main(sys.argv[1:])
