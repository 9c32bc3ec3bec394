"""When a page shows something: noted by the page itself, in the task after the frame that shows it."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as Late
from servers import Serve, serve_jupyter, serve_marimo, serve_quire
from table import GAVE_UP, PATIENCE

# What was found stands as an attribute of the root, where it can be waited for without running code in the page.
WATCHING = """
window.shows = (selector, words, count = 1) => {
  let seen = 0;
  for (const one of document.querySelectorAll(selector)) if (one.textContent.includes(words) && ++seen >= count) return true;
  return false;
};
window.note = (name, found, since = -performance.timeOrigin) => {
  const painted = new MessageChannel();
  painted.port1.onmessage = () => document.documentElement.setAttribute(`data-bench-${name}`, performance.now() - since);
  const look = () => (found() ? painted.port2.postMessage(0) : requestAnimationFrame(look));
  requestAnimationFrame(look);
};
window.noteAfterKey = (found) => {
  document.documentElement.removeAttribute("data-bench-key");
  const pressed = (event) => note("key", found, event.timeStamp);
  addEventListener("keydown", pressed, { capture: true, once: true });
};
"""


@dataclass(frozen=True)
class Product:
    """Where a product's page shows code, outputs and what was printed."""

    name: str
    serve: Serve
    code: str
    output: str
    printed: str
    runs_by_hand: bool = False
    """A person has to run the first cell; the others do it when the notebook is opened."""

    def run_first(self, page: Page) -> None:
        """As soon as the page takes that: what is pressed before its kernel is there is lost."""
        page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').wait_for(state="attached")
        last = time.monotonic() + PATIENCE
        while page.locator(self.output).count() == 0 and time.monotonic() < last:
            if page.locator(".jp-Dialog .jp-mod-accept").is_visible():
                page.locator(".jp-Dialog .jp-mod-accept").click()  # which kernel, when it was asked for too early
            page.locator(self.code).first.click()
            page.keyboard.press("Control+Enter")
            page.wait_for_timeout(300)


QUIRE = Product("quire", serve_quire, ".code-static, .cm-content", ".cell-output", ".console-text")
MARIMO = Product("marimo", serve_marimo, ".cm-content", ".output-area", ".console-output-area")
JUPYTER = Product(
    "jupyter", serve_jupyter, ".jp-Notebook .cm-content", ".jp-OutputArea-output", ".jp-OutputArea-output", True
)
PRODUCTS = (QUIRE, MARIMO, JUPYTER)


def watch(page: Page, **shown: tuple[str, str]) -> None:
    """Note when each is first shown by the pages that are opened from now on: words, and the elements to find them in."""
    page.set_default_timeout(PATIENCE * 1000)
    notes = [f"note({name!r}, () => shows({selector!r}, {words!r}));" for name, (selector, words) in shown.items()]
    page.add_init_script("\n".join([WATCHING, *notes]))


def noted(page: Page, name: str) -> float:
    """Milliseconds (since the epoch, or since the key), when it comes to be noted."""
    root = page.locator(f"html[data-bench-{name}]")
    try:
        root.wait_for(state="attached", timeout=PATIENCE * 1000)
    except Late:
        return GAVE_UP
    return float(root.get_attribute(f"data-bench-{name}") or GAVE_UP)


def key_to_paint(page: Page, key: str, found: str = "() => true") -> float:
    """Milliseconds from a key until the next frame in which `found` (JavaScript) holds."""
    page.evaluate(f"() => noteAfterKey({found})")
    page.keyboard.press(key)
    return noted(page, "key")


def keys_to_paint(page: Page, keys: str, found: Callable[[int], str] | None = None) -> list[float]:
    """The same for one key after the other, for as long as there is patience."""
    times: list[float] = []
    last = time.monotonic() + PATIENCE
    for number, key in enumerate(keys):
        if times and time.monotonic() > last:
            break
        times.append(key_to_paint(page, key, found(number) if found else "() => true"))
        page.wait_for_timeout(60)
    return times
