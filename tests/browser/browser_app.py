"""What visitors of an app do: look, move something, reload, come back."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.browser import served

APP = """import quire

app = quire.App(app_title="Squares", width="medium")


@app.cell
def secretname():
    import os
    import quire as qr

    slider = qr.ui.slider(1, 9, value=4, label="How many")
    qr.vstack([qr.md("# Squares"), slider])
    return os, qr, slider


@app.cell
def _(os, qr, slider):
    SECRETVARIABLE = slider.value**2  # SECRETCOMMENT
    qr.md(f"The square is **{SECRETVARIABLE}**, kernel {os.getpid()}")
    return


@app.cell
def _(slider):
    1 / (slider.value - 5)
    return


@app.cell
def _(qr):
    qr.md(f"city: {qr.query_params().get('city', 'none')}")
    return


if __name__ == "__main__":
    app.run()
"""

Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    """Open the app in a browser of its own, as somebody who got the address."""
    path = tmp_path / "squares.py"
    path.write_text(APP, encoding="utf-8")
    broken: list[str] = []
    with ExitStack() as stack:
        addresses: dict[tuple[str, ...], str] = {}

        def visit(*options: str, query: str = "", width: int = 1280) -> Page:
            if options not in addresses:
                addresses[options] = stack.enter_context(served(path, "run", *options))
            context = stack.enter_context(browser.new_context(viewport={"width": width, "height": 800}))
            page = context.new_page()
            page.on("pageerror", lambda error: broken.append(str(error)))
            page.goto(addresses[options] + query)
            expect(page.locator("body")).to_contain_text("The square is")
            return page

        yield visit
    assert broken == []


def body(page: Page, words: str | re.Pattern[str]) -> None:
    expect(page.locator("body")).to_contain_text(words)


def kernel_of(page: Page) -> str:
    return re.search(r"kernel (\d+)", page.locator("body").inner_text())[1]  # type: ignore[index]


def test_a_visitor_moves_an_element_and_sees_no_code(visit):
    page = visit()
    expect(page).to_have_title("Squares")
    page.get_by_label("How many").press("ArrowRight")
    body(page, "The square is 25")

    assert "SECRET" not in page.content()
    assert "secretname" not in page.content()
    assert page.locator(".top-bar, .cm-editor, textarea").count() == 0


def test_an_error_is_a_number(visit):
    page = visit()
    page.get_by_label("How many").press("ArrowRight")
    body(page, re.compile(r"Something went wrong here.*error [0-9a-f]{8}"))
    assert "ZeroDivisionError" not in page.content()
    page.get_by_label("How many").press("ArrowRight")
    expect(page.locator("body")).not_to_contain_text("Something went wrong")


def test_two_visitors_have_nothing_to_do_with_each_other(visit):
    one, other = visit(), visit()
    one.get_by_label("How many").press("ArrowLeft")

    body(one, "The square is 9")
    body(other, "The square is 16")
    assert kernel_of(one) != kernel_of(other)


def test_a_reload_keeps_values_and_kernel_and_another_tab_begins_anew(visit):
    page = visit()
    kernel = kernel_of(page)
    page.get_by_label("How many").press("ArrowLeft")
    body(page, "The square is 9")
    page.reload()
    body(page, "The square is 9")
    assert kernel_of(page) == kernel
    expect(page.get_by_label("How many")).to_have_value("3")

    tab = page.context.new_page()
    tab.goto(page.url)
    body(tab, "The square is 16")


def test_the_address_reaches_the_notebook(visit):
    body(visit(query="?city=Oslo"), "city: Oslo")


def test_code_is_shown_when_its_author_wants_that(visit):
    page = visit("--include-code")
    page.locator("summary").nth(1).click()
    expect(page.locator(".app-code .hl-comment")).to_have_text("# SECRETCOMMENT")


def test_a_changed_file_is_seen_at_once(visit, tmp_path):
    page = visit()
    (tmp_path / "squares.py").write_text(APP.replace("The square is", "Its square is"))
    body(page, "Its square is")


def test_a_narrow_window_shows_everything(visit):
    page = visit(width=390)
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390
