"""The page is there before its script: it can be read, and nothing moves when the script takes over."""

from pathlib import Path

from playwright.sync_api import Browser, WebSocketRoute, expect

from quire.notebook import InsertCell, apply_edit, new_notebook, write_notebook
from scripts.browser import served

COUNT = 120


def notebook(path: Path) -> Path:
    made, last = new_notebook(), None
    codes = ['import quire as qr\nqr.md("# A heading")', "x = 1\nx", *(f"y{n} = {n}\ny{n}" for n in range(COUNT))]
    for number, code in enumerate(codes):
        made = apply_edit(made, InsertCell(f"c{number}", last, code))
        last = f"c{number}"
    path.write_text(write_notebook(made), encoding="utf-8")
    return path


def test_without_a_script_the_notebook_can_be_read(browser: Browser, tmp_path: Path):
    with served(notebook(tmp_path / "nb.py")) as url:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(url)
        expect(page.locator(".cell")).to_have_count(COUNT + 2)
        expect(page.locator(".code-static").nth(1)).to_have_text("x = 1\nx")
        expect(page.locator(".hl-keyword").first).to_have_text("import")
        context.close()


def test_nothing_moves_when_the_script_takes_over(browser: Browser, tmp_path: Path):
    with served(notebook(tmp_path / "nb.py")) as url:
        ready = browser.new_context(viewport={"width": 1280, "height": 800})
        page = ready.new_page()
        page.goto(url)
        expect(page.locator(".status-line")).to_contain_text("idle")
        expect(page.locator(".cm-editor").first).to_be_visible()
        after = [page.locator(".cell-code").nth(number).bounding_box() for number in range(4)]

        still = browser.new_context(
            viewport={"width": 1280, "height": 800}, java_script_enabled=False, storage_state=ready.storage_state()
        )
        reader = still.new_page()
        reader.goto(page.url)
        before = [reader.locator(".cell-code").nth(number).bounding_box() for number in range(4)]
        still.close()
        ready.close()

    for one, other in zip(before, after, strict=True):
        assert one is not None
        assert other is not None
        assert all(abs(one[side] - other[side]) <= 1 for side in ("x", "y", "width", "height")), (before, after)


def test_a_reload_far_down_stays_far_down(browser: Browser, tmp_path: Path):
    with served(notebook(tmp_path / "nb.py")) as url:
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        page = context.new_page()
        page.goto(url)
        expect(page.locator("[data-cell]")).to_have_count(COUNT + 2)
        page.locator("[data-cell]").nth(100).scroll_into_view_if_needed()
        expect(page.locator("[data-cell]").nth(100).locator(".cm-editor")).to_be_visible()
        before = page.evaluate("scrollY")
        page.reload()
        expect(page.locator("[data-cell]")).to_have_count(COUNT + 2)
        # Heights of cells that nobody has seen yet are guesses.
        assert page.evaluate("scrollY") > before / 2 > 1000
        assert page.locator(".cell").count() == COUNT + 2
        context.close()


def test_an_editor_that_could_not_be_fetched_comes_with_the_next_connection(browser: Browser, tmp_path: Path):
    with served(notebook(tmp_path / "nb.py")) as url:
        context = browser.new_context()
        page = context.new_page()
        sockets: list[WebSocketRoute] = []

        def pass_on(socket: WebSocketRoute) -> None:
            sockets.append(socket)
            socket.connect_to_server()

        page.route_web_socket("**/socket**", pass_on)
        page.route("**/assets/kit-*", lambda route: route.abort(), times=1)
        page.goto(url)
        expect(page.get_by_text("the editor could not be fetched")).to_be_visible()
        expect(page.locator(".cm-editor")).to_have_count(0)
        expect(page.locator(".status-connection")).to_have_text("connected")

        sockets[0].close(code=1001)

        expect(page.locator(".cm-editor").first).to_be_visible()
        context.close()
