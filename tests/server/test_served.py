"""The page has the cells in it: to read before any script runs, and as data for the script."""

import asyncio
import gzip
import json
import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quire.protocol import commands as c
from quire.protocol import notices as n
from quire.protocol.messages import CellView, Output
from quire.server import http
from quire.server.assets import Assets, Entry
from quire.server.served import LARGEST_DATA, cells_markup, script_json, serve_notices
from quire.server.tint import tint
from quire.session import session as session_module

from .serving import NOTEBOOK, TOKEN, serving

EDITOR = Assets({}, {"edit": Entry("assets/edit-1.js", (), ())})


@pytest.fixture(autouse=True)
def built(monkeypatch):
    monkeypatch.setattr(http, "find_assets", lambda: EDITOR)


def run(coroutine):
    return asyncio.run(asyncio.wait_for(coroutine, 60))


def opened(*cells: CellView) -> n.NotebookOpened:
    return n.NotebookOpened(
        epoch="e",
        client_id="p",
        path="nb.py",
        title="",
        cells=list(cells),
        kernel="idle",
        save="saved",
        save_message="",
        elements={},
        quire_version="1",
    )


def cell(code: str = "x = 1", **fields) -> CellView:
    return CellView(**{"id": "a", "type": "cell", "name": "_", "version": 0, "code": code, **fields})


def data_of(page: str, name: str):
    return json.loads(re.search(rf'id="{name}">(.*?)</script>', page, re.DOTALL)[1])


