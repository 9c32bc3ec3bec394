"""Markup with scripts: it works, in a frame that reaches nothing of ours."""

from playwright.sync_api import FrameLocator, expect

from .browser_first_hour import notebook_text

# What hostile markup would try. Each attempt writes what became of it; the last line says that all were made.
ATTEMPTS = """
<ul id=found></ul>
<script>
const found = document.getElementById("found");
const note = (name, text) => { const li = document.createElement("li"); li.textContent = name + ": " + text; found.append(li); };
const attempt = async (name, act) => {
  try { note(name, "REACHED " + await act()); } catch (error) { note(name, "refused"); }
};
const answer = (socket) => new Promise((yes, no) => { socket.onopen = yes; socket.onerror = no; socket.onclose = no; });
(async () => {
  const host = new URL(document.URL).host;
  await attempt("parent", () => parent.document.title);
  await attempt("top", () => top.document.body.innerHTML);
  await attempt("top address", () => { top.location.href = "about:blank"; return "navigated"; });
  await attempt("cookie", () => document.cookie.length);
  await attempt("storage", () => localStorage.length);
  await attempt("page", () => fetch("/").then((r) => r.text()));
  await attempt("page with cookie", () => fetch("/", { credentials: "include" }).then((r) => r.text()));
  await attempt("page unread", () => fetch("/", { mode: "no-cors" }).then((r) => r.type));
  await attempt("own frame", () => fetch(document.URL).then((r) => r.text()));
  await attempt("post", () => fetch("/socket", { method: "POST", body: "x" }).then((r) => r.status));
  await attempt("socket", () => answer(new WebSocket("ws://" + host + "/socket")));
  await attempt("picture", () => new Promise((yes, no) => {
    const image = new Image(); image.onload = yes; image.onerror = no; image.src = "/favicon.svg"; }));
  await attempt("frame", () => new Promise((yes, no) => {
    const frame = document.createElement("iframe"); frame.src = "/"; document.body.append(frame);
    frame.onload = () => { try { yes(frame.contentDocument.title.length); } catch (error) { no(error); } };
    setTimeout(no, 2000); }));
  note("origin", origin);
  note("done", "all tried");
})();
</script>
"""


def show(markup: str) -> str:
    return f"import quire as qr\nqr.Html({markup!r})"


def frame_of(quire, cell: int = 0) -> FrameLocator:
    return quire.cells.nth(cell).frame_locator("quire-frame iframe")


def test_a_frame_reaches_nothing_of_ours(open_notebook):
    """Also not by leading the whole page away. What it is refused shows as errors in its own console only."""
    quire = open_notebook(notebook_text(show(ATTEMPTS)))
    frame = frame_of(quire)
    expect(frame.get_by_text("done: all tried")).to_be_visible()
    expect(frame.get_by_text("origin: null")).to_be_visible()
    expect(frame.get_by_text("REACHED")).to_have_count(0)
    expect(frame.get_by_text("refused")).to_have_count(13)
    expect(quire.cells.first).to_be_visible()


def test_a_frame_opened_by_its_address_is_sandboxed_too(open_notebook):
    markup = (
        "<p id=o></p><script>o.textContent = origin; try { document.cookie } catch { o.append(' refused') }</script>"
    )
    quire = open_notebook(notebook_text(show(markup)))
    address = quire.page.locator("quire-frame iframe").get_attribute("src")
    page = quire.page.context.new_page()
    page.goto(quire.page.url.split("/?")[0].rstrip("/") + (address or ""))
    expect(page.locator("#o")).to_have_text("null refused")


def test_a_frame_is_as_high_as_its_content_and_follows_it(open_notebook):
    markup = '<div id=box style="height:321px"></div><script>box.onclick = () => box.style.height = "99px"</script>'
    quire = open_notebook(notebook_text(show(markup)))
    iframe = quire.page.locator("quire-frame iframe")
    expect(iframe).to_have_css("height", "321px")
    frame_of(quire).locator("#box").click()
    expect(iframe).to_have_css("height", "99px")


def test_only_numbers_from_the_frame_itself_count(open_notebook):
    markup = "<p>x</p><script>addEventListener('load', () => setTimeout(() => { for (const m of ['5000', {height: 1}, -3, NaN]) parent.postMessage(m, '*'); document.body.innerHTML = '<p id=sent>sent</p>' }, 100))</script>"
    quire = open_notebook(notebook_text(show(markup)))
    expect(frame_of(quire).locator("#sent")).to_be_visible()
    quire.page.evaluate("postMessage(4321, '*')")
    height = quire.page.locator("quire-frame iframe").evaluate("frame => frame.clientHeight")
    assert 20 < height < 200


def test_an_equal_frame_survives_a_run_and_another_one_takes_its_place(open_notebook):
    """It is not loaded again: what its script has counted is still there."""
    markup = "<b id=count>0</b><script>count.onclick = () => count.textContent++</script>"
    quire = open_notebook(notebook_text(show(markup)))
    count = frame_of(quire).locator("#count")
    count.click()
    expect(count).to_have_text("1")
    first = quire.page.locator("quire-frame iframe").get_attribute("src")
    quire.write(quire.cells.first, "again = 1\n" + show(markup))
    quire.page.keyboard.press("ControlOrMeta+Enter")
    expect(quire.cells.first).not_to_have_attribute("data-edited", "true")
    quire.wait_idle()
    expect(count).to_have_text("1")

    quire.write(quire.cells.first, show(markup.replace("0", "7")))
    quire.page.keyboard.press("ControlOrMeta+Enter")
    expect(count).to_have_text("7")
    assert quire.page.request.get(quire.page.url.split("?")[0].rstrip("/") + (first or "")).status == 404


def test_values_with_active_markup_of_their_own_are_framed(open_notebook):
    code = "class Chart:\n    def _repr_html_(self):\n        return '<div id=a></div><script>a.textContent = 6 * 7</script>'\nChart()"
    nested = (
        "import quire as qr\nqr.vstack([qr.md('above'), Chart(), qr.iframe('<script>document.write(1 + 2)</script>')])"
    )
    quire = open_notebook(notebook_text(code, nested))
    expect(frame_of(quire).locator("#a")).to_have_text("42")
    frames = quire.cells.nth(1).locator("quire-frame")
    expect(frames).to_have_count(2)
    expect(frames.nth(0).frame_locator("iframe").locator("#a")).to_have_text("42")
    expect(frames.nth(1).frame_locator("iframe").locator("body")).to_have_text("3")
    expect(quire.cells.nth(1)).to_contain_text("above")