def text_of(markup: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", markup))


def test_code_can_be_read_without_a_script(tmp_path):
    async def story():
        async with serving(tmp_path, text=NOTEBOOK.replace("x = 1", "x = 1 < 2")) as server:
            return await server.get(token=TOKEN)

    page = run(story()).text
    assert "x = 1 < 2" in text_of(page)
    assert "y = x + 1" in text_of(page)


def test_the_data_is_what_the_socket_would_have_told_first(tmp_path):
    async def story():
        async with serving(tmp_path) as server, server.page() as other:
            told = await other.first(n.NotebookOpened)
            page = await server.get(token=TOKEN)
            return told, page.text

    told, page = run(story())
    (served, *_) = data_of(page, "quire-notebook")
    assert served["kind"] == "notebookOpened"
    assert served["epoch"] == told.epoch
    assert [item["code"] for item in served["cells"]] == [item.code for item in told.cells]
    assert served["clientId"] == data_of(page, "quire-page")["page"] != told.client_id


def test_what_happens_between_page_and_socket_is_told_and_nothing_twice(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            async with server.page() as busy:
                await busy.until(lambda _: server.session.state.kernel == "idle")
            client = data_of((await server.get(token=TOKEN)).text, "quire-page")["page"]
            async with server.page() as other:
                first = (await other.first(n.NotebookOpened)).cells[0].id
                await other.ask(c.RenameCell(cell=first, name="renamed"))
                await other.first(n.CellRenamed)
            async with server.page(f"/socket?page={client}") as page:
                await page.first(n.CellRenamed)
                confirmed = page.notices[0]
                kinds = {type(notice) for notice in page.notices}
            async with server.page(f"/socket?page={client}") as late:
                await late.first(n.NotebookOpened)
            return confirmed, kinds

    confirmed, kinds = run(story())
    assert confirmed == n.PageConfirmed()
    assert n.NotebookOpened not in kinds


def test_a_page_that_never_comes_is_given_up(tmp_path, monkeypatch):
    monkeypatch.setattr(session_module, "EXPECTED_SECONDS", 0.0)

    async def story():
        async with serving(tmp_path) as server:
            client = data_of((await server.get(token=TOKEN)).text, "quire-page")["page"]
            while server.session.has_pages:
                await asyncio.sleep(0.005)
            async with server.page(f"/socket?page={client}") as page:
                return await page.first(n.NotebookOpened)

    assert run(story()).client_id


def test_many_pages_that_never_come_take_little(tmp_path):
    async def story():
        async with serving(tmp_path) as server:
            for _ in range(40):
                await server.get(token=TOKEN)
            return len(server.session._outboxes)

    assert run(story()) == session_module.MOST_EXPECTED


def test_a_large_page_is_compressed_for_those_who_take_it(tmp_path):
    text = NOTEBOOK.replace("x = 1\n", "x = 1\n" + "    # a long comment\n" * 1000)

    async def story():
        async with serving(tmp_path, text=text) as server:
            return await server.get(token=TOKEN, Accept_Encoding="gzip, br"), await server.get(token=TOKEN)

    small, plain = run(story())
    assert small.headers["content-encoding"] == "gzip"
    assert len(small.body) < len(plain.body) / 10
    assert "# a long comment" in gzip.decompress(small.body).decode()
    assert "content-encoding" not in plain.headers


def test_a_notebook_that_is_not_open_is_served_to_read(tmp_path):
    (tmp_path / "other.py").write_text(NOTEBOOK.replace("x = 1", "other = 1"))

    async def story():
        async with serving(tmp_path) as server:
            page = await server.get("/edit/other.py", token=TOKEN)
            return page.text, len(server.kernels)

    page, kernels = run(story())
    assert "other = 1" in text_of(page)
    assert data_of(page, "quire-page")["page"] == ""
    assert data_of(page, "quire-page")["socket"] == "/socket/other.py"
    assert kernels == 1


# -- markup


def test_prose_shows_its_output_and_not_its_code():
    prose = cell('qr.md("# Hi")', output=Output(mime="text/html", text="<h1>Hi</h1>"), outcome="succeeded")
    markup = cells_markup(opened(prose))

    assert "<h1>Hi</h1>" in markup
    assert "qr.md" not in markup
    assert 'data-view="rendered"' in markup


def test_hidden_code_is_hidden():
    assert "secret" not in cells_markup(opened(cell("secret", hide_code=True)))


@pytest.mark.parametrize("payload", ["</pre><script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<!--", "]]>"])
def test_S10_nothing_in_a_notebook_becomes_markup(payload):
    everywhere = opened(
        cell(
            payload,
            name=payload,
            id=payload,
            output=Output(mime="text/plain", text=payload),
            problems=[],
        ),
        cell("1", output=Output(mime="text/html", text=payload), outcome="succeeded", hide_code=True),
        cell(f"'{payload}'", type="stray"),
    )
    served = serve_notices([everywhere, n.Notified(level="info", message=payload)])

    assert "<script" not in served.markup
    assert "onerror" not in re.sub(r"&lt;.*?&gt;", "", served.markup)
    assert "<!--" not in served.markup
    assert "<" not in served.data
    assert json.loads(served.data)[0]["cells"][0]["code"] == payload


def test_outputs_beyond_the_limit_are_left_to_the_socket():
    large = Output(mime="text/plain", text="x" * (LARGEST_DATA - 10))
    served = serve_notices(
        [opened(cell(output=large), cell(output=large), cell(output=Output(mime="text/plain", text="y")))]
    )

    assert not served.whole
    assert [item["output"] is None for item in json.loads(served.data)[0]["cells"]] == [False, True, False]


def test_bytes_are_base64():
    image = Output(mime="image/png", blob=b"\x00\xff")
    assert json.loads(serve_notices([opened(cell(output=image))]).data)[0]["cells"][0]["output"]["blob"] == "AP8="


@given(st.text())
def test_script_data_reads_back_and_cannot_end_its_element(text):
    text = text.encode("utf-8", "replace").decode()
    assert json.loads(script_json([text])) == [text]
    assert "<" not in script_json([text])


# -- colours


def test_code_is_coloured_as_the_editor_does_it():
    markup = tint('def f(x):  # why\n    return "a" + str(1)')

    for kind, word in (
        ("keyword", "def"),
        ("call", "f"),
        ("comment", "# why"),
        ("string", '"a"'),
        ("number", "1"),
        ("operator", "+"),
    ):
        assert f'<span class="hl-{kind}">{word}</span>' in markup


@given(st.text(st.sampled_from("ab1 \n\"'#\\()<>&f=é\t")))
def test_colours_change_no_text(code):
    assert text_of(tint(code)) == code
